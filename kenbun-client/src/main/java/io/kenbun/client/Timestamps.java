package io.kenbun.client;

/**
 * Writes and reads RFC 3339 date-times in UTC without {@code java.time}, which Android API 21
 * lacks, and without {@code SimpleDateFormat}, which follows the default locale and is not
 * thread-safe.
 *
 * <p>The calendar arithmetic is Howard Hinnant's days_from_civil and civil_from_days, in the
 * proleptic Gregorian calendar.
 */
final class Timestamps {
  /** 0000-01-01T00:00:00Z, the first instant RFC 3339 can spell. */
  static final long MIN_MILLIS = -62167219200000L;

  /** 9999-12-31T23:59:59.999Z, the last one. */
  static final long MAX_MILLIS = 253402300799999L;

  private static final long DAY_MILLIS = 86_400_000L;

  private Timestamps() {}

  /** Such as {@code 2025-09-15T14:30:00.000Z}: always UTC, always milliseconds, ASCII digits. */
  static String format(long epochMillis) {
    long days = floorDiv(epochMillis, DAY_MILLIS);
    int millisOfDay = (int) (epochMillis - days * DAY_MILLIS);

    long z = days + 719_468;
    long era = floorDiv(z, 146_097);
    int dayOfEra = (int) (z - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);

    char[] out = "0000-00-00T00:00:00.000Z".toCharArray();
    digits(out, 0, 4, year);
    digits(out, 5, 2, month);
    digits(out, 8, 2, day);
    digits(out, 11, 2, millisOfDay / 3_600_000);
    digits(out, 14, 2, millisOfDay / 60_000 % 60);
    digits(out, 17, 2, millisOfDay / 1000 % 60);
    digits(out, 20, 3, millisOfDay % 1000);
    return new String(out);
  }

  /**
   * The instant of an RFC 3339 date-time in milliseconds since 1970; finer digits are cut off, a
   * leap second counts as the second after it.
   *
   * @throws IllegalArgumentException if {@code text} is anything else, such as a date without a
   *     time or a time without an offset
   */
  static long parse(String text) {
    Cursor in = new Cursor(text);
    int year = in.digits(4, 0, 9999);
    in.expect('-');
    int month = in.digits(2, 1, 12);
    in.expect('-');
    int day = in.digits(2, 1, daysInMonth(year, month));
    in.expectEither('T', 't', ' ');
    int hour = in.digits(2, 0, 23);
    in.expect(':');
    int minute = in.digits(2, 0, 59);
    in.expect(':');
    int second = in.digits(2, 0, 60);
    int milli = in.fraction();
    int offsetMinutes = in.offset();
    in.end();
    long seconds =
        ((days(year, month, day) * 24 + hour) * 60 + minute - offsetMinutes) * 60 + second;
    return seconds * 1000 + milli;
  }

  private static int daysInMonth(int year, int month) {
    if (month == 2) {
      return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  private static long days(int year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = floorDiv(y, 400);
    int yearOfEra = (int) (y - era * 400);
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }

  /** {@code Math.floorDiv} came to Android with API 24. */
  private static long floorDiv(long x, long y) {
    long quotient = x / y;
    return x % y < 0 ? quotient - 1 : quotient;
  }

  private static void digits(char[] out, int at, int count, int value) {
    for (int i = at + count - 1; i >= at; i--) {
      out[i] = (char) ('0' + value % 10);
      value /= 10;
    }
  }

  /** Reads one text from left to right; each failure names the text and the rule. */
  private static final class Cursor {
    private final String text;
    private int at;

    Cursor(String text) {
      this.text = text;
    }

    int digits(int count, int min, int max) {
      int value = 0;
      for (int i = 0; i < count; i++) {
        char c = next();
        if (c < '0' || c > '9') {
          throw malformed();
        }
        value = value * 10 + c - '0';
      }
      if (value < min || value > max) {
        throw malformed();
      }
      return value;
    }

    void expect(char wanted) {
      if (next() != wanted) {
        throw malformed();
      }
    }

    void expectEither(char a, char b, char c) {
      char found = next();
      if (found != a && found != b && found != c) {
        throw malformed();
      }
    }

    int fraction() {
      if (at >= text.length() || text.charAt(at) != '.') {
        return 0;
      }
      at++;
      int milli = 0;
      int count = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        if (count < 3) {
          milli = milli * 10 + text.charAt(at) - '0';
        }
        count++;
        at++;
      }
      if (count == 0) {
        throw malformed();
      }
      for (int i = count; i < 3; i++) {
        milli *= 10;
      }
      return milli;
    }

    int offset() {
      char sign = next();
      if (sign == 'Z' || sign == 'z') {
        return 0;
      }
      if (sign != '+' && sign != '-') {
        throw malformed();
      }
      int hours = digits(2, 0, 23);
      expect(':');
      int minutes = hours * 60 + digits(2, 0, 59);
      return sign == '-' ? -minutes : minutes;
    }

    void end() {
      if (at != text.length()) {
        throw malformed();
      }
    }

    private char next() {
      if (at >= text.length()) {
        throw malformed();
      }
      return text.charAt(at++);
    }

    private IllegalArgumentException malformed() {
      return new IllegalArgumentException(
          "timestamp is not an RFC 3339 date-time with an offset, such as 2025-09-15T14:30:00Z: "
              + text);
    }
  }
}
