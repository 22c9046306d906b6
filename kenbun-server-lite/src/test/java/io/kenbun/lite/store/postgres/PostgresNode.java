package io.kenbun.lite.store.postgres;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.reads.Reads;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A node over a database of PostgreSQL that takes events in, and scores when a test says so. */
final class PostgresNode implements AutoCloseable {
  private static final OrgUnit WANTED =
      new OrgUnit(0, "unit_default", "org", "Default", "default", null, true);
  private static final AtomicInteger ids = new AtomicInteger();

  final PostgresStorage storage;
  private final long unit;
  private final Scoring scoring;

  PostgresNode(String url) throws Exception {
    storage =
        new PostgresStorage(
            url, 1, 1_000_000, InstantSource.system(), () -> "ld_" + ids.incrementAndGet());
    storage.configuration().apply(List.of(RuleSetup.builder(WANTED).build()), 0);
    Rules rules = new Rules();
    rules.replace(storage.configuration().load());
    unit = rules.current().units().get(0).key();
    storage.start();
    scoring = new Scoring(storage, rules, Json::readMetadata);
  }

  /** Takes an event of a lead in; returns its seq. */
  long accept(String name) throws Exception {
    return accept(storage, unit, name);
  }

  /** Has a store take in an event of whoever has those names. */
  static long accept(Store storage, long unit, String... names) throws Exception {
    CompletableFuture<long[]> stored = new CompletableFuture<>();
    List<Alias> aliases =
        Stream.of(names).map(name -> new Alias(AliasKind.EXTERNAL_ID, name)).toList();
    RawEvent event = new RawEvent(unit, null, aliases, "View", 1, 1, null);
    storage
        .queue()
        .offer(
            new Append(List.of(event), Runnable::run) {
              @Override
              public void stored(long[] seqs) {
                stored.complete(seqs);
              }

              @Override
              public void failed(Exception cause) {
                stored.completeExceptionally(cause);
              }
            });
    return stored.get(60, TimeUnit.SECONDS)[0];
  }

  /** Scores one batch, if there is one that may be; returns how many events are scored now. */
  long step() throws Exception {
    long before = storage.reads().totals().events();
    scoring.step();
    return storage.reads().totals().events() - before;
  }

  /** Scores everything; returns how many leads and events there are. */
  Reads.Totals score() throws Exception {
    while (scoring.step() || scoring.isHeldUp()) {}
    return storage.reads().totals();
  }

  long unit() {
    return unit;
  }

  @Override
  public void close() {
    storage.close();
  }
}
