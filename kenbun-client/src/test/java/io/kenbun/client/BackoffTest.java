package io.kenbun.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static Backoff backoff(double jitter) {
    return new Backoff(RetryPolicy.builder().jitter(jitter).build(), new Random(7));
  }

  @Test
  void slotsDoubleUpToTwelveFifthsOfTheFirstAndThenFollowTheOutage() {
    Backoff backoff = backoff(1);
    assertEquals(500, backoff.slotMillis(1, 0));
    assertEquals(1000, backoff.slotMillis(2, 500));
    assertEquals(1200, backoff.slotMillis(3, 1500));
    assertEquals(1200, backoff.slotMillis(9, 9607));
    assertEquals(1201, backoff.slotMillis(9, 9608));
    assertEquals(30_000, backoff.slotMillis(40, 240_000));
    assertEquals(30_000, backoff.slotMillis(40, 3_600_000));
    assertEquals(30_000, backoff.slotMillis(Integer.MAX_VALUE, Long.MAX_VALUE));
  }

  @Test
  void drawsFromTheWholeOfTheNextSlot() {
    Backoff backoff = backoff(1);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 10_000; i++) {
      long pause = backoff.pauseMillis(300, 1000, -1);
      least = Math.min(least, pause);
      most = Math.max(most, pause);
    }
    assertTrue(least >= 300 && least < 305, "least " + least);
    assertTrue(most <= 1300 && most > 1295, "most " + most);
  }

  @Test
  void drawsFromTheEndOfTheSlotIfTold() {
    Backoff backoff = backoff(0.25);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10_000; i++) {
      least = Math.min(least, backoff.pauseMillis(0, 1000, -1));
    }
    assertTrue(least >= 750 && least < 755, "least " + least);
    assertEquals(1000, backoff(0).pauseMillis(0, 1000, -1));
  }

  @Test
  void neverPausesForNothing() {
    RetryPolicy policy = RetryPolicy.builder().firstPause(1, MILLISECONDS).build();
    Backoff backoff = new Backoff(policy, new Random(7));
    for (int i = 0; i < 1000; i++) {
      assertEquals(1, backoff.pauseMillis(0, backoff.slotMillis(1, 0), -1));
    }
    RetryPolicy least =
        RetryPolicy.builder().firstPause(1, MILLISECONDS).maxPause(1, MILLISECONDS).build();
    assertEquals(1, new Backoff(least, new Random(7)).slotMillis(5, 10_000));
  }

  @Test
  void takesTheLongerOfItsOwnPauseAndWhatTheServerAskedFor() {
    Backoff backoff = backoff(0);
    assertEquals(500, backoff.pauseMillis(0, 500, 499));
    assertEquals(501, backoff.pauseMillis(0, 500, 501));
    assertEquals(600_000, backoff.pauseMillis(0, 500, 600_000));
    assertEquals(600_000, backoff.pauseMillis(0, 500, 600_001));
    assertEquals(-1, backoff.askedMillis(-1));
  }

  /** When the requests of one outage fail, and when the first comes that succeeds; nanoseconds. */
  private static List<Long> trials(Random random, long fromNanos, long toNanos) {
    FakeClock clock = new FakeClock();
    long begin = clock.nanos();
    Outage outage =
        new Outage(
            new Backoff(RetryPolicy.standard(), random), clock, new Counters(), new Audience(null));
    Reply failed = Reply.of(Reply.Kind.WAIT, 503, "503", -1, false);
    List<Long> trials = new ArrayList<>();
    clock.advanceNanos(fromNanos);
    while (clock.nanos() - begin < toNanos) {
      trials.add(clock.nanos() - begin);
      outage.fail(new Batch("u", List.of(), true, outage.pauses(), 0), failed, clock.nanos());
      clock.advanceNanos(outage.pausedUntilNanos() - clock.nanos());
    }
    trials.add(clock.nanos() - begin);
    return trials;
  }

  @Test
  void ofAHundredThousandOutagesOfFiveSecondsNoneCostsSevenRequestsOrIsNoticedLate() {
    Random random = new Random(20_261_123);
    long failures = 0;
    for (int i = 0; i < 100_000; i++) {
      long firstFailure = random.nextInt(250_000_000); // Some time within a linger.
      List<Long> trials = trials(random, firstFailure, 5_000_000_000L);
      failures += trials.size() - 1;
      assertTrue(trials.size() - 1 <= 6, trials::toString);
      assertTrue(trials.get(trials.size() - 1) <= 6_550_000_000L, trials::toString);
    }
    assertTrue(failures > 570_000 && failures < 590_000, "5.8 on average, and not " + failures);
  }

  @Test
  void clientsThatFailedTogetherComeBackSpreadEvenly() {
    Random random = new Random(20_261_123);
    int[] tenths = new int[45];
    for (int client = 0; client < 10_000; client++) {
      for (long trial : trials(random, 0, 4_500_000_000L)) {
        if (trial > 0 && trial < 4_500_000_000L) {
          tenths[(int) (trial / 100_000_000)]++;
        }
      }
    }
    int[] slotTenths = {0, 5, 15, 27, 39};
    for (int slot = 0; slot < slotTenths.length; slot++) {
      int width = slot == 0 ? 5 : slot == 1 ? 10 : 12;
      for (int i = slotTenths[slot]; i < Math.min(45, slotTenths[slot] + width); i++) {
        int even = 10_000 / width;
        assertTrue(Math.abs(tenths[i] - even) < even / 5, "tenth " + i + ": " + tenths[i]);
      }
    }
  }

  @Test
  void refusesAPolicyThatMakesNoSense() {
    assertEquals(
        "firstPause > maxPause: 2000 ms > 1000 ms",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    RetryPolicy.builder()
                        .firstPause(2, TimeUnit.SECONDS)
                        .maxPause(1, TimeUnit.SECONDS)
                        .build())
            .getMessage());
    assertEquals(
        "jitter outside 0 to 1: NaN",
        assertThrows(IllegalArgumentException.class, () -> RetryPolicy.builder().jitter(Double.NaN))
            .getMessage());
    assertEquals(
        "budget < 1 ms: 0 DAYS",
        assertThrows(
                IllegalArgumentException.class,
                () -> RetryPolicy.builder().budget(0, TimeUnit.DAYS))
            .getMessage());
  }
}
