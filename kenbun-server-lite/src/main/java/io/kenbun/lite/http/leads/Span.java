package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The days that {@code range} names, in UTC: {@code last_7d} is today and the six days before it.
 * The contract names the words and leaves their edges open.
 *
 * @param fromMillis included
 * @param toMillis not included
 */
record Span(long fromMillis, long toMillis) {
  static final long DAY_MILLIS = 86_400_000;

  /** Returns the days that the query asks for, or null when it names none. */
  static @Nullable Span of(Query query, InstantSource clock) {
    String range = query.text("range");
    if (range == null) {
      return null;
    }
    LocalDate today = today(clock);
    return switch (range) {
      case "today" -> days(today, today);
      case "yesterday" -> days(today.minusDays(1), today.minusDays(1));
      case "last_7d" -> lastDays(7, clock);
      case "last_30d" -> lastDays(30, clock);
      case "last_90d" -> lastDays(90, clock);
      default ->
          throw Problem.invalidField(
              "range", "range is none of today, yesterday, last_7d, last_30d, last_90d: " + range);
    };
  }

  /** Returns today and the {@code count - 1} days before. */
  static Span lastDays(int count, InstantSource clock) {
    LocalDate today = today(clock);
    return days(today.minusDays(count - 1L), today);
  }

  /** Returns the first day, counted from 1970-01-01. */
  long fromDay() {
    return Math.floorDiv(fromMillis, DAY_MILLIS);
  }

  /** Returns the day after the last. */
  long toDay() {
    return Math.floorDiv(toMillis, DAY_MILLIS);
  }

  private static LocalDate today(InstantSource clock) {
    return Instant.ofEpochMilli(clock.millis()).atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static Span days(LocalDate first, LocalDate last) {
    return new Span(millis(first), millis(last.plusDays(1)));
  }

  private static long millis(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }
}
