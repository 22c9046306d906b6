package io.kenbun.lite.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every number that {@code scoring.md} 3 to 6 works out, and both sides of every edge they name,
 * each under its section. Held against the reference and against the server.
 */
abstract class ScoreExamples implements Scene.Opener {
  private static final Condition PRICING = new Condition("path", Operator.CONTAINS, "/pricing");

  private Scene scene(RuleSetup.Builder setup) throws Exception {
    return new Scene(this, setup.build());
  }

  // ---- 4.1 windows

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 7", "172799999, 7", "172800000, 0"})
  void section41BothDaysOfAWindowCountToTheMillisecond(long millis, long score) throws Exception {
    DateWindow window = new DateWindow(LocalDate.of(2026, 2, 10), LocalDate.of(2026, 2, 11));
    try (Scene scene = scene(Scene.setup(Scene.rule(1, "Page View", 7, null, window)))) {
      scene.clock(30); // The event's timestamp decides, not the clock.
      int event = scene.event("a", "Page View", Scene.START_MILLIS + millis, Map.of());
      assertEquals(score, scene.shown(event));
    }
  }

  @Test
  void section41EachActiveRulesetKeepsItsOwnScore() throws Exception {
    Ruleset a = Scene.ruleset(1, Scene.rule(10, "Page View", 75));
    Ruleset b = Scene.ruleset(2, Scene.rule(20, "Page View", 60));
    try (Scene scene = scene(Scene.setup().rulesets(List.of(a, b)))) {
      int event = scene.event("Page View", 0);
      assertEquals(Map.of(1L, 75L, 2L, 60L), scene.lead(event).scores().shown());
    }
  }

  // ---- 4.4 matching

  @Test
  void section44AllMatchingRulesAddUpTo15() throws Exception {
    RuleSetup.Builder setup =
        Scene.setup(Scene.rule(10, "Page View", 10, PRICING), Scene.rule(11, "Page View", 5));
    try (Scene scene = scene(setup)) {
      int both =
          scene.event("a", "Page View", Scene.START_MILLIS, Map.of("path", "/pricing/plans"));
      int one = scene.event("b", "Page View", Scene.START_MILLIS, Map.of("path", "/docs"));
      assertEquals(15, scene.shown(both));
      assertEquals(5, scene.shown(one));
    }
  }

  @Test
  void section3TypesMatchExactlyAndWithTheirCase() throws Exception {
    try (Scene scene = scene(Scene.setup(Scene.rule(10, "Email Open", 5)))) {
      int event = scene.event("Email Open", 0);
      scene.event("email_open", 0);
      scene.event("Email open", 0);
      assertEquals(5, scene.shown(event));
    }
  }

  @Test
  void section3AHiddenTypeEarnsNothingUntilItIsShownAgain() throws Exception {
    RuleSetup.Builder setup = Scene.setup(Scene.rule(10, "Page View", 5));
    try (Scene scene = scene(setup.hiddenEventTypes(Set.of("Page View")))) {
      int event = scene.event("Page View", 0);
      assertEquals(0, scene.shown(event));
      scene.rules(setup.hiddenEventTypes(Set.of()));
      assertEquals(0, scene.shown(event));
      scene.event("Page View", 0);
      assertEquals(5, scene.shown(event));
    }
  }

  // ---- 4.6 and 10.3: what the dry run and the explanation add up

  @Test
  void section103FourTimes10AndSevenTimes5() throws Exception {
    RuleSetup.Builder setup =
        Scene.setup(
            Scene.rule(10, "page_view", 10, PRICING),
            Scene.rule(11, "page_view", 5, new Condition("path", Operator.EQUALS, "/")));
    try (Scene scene = scene(setup)) {
      for (int i = 0; i < 4; i++) {
        scene.event("a", "page_view", Scene.START_MILLIS, Map.of("path", "/pricing"));
      }
      for (int i = 0; i < 7; i++) {
        scene.event("a", "page_view", Scene.START_MILLIS, Map.of("path", "/"));
      }
      assertEquals(40 + 35, scene.shown(1));
    }
  }

  @ParameterizedTest
  @CsvSource({"50, 10, 80", "42, 10, 72", "42, 16, 90"})
  void section46ThreeMoreEventsAddThreeTimesTheWeight(int before, int weight, int after)
      throws Exception {
    RuleSetup.Builder setup =
        Scene.setup(Scene.rule(10, "Demo Request", before), Scene.rule(11, "Page View", weight));
    try (Scene scene = scene(setup)) {
      int event = scene.event("Demo Request", 0);
      assertEquals(before, scene.shown(event));
      for (int i = 0; i < 3; i++) {
        scene.event("Page View", 0);
      }
      assertEquals(after, scene.shown(event));
    }
  }

