package io.kenbun.lite.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a delivery is tried again ({@code lite.md} 5): after 1, 5, 30 s, 5 min, 30 min, 2 h, 8 h,
 * each a tenth more or less, so that those that failed together do not come back together. One
 * thread.
 */
final class RetrySchedule {
  /** How often a delivery is tried by itself. */
  static final int MAX_TRIES = 8;

  /** The longest wait that a receiver may ask for by {@code Retry-After}; more is cut. Ours. */
  static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

  private static final long[] DELAYS_MILLIS = {
    1_000, 5_000, 30_000, 300_000, 1_800_000, 7_200_000, 28_800_000
  };

  private final RandomGenerator random;

  RetrySchedule(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Returns how long to wait, -1 when it is to be given up.
   *
   * @param tries how often it was tried, 1 or more
   * @param retryAfterMillis how long the receiver asked to wait, 0 when it did not
   */
  long delayMillis(int tries, long retryAfterMillis) {
    if (tries >= MAX_TRIES) {
      return -1;
    }
    long delay = DELAYS_MILLIS[tries - 1];
    long jittered = delay - delay / 10 + (long) (random.nextDouble() * (delay / 5.0));
    return Math.max(jittered, retryAfterMillis);
  }

  /**
   * Returns how long a {@code Retry-After} asks to wait, 0 when it says nothing that is understood.
   *
   * @param value seconds, or a date such as {@code Tue, 10 Mar 2026 12:00:30 GMT}
   * @param date the answer's own {@code Date}, which a date is measured against; null: none
   * @param nowMillis what it is measured against then
   */
  static long retryAfterMillis(@Nullable String value, @Nullable String date, long nowMillis) {
    if (value == null) {
      return 0;
    }
    String text = value.strip();
    long wait;
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      wait = text.length() > 9 ? Long.MAX_VALUE : 1_000 * Long.parseLong(text);
    } else {
      Long until = millis(text);
      Long sent = date == null ? null : millis(date.strip());
      wait = until == null ? 0 : until - (sent == null ? nowMillis : sent);
    }
    return Math.max(0, Math.min(wait, MAX_RETRY_AFTER.toMillis()));
  }

  private static @Nullable Long millis(String date) {
    try {
      return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
