package io.kenbun.lite.webhook;

import io.kenbun.lite.store.firing.DeliveryReads.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What came of one try.
 *
 * @param status null when no answer came
 * @param error what came instead, null when an answer did
 * @param retryAfterMillis how long the receiver asks to wait, 0 when it does not
 * @param exchange what was sent and came back, null when nothing was sent
 */
record Answer(
    @Nullable Integer status,
    @Nullable String error,
    long retryAfterMillis,
    @Nullable Exchange exchange) {
  static Answer of(int status, long retryAfterMillis, Exchange exchange) {
    return new Answer(status, null, retryAfterMillis, exchange);
  }

  static Answer none(String error, @Nullable Exchange exchange) {
    return new Answer(null, error, 0, exchange);
  }

  boolean isDelivered() {
    return status != null && status >= 200 && status < 300;
  }

  boolean isGone() {
    return status != null && status == 410;
  }
}
