package io.kenbun.client;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class RetryPolicyTest {
  private static void refuses(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }

  @Test
  void hasTheNumbersThatItsDocumentationNames() {
    assertEquals(
        "RetryPolicy{firstPauseMillis=500, maxPauseMillis=60000, maxRetryAfterMillis=600000, "
            + "budgetMillis=604800000, jitter=1.0}",
        RetryPolicy.standard().toString());
  }

  @Test
  void saysWhatItWasTold() {
    RetryPolicy policy =
        RetryPolicy.builder()
            .firstPause(1, MILLISECONDS)
            .maxPause(2, SECONDS)
            .maxRetryAfter(3, SECONDS)
            .budget(4, SECONDS)
            .jitter(0.5)
            .build();
    assertEquals(1, policy.firstPauseMillis());
    assertEquals(2000, policy.maxPauseMillis());
    assertEquals(3000, policy.maxRetryAfterMillis());
    assertEquals(4000, policy.budgetMillis());
    assertEquals(0.5, policy.jitter());
  }

  @Test
  void takesEachPauseFromAMillisecondToAYear() {
    refuses(
        "firstPause < 1 ms: 999 MICROSECONDS",
        () -> RetryPolicy.builder().firstPause(999, MICROSECONDS));
    refuses("firstPause > 365 days: 366 DAYS", () -> RetryPolicy.builder().firstPause(366, DAYS));
    refuses(
        "maxPause > 365 days: 31536000001 MILLISECONDS",
        () -> RetryPolicy.builder().maxPause(31_536_000_001L, MILLISECONDS));
    refuses(
        "maxRetryAfter > 365 days: 9223372036854775807 DAYS",
        () -> RetryPolicy.builder().maxRetryAfter(Long.MAX_VALUE, DAYS));
    RetryPolicy year =
        RetryPolicy.builder()
            .firstPause(365, DAYS)
            .maxPause(365, DAYS)
            .maxRetryAfter(365, DAYS)
            .budget(Long.MAX_VALUE, DAYS)
            .jitter(0)
            .build();
    assertEquals(31_536_000_000L, year.firstPauseMillis());
    assertEquals(Long.MAX_VALUE, year.budgetMillis());
  }

  @Test
  void takesAJitterFromNoneToAll() {
    assertEquals(0.0, RetryPolicy.builder().jitter(0).build().jitter());
    assertEquals(1.0, RetryPolicy.builder().jitter(1).build().jitter());
    refuses("jitter outside 0 to 1: -0.1", () -> RetryPolicy.builder().jitter(-0.1));
    refuses("jitter outside 0 to 1: 1.1", () -> RetryPolicy.builder().jitter(1.1));
    refuses("jitter outside 0 to 1: NaN", () -> RetryPolicy.builder().jitter(Double.NaN));
  }

  @Test
  void takesAFirstPauseAsLongAsTheLongestAndNoLonger() {
    assertEquals(
        1000,
        RetryPolicy.builder()
            .firstPause(1, SECONDS)
            .maxPause(1, SECONDS)
            .build()
            .firstPauseMillis());
    refuses(
        "firstPause > maxPause: 1001 ms > 1000 ms",
        () -> RetryPolicy.builder().firstPause(1001, MILLISECONDS).maxPause(1, SECONDS).build());
  }
}
