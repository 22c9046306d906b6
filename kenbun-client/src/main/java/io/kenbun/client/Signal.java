package io.kenbun.client;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes one sleeping thread. Exists because raising it must not take a lock: callers of {@code
 * track} do it.
 */
final class Signal {
  private volatile boolean raised;
  private volatile @Nullable Thread sleeper;

  /** Ends the current or the next {@link #await}. Any thread. */
  void raise() {
    raised = true;
    Thread thread = sleeper;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Sleeps until raised, at most {@code nanos}. One thread only. It writes {@code sleeper} before
   * it reads {@code raised}, and {@link #raise} the other way round, so no call is missed.
   */
  void await(long nanos) {
    sleeper = Thread.currentThread();
    if (!raised) {
      LockSupport.parkNanos(this, nanos);
    }
    sleeper = null;
    raised = false;
  }
}
