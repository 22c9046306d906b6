package io.kenbun.lite.webhook;

import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.store.firing.Deliveries.Tried;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what came of deliveries, many in one transaction: a commit waits for the disk, and
 * scoring waits for the commit. Nobody waits for it in turn; what is lost with the process is sent
 * again. Results are added and taken by one thread, written by another.
 */
final class Recorder {
  private static final int MAX_BATCH = 1_000;
  private static final long BETWEEN_SWEEPS_MILLIS = 60_000;
  private static final int MAX_REMOVED = 2_000;

  private final Deliveries deliveries;
  private final InstantSource clock;
  private final Duration retain;
  private final Queue<Tried> unwritten = new ConcurrentLinkedQueue<>();
  private final Queue<Tried> written = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unwrittenCount = new AtomicInteger();
  private final List<Tried> batch = new ArrayList<>(); // The writing thread's.
  private long sweptMillis = Long.MIN_VALUE; // The writing thread's.
  private volatile Runnable onAdded = () -> {};
  private volatile Runnable onWritten = () -> {};

  /**
   * Makes it.
   *
   * @param retain how long a delivery that is over is kept
   */
  Recorder(Deliveries deliveries, InstantSource clock, Duration retain) {
    this.deliveries = deliveries;
    this.clock = clock;
    this.retain = retain;
  }

  /** Has {@code wake} run whenever there is something to write. Called once, before there is. */
  void onAdded(Runnable wake) {
    onAdded = wake;
  }

  /** Has {@code wake} run whenever something was written. Called once, before anything is. */
  void onWritten(Runnable wake) {
    onWritten = wake;
  }

  void add(Tried tried) {
    unwrittenCount.incrementAndGet();
    unwritten.add(tried);
    onAdded.run();
  }

  /** Returns how much is not written yet. */
  int unwritten() {
    return unwrittenCount.get();
  }

  /** Returns something that was written and not returned yet, null when there is nothing. */
  @Nullable Tried takeWritten() {
    return written.poll();
  }

  /** Writes what there is; on the writing thread. What fails is tried again with the next call. */
  Loop.Next writeNext() throws StorageException {
    while (batch.size() < MAX_BATCH) {
      Tried next = unwritten.poll();
      if (next == null) {
        break;
      }
      batch.add(next);
    }
    if (batch.isEmpty()) {
      return sweep();
    }
    deliveries.record(List.copyOf(batch));
    written.addAll(batch);
    unwrittenCount.addAndGet(-batch.size());
    boolean isFull = batch.size() == MAX_BATCH;
    batch.clear();
    onWritten.run();
    return isFull ? Loop.Next.AT_ONCE : Loop.Next.SOON; // So that the next batch is worth it.
  }

  /** Removes what was over long ago, a slice at a time. */
  private Loop.Next sweep() throws StorageException {
    long now = clock.millis();
    if (sweptMillis != Long.MIN_VALUE && Math.abs(now - sweptMillis) < BETWEEN_SWEEPS_MILLIS) {
      return Loop.Next.WHEN_WOKEN;
    }
    if (deliveries.removeOld(now - retain.toMillis(), MAX_REMOVED) == MAX_REMOVED) {
      return Loop.Next.AT_ONCE;
    }
    sweptMillis = now;
    return Loop.Next.WHEN_WOKEN;
  }
}
