package io.kenbun.lite.reference;

import io.kenbun.lite.model.RuleSetup;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The engine by itself against the contract's examples and, over ten thousand histories, the
 * reference.
 */
final class EngineTest {
  @Nested
  final class Scores extends ScoreExamples {
    @Override
    public World open(RuleSetup setup, long nowMillis) {
      return new EngineWorld(setup, nowMillis);
    }
  }

  @Nested
  final class Leads extends LeadExamples {
    @Override
    public World open(RuleSetup setup, long nowMillis) {
      return new EngineWorld(setup, nowMillis);
    }
  }

  @Test
  void anyHistoryEndsWhereTheReferenceDoes() throws Exception {
    Duel duel = new Duel(EngineWorld::new);
    for (long seed = 0; seed < Duel.histories(10_000); seed++) {
      duel.fight(seed);
    }
  }
}
