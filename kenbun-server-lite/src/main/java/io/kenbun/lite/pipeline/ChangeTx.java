package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Contribution;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What may be done to leads besides scoring their events, inside one transaction that stands
 * between two scoring transactions.
 */
public interface ChangeTx {
  /** Returns what scoring may do, for the same transaction. */
  Tx tx();

  /** Loads the leads of those keys; one that is gone or was merged is left out. */
  LeadBook book(Collection<Long> leads) throws StorageException;

  /** Returns the key of the unit's lead of that id, or null; of a merged one, null too. */
  @Nullable Long leadKey(long unit, String leadId) throws StorageException;

  /** Returns the lead's scores as they are shown at a time, by ruleset key. */
  Map<Long, Long> scoresAt(long lead, Engine engine, long timeMillis) throws StorageException;

  long countEvents(long lead) throws StorageException;

  long countAliases(long lead) throws StorageException;

  /** Takes what all of the lead's events gave, for good. */
  void removeContributions(long lead) throws StorageException;

  /** Gives the source's events and aliases to the target; the source is soft-deleted. */
  void merge(LeadState source, LeadState target) throws StorageException;

  /** Sets whose lead it is; null: nobody's. */
  void owner(long lead, @Nullable String ownerName) throws StorageException;

  /** Notes that a lead is to be deleted, so that it can be told how far that is. */
  void deletionAsked(long unit, String leadId, long lead) throws StorageException;

  /** Deletes the lead and everything of it. */
  void delete(long lead) throws StorageException;

  /**
   * Deletes those of the events that came in to the unit, none of the server's own.
   *
   * @return how many there were, and the leads that lost one
   */
  Deleted deleteEvents(long unit, Collection<Long> seqs) throws StorageException;

  /** Counts the unit's events of a type, without those of the server's own. */
  Deleted countEventsOfType(long unit, String eventType) throws StorageException;

  /** Deletes them; the leads that lost one are left to be replayed. */
  Deleted deleteEventsOfType(long unit, String eventType) throws StorageException;

  /**
   * What was, or would be, deleted.
   *
   * @param events how many events
   * @param scored how many of those have given something
   * @param leads the keys of whose they were; empty where only counted
   */
  record Deleted(long events, long scored, Collection<Long> leads) {}

  /** Returns the lead's events that rules may give something for, in no order. */
  List<Rescorable> rescorable(long lead) throws StorageException;

  /** An event to be matched once more. */
  record Rescorable(
      long seq,
      String eventType,
      long timestampMillis,
      @Nullable String metadata,
      List<Contribution> contributions) {}

  /** Keeps other facts for an event. */
  void contributions(long seq, List<Contribution> contributions) throws StorageException;

  /** Returns the unit's next leads after a key, at most {@code max}. */
  List<Long> leadsAfter(long unit, long lead, int max) throws StorageException;

  /** Notes up to which lead the unit is scored anew; null: it is done. */
  void rescoreProgress(long unit, @Nullable Long nextLead) throws StorageException;

  /** Returns the units that are being scored anew, with the last lead done. */
  Map<Long, Long> rescoring() throws StorageException;

  /** Removes segments of the leads' hourly history that nobody can ask for any more. */
  void removeSegments(long fromLead, long toLead, long beforeHour) throws StorageException;
}
