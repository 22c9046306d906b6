package io.kenbun.lite.http;

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
  /** Returns the days that the query asks for, or null when it names none. */
  static @Nullable Span of(Query query, InstantSource clock) {
    String range = query.text("range");
    if (range == null) {
      return null;
    }
    LocalDate today = Instant.ofEpochMilli(clock.millis()).atZone(ZoneOffset.UTC).toLocalDate();
    return switch (range) {
      case "today" -> days(today, today);
      case "yesterday" -> days(today.minusDays(1), today.minusDays(1));
      case "last_7d" -> days(today.minusDays(6), today);
      case "last_30d" -> days(today.minusDays(29), today);
      case "last_90d" -> days(today.minusDays(89), today);
      default ->
          throw Problem.invalidField(
              "range", "range is none of today, yesterday, last_7d, last_30d, last_90d: " + range);
    };
  }

  private static Span days(LocalDate first, LocalDate last) {
    return new Span(millis(first), millis(last.plusDays(1)));
  }

  private static long millis(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }
}
