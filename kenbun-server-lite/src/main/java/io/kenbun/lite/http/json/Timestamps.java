package io.kenbun.lite.http.json;

import java.time.Instant;
import java.time.YearMonth;

/**
 * Times on the wire, RFC 3339 both ways. By hand, since {@code java.time} takes several
 * microseconds for it and refuses leap seconds.
 */
public final class Timestamps {
  /** What {@link #parse} returns for a text that is no time. */
  public static final long INVALID = Long.MIN_VALUE;

  private static final long MINUTE_MILLIS = 60_000;
  private static final long DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

  private Timestamps() {}

  /**
   * Returns the milliseconds since 1970 that {@code text} names, or {@link #INVALID}:
   *
   * <pre>
   *   2025-09-15T14:30:00.123456+02:00
   *   0    5  8  11 14 17^           ^ fraction: any digits, cut to the millisecond; then Z or ±hh:mm
   * </pre>
   *
   * <p>{@code t} and {@code z} may be small. Second 60 is taken where a leap second can be, at the
   * end of a month in UTC, and counts as the second after it.
   */
  public static long parse(String text) {
    int length = text.length();
    if (length < 20
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) | 0x20) != 't'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return INVALID;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    if (year < 0
        || month < 1
        || month > 12
        || day < 1
        || day > daysIn(year, month)
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 60) {
      return INVALID;
    }
    int at = 19;
    int millis = 0;
    if (text.charAt(at) == '.') {
      int from = ++at;
      for (; at < length && isDigit(text.charAt(at)); at++) {
        if (at - from < 3) {
          millis = 10 * millis + (text.charAt(at) - '0');
        }
      }
      if (at == from) {
        return INVALID;
      }
      for (int i = at - from; i < 3; i++) {
        millis *= 10;
      }
    }
    long offsetMinutes = offsetMinutes(text, at);
    if (offsetMinutes == INVALID) {
      return INVALID;
    }
    long minuteStart =
        epochDay(year, month, day) * DAY_MILLIS
            + (60L * hour + minute - offsetMinutes) * MINUTE_MILLIS;
    if (second == 60 && !endsMonth(minuteStart)) {
      return INVALID;
    }
    return minuteStart + 1000L * second + millis;
  }

  /** Returns {@code millis} since 1970 in UTC, with a fraction only when there is one. */
  public static String format(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  private static long offsetMinutes(String text, int at) {
    int length = text.length();
    if (at + 1 == length && (text.charAt(at) | 0x20) == 'z') {
      return 0;
    }
    if (at + 6 != length || text.charAt(at + 3) != ':') {
      return INVALID;
    }
    char sign = text.charAt(at);
    int hours = digits(text, at + 1, at + 3);
    int minutes = digits(text, at + 4, at + 6);
    if ((sign != '+' && sign != '-') || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
      return INVALID;
    }
    long offset = 60L * hours + minutes;
    return sign == '-' ? -offset : offset;
  }

  /** Says whether the minute that starts at {@code minuteStart} is the last of a month in UTC. */
  private static boolean endsMonth(long minuteStart) {
    long next = minuteStart + MINUTE_MILLIS;
    return Math.floorMod(next, DAY_MILLIS) == 0
        && format(next).startsWith("-01T00:00:00Z", format(next).length() - 13);
  }

  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!isDigit(c)) {
        return -1;
      }
      value = 10 * value + (c - '0');
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int daysIn(int year, int month) {
    return month == 2 ? YearMonth.of(year, 2).lengthOfMonth() : 30 + ((month + (month >> 3)) & 1);
  }

  /** Returns the days from 1970-01-01 on, counting years from March so that leap days come last. */
  private static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }
}
