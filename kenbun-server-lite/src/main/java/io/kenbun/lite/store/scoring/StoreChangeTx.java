package io.kenbun.lite.store.scoring;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.pipeline.LeadBook;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Tx;
import io.kenbun.lite.store.leads.History;
import io.kenbun.lite.store.row.ContributionList;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.EventRuns;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes to leads within one transaction. */
public final class StoreChangeTx implements ChangeTx {
  private static final long DELETIONS_KEPT_MILLIS = Duration.ofDays(7).toMillis();

  // In the order of the index of leads' events, run by run, so that a slice of a lead with a
  // million events costs what it returns; an order of seqs would sort all of them for each slice.
  private static final String RESCORABLE =
      "SELECT e.seq, t.name, e.ts, e.metadata, e.contributions FROM"
          + EventRuns.JOIN
          + " JOIN event_type t ON t.key = e.event_type WHERE e.lead = ?1"
          + " AND e.suppression_reason IS NULL AND e.marks & 1 = 0";
  private static final String OF_RUN_AFTER =
      " AND r.run = ?3 AND e.ts >= ?4 AND (e.ts > ?4 OR e.seq > ?5) ORDER BY e.ts, e.seq LIMIT ?2";
  private static final String OF_LATER_RUNS =
      " AND r.run > ?3 ORDER BY r.run, e.ts, e.seq LIMIT ?2";

  /** The same where the index has no runs. */
  private static final String RESCORABLE_AFTER =
      """
      SELECT e.seq, t.name, e.ts, e.metadata, e.contributions FROM event e
      JOIN event_type t ON t.key = e.event_type WHERE e.lead = ?
        AND e.suppression_reason IS NULL AND e.marks & 1 = 0
        AND e.ts >= ? AND (e.ts > ? OR e.seq > ?) ORDER BY e.ts, e.seq LIMIT ?""";

  private final Connection connection;
  private final Statements statements;
  private final StoreTx tx;
  private boolean leftToRefresh;

  public StoreChangeTx(Connection connection, Statements statements, StoreTx tx) {
    this.connection = connection;
    this.statements = statements;
    this.tx = tx;
  }

  private interface Work<T extends @Nullable Object> {
    T run() throws SQLException;
  }

  private static <T extends @Nullable Object> T run(Work<T> work) throws StorageException {
    try {
      return work.run();
    } catch (SQLException e) {
      throw Database.failure("leads could not be changed", e);
    }
  }

  private PreparedStatement prepared(String text, long... parameters) throws SQLException {
    PreparedStatement statement = statements.of(connection, text);
    for (int i = 0; i < parameters.length; i++) {
      statement.setLong(i + 1, parameters[i]);
    }
    return statement;
  }

  private void update(String text, long... parameters) throws SQLException {
    prepared(text, parameters).executeUpdate();
  }

  private long number(String text, long... parameters) throws SQLException {
    return Sql.number(prepared(text, parameters));
  }

  private List<Long> numbers(String text, long... parameters) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rows = prepared(text, parameters).executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  /** Says whether leads were left for the next look at all of them. */
  public boolean hasLeftToRefresh() {
    return leftToRefresh;
  }

  @Override
  public Tx tx() {
    return tx;
  }

  @Override
  public LeadBook book(Collection<Long> leads) throws StorageException {
    return run(() -> tx.book(leads));
  }

