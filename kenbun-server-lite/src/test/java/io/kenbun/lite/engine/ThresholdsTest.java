package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What of a milestone is arithmetic: which are crossed, which of those fire, what is remembered.
 */
class ThresholdsTest {
  private static final OrgUnit UNIT = new OrgUnit(1, "u", "o", "U", "u", null, true);
  private static final int BOTH = TriggerMemory.ENTERED | TriggerMemory.EXITED;

  private static Milestone milestone(long key, int threshold, FireMode mode, long cooldown) {
    return milestone(key, threshold, mode, cooldown, null, null, 0);
  }

  private static Milestone milestone(
      long key,
      int threshold,
      FireMode mode,
      long cooldownSeconds,
      @Nullable Long ruleset,
      @Nullable String level,
      long inForceSinceMillis) {
    return new Milestone(
        key,
        "ms" + key,
        "M",
        threshold,
        null,
        mode,
        cooldownSeconds,
        ruleset,
        level,
        null,
        null,
        true,
        true,
        Destinations.NONE,
        0,
        0,
        inForceSinceMillis);
  }

  private static List<Long> crossed(Thresholds.Line line, long before, long after) {
    return line.crossed(before, after).stream().map(Milestone::key).toList();
  }

  @Test
  void whatIsReachedIsCrossedLowestFirst() {
    Ruleset primary =
        new Ruleset(7, "a", "A", "", "s", true, true, DateWindow.ALWAYS, 0, List.of());
    List<Milestone> milestones =
        List.of(
            milestone(3, 50, FireMode.ONCE, 0),
            milestone(1, 20, FireMode.ONCE, 0),
            milestone(2, 20, FireMode.ONCE, 0),
            milestone(4, 5, FireMode.ONCE, 0, 8L, null, 0));
    Thresholds thresholds =
        new Thresholds(
            RuleSetup.builder(UNIT).rulesets(List.of(primary)).milestones(milestones).build());
    assertEquals(7, thresholds.primary());
    assertEquals(2, thresholds.lines().size());
    Thresholds.Line line = thresholds.lines().get(0);
    assertEquals(7, line.ruleset());
    assertEquals(8, thresholds.lines().get(1).ruleset());
    assertEquals(List.of(), crossed(line, 0, 19));
    assertEquals(List.of(1L, 2L), crossed(line, 19, 20));
    assertEquals(List.of(1L, 2L), crossed(line, 20, 19));
    assertEquals(List.of(), crossed(line, 20, 49));
    assertEquals(List.of(3L), crossed(line, 20, 50));
    assertEquals(List.of(1L, 2L, 3L), crossed(line, 0, 1_000));
    assertEquals(List.of(), crossed(line, 50, 1_000));
  }

  /** Fired at 5,000 ms, a cooldown of two seconds. */
  @ParameterizedTest
  @CsvSource({
    "once, true, 0, 9000, true",
    "once, true, 1, 9000, false",
    "once, true, 2, 9000, true",
    "once, false, 0, 9000, false",
    "once, false, 1, 9000, true",
    "once, false, 3, 9000, false",
    "always, true, 3, 6999, false",
    "always, true, 3, 7000, true",
    "always, false, 3, 6999, false",
    "always, false, 3, 7000, true"
  })
  void onceIsForEverAndAlwaysWaitsForItsCooldown(
      String mode, boolean entered, int marks, long atMillis, boolean fires) {
    Milestone milestone = milestone(1, 20, FireMode.valueOf(mode.toUpperCase(Locale.ROOT)), 2);
    TriggerMemory memory = new TriggerMemory(5_000, 0, marks);
    assertEquals(fires, Thresholds.fires(milestone, entered, "A", atMillis, memory));
  }

  @Test
  void whatHasNeverFiredHasCooledDown() {
    Milestone milestone = milestone(1, 20, FireMode.ALWAYS, Milestone.MAX_COOLDOWN_SECONDS);
    assertTrue(Thresholds.fires(milestone, true, null, 0, TriggerMemory.NONE));
  }

  @Test
  void nothingFiresBeforeTheMilestoneIsInForce() {
    Milestone milestone = milestone(1, 20, FireMode.ONCE, 0, null, null, 5_000);
    assertFalse(Thresholds.fires(milestone, true, null, 4_999, TriggerMemory.NONE));
    assertTrue(Thresholds.fires(milestone, true, null, 5_000, TriggerMemory.NONE));
  }

  @Test
  void whatFiredIsRememberedBesideWhatHadFired() {
    TriggerMemory entered = Thresholds.fired(true, 5_000, TriggerMemory.NONE);
    assertEquals(new TriggerMemory(5_000, 0, TriggerMemory.ENTERED), entered);
    assertEquals(new TriggerMemory(7_000, 0, BOTH), Thresholds.fired(false, 7_000, entered));
    assertEquals(
        new TriggerMemory(7_000, 0, BOTH),
        Thresholds.fired(true, 7_000, new TriggerMemory(5_000, 0, BOTH)));
    assertEquals(new TriggerMemory(5_000, 0, BOTH), Thresholds.silenced(false, entered));
    assertEquals(entered, Thresholds.silenced(true, entered));
  }

  @Test
  void aMemoryIsBeforeWhatComesLaterOrAtItsTimeWithAHigherSeq() {
    TriggerMemory memory = new TriggerMemory(5_000, 7, 0);
    assertFalse(memory.isBefore(4_999, 8));
    assertFalse(memory.isBefore(5_000, 7));
    assertTrue(memory.isBefore(5_000, 8));
    assertTrue(memory.isBefore(5_001, 1));
  }

  @Test
  void mergedMemoriesKeepTheLaterAndAllMarks() {
    TriggerMemory one = new TriggerMemory(5_000, 7, TriggerMemory.ENTERED);
    TriggerMemory later = new TriggerMemory(5_000, 8, TriggerMemory.EXITED);
    assertEquals(new TriggerMemory(5_000, 8, BOTH), one.merged(later));
    assertEquals(new TriggerMemory(5_000, 8, BOTH), later.merged(one));
    assertEquals(one, one.merged(TriggerMemory.NONE));
    assertEquals(one, one.merged(one));
  }

  @Test
  void levelsAreAskedForOnlyWhereTheMilestoneNamesOne() {
    Milestone any = milestone(1, 20, FireMode.ONCE, 0);
    assertTrue(
        Thresholds.hasLevels(
            any,
            () -> {
              throw new AssertionError("asked");
            },
            () -> {
              throw new AssertionError("asked");
            }));
    Milestone hot = milestone(1, 20, FireMode.ONCE, 0, null, "Hot", 0);
    assertTrue(Thresholds.hasLevels(hot, () -> "Hot", () -> "Poor Fit"));
    assertFalse(Thresholds.hasLevels(hot, () -> "hot", () -> "Hot"));
  }

  /** A point is shown from its least sum on, and not below. */
  @ParameterizedTest
  @CsvSource({"-1000", "-2", "-1", "0", "1", "2", "49", "50", "1000000"})
  void theLeastSumOfAScoreIsWhereItBegins(int score) {
    double least = Policies.leastSum(score);
    assertEquals(score, Policies.shown(least + 1e-9, true));
    assertEquals(score - 1, Policies.shown(least - 1e-9, true));
  }
}
