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

  /**
   * Deletes the lead and everything of it but events beyond {@code maxEvents}, which are nobody's
   * from then on and left to {@link #deleteNextOfLeads}.
   */
  void delete(long lead, int maxEvents) throws StorageException;

  /**
   * Deletes the next events, at most {@code maxEvents}, of a lead that is deleted.
   *
   * @return whether there was any such lead
   */
  boolean deleteNextOfLeads(int maxEvents) throws StorageException;

  /**
   * Deletes those of the events that came in to the unit, none of the server's own.
   *
   * @return how many there were, and the leads that lost one
   */
  Deleted deleteEvents(long unit, Collection<Long> seqs) throws StorageException;

  /**
   * Notes that the unit's events of a type that are stored by now are to be deleted, without those
   * of the server's own.
   *
   * @return what {@link #deleteNext} is asked with
   */
  long deleteLater(long unit, String eventType) throws StorageException;

  /** Returns what is noted so and not done. */
  List<Long> deletions() throws StorageException;

  /**
   * Deletes the next of those events, at most {@code max}; the leads that lost one are left to be
   * replayed.
   *
   * @return null when there are none any more
   */
  @Nullable Deleted deleteNext(long deletion, int max) throws StorageException;

  /**
   * What was deleted.
   *
   * @param events how many events
   * @param scored how many of those have given something
   * @param leads the keys of whose they were; empty where those are left to be replayed
   */
  record Deleted(long events, long scored, Collection<Long> leads) {}

  /**
   * Returns the lead's events that rules may give something for, in an order of the store's own.
   *
   * @param afterSeq those up to this one in that order are left out; {@link Long#MIN_VALUE}: none.
   *     Where it is gone by now, some may come again
   * @param max the most to return
   */
  List<Rescorable> rescorable(long lead, long afterSeq, int max) throws StorageException;

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

  /**
   * Has the unit scored anew, from its first lead on, what happened from a time on; what an earlier
   * call asked for and is not done is done with it.
   */
  void startRescore(long unit, long fromMillis) throws StorageException;

  /** Returns a unit that is being scored anew, null when there is none. */
  @Nullable Rescoring rescoring() throws StorageException;

  /** Returns how far the unit is scored anew, null when it is not. */
  @Nullable Rescoring rescoring(long unit) throws StorageException;

  /**
   * How far a unit is scored anew.
   *
   * @param lastLead the last one that is done
   * @param fromMillis what events gave before it stays
   */
  record Rescoring(long unit, long lastLead, long fromMillis) {}

  /** Removes segments of the leads' hourly history that nobody can ask for any more. */
  void removeSegments(long fromLead, long toLead, long beforeHour) throws StorageException;
}
