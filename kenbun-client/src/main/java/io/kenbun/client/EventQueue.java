package io.kenbun.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where accepted events wait for the worker: in memory, or on disk. Hands them out in order and
 * forgets an event only when it is told that it is settled.
 *
 * <p>All methods belong to the worker, save for the two sizes. An implementation knows nothing of
 * how events are sent.
 */
abstract class EventQueue {
  final Intake intake;
  private final Deque<FlushRequest> flushes = new ArrayDeque<>();

  EventQueue(Intake intake) {
    this.intake = intake;
  }

  /** The next event in order, or null if there is none at the moment. */
  abstract @Nullable QueuedEvent next(long nowNanos);

  /** The position that the event after the last one handed out has or will have. */
  abstract long nextPosition();

  /**
   * Whether the event may be sent now; if not, it was lost meanwhile, is counted, and is forgotten
   * here already.
   */
  boolean claim(QueuedEvent event) {
    return event.entry == null || intake.claim(event.entry);
  }

  /** The event could not be delivered this time. */
  void unclaim(QueuedEvent event) {
    if (event.entry != null) {
      intake.unclaim(event.entry);
    }
  }

  /** The event was claimed and needs no more sending: delivered, or lost and counted as such. */
  abstract void settle(QueuedEvent event);

  /**
   * Does what is due besides, such as a sync.
   *
   * @return when it wants to be called again, in nanoseconds from now; MAX_VALUE for not at all
   */
  abstract long maintain(long nowNanos);

  /**
   * Ends it. What is still waiting and does not outlive the process is added to {@code lost}.
   *
   * @param unsettled what was handed out and not settled, and is claimed
   */
  abstract void close(List<QueuedEvent> unsettled, List<Event> lost);

  /**
   * Whether it would take an event from the intake now.
   *
   * @param hasRoom whether the worker would take one from it
   */
  boolean takes(boolean hasRoom, long nowNanos) {
    return hasRoom;
  }

  /** Whether an event that arrives should wake the worker before a batch is full. */
  abstract boolean wantsEachEvent();

  /** What went wrong since the last call, for the listener, or null. */
  @Nullable String takeFault() {
    return null;
  }

  /** How many unsettled events lie on disk. Any thread. */
  long spooled() {
    return 0;
  }

  /** How many bytes its files take. Any thread. */
  long spooledBytes() {
    return 0;
  }

  /** A flush came by, behind everything before {@code position}. */
  final void reached(FlushRequest flush, long position) {
    flush.position = position;
    flushes.add(flush);
  }

  /** Lets everybody go who still waits for a flush. */
  final void releaseFlushes() {
    for (FlushRequest flush : flushes) {
      flush.finish(false);
      intake.flushEnded();
    }
    flushes.clear();
  }

  /** Ends the flushes whose events are all settled, or whose callers have gone. */
  final void finishFlushes(long lowWater, long nowNanos, long pausedUntilNanos, boolean paused) {
    if (flushes.isEmpty()) {
      return;
    }
    List<FlushRequest> waiting = new ArrayList<>(flushes);
    flushes.clear();
    for (FlushRequest flush : waiting) {
      boolean settled = flush.position <= lowWater;
      // Nothing is sent before the pause ends: whoever cannot wait that long need not wait at all.
      boolean hopeless = paused && pausedUntilNanos - flush.deadlineNanos > 0;
      if (settled || hopeless) {
        flush.finish(settled);
      }
      if (flush.isFinished()) {
        intake.flushEnded();
      } else {
        flushes.add(flush);
      }
    }
  }
}
