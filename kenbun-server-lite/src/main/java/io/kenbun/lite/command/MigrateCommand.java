package io.kenbun.lite.command;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Ticks;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.copy.Migration;
import io.kenbun.lite.store.postgres.PostgresStorage;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code migrate}: takes everything from SQLite to PostgreSQL, or back. */
@Command(
    name = "migrate",
    description = "Copies a server's data to PostgreSQL, or back; no server may run on either.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {
      "",
      "Examples:",
      "  migrate --from ./kenbun-data --to jdbc:postgresql://db/kenbun?user=kenbun",
      "  migrate --from jdbc:postgresql://db/kenbun?user=kenbun --to ./kenbun-data",
      "What waits at the source is scored first. What was broken off goes on where",
      "it was. The source stays as it is: it is served no more once servers run on",
      "the other."
    })
public final class MigrateCommand implements Callable<Integer> {
  private final PrintStream out;
  private final @Nullable PrintStream terminal;
  private final Supplier<String> leadIds;

  @Option(names = "--from", paramLabel = "DIR|URL", required = true, description = "The source.")
  private String from = "";

  @Option(names = "--to", paramLabel = "DIR|URL", required = true, description = "The target.")
  private String to = "";

  /**
   * Makes it.
   *
   * @param terminal for the progress bar, null for none
   * @param leadIds gives ids to the leads of what still waits at the source
   */
  public MigrateCommand(PrintStream out, @Nullable PrintStream terminal, Supplier<String> leadIds) {
    this.out = out;
    this.terminal = terminal;
    this.leadIds = leadIds;
  }

  @Override
  public Integer call() throws IOException {
    try {
      return migrate();
    } catch (StorageException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private int migrate() throws StorageException {
    if (!isUrl(from) && !Migration.isData(Path.of(from))) {
      throw new IllegalArgumentException("--from: no server's data in " + from);
    }
    try (Store source = open(from)) {
      drain(source);
    }
    open(to).close(); // Makes what is not there.
    try (Migration migration = Migration.open(from, to)) {
      ProgressBar[] bar = new ProgressBar[1];
      long rows =
          migration.copy(
              (table, done, total) -> {
                if (terminal != null) {
                  bar[0] =
                      bar[0] == null ? new ProgressBar(terminal, "rows", total, "rows") : bar[0];
                  bar[0].show(done, Ticks.nanos());
                }
              });
      if (bar[0] != null) {
        bar[0].end();
      }
      List<String> differences = migration.differences();
      differences.forEach(out::println);
      out.println(
          differences.isEmpty()
              ? "Copied " + rows + " rows; counts and scores are the same"
              : "The copy differs; was the source written meanwhile?");
      return differences.isEmpty() ? 0 : 1;
    }
  }

  private static boolean isUrl(String end) {
    return end.startsWith("jdbc:");
  }

  private Store open(String end) throws StorageException {
    InstantSource clock = InstantSource.system();
    return isUrl(end)
        ? new PostgresStorage(end, 1, 1, clock, leadIds)
        : new SqliteStorage(Path.of(end), Durability.FULL, 1, clock, leadIds);
  }

  /** Scores what was accepted and is not scored yet. */
  private static void drain(Store source) throws StorageException {
    Rules rules = new Rules();
    rules.replace(source.configuration().load());
    Scoring scoring = new Scoring(source, rules, Json::readMetadata);
    boolean more = true;
    while (more) {
      more = scoring.step() || scoring.isHeldUp();
    }
  }
}
