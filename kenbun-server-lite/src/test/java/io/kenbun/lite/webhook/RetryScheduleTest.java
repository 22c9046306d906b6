package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final long NOW = Instant.parse("2026-03-10T12:00:00Z").toEpochMilli();

  @Test
  void waitsLongerEachTimeATenthMoreOrLess() {
    RetrySchedule schedule = new RetrySchedule(new Random(1));
    long[] seconds = {1, 5, 30, 300, 1_800, 7_200, 28_800};
    for (int tries = 1; tries <= seconds.length; tries++) {
      long least = Long.MAX_VALUE;
      long most = 0;
      for (int i = 0; i < 1_000; i++) {
        long delay = schedule.delayMillis(tries, 0);
        least = Math.min(least, delay);
        most = Math.max(most, delay);
      }
      long millis = 1_000 * seconds[tries - 1];
      assertTrue(least >= millis * 9 / 10 && least < millis * 92 / 100, tries + ": " + least);
      assertTrue(most <= millis * 11 / 10 && most > millis * 108 / 100, tries + ": " + most);
    }
  }

  @Test
  void givesUpAfterTheEighthTry() {
    RetrySchedule schedule = new RetrySchedule(new Random(1));
    assertTrue(schedule.delayMillis(7, 0) > 0);
    assertEquals(-1, schedule.delayMillis(8, 0));
    assertEquals(-1, schedule.delayMillis(9, 60_000));
  }

  @Test
  void waitsAsLongAsTheReceiverAsksButNotLessThanTheSchedule() {
    RetrySchedule schedule = new RetrySchedule(new Random(1));
    assertEquals(60_000, schedule.delayMillis(1, 60_000));
    assertTrue(schedule.delayMillis(4, 60_000) >= 270_000);
  }

  @Test
  void readsSecondsAndDates() {
    assertEquals(0, RetrySchedule.retryAfterMillis(null, null, NOW));
    assertEquals(120_000, RetrySchedule.retryAfterMillis("120", null, NOW));
    assertEquals(
        30_000, RetrySchedule.retryAfterMillis("Tue, 10 Mar 2026 12:00:30 GMT", null, NOW));
    assertEquals(0, RetrySchedule.retryAfterMillis("Tue, 10 Mar 2026 11:59:00 GMT", null, NOW));
    assertEquals(
        10_000,
        RetrySchedule.retryAfterMillis(
            "Tue, 10 Mar 2026 18:00:30 GMT", "Tue, 10 Mar 2026 18:00:20 GMT", NOW));
    assertEquals(0, RetrySchedule.retryAfterMillis("soon", null, NOW));
    assertEquals(0, RetrySchedule.retryAfterMillis("-5", null, NOW));
    assertEquals(0, RetrySchedule.retryAfterMillis("", null, NOW));
  }

  @Test
  void waitsADayAtTheMost() {
    assertEquals(86_400_000, RetrySchedule.retryAfterMillis("86400", null, NOW));
    assertEquals(86_400_000, RetrySchedule.retryAfterMillis("86401", null, NOW));
    assertEquals(86_400_000, RetrySchedule.retryAfterMillis("9".repeat(40), null, NOW));
  }
}