  @Test
  void section46FiveMoreEventsOf10Make92Of42() throws Exception {
    RuleSetup.Builder setup =
        Scene.setup(Scene.rule(10, "Demo Request", 42), Scene.rule(11, "Page View", 10));
    try (Scene scene = scene(setup)) {
      int event = scene.event("Demo Request", 0);
      for (int i = 0; i < 5; i++) {
        scene.event("Page View", 0);
      }
      assertEquals(92, scene.shown(event));
    }
  }

  // ---- 5.2, 5.3

  @Test
  void section52AContributionKeepsTheWeightItWasProcessedWith() throws Exception {
    try (Scene scene = scene(Scene.setup(Scene.rule(10, "Page View", 10)))) {
      int event = scene.event("Page View", 0);
      scene.rules(Scene.setup(Scene.rule(10, "Page View", 1)));
      assertEquals(10, scene.shown(event));
      scene.event("Page View", 0);
      assertEquals(11, scene.shown(event));
      scene.rules(Scene.setup());
      scene.event("Page View", 0);
      assertEquals(11, scene.shown(event));
    }
  }

  @Test
  void section53TheFloorActsAtEachChange() throws Exception {
    try (Scene scene = scene(Scene.upAndDown())) {
      int event = scene.event("Up", 0);
      scene.event("Down", 0);
      assertEquals(0, scene.shown(event));
      scene.event("Half Up", 0);
      assertEquals(5, scene.shown(event)); // 10 - 30 + 5: 5, and 0 were it the sum.
    }
  }

  @Test
  void section53WithNegativeScoresNothingIsCut() throws Exception {
    try (Scene scene = scene(Scene.upAndDown().settings(Scene.negatives(true)))) {
      int event = scene.event("Up", 0);
      scene.event("Down", 0);
      assertEquals(-20, scene.shown(event));
      scene.event("Half Up", 0);
      assertEquals(-15, scene.shown(event));
    }
  }

  @Test
  void section53ALateEventIsPutWhereItHappened() throws Exception {
    try (Scene scene = scene(Scene.upAndDown())) {
      scene.clock(3);
      int event = scene.event("Half Up", 2);
      scene.event("Down", 1);
      assertEquals(5, scene.shown(event)); // On day 1 there was nothing to take.
      scene.event("Up", 0);
      assertEquals(5, scene.shown(event)); // Now there was.
    }
  }

  @Test
  void section53SwitchingNegativesChangesLaterChangesOnly() throws Exception {
    try (Scene scene = scene(Scene.upAndDown())) {
      int event = scene.event("Up", 0);
      scene.event("Down", 0);
      scene.rules(Scene.upAndDown().settings(Scene.negatives(true)));
      assertEquals(0, scene.shown(event));
      scene.event("Down", 0);
      assertEquals(-30, scene.shown(event));
    }
  }

  @ParameterizedTest
  @CsvSource({"14, 10, 5", "14, 11, 6", "14, -11, -6", "28, 10, 3", "28, -10, -3"})
  void section61RoundsHalfAwayFromZero(int day, int weight, long shown) throws Exception {
    RuleSetup.Builder setup = Scene.setup(Scene.rule(10, "Page View", weight, 14));
    try (Scene scene = scene(setup.settings(Scene.negatives(true)))) {
      int event = scene.event("Page View", 0);
      scene.clock(day);
      assertEquals(shown, scene.shown(event)); // 5.5 is 6, 2.5 is 3.
    }
  }

  // ---- 6.1 half-life

  @ParameterizedTest
  @CsvSource({"0, 10, 0", "14, 5, 0", "28, 2.5, 0", "90, 0.6, 0.6", "7, 7.0711, 0.0001"})
  void section61TenPointsWithHalfLife14(double day, double score, double off) throws Exception {
    try (Scene scene = scene(Scene.setup(Scene.rule(10, "Page View", 10, 14)))) {
      int event = scene.event("Page View", 0);
      scene.clock(day);
      // "About a month 2.5, three months ~0.6": 90 days are 0.12, so the page rounds freely there.
      scene.assertScore(score, event, off);
    }
  }

  @Test
  void section61FractionsOfADayCount() throws Exception {
    try (Scene scene = scene(Scene.setup(Scene.rule(10, "Page View", 1_000, 1)))) {
      int event = scene.event("Page View", 0);
      scene.clock(0.5);
      assertEquals(707, scene.shown(event));
      scene.clock(1.0 / 86_400);
      scene.assertScore(1_000 * Math.pow(0.5, 1.0 / 86_400), event);
    }
  }

  @Test
  void section61AnEventAheadOfTheClockIsWorthItsWeight() throws Exception {
    try (Scene scene = scene(Scene.setup(Scene.rule(10, "Page View", 10, 14)))) {
      int event = scene.event("Page View", 0.9);
      scene.assertScore(10, event);
    }
  }

