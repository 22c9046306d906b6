package io.kenbun.lite.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.RuleSetup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The reference against the contract, and the machinery of random histories against itself. */
final class ReferenceTest {
  @Nested
  final class Scores extends ScoreExamples {
    @Override
    public World open(RuleSetup setup, long nowMillis) {
      return new ReferenceWorld(setup, nowMillis);
    }
  }

  @Nested
  final class Leads extends LeadExamples {
    @Override
    public World open(RuleSetup setup, long nowMillis) {
      return new ReferenceWorld(setup, nowMillis);
    }
  }

  @Test
  void theOrderOfArrivalMattersToNothingButSuppressionAndProfiles() {
    for (long seed = 0; seed < 500; seed++) {
      History history = Histories.of(seed);
      RuleSetup setup =
          history
              .setup()
              .newBuilder()
              .metadataFilters(List.of())
              .velocityFilters(List.of())
              .profileMappings(List.of())
              .settings(Scene.negatives(history.setup().settings().allowNegativeScores()))
              .build();
      Set<Long> timestamps = new HashSet<>();
      List<Step> arrivals = new ArrayList<>();
      for (Step step : history.steps()) {
        // By one alias each, else the order decides which of them belong together; and events of
        // one moment go by arrival.
        if (step instanceof Step.Arrival event
            && event.leadId() == null
            && event.aliases().size() == 1
            && timestamps.add(event.timestampMillis())) {
          arrivals.add(event);
        }
      }
      List<Step> shuffled = new ArrayList<>(arrivals);
      Collections.shuffle(shuffled, new Random(seed));
      Step end = new Step.Clock(history.startMillis() + 20 * Histories.DAY_MILLIS);
      arrivals.add(end);
      shuffled.add(shuffled.size() / 2, new Step.Sweep());
      shuffled.add(end);
      History inOrder = new History(seed, setup, history.startMillis(), arrivals);
      String difference = run(inOrder).difference(run(inOrder.with(shuffled)));
      assertNull(
          difference, () -> difference + "\n" + inOrder + "\nand\n" + inOrder.with(shuffled));
    }
  }

  @Test
  void whenTheDecayWorkerRanMattersToNothing() {
    for (long seed = 0; seed < 500; seed++) {
      History history = Histories.of(seed);
      List<Step> often = new ArrayList<>();
      List<Step> never = new ArrayList<>();
      for (Step step : history.steps()) {
        if (!(step instanceof Step.Sweep)) {
          never.add(step);
        }
        often.add(step);
        often.add(new Step.Sweep());
      }
      String difference = run(history.with(never)).difference(run(history.with(often)));
      assertNull(difference, () -> difference + "\n" + history.with(never));
    }
  }

  @Test
  void aHistoryIsTheSameForTheSameSeed() {
    assertEquals(Histories.of(7).toString(), Histories.of(7).toString());
  }

  @Test
  void shrinkingLeavesTheStepsThatMatter() {
    History history = Histories.of(11);
    History shortest =
        Shrinking.shrink(
            history,
            shorter -> shorter.steps().stream().filter(Step.Arrival.class::isInstance).count() > 1);
    assertEquals(2, shortest.steps().size());
    assertTrue(shortest.toString().startsWith("seed 11, starts with\n  ruleset "));
  }

  private static State run(History history) {
    ReferenceWorld world = new ReferenceWorld(history.setup(), history.startMillis());
    history.steps().forEach(world::apply);
    return world.state();
  }
}
