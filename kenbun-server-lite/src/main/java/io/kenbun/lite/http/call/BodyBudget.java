package io.kenbun.lite.http.call;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the bodies that are coming in may take together, so that many callers with long
 * ones do not use up the heap. Any thread.
 */
public final class BodyBudget {
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  public BodyBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Takes {@code count} bytes, or refuses; the caller gives back what it took in either case. */
  void take(long count) {
    if (bytes.addAndGet(count) > maxBytes) {
      throw Problem.overloaded();
    }
  }

  /** Returns how many bytes are taken. */
  public long taken() {
    return bytes.get();
  }

  void giveBack(long count) {
    bytes.addAndGet(-count);
  }
}