  @Override
  public @Nullable Long leadKey(long unit, String leadId) throws StorageException {
    Optional<Long> key =
        run(
            () -> {
              PreparedStatement select =
                  statements.of(
                      connection,
                      "SELECT key FROM lead WHERE unit = ? AND lead_id = ? AND merged_into IS NULL");
              select.setLong(1, unit);
              select.setString(2, leadId);
              try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
              }
            });
    return key.orElse(null);
  }

  @Override
  public Map<Long, Long> scoresAt(long lead, Engine engine, long timeMillis)
      throws StorageException {
    return run(() -> History.scoresAt(connection, lead, engine, timeMillis));
  }

  @Override
  public long countEvents(long lead) throws StorageException {
    return run(() -> number("SELECT count(*) FROM event WHERE lead = ?", lead));
  }

  @Override
  public long countAliases(long lead) throws StorageException {
    return run(() -> number("SELECT count(*) FROM alias WHERE lead = ?", lead));
  }

  @Override
  public void removeContributions(long lead) throws StorageException {
    run(
        () -> {
          update(
              "UPDATE event SET contributions = NULL, marks = marks | "
                  + ScoredEvent.REMOVED
                  + " WHERE lead = ?",
              lead);
          return lead;
        });
  }

  @Override
  public void merge(LeadState source, LeadState target) throws StorageException {
    run(
        () -> {
          PreparedStatement move =
              prepared(
                  """
                  UPDATE event SET lead = ?, original_lead_id = coalesce(original_lead_id, ?)
                  WHERE lead = ?""");
          move.setLong(1, target.key());
          move.setString(2, source.leadId());
          move.setLong(3, source.key());
          move.executeUpdate();
          update("UPDATE alias SET lead = ? WHERE lead = ?", target.key(), source.key());
          update(
              "UPDATE lead SET merged_into = ?, decay_due = NULL WHERE key = ? OR merged_into = ?",
              target.key(),
              source.key(),
              source.key());
          deleteScores(source.key());
          // Who watches both keeps what was said of the target.
          update(
              """
              UPDATE watch SET lead = ? WHERE lead = ? AND NOT EXISTS (SELECT 1 FROM watch w
                WHERE w.lead = ? AND w.unit = watch.unit AND w.owner = watch.owner)""",
              target.key(),
              source.key(),
              target.key());
          update("DELETE FROM watch WHERE lead = ?", source.key());
          update(
              """
              UPDATE lead SET owner_name = (SELECT s.owner_name FROM lead s WHERE s.key = ?)
              WHERE key = ? AND owner_name IS NULL""",
              source.key(),
              target.key());
          update("UPDATE firing SET lead = ? WHERE lead = ?", target.key(), source.key());
          update("UPDATE delivery SET lead = ? WHERE lead = ?", target.key(), source.key());
          update("DELETE FROM trigger_memory WHERE lead = ?", source.key());
          tx.unlist(source.key());
          tx.forgetLeads(); // Its names mean another lead now.
          return target;
        });
  }

  @Override
  public void owner(long lead, @Nullable String ownerName) throws StorageException {
    run(
        () ->
            new Sql("UPDATE lead SET owner_name = ? WHERE key = ?", ownerName, lead)
                .run(connection));
  }

  @Override
  public void deletionAsked(long unit, String leadId, long lead) throws StorageException {
    long nowMillis = tx.nowMillis();
    run(
        () -> {
          new Sql("DELETE FROM lead_deletion")
              .where("asked_at < ?", nowMillis - DELETIONS_KEPT_MILLIS)
              .run(connection);
          return new Sql(
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
        });
  }

  private void deleteScores(long lead) throws SQLException {
    update("DELETE FROM score WHERE lead = ?", lead);
    update("DELETE FROM score_segment WHERE lead = ?", lead);
    update("DELETE FROM profile_score WHERE lead = ?", lead);
  }

  @Override
  public void delete(long lead, int maxEvents) throws StorageException {
    run(
        () -> {
          update("DELETE FROM alias WHERE lead = ?", lead);
          deleteScores(lead);
          update("DELETE FROM firing WHERE lead = ?", lead);
          tx.removeDeliveries(lead);
          update("DELETE FROM trigger_memory WHERE lead = ?", lead);
          update("DELETE FROM lead WHERE merged_into = ?", lead);
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
          return lead;
        });
  }

  @Override
  public boolean deleteNextOfLeads(int maxEvents) throws StorageException {
    return run(
        () -> {
          List<Long> next = numbers("SELECT key FROM lead WHERE merged_into = -1 LIMIT 1");
          if (!next.isEmpty()) {
            deleteEventsOf(next.get(0), maxEvents);
          }
          return !next.isEmpty();
        });
  }

  /** Deletes so many of a deleted lead's events, and what is left of the lead with the last. */
  private void deleteEventsOf(long lead, int max) throws SQLException {
    Map<Long, Long> countByType = new LinkedHashMap<>();
    int deleted = 0;
    try (ResultSet rows =
        prepared(
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
      update("DELETE FROM lead WHERE key = ?", lead);
    }
  }

  /** Takes the events that meet a condition off the counts of their types. */
  private void countOff(String condition, long... parameters) throws SQLException {
    Map<Long, Long> countByType = new LinkedHashMap<>();
    try (ResultSet rows =
        prepared(
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
      update(Dialect.of(connection).addToEventCount(), -count.getValue(), count.getKey());
    }
  }

  @Override
  public Deleted deleteEvents(long unit, Collection<Long> seqs) throws StorageException {
    return run(
        () -> {
          Set<Long> leads = new LinkedHashSet<>();
          long events = 0;
          long scored = 0;
          for (long seq : new LinkedHashSet<>(seqs)) {
            if (EventId.isSystem(seq)) {
              continue;
            }
            countOff("seq = ? AND unit = ?", seq, unit);
            try (ResultSet row =
                prepared(
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
          return new Deleted(events, scored, leads);
        });
  }

  @Override
  public long deleteLater(long unit, String eventType) throws StorageException {
    return run(() -> TypeDeletions.note(connection, unit, eventType));
  }

  @Override
  public List<Long> deletions() throws StorageException {
    return run(() -> TypeDeletions.all(connection));
  }

  @Override
  public @Nullable Deleted deleteNext(long deletion, int max) throws StorageException {
    Optional<Deleted> slice =
        run(() -> Optional.ofNullable(TypeDeletions.next(connection, deletion, max)));
    if (slice.isEmpty()) {
      leftToRefresh = true; // All at once: each time makes a pass over all leads begin anew.
    } else if (slice.get().events() > 0) {
      tx.forgetLeads();
    }
    return slice.orElse(null);
  }

  @Override
  public List<Rescorable> rescorable(long lead, long afterSeq, int max) throws StorageException {
    return run(
        () -> {
          long ts =
              number(
                  "SELECT coalesce(max(ts), " + Long.MIN_VALUE + ") FROM event WHERE seq = ?",
                  afterSeq);
          long run = EventRuns.of(afterSeq);
          List<Rescorable> events = new ArrayList<>();
          if (Dialect.of(connection) == Dialect.POSTGRES) {
            rescorable(RESCORABLE_AFTER, events, lead, ts, ts, afterSeq, max);
            return events;
          }
          rescorable(RESCORABLE + OF_RUN_AFTER, events, lead, max, run, ts, afterSeq);
          if (events.size() < max) {
            rescorable(RESCORABLE + OF_LATER_RUNS, events, lead, max - events.size(), run);
          }
          return events;
        });
  }

  private void rescorable(String query, List<Rescorable> into, long... parameters)
      throws SQLException {
    try (ResultSet rows = prepared(query, parameters).executeQuery()) {
      while (rows.next()) {
        into.add(
            new Rescorable(
                rows.getLong(1),
                rows.getString(2),
                rows.getLong(3),
                rows.getString(4),
                ContributionList.read(rows.getString(5))));
      }
    }
  }

  @Override
  public void contributions(long seq, List<Contribution> contributions) throws StorageException {
    run(
        () -> {
          PreparedStatement update =
              statements.of(connection, "UPDATE event SET contributions = ? WHERE seq = ?");
          update.setString(1, ContributionList.write(contributions));
          update.setLong(2, seq);
          return update.executeUpdate();
        });
  }

  @Override
  public List<Long> leadsAfter(long unit, long lead, int max) throws StorageException {
    return run(
        () ->
            numbers(
                """
                SELECT key FROM lead WHERE key > ? AND unit = ? AND merged_into IS NULL
                ORDER BY key LIMIT ?""",
                lead,
                unit,
                max));
  }

  @Override
  public void rescoreProgress(long unit, @Nullable Long nextLead) throws StorageException {
    run(
        () -> {
          if (nextLead == null) {
            update("DELETE FROM rescore WHERE unit = ?", unit);
          } else {
            update("UPDATE rescore SET next_lead = ? WHERE unit = ?", nextLead, unit);
          }
          return unit;
        });
  }

  @Override
  public void startRescore(long unit, long fromMillis) throws StorageException {
    run(
        () -> {
          update(
              """
              INSERT INTO rescore (unit, next_lead, from_ts) VALUES (?, 0, ?)
              ON CONFLICT (unit) DO UPDATE SET next_lead = 0, from_ts =
                CASE WHEN rescore.from_ts < excluded.from_ts THEN rescore.from_ts
                  ELSE excluded.from_ts END""",
              unit,
              fromMillis);
          return unit;
        });
  }

  private static final String RESCORING = "SELECT unit, next_lead, from_ts FROM rescore ";

  @Override
  public @Nullable Rescoring rescoring() throws StorageException {
    return rescoring(new Sql(RESCORING + "ORDER BY unit LIMIT 1"));
  }

  @Override
  public @Nullable Rescoring rescoring(long unit) throws StorageException {
    return rescoring(new Sql(RESCORING + "WHERE unit = ?", unit));
  }

  private @Nullable Rescoring rescoring(Sql sql) throws StorageException {
    List<Rescoring> found =
        run(
            () ->
                sql.list(
                    connection,
                    row -> new Rescoring(row.getLong(1), row.getLong(2), row.getLong(3))));
    return found.isEmpty() ? null : found.get(0);
  }

  @Override
  public void removeSegments(long fromLead, long toLead, long beforeHour) throws StorageException {
    run(
        () -> {
          update(
              """
              DELETE FROM score_segment WHERE lead BETWEEN ? AND ? AND from_hour < ?
                AND (EXISTS (SELECT 1 FROM score_segment n WHERE n.lead = score_segment.lead
                    AND n.ruleset = score_segment.ruleset
                    AND n.from_hour > score_segment.from_hour AND n.from_hour <= ?)
                  OR EXISTS (SELECT 1 FROM score s WHERE s.lead = score_segment.lead
                    AND s.ruleset = score_segment.ruleset AND s.since_hour <= ?))""",
              fromLead,
              toLead,
              beforeHour,
              beforeHour,
              beforeHour);
          return toLead;
        });
  }
}
