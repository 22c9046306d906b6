package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.QueuedEvent;

/** An event that was accepted and could not be scored, and why. */
public record FailedEvent(QueuedEvent queued, String reason) {
  /** How long after each failed try the next one comes; after the last it is left to a person. */
  private static final long[] DELAYS_MILLIS = {1_000, 10_000, 60_000, 600_000};

  private static final int MAX_REASON_CHARS = 1_000;

  public FailedEvent {
    if (reason.length() > MAX_REASON_CHARS) {
      reason = reason.substring(0, MAX_REASON_CHARS);
    }
  }

  /**
   * Returns how long to wait after {@code tries} failed tries, or -1 when there is to be no other.
   */
  public static long delayMillis(int tries) {
    return tries <= DELAYS_MILLIS.length ? DELAYS_MILLIS[tries - 1] : -1;
  }
}
