package io.kenbun.lite.reference;

import io.kenbun.lite.model.RuleSetup;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server's scoring over SQLite against the contract's examples and the reference; {@code
 * -Dkenbun.histories=10000} tries more histories.
 */
final class ServerTest {
  @TempDir private static Path directory;
  private static ServerWorld.Host host;

  @BeforeAll
  static void start() throws Exception {
    host = new ServerWorld.Host(directory);
  }

  @AfterAll
  static void stop() {
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
    for (long seed = 0; seed < Duel.histories(200); seed++) {
      duel.fight(seed);
    }
  }
}
