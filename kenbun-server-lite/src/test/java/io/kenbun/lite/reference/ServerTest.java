package io.kenbun.lite.reference;

import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.store.TestStores;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server's scoring over a real store against the contract's examples and the reference; {@code
 * -Dkenbun.histories=10000} tries more histories.
 */
final class ServerTest {
  /** Each read of a history is a dozen round trips, which SQLite has within the process. */
  private static final int HISTORIES = TestStores.isPostgres() ? 100 : 200;

  @TempDir private static Path directory;
  private static ServerWorld.Host host;

  @BeforeAll
  static void start() throws Exception {
    host = new ServerWorld.Host(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    host.close();
  }

  @Nested
  final class Scores extends ScoreExamples {
    @Override
    public World open(RuleSetup setup, long nowMillis) throws Exception {
      return host.open(setup, nowMillis);
    }
  }

  @Nested
  final class Leads extends LeadExamples {
    @Override
    public World open(RuleSetup setup, long nowMillis) throws Exception {
      return host.open(setup, nowMillis);
    }
  }

  @Test
  void anyHistoryEndsWhereTheReferenceDoes() throws Exception {
    Duel duel = new Duel(host);
    for (long seed = 0; seed < Duel.histories(HISTORIES); seed++) {
      duel.fight(seed);
    }
  }
}
