package io.kenbun.lite.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Days from {@code start} to {@code end}, both included, in UTC; null leaves that side open. The
 * contract leaves the boundaries open; {@code scoring.md} 4.1 proposes these.
 */
public record DateWindow(@Nullable LocalDate start, @Nullable LocalDate end) {
  /** Every day. */
  public static final DateWindow ALWAYS = new DateWindow(null, null);

  public DateWindow {
    if (start != null && end != null && end.isBefore(start)) {
      throw new IllegalArgumentException("end_date before start_date: " + end + " < " + start);
    }
  }

  /** Says whether {@code epochMillis} lies on one of the days. */
  public boolean covers(long epochMillis) {
    if (start == null && end == null) {
      return true;
    }
    LocalDate day = Instant.ofEpochMilli(epochMillis).atZone(ZoneOffset.UTC).toLocalDate();
    return (start == null || !day.isBefore(start)) && (end == null || !day.isAfter(end));
  }
}
