package io.kenbun.examples.replay;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives a time to rows that tell only their day: midnight UTC, plus one second for each earlier row
 * of that group and day, so that the order of the file is the order in time.
 *
 * <p>Keeps one number per group and day, not per row.
 */
final class DayTimes {
  private static final int SECONDS_PER_DAY = 86_400;

  private final Map<String, Integer> rowsSeen = new HashMap<>();

  /**
   * Returns the time of the next row of {@code group} on {@code day}, counted from {@code start}.
   *
   * @return milliseconds since the epoch
   * @throws IllegalArgumentException if the day has no second left
   */
  long next(String group, int day, LocalDate start) {
    int second = rowsSeen.merge(group + ' ' + day, 1, Integer::sum) - 1;
    if (second >= SECONDS_PER_DAY) {
      throw new IllegalArgumentException(
          "more than " + SECONDS_PER_DAY + " rows on one day: " + group + " " + day);
    }
    long midnight = start.plusDays(day).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    return (midnight + second) * 1000;
  }
}
