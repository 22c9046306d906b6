package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FadingTest {
  private static final long DAY = 86_400_000L;
  private static final int[] NONE = {};

  private static Standing standing(double flat, int[] days, double... amounts) {
    return new Standing(1, flat, days, amounts, 0, Standing.NEVER);
  }

  @Test
  void whatNeverGetsThereIsNeverDue() {
    Standing standing = standing(50, new int[] {14}, 10);
    assertEquals(
        Long.MAX_VALUE,
        Fading.next(standing, 0, new int[] {50}, new int[] {61}, 0, Long.MAX_VALUE, false));
    assertEquals(Long.MAX_VALUE, Fading.next(standing, 0, NONE, NONE, 0, Long.MAX_VALUE, false));
  }

  @Test
  void fadesBelowTheThresholdRightUnderIt() {
    Standing standing = standing(0, new int[] {14}, 100);
    long due = Fading.next(standing, 0, new int[] {10, 50, 99}, NONE, 0, Long.MAX_VALUE, false);
    assertEquals(99, standing.scoreAt(due - 1, false));
    assertEquals(98, standing.scoreAt(due, false));
    due = Fading.next(standing, 0, new int[] {10, 50, 99}, NONE, due, Long.MAX_VALUE, false);
    assertEquals(50, standing.scoreAt(due - 1, false));
    assertEquals(49, standing.scoreAt(due, false));
  }

  @Test
  void whatIsTakenAlreadyIsAdded() {
    Standing standing = standing(-30, new int[] {14}, 100);
    long due = Fading.next(standing, 30, new int[] {50}, NONE, 0, Long.MAX_VALUE, false);
    assertEquals(80 - 30, standing.scoreAt(due - 1, false) + 30);
    assertEquals(49, standing.scoreAt(due, false) + 30);
  }

  @Test
  void aNegativeAmountThatFadesRises() {
    Standing standing = standing(60, new int[] {7}, -50);
    long due = Fading.next(standing, 0, NONE, new int[] {40}, 0, Long.MAX_VALUE, false);
    assertEquals(39, standing.scoreAt(due - 1, false));
    assertEquals(40, standing.scoreAt(due, false));
  }

  /**
   * With one half-life each crossing is found to the millisecond, whenever its points were given.
   */
  @Test
  void findsTheVeryMillisecondOfASingleHalfLife() {
    int found = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      long ref = 1_770_710_400_000L + random.nextInt(1_000_000_000);
      int days = 1 + random.nextInt(90);
      boolean falls = random.nextBoolean();
      int flat = random.nextInt(60) + (falls ? 0 : 60);
      int amount = (1 + random.nextInt(60)) * (falls ? 1 : -1);
      double more = random.nextInt(40) - 20;
      Standing standing =
          new Standing(1, flat, new int[] {days}, new double[] {amount}, ref, Standing.NEVER);
      int[] thresholds = {flat + (int) more + amount / 2};
      long from = ref + random.nextInt(100_000);
      long due =
          Fading.next(
              standing,
              more,
              falls ? thresholds : NONE,
              falls ? NONE : thresholds,
              from,
              Long.MAX_VALUE,
              true);
      if (due == Long.MAX_VALUE) {
        continue;
      }
      found++;
      int side = falls ? 1 : 0;
      for (long time : new long[] {from, due - 1}) {
        assertEquals(side, reached(thresholds, standing, more, time), "seed " + seed);
      }
      assertEquals(1 - side, reached(thresholds, standing, more, due), "seed " + seed);
    }
    assertTrue(found > 200, "found: " + found);
  }

  private static int reached(int[] thresholds, Standing standing, double more, long time) {
    return Thresholds.Line.reached(thresholds, Policies.shown(standing.sumAt(time) + more, true));
  }

  @Test
  void aScoreThatStopsAtZeroFallsBelowNothingThere() {
    Standing standing = standing(-5, new int[] {14}, 10);
    int[] zero = {0};
    assertEquals(Long.MAX_VALUE, Fading.next(standing, 0, zero, NONE, 0, Long.MAX_VALUE, false));
    long due = Fading.next(standing, 0, zero, NONE, 0, Long.MAX_VALUE, true);
    assertEquals(0, standing.scoreAt(due - 1, true));
    assertEquals(-1, standing.scoreAt(due, true));
  }

  /** Steps of an hour look for what the steps of the search must not pass. */
  @Test
  void passesNoCrossingWhateverFades() {
    Random random = new Random(7);
    int crossings = 0;
    for (int i = 0; i < 300; i++) {
      int[] days = {1 + random.nextInt(3), 4 + random.nextInt(5), 10};
      Standing standing =
          standing(
              random.nextInt(60) - 10,
              days,
              random.nextInt(120) - 40,
              random.nextInt(120) - 40,
              random.nextInt(80) - 20);
      int[] thresholds = {-7, 5, 20, 33, 60, 90};
      boolean negative = random.nextBoolean();
      long time = 0;
      for (int looks = 0; looks < 40 && time < 90 * DAY; looks++) {
        long next =
            Fading.next(standing, 0, thresholds, thresholds, time, Long.MAX_VALUE, negative);
        int side = Thresholds.Line.reached(thresholds, standing.scoreAt(time, negative));
        for (long t = time; t < Math.min(next, 90 * DAY); t += DAY / 24) {
          assertEquals(
              side,
              Thresholds.Line.reached(thresholds, standing.scoreAt(t, negative)),
              i + " at " + t + " before " + next);
        }
        if (next != Long.MAX_VALUE
            && side != Thresholds.Line.reached(thresholds, standing.scoreAt(next, negative))) {
          crossings++;
        }
        time = next;
      }
    }
    assertTrue(crossings > 300, "crossings: " + crossings);
  }
}
