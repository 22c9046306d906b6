package io.kenbun.lite.store.scoring;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.store.row.ContributionList;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.EventRuns;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be scored anew, event by event, and how far a unit is. For one transaction. */
final class RescoreRows {
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

  private static final String RESCORING = "SELECT unit, next_lead, from_ts FROM rescore ";

  private final Connection connection;
  private final LongStatements sql;

  RescoreRows(Connection connection, LongStatements sql) {
    this.connection = connection;
    this.sql = sql;
  }

  /** Returns a lead's next events, see {@link ChangeTx#rescorable}. */
  List<ChangeTx.Rescorable> events(long lead, long afterSeq, int max) throws SQLException {
    long ts =
        sql.number(
            "SELECT coalesce(max(ts), " + Long.MIN_VALUE + ") FROM event WHERE seq = ?", afterSeq);
    long run = EventRuns.of(afterSeq);
    List<ChangeTx.Rescorable> events = new ArrayList<>();
    if (Dialect.of(connection) == Dialect.POSTGRES) {
      read(RESCORABLE_AFTER, events, lead, ts, ts, afterSeq, max);
      return events;
    }
    read(RESCORABLE + OF_RUN_AFTER, events, lead, max, run, ts, afterSeq);
    if (events.size() < max) {
      read(RESCORABLE + OF_LATER_RUNS, events, lead, max - events.size(), run);
    }
    return events;
  }

  private void read(String query, List<ChangeTx.Rescorable> into, long... parameters)
      throws SQLException {
    try (ResultSet rows = sql.prepared(query, parameters).executeQuery()) {
      while (rows.next()) {
        into.add(
            new ChangeTx.Rescorable(
                rows.getLong(1),
                rows.getString(2),
                rows.getLong(3),
                rows.getString(4),
                ContributionList.read(rows.getString(5))));
      }
    }
  }

  /** Keeps other facts for an event. */
  void contributions(long seq, List<Contribution> contributions) throws SQLException {
    PreparedStatement update = sql.prepared("UPDATE event SET contributions = ? WHERE seq = ?");
    update.setString(1, ContributionList.write(contributions));
    update.setLong(2, seq);
    update.executeUpdate();
  }

  /** Notes up to which lead the unit is scored anew; null: it is done. */
  void progress(long unit, @Nullable Long nextLead) throws SQLException {
    if (nextLead == null) {
      sql.update("DELETE FROM rescore WHERE unit = ?", unit);
    } else {
      sql.update("UPDATE rescore SET next_lead = ? WHERE unit = ?", nextLead, unit);
    }
  }

  /** Notes that the unit is to be scored anew, see {@link ChangeTx#startRescore}. */
  void start(long unit, long fromMillis) throws SQLException {
    sql.update(
        """
        INSERT INTO rescore (unit, next_lead, from_ts) VALUES (?, 0, ?)
        ON CONFLICT (unit) DO UPDATE SET next_lead = 0, from_ts =
          CASE WHEN rescore.from_ts < excluded.from_ts THEN rescore.from_ts
            ELSE excluded.from_ts END""",
        unit,
        fromMillis);
  }

  /** Returns a unit that is being scored anew, null when there is none. */
  ChangeTx.@Nullable Rescoring first() throws SQLException {
    return read(new Sql(RESCORING + "ORDER BY unit LIMIT 1"));
  }

  /** Returns how far the unit is scored anew, null when it is not. */
  ChangeTx.@Nullable Rescoring of(long unit) throws SQLException {
    return read(new Sql(RESCORING + "WHERE unit = ?", unit));
  }

  private ChangeTx.@Nullable Rescoring read(Sql query) throws SQLException {
    List<ChangeTx.Rescoring> found =
        query.list(
            connection,
            row -> new ChangeTx.Rescoring(row.getLong(1), row.getLong(2), row.getLong(3)));
    return found.isEmpty() ? null : found.get(0);
  }
}
