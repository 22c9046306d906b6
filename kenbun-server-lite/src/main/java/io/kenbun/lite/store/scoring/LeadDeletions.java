package io.kenbun.lite.store.scoring;

import io.kenbun.lite.model.EventId;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Deletes leads with everything of them, and single events. For one transaction. */
final class LeadDeletions {
  private static final long KEPT_MILLIS = Duration.ofDays(7).toMillis();

  private final Connection connection;
  private final LongStatements sql;
  private final StoreTx tx;

  LeadDeletions(Connection connection, LongStatements sql, StoreTx tx) {
    this.connection = connection;
    this.sql = sql;
    this.tx = tx;
  }

  /** Notes that a lead is to be deleted; for a week it can be told how far that is. */
  void asked(long unit, String leadId, long lead) throws SQLException {
    long nowMillis = tx.nowMillis();
    new Sql("DELETE FROM lead_deletion")
        .where("asked_at < ?", nowMillis - KEPT_MILLIS)
        .run(connection);
    new Sql(
            """
      INSERT INTO lead_deletion (unit, lead_id, lead, last_seq, asked_at)
      VALUES (?, ?, ?, %s, ?) ON CONFLICT (unit, lead_id) DO UPDATE SET
        lead = excluded.lead, last_seq = excluded.last_seq,
        asked_at = excluded.asked_at"""
                .formatted(Dialect.of(connection).lastScoredSeq()),
            unit,
            leadId,
            lead,
            nowMillis)
        .run(connection);
  }

  /** Deletes a lead; of its events at most so many, the others are left to {@link #next}. */
  void delete(long lead, int maxEvents) throws SQLException {
    sql.update("DELETE FROM alias WHERE lead = ?", lead);
    deleteScores(lead);
    sql.update("DELETE FROM firing WHERE lead = ?", lead);
    tx.removeDeliveries(lead);
    sql.update("DELETE FROM trigger_memory WHERE lead = ?", lead);
    sql.update("DELETE FROM lead WHERE merged_into = ?", lead);
    // The row holds the key until the events are gone; its id is longer than one may be.
    new Sql(
            """
            UPDATE lead SET merged_into = -1, lead_id = ?, profile = NULL,
              owner_name = NULL, decay_due = NULL WHERE key = ?""",
            String.format("%200d", lead),
            lead)
        .run(connection);
    tx.unlist(lead);
    tx.forgetLeads();
    deleteEventsOf(lead, maxEvents);
  }

  /** Deletes the next events of a lead that is deleted; says whether there was any such lead. */
  boolean next(int maxEvents) throws SQLException {
    List<Long> next = sql.numbers("SELECT key FROM lead WHERE merged_into = -1 LIMIT 1");
    if (!next.isEmpty()) {
      deleteEventsOf(next.get(0), maxEvents);
    }
    return !next.isEmpty();
  }

  /** Deletes so many of a deleted lead's events, and what is left of the lead with the last. */
  private void deleteEventsOf(long lead, int max) throws SQLException {
    Map<Long, Long> countByType = new LinkedHashMap<>();
    int deleted = 0;
    try (ResultSet rows =
        sql.prepared(
                """
                DELETE FROM event WHERE seq IN (SELECT seq FROM event WHERE lead = ? LIMIT ?)
                RETURNING event_type""",
                lead,
                max)
            .executeQuery()) {
      while (rows.next()) {
        countByType.merge(rows.getLong(1), 1L, Long::sum);
        deleted++;
      }
    }
    countOff(countByType);
    if (deleted < max) {
      sql.update("DELETE FROM lead WHERE key = ?", lead);
    }
  }

  /** Takes the events that meet a condition off the counts of their types. */
  private void countOff(String condition, long... parameters) throws SQLException {
    Map<Long, Long> countByType = new LinkedHashMap<>();
    try (ResultSet rows =
        sql.prepared(
                "SELECT event_type, count(*) FROM event WHERE "
                    + condition
                    + " GROUP BY event_type",
                parameters)
            .executeQuery()) {
      while (rows.next()) {
        countByType.put(rows.getLong(1), rows.getLong(2));
      }
    }
    countOff(countByType);
  }

  private void countOff(Map<Long, Long> countByType) throws SQLException {
    for (Map.Entry<Long, Long> count : countByType.entrySet()) {
      sql.update(Dialect.of(connection).addToEventCount(), -count.getValue(), count.getKey());
    }
  }

  /** Deletes those of the events that came in to the unit, none of the server's own. */
  ChangeTx.Deleted events(long unit, Collection<Long> seqs) throws SQLException {
    Set<Long> leads = new LinkedHashSet<>();
    long events = 0;
    long scored = 0;
    for (long seq : new LinkedHashSet<>(seqs)) {
      if (EventId.isSystem(seq)) {
        continue;
      }
      countOff("seq = ? AND unit = ?", seq, unit);
      try (ResultSet row =
          sql.prepared(
                  """
                  DELETE FROM event WHERE seq = ? AND unit = ?
                  RETURNING lead, CASE WHEN contributions IS NULL THEN 0 ELSE 1 END""",
                  seq,
                  unit)
              .executeQuery()) {
        while (row.next()) {
          events++;
          scored += row.getLong(2);
          Long lead = Sql.optionalLong(row, 1);
          if (lead != null) {
            leads.add(lead);
          }
        }
      }
    }
    return new ChangeTx.Deleted(events, scored, leads);
  }

  /** Deletes the scores of a lead that is deleted or merged. */
  void deleteScores(long lead) throws SQLException {
    sql.update("DELETE FROM score WHERE lead = ?", lead);
    sql.update("DELETE FROM score_segment WHERE lead = ?", lead);
    sql.update("DELETE FROM profile_score WHERE lead = ?", lead);
  }
}
