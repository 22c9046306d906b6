package io.kenbun.lite.webhook;

import org.jspecify.annotations.Nullable;

/**
 * What came of one try.
 *
 * @param status null when no answer came
 * @param error what came instead, null when an answer did
 * @param retryAfterMillis how long the receiver asks to wait, 0 when it does not
 */
record Answer(@Nullable Integer status, @Nullable String error, long retryAfterMillis) {
  static Answer of(int status, long retryAfterMillis) {
    return new Answer(status, null, retryAfterMillis);
  }

  static Answer none(String error) {
    return new Answer(null, error, 0);
  }

  boolean isDelivered() {
    return status != null && status >= 200 && status < 300;
  }

  boolean isGone() {
    return status != null && status == 410;
  }
}