  @Test
  void section61NullNeverFadesAndTheCurrentHalfLifeCounts() throws Exception {
    try (Scene scene = scene(Scene.setup(Scene.rule(10, "Page View", 10, (Integer) null)))) {
      int event = scene.event("Page View", 0);
      scene.clock(28);
      assertEquals(10, scene.shown(event));
      scene.rules(Scene.setup(Scene.rule(10, "Page View", 99, 14)));
      scene.assertScore(2.5, event);
      scene.rules(Scene.setup(Scene.rule(10, "Page View", 99, 28)));
      scene.assertScore(5, event);
      scene.rules(Scene.setup().retiredHalfLives(Map.of(10L, 28)));
      scene.assertScore(5, event);
    }
  }

  @Test
  void section61NegativeWeightsFadeToo() throws Exception {
    RuleSetup.Builder setup = Scene.setup(Scene.rule(10, "Up", 10), Scene.rule(11, "Down", -8, 14));
    try (Scene scene = scene(setup)) {
      int event = scene.event("Up", 0);
      scene.event("Down", 0);
      assertEquals(2, scene.shown(event));
      scene.clock(14);
      assertEquals(6, scene.shown(event));
    }
  }

  @Test
  void section53TheFloorCutsToWhatHasFaded() throws Exception {
    RuleSetup.Builder setup =
        Scene.setup(Scene.rule(10, "Up", 10, 14), Scene.rule(11, "Down", -30, (Integer) null));
    try (Scene scene = scene(setup)) {
      int event = scene.event("Up", 0);
      scene.clock(14);
      scene.event("Down", 14);
      scene.assertScore(0, event); // 5 were left, so -5 of the -30 count, for good.
      scene.clock(28);
      scene.event("Up", 28);
      scene.assertScore(2.5 - 5 + 10, event);
    }
  }

  // ---- 6.2 decay rules

  @ParameterizedTest
  @CsvSource({"6.99999, 100, 0", "7, 95, 1", "13.99999, 95, 1", "14, 90, 2"})
  void section62SevenIdleDaysTakeOnceFourteenTwice(double day, long score, long decays)
      throws Exception {
    try (Scene scene = scene(Scene.idle().decayRules(List.of(Scene.decay(-5, 7))))) {
      int event = scene.event("Up", 0);
      scene.clock(day);
      assertEquals(score, scene.shown(event));
      assertEquals(decays, scene.lead(event).decays());
    }
  }

  @Test
  void section62AWorkerThatWasOffTakesTheSame() throws Exception {
    try (Scene scene = scene(Scene.idle().decayRules(List.of(Scene.decay(-5, 7))))) {
      int event = scene.event("Up", 0);
      scene.clock(30);
      scene.event("Nothing", 30); // Ends the gap before any worker ran.
      scene.clock(36.9);
      assertEquals(80, scene.shown(event));
      scene.clock(37);
      assertEquals(75, scene.shown(event));
    }
  }

  @Test
  void section62ALateEventUndoesTheDecayOfATimeThatWasNotQuiet() throws Exception {
    try (Scene scene = scene(Scene.idle().decayRules(List.of(Scene.decay(-5, 7))))) {
      int event = scene.event("Up", 0);
      scene.clock(15);
      assertEquals(90, scene.shown(event));
      scene.event("Nothing", 6);
      assertEquals(95, scene.shown(event)); // Day 13 instead of 7 and 14.
      scene.clock(20);
      assertEquals(90, scene.shown(event));
    }
  }

  @Test
  void section62NeverBelowZeroUnlessAllowed() throws Exception {
    RuleSetup.Builder setup = Scene.idle().decayRules(List.of(Scene.decay(-30, 7)));
    try (Scene scene = scene(setup)) {
      int event = scene.event("Up", 0);
      scene.clock(70);
      assertEquals(0, scene.shown(event));
      assertEquals(4, scene.lead(event).decays()); // 30, 30, 30, 10, then there is nothing.
    }
    try (Scene scene = scene(setup.settings(Scene.negatives(true)))) {
      int event = scene.event("Up", 0);
      scene.clock(70);
      assertEquals(-200, scene.shown(event));
    }
  }

  @Test
  void section62EitherSignOfThePointsIsTaken() throws Exception {
    try (Scene scene = scene(Scene.idle().decayRules(List.of(Scene.decay(5, 7))))) {
      int event = scene.event("Up", 0);
      scene.clock(7);
      assertEquals(95, scene.shown(event));
    }
  }

  @Test
  void section62ADeletedRuleGivesNothingBack() throws Exception {
    try (Scene scene = scene(Scene.idle().decayRules(List.of(Scene.decay(-5, 7))))) {
      int event = scene.event("Up", 0);
      scene.clock(8);
      assertEquals(95, scene.shown(event));
      scene.rules(Scene.idle());
      scene.clock(80);
      assertEquals(95, scene.shown(event));
    }
  }

  @Test
  void section62DecayDoesNotFade() throws Exception {
    RuleSetup.Builder setup = Scene.setup(Scene.rule(10, "Up", 100, 7));
    try (Scene scene = scene(setup.decayRules(List.of(Scene.decay(-5, 7))))) {
      int event = scene.event("Up", 0);
      scene.clock(14);
      scene.assertScore(25 - 5 - 5, event);
    }
  }
}
