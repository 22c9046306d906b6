package io.kenbun.lite.bench;

import io.kenbun.lite.bench.load.StoredEvents;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Upkeep;
import io.kenbun.lite.store.reads.EventQuery;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * How long large changes keep scoring waiting: with 1,000,000 events stored, 100,000 each of three
 * leads, asks for a transaction over and over while each change is made, and prints the longest
 * wait. Also what pages of a large lead cost. The arguments are a data directory, made when there
 * is none, and other numbers of events in all and of each of the three leads.
 */
public final class ChangeBenchmark {
  private ChangeBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    if (!Files.exists(data)) {
      boolean given = arguments.length > 2;
      StoredEvents.fill(data, given ? Integer.parseInt(arguments[1]) : 1_000_000);
      StoredEvents.giveToFirstLeads(data, 3, given ? Integer.parseInt(arguments[2]) : 100_000);
    }
    SqliteStorage storage =
        new SqliteStorage(data, Durability.FULL, 1_000, InstantSource.system(), () -> "new");
    try {
      storage.start();
      Rules rules = new Rules();
      rules.replace(storage.configuration().load());
      LeadChanges changes = new LeadChanges(storage, rules, Json::readMetadata);
      Upkeep upkeep = new Upkeep(storage, rules, Json::readMetadata, InstantSource.system());
      long unit = rules.current().units().get(0).key();
      measure(storage, "nothing", () -> storage.reads().lead(unit, "ld_stored1"));
      for (int page : List.of(1, 1_000, 4_000)) {
        time("page " + page, storage, unit, page);
      }
      measure(storage, "upkeep", () -> done(upkeep));
      measure(storage, "reset a lead", () -> changes.reset(unit, "ld_stored3"));
      measure(storage, "delete a lead", () -> changes.delete(unit, "ld_stored3"));
      measure(
          storage,
          "merge leads",
          () -> changes.merge(unit, "ld_stored1", List.of("ld_stored2"), "dev"));
      measure(
          storage,
          "rescore",
          () -> {
            changes.rescores().rescore(unit);
            return done(upkeep);
          });
      measure(storage, "delete a type", () -> changes.deleteEventsOfType(unit, "Page View"));
      measure(storage, "upkeep after it", () -> done(upkeep));
    } finally {
      storage.close();
    }
  }

  private static boolean done(Upkeep upkeep) throws StorageException {
    upkeep.catchUp();
    return true;
  }

  private static void time(String what, SqliteStorage storage, long unit, int page)
      throws StorageException {
    long[] micros = new long[21];
    for (int i = 0; i < micros.length; i++) {
      long start = System.nanoTime();
      storage.reads().events(unit, new EventQuery(page, 25, null, "ld_stored1", null, null));
      micros[i] = (System.nanoTime() - start) / 1_000;
    }
    Arrays.sort(micros);
    System.out.printf("%-18s %,12d us median of %d%n", what, micros[10], micros.length);
  }

  private static void measure(SqliteStorage storage, String what, Callable<?> change)
      throws Exception {
    FutureTask<Long> task =
        new FutureTask<>(
            () -> {
              long start = System.nanoTime();
              change.call();
              return System.nanoTime() - start;
            });
    new Thread(task, "change").start();
    long longest = 0;
    long waited = 0;
    int asked = 0;
    while (!task.isDone()) {
      long start = System.nanoTime();
      storage.change(tx -> tx.tx().nowMillis());
      long nanos = System.nanoTime() - start;
      longest = Math.max(longest, nanos);
      waited += nanos;
      asked++;
    }
    System.out.printf(
        "%-18s %,9d ms; asked %,6d times, longest wait %,7d ms, mean %,7d us%n",
        what,
        task.get() / 1_000_000,
        asked,
        longest / 1_000_000,
        asked == 0 ? 0 : waited / asked / 1_000);
  }
}
