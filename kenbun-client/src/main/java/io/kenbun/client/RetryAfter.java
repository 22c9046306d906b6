package io.kenbun.client;

import java.util.Date;
import okhttp3.Headers;

/**
 * How long a server asks to be left alone, by RFC 9110, 10.2.3.
 *
 * <pre>
 * Retry-After: 120
 * Retry-After: Sun, 06 Nov 1994 08:49:37 GMT
 * </pre>
 *
 * <p>A date is measured against the answer's own {@code Date}, since the device's clock may be
 * anything.
 */
final class RetryAfter {
  /** What an answer without a readable header asks for. */
  static final long NONE = -1;

  private RetryAfter() {}

  /**
   * What an answer asks for, in milliseconds, at least 0; {@link #NONE} for nothing.
   *
   * @param nowMillis the wall time, for an answer that has no date of its own
   */
  @SuppressWarnings("JavaUtilDate") // OkHttp's parser knows all three forms of an HTTP date.
  static long millis(Headers headers, long nowMillis) {
    String value = headers.get("Retry-After");
    if (value == null) {
      return NONE;
    }
    try {
      return 1000 * Math.max(0, Math.min(Long.parseLong(value.trim()), Integer.MAX_VALUE));
    } catch (NumberFormatException e) {
      Date until = headers.getDate("Retry-After");
      if (until == null) {
        return NONE;
      }
      Date answered = headers.getDate("Date");
      return Math.max(0, until.getTime() - (answered == null ? nowMillis : answered.getTime()));
    }
  }
}
