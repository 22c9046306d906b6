package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Replay;
import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.QueuedEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What scoring may do inside one transaction, in bulk wherever it is not rare: one call is a
 * handful of statements, whatever its size.
 */
public interface Tx {
  /** Returns the time, milliseconds since 1970. */
  long nowMillis();

  /** Loads whom the batch may mean. */
  LeadBook load(List<QueuedEvent> batch) throws StorageException;

  /** Writes events; what is asked about events later in the transaction sees them. */
  void save(List<ScoredEvent> events) throws StorageException;

  /** Writes the leads that {@code book} says are new or changed, their aliases and scores. */
  void save(LeadBook book) throws StorageException;

  /** Returns a seq for an event of the server's own. */
  long nextSystemSeq() throws StorageException;

  /**
   * Returns the newest timestamps of the lead's events of a type, of those that velocity filters
   * count.
   *
   * @param afterMillis older ones, and those of that very time, are left out
   * @param max the most to return
   */
  long[] recent(LeadState lead, String eventType, long afterMillis, int max)
      throws StorageException;

  /** Counts such events in ({@code afterMillis}, {@code untilMillis}], at most {@code max}. */
  int count(LeadState lead, String eventType, long afterMillis, long untilMillis, int max)
      throws StorageException;

  /** The same for events that came under a name that had no lead. */
  int countWithoutLead(
      long unit, String alias, String eventType, long afterMillis, long untilMillis, int max)
      throws StorageException;

  /** Returns all that matters of the lead's events, suppressed ones left out, in no order. */
  List<Replay.Past> history(LeadState lead) throws StorageException;

  /** Returns the type of the lead's newest event that ends inactivity, null when it has none. */
  @Nullable String lastActivityType(LeadState lead) throws StorageException;

  /** Is shown one event after the other. */
  @FunctionalInterface
  interface Walk {
    /** Says whether to go on. */
    boolean next(long timestampMillis, long seq, String eventType);
  }

  /**
   * Shows the lead's events that nothing has suppressed, the last to happen first, of those with a
   * timestamp in ({@code afterMillis}, {@code untilMillis}].
   */
  void events(LeadState lead, long afterMillis, long untilMillis, Walk walk)
      throws StorageException;

  /** Returns what triggers remember of the lead, to be changed by the caller. */
  Map<Remembered.Key, TriggerMemory> memories(LeadState lead) throws StorageException;

  /** Returns the lead's profile scores, by key of the profile ruleset. */
  Map<Long, Long> profileScores(LeadState lead) throws StorageException;

  /** Returns an id for a firing. */
  String newFiringId() throws StorageException;

  /** Writes firings in their order, what is to be told of them, and what triggers remember. */
  void saveFirings(List<Fired> firings, List<Remembered> memories) throws StorageException;

  /** Deletes events. */
  void remove(Collection<Long> seqs) throws StorageException;

  /**
   * Keeps events whose scoring failed for good, with the reason, so that they block nothing and are
   * not lost.
   */
  void setAside(List<FailedEvent> events) throws StorageException;
}
