package io.kenbun.lite.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** Tells callers when scoring has passed a place in the queue. Any thread. */
public final class Progress {
  private final Object lock = new Object();
  private long scored; // Guarded by lock.
  // Guarded by lock; the lowest seq first.
  private final PriorityQueue<Waiter> waiters =
      new PriorityQueue<>((a, b) -> Long.compare(a.seq, b.seq));

  public Progress(long scored) {
    this.scored = scored;
  }

  /**
   * Has {@code done} run once everything up to {@code seq} is scored: now, on this thread, when
   * that is already so, else on the scoring thread, which it must not hold up.
   *
   * @return what ends the wait, for a caller that has lost patience
   */
  public Runnable whenScored(long seq, Runnable done) {
    Waiter waiter = new Waiter(seq, done);
    synchronized (lock) {
      if (scored < seq) {
        waiters.add(waiter);
        return () -> cancel(waiter);
      }
    }
    done.run();
    return () -> {};
  }

  void advance(long seq) {
    List<Waiter> due = new ArrayList<>();
    synchronized (lock) {
      scored = Math.max(scored, seq); // Of two threads the later may have looked earlier.
      for (Waiter next = waiters.peek();
          next != null && next.seq <= scored;
          next = waiters.peek()) {
        due.add(next);
        waiters.remove();
      }
    }
    for (Waiter waiter : due) {
      waiter.done.run();
    }
  }

  private void cancel(Waiter waiter) {
    synchronized (lock) {
      waiters.remove(waiter);
    }
  }

  private static final class Waiter {
    final long seq;
    final Runnable done;

    Waiter(long seq, Runnable done) {
      this.seq = seq;
      this.done = done;
    }
  }
}
