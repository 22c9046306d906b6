package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {
  /** Sun, 06 Nov 1994 08:49:37 GMT. */
  private static final long NOW = 784_111_777_000L;

  private static long millis(String... namesAndValues) {
    return RetryAfter.millis(Headers.of(namesAndValues), NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1000",
    "120, 120000",
    "' 7 ', 7000",
    "-1, 0",
    "2147483647, 2147483647000",
    "2147483648, 2147483647000",
    "9223372036854775807, 2147483647000"
  })
  void readsSeconds(String value, long millis) {
    assertEquals(millis, millis("Retry-After", value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 06 Nov 1994 08:49:38 GMT | 1000",
        "Sun, 06 Nov 1994 08:50:37 GMT | 60000",
        "Sunday, 06-Nov-94 08:49:38 GMT | 1000",
        "Sun Nov  6 08:49:38 1994 | 1000",
        "Sun, 06 Nov 1994 08:49:37 GMT | 0",
        "Sun, 06 Nov 1994 08:49:36 GMT | 0"
      })
  void readsADateInAllThreeFormsOfHttp(String value, long millis) {
    assertEquals(millis, millis("Retry-After", value));
  }

  @Test
  void measuresADateByTheAnswersOwnClock() {
    assertEquals(
        2000,
        RetryAfter.millis(
            Headers.of(
                "Date", "Sat, 01 Jan 2000 00:00:00 GMT",
                "Retry-After", "Sat, 01 Jan 2000 00:00:02 GMT"),
            NOW));
  }

  @Test
  void asksForNothingIfThereIsNothingToRead() {
    assertEquals(-1, millis("Date", "Sun, 06 Nov 1994 08:49:37 GMT"));
    assertEquals(-1, millis("Retry-After", "soon"));
    assertEquals(-1, millis("Retry-After", ""));
    assertEquals(-1, millis("Retry-After", "1.5"));
    assertEquals(-1, millis("Retry-After", "99999999999999999999"));
  }
}
