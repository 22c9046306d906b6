package io.kenbun.lite.store.scoring;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.pipeline.LeadBook;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Tx;
import io.kenbun.lite.store.leads.History;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes to leads within one transaction. */
public final class StoreChangeTx implements ChangeTx {
  private final Connection connection;
  private final LongStatements sql;
  private final LeadDeletions deletions;
  private final RescoreRows rescores;
  private final StoreTx tx;
  private boolean leftToRefresh;

  public StoreChangeTx(Connection connection, Statements statements, StoreTx tx) {
    this.connection = connection;
    this.sql = new LongStatements(connection, statements);
    this.deletions = new LeadDeletions(connection, sql, tx);
    this.rescores = new RescoreRows(connection, sql);
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

  private interface Change {
    void run() throws SQLException;
  }

  private static void change(Change change) throws StorageException {
    run(
        () -> {
          change.run();
          return change;
        });
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
                  sql.prepared(
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
    return run(() -> sql.number("SELECT count(*) FROM event WHERE lead = ?", lead));
  }

  @Override
  public long countAliases(long lead) throws StorageException {
    return run(() -> sql.number("SELECT count(*) FROM alias WHERE lead = ?", lead));
  }

  @Override
  public void removeContributions(long lead) throws StorageException {
    change(
        () -> {
          sql.update(
              "UPDATE event SET contributions = NULL, marks = marks | "
                  + ScoredEvent.REMOVED
                  + " WHERE lead = ?",
              lead);
        });
  }

  @Override
  public void merge(LeadState source, LeadState target) throws StorageException {
    change(
        () -> {
          PreparedStatement move =
              sql.prepared(
                  """
                  UPDATE event SET lead = ?, original_lead_id = coalesce(original_lead_id, ?)
                  WHERE lead = ?""");
          move.setLong(1, target.key());
          move.setString(2, source.leadId());
          move.setLong(3, source.key());
          move.executeUpdate();
          sql.update("UPDATE alias SET lead = ? WHERE lead = ?", target.key(), source.key());
          sql.update(
              "UPDATE lead SET merged_into = ?, decay_due = NULL WHERE key = ? OR merged_into = ?",
              target.key(),
              source.key(),
              source.key());
          deletions.deleteScores(source.key());
          // Who watches both keeps what was said of the target.
          sql.update(
              """
              UPDATE watch SET lead = ? WHERE lead = ? AND NOT EXISTS (SELECT 1 FROM watch w
                WHERE w.lead = ? AND w.unit = watch.unit AND w.owner = watch.owner)""",
              target.key(),
              source.key(),
              target.key());
          sql.update("DELETE FROM watch WHERE lead = ?", source.key());
          sql.update(
              """
              UPDATE lead SET owner_name = (SELECT s.owner_name FROM lead s WHERE s.key = ?)
              WHERE key = ? AND owner_name IS NULL""",
              source.key(),
              target.key());
          sql.update("UPDATE firing SET lead = ? WHERE lead = ?", target.key(), source.key());
          sql.update("UPDATE delivery SET lead = ? WHERE lead = ?", target.key(), source.key());
          sql.update("DELETE FROM trigger_memory WHERE lead = ?", source.key());
          tx.unlist(source.key());
          tx.forgetLeads(); // Its names mean another lead now.
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
    change(() -> deletions.asked(unit, leadId, lead));
  }

  @Override
  public void delete(long lead, int maxEvents) throws StorageException {
    change(() -> deletions.delete(lead, maxEvents));
  }

  @Override
  public boolean deleteNextOfLeads(int maxEvents) throws StorageException {
    return run(() -> deletions.next(maxEvents));
  }

  @Override
  public Deleted deleteEvents(long unit, Collection<Long> seqs) throws StorageException {
    return run(() -> deletions.events(unit, seqs));
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
    return run(() -> rescores.events(lead, afterSeq, max));
  }

  @Override
  public void contributions(long seq, List<Contribution> contributions) throws StorageException {
    change(() -> rescores.contributions(seq, contributions));
  }

  @Override
  public List<Long> leadsAfter(long unit, long lead, int max) throws StorageException {
    return run(
        () ->
            sql.numbers(
                """
                SELECT key FROM lead WHERE key > ? AND unit = ? AND merged_into IS NULL
                ORDER BY key LIMIT ?""",
                lead,
                unit,
                max));
  }

  @Override
  public void rescoreProgress(long unit, @Nullable Long nextLead) throws StorageException {
    change(() -> rescores.progress(unit, nextLead));
  }

  @Override
  public void startRescore(long unit, long fromMillis) throws StorageException {
    change(() -> rescores.start(unit, fromMillis));
  }

  @Override
  public @Nullable Rescoring rescoring() throws StorageException {
    return run(() -> Optional.ofNullable(rescores.first())).orElse(null);
  }

  @Override
  public @Nullable Rescoring rescoring(long unit) throws StorageException {
    return run(() -> Optional.ofNullable(rescores.of(unit))).orElse(null);
  }

  @Override
  public void removeSegments(long fromLead, long toLead, long beforeHour) throws StorageException {
    change(
        () -> {
          sql.update(
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
        });
  }
}
