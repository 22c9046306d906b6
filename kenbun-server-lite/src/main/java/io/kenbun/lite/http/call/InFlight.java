package io.kenbun.lite.http.call;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests that are not answered yet, and waits for them at the end. Any thread. */
public final class InFlight {
  private final AtomicInteger count = new AtomicInteger();
  private final Object lock = new Object();
  private volatile boolean awaited;

  public void enter() {
    count.incrementAndGet();
  }

  public void leave() {
    // The count first, then the flag; awaitNone does it the other way round, so one sees the other.
    if (count.decrementAndGet() == 0 && awaited) {
      synchronized (lock) {
        lock.notifyAll();
      }
    }
  }

  public int count() {
    return count.get();
  }

  /** Waits until none is left, but at most {@code atMost}; says whether none is. */
  public boolean awaitNone(Duration atMost) {
    awaited = true;
    long deadline = System.nanoTime() + atMost.toNanos();
    boolean interrupted = false;
    synchronized (lock) {
      while (count.get() > 0) {
        long restMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (restMillis <= 0 || interrupted) {
          break;
        }
        try {
          lock.wait(restMillis);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return count.get() == 0;
  }
}
