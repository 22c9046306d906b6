package io.kenbun.lite.reference;

import io.kenbun.lite.model.RuleSetup;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's scoring over SQLite against the contract's examples and the reference. */
final class ServerTest {
  @TempDir Path directory;

  @Test
  void anyHistoryEndsWhereTheReferenceDoes() throws Exception {
    try (ServerWorld.Host host = new ServerWorld.Host(directory)) {
      Duel duel = new Duel(host, ServerTest::m1);
      for (long seed = 0; seed < Duel.histories(100); seed++) {
        duel.fight(seed);
      }
    }
  }

  static History m1(History h) {
    return new History(
        h.seed(),
        m1(h.setup()),
        h.startMillis(),
        h.steps().stream()
            .filter(
                s ->
                    s instanceof Step.Arrival
                        || s instanceof Step.Clock
                        || s instanceof Step.Drain
                        || s instanceof Step.Change
                        || s instanceof Step.Repeat
                        || s instanceof Step.Restart
                        || s instanceof Step.Read)
            .map(s -> s instanceof Step.Change c ? new Step.Change(c.words(), m1(c.setup())) : s)
            .toList());
  }

  static RuleSetup m1(RuleSetup s) {
    return RandomRules.copy(s).decayRules(List.of()).build();
  }
}
