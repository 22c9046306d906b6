package io.kenbun.lite.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * The durable queue between ingest and scoring; its order is the order of {@link #offer}. Any
 * thread may call it.
 *
 * <p>It may be remote and it may be full; it is never lossy: what {@link Append#stored} was called
 * for survives the death of the process, and with {@code full} durability of the machine.
 */
public interface Queue {
  /** Why an append was turned away. */
  enum Refusal {
    /** Too much is waiting, in memory or on disk. */
    FULL,
    /** The queue is being closed. */
    CLOSED
  }

  /** Takes {@code append} and returns null, or says at once why not; never blocks. */
  @Nullable Refusal offer(Append append);

  /**
   * Returns up to where events are durable, as {@link Storage#cursor} counts; 0 when there never
   * was one. Without seqs that follow each other it is another number that grows.
   */
  long lastSeq();

  /**
   * Returns up to where there is something to be scored by now, whoever took it in; may block. What
   * is scored may be left out.
   */
  default long lastSeqOfAll() throws StorageException {
    return lastSeq();
  }

  /** Returns how many durable events wait to be scored. */
  long depth();

  /**
   * Returns when the oldest waiting event was received, milliseconds since 1970, or -1 when none
   * waits.
   */
  long oldestReceivedAtMillis();

  /**
   * Returns for how long somebody's transaction has been running that scoring must wait for, in
   * milliseconds; 0 when there is none. Does not block.
   */
  default long heldUpMillis() {
    return 0;
  }
}
