package io.kenbun.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A marker that travels through the queue behind the events that were accepted before it. Exists so
 * that a flush cannot overtake an event that is on its way: there is one path for both.
 */
final class FlushRequest {
  private final CountDownLatch done = new CountDownLatch(1);

  /** When the caller's patience ends; in {@link Clock#nanos}. */
  final long deadlineNanos;

  /** Everything before this position has to be settled. The worker's. */
  long position;

  private volatile boolean complete;

  FlushRequest(long deadlineNanos) {
    this.deadlineNanos = deadlineNanos;
  }

  /** Lets the caller go. */
  void finish(boolean everythingSettled) {
    complete = everythingSettled;
    done.countDown();
  }

  boolean isFinished() {
    return done.getCount() == 0;
  }

  boolean isComplete() {
    return complete;
  }

  /** Waits; an interruption ends the wait and stays set. */
  void await(long timeoutNanos) {
    try {
      if (!done.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
        done.countDown(); // The worker forgets a request that nobody waits for.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.countDown();
    }
  }
}
