package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.QueuedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scale-out seam: who keeps the queue, the leads and the cursor, and what a transaction is.
 * SQLite is the default; anything else that passes {@code StorageContract} may stand here.
 */
public interface Storage extends AutoCloseable {
  Queue queue();

  /** Returns what one scoring thread takes its work from; a new one for each. */
  Work work();

  /** Returns how many scoring threads there may be. */
  int scoringThreads();

  /**
   * Removes the oldest events, at most {@code max}, as long as they were received before {@code
   * beforeMillis}. Scores stay; what the events gave can no longer be explained.
   *
   * @return how many were removed
   */
  int removeEvents(long beforeMillis, int max) throws StorageException;

  /** Runs {@code work} in a transaction between two scoring transactions. Any thread. */
  <T extends @Nullable Object> T change(Change<T> work) throws StorageException;

  /**
   * Returns the unit's next leads after a key whose row time or a change of rules has made old:
   * those whose scores fade, or are for other half-lives.
   *
   * @param fingerprint of the half-lives in force
   * @param decays whether points decay, so that leads that nothing is due for are looked at too
   */
  List<Long> leadsToRefresh(long unit, long afterLead, long fingerprint, boolean decays, int max)
      throws StorageException;

  /**
   * Returns a number that changes when many leads were left for {@link #leadsToRefresh} at once;
   * after a start they are there in any case.
   */
  long leftToRefresh();

  /** Returns leads for which decay may be due, at most {@code max}. */
  List<Long> leadsWithDecayDue(long nowMillis, int max) throws StorageException;

  /** Says whether this node does that for all of them, as far as it knows. Does not block. */
  default boolean isOnDuty(Duty duty) {
    return true;
  }

  /** Has {@code wake} run whenever events became durable. Called once, before the first event. */
  void onStored(Runnable wake);

  /** Returns up to where everything is scored, as {@link Queue#lastSeq} counts. */
  long cursor();

  /** Ends the writer after what it has taken is durable, then closes the files. */
  @Override
  void close();

  /** Events to be scored, for one thread. */
  interface Work {
    /**
     * Claims the next events in order, at most {@code max}, lets {@code worker} work out what they
     * do, and commits that together with the cursor: all of it or nothing. The worker may be asked
     * again for the same events, when the work of others came between.
     *
     * @return how many events were taken; 0 when none waits
     * @throws StorageException when nothing was changed; the same events come again at the next
     *     call
     */
    int drain(int max, BatchWorker worker) throws StorageException;

    /**
     * The same for events that were set aside and are due for another try.
     *
     * @return how many were tried; 0 when none is due
     */
    int drainFailed(BatchWorker worker) throws StorageException;

    /** Sets the next event aside without asking anybody, and moves the cursor past it. */
    void setNextAside(String reason) throws StorageException;

    /** Says whether events were left in the queue when nothing could be taken of it. */
    boolean isHeldUp();
  }

  /** Changes leads. Does no I/O but through {@code tx}. */
  @FunctionalInterface
  interface Change<T extends @Nullable Object> {
    T apply(ChangeTx tx) throws StorageException;
  }

  /** Works out what a batch does. Does no I/O but through {@code tx}. */
  interface BatchWorker {
    void apply(List<QueuedEvent> batch, Tx tx) throws StorageException;
  }
}
