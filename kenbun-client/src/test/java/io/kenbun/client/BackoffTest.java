package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static Backoff backoff(double jitter) {
    return new Backoff(RetryPolicy.builder().jitter(jitter).build(), new Random(7));
  }

  @Test
  void doublesUpToThreeFirstPausesAndThenFollowsTheOutage() {
    Backoff backoff = backoff(0);
    assertEquals(500, backoff.pauseMillis(1, 0, -1));
    assertEquals(1000, backoff.pauseMillis(2, 500, -1));
    assertEquals(1500, backoff.pauseMillis(3, 1500, -1));
    assertEquals(1500, backoff.pauseMillis(6, 5000, -1));
    assertEquals(3000, backoff.pauseMillis(9, 10_000, -1));
    assertEquals(60_000, backoff.pauseMillis(40, 3_600_000, -1));
    assertEquals(60_000, backoff.pauseMillis(Integer.MAX_VALUE, Long.MAX_VALUE, -1));
  }

  @Test
  void takesAtMostItsPartAwayAtRandom() {
    Backoff backoff = backoff(0.25);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 10_000; i++) {
      long pause = backoff.pauseMillis(2, 100_000, -1);
      least = Math.min(least, pause);
      most = Math.max(most, pause);
    }
    assertTrue(least >= 750 && least < 760, "least " + least);
    assertTrue(most <= 1000 && most > 990, "most " + most);
  }

  @Test
  void neverPausesForNothingEvenWithFullJitter() {
    Backoff backoff =
        new Backoff(
            RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).jitter(1).build(),
            new Random(7));
    for (int i = 0; i < 1000; i++) {
      assertTrue(backoff.pauseMillis(1, 0, -1) >= 1);
    }
  }

  @Test
  void takesTheLongerOfItsOwnPauseAndWhatTheServerAskedFor() {
    Backoff backoff = backoff(0);
    assertEquals(500, backoff.pauseMillis(1, 0, 499));
    assertEquals(501, backoff.pauseMillis(1, 0, 501));
    assertEquals(600_000, backoff.pauseMillis(1, 0, 600_000));
    assertEquals(600_000, backoff.pauseMillis(1, 0, 600_001));
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
