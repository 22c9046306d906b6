package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.QueuedEvent;
import java.util.List;

/**
 * What scoring may do inside one transaction, always in bulk: one call is a handful of statements,
 * whatever its size.
 */
public interface Tx {
  /** Loads whom the batch may mean. */
  LeadBook load(List<QueuedEvent> batch) throws StorageException;

  /**
   * Writes the leads that {@code book} says are new or changed, their aliases and scores, and the
   * events.
   */
  void save(LeadBook book, List<ScoredEvent> events) throws StorageException;

  /**
   * Keeps events whose scoring failed for good, with the reason, so that they block nothing and are
   * not lost.
   */
  void setAside(List<FailedEvent> events) throws StorageException;
}
