package io.kenbun.lite.store.scoring;

import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.Tx;
import io.kenbun.lite.store.leads.EventTypes;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What scoring asks of earlier events, a few of them at a time; for one transaction. */
final class EarlierEvents {
  private static final String COUNTED =
      " AND e.marks & "
          + ScoredEvent.COLLAPSED
          + " = 0 AND e.suppression_reason IS DISTINCT FROM 'metadata_filter'";

  private final Connection connection;
  private final Dialect dialect;
  private final Statements statements;
  private final EventTypes eventTypes;

  EarlierEvents(Connection connection, Statements statements, EventTypes eventTypes) {
    this.connection = connection;
    this.dialect = Dialect.of(connection);
    this.statements = statements;
    this.eventTypes = eventTypes;
  }

  private PreparedStatement prepared(String text) throws SQLException {
    return statements.of(connection, text);
  }

  long[] recent(LeadState lead, String eventType, long afterMillis, int max) throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT e.ts FROM"
                + dialect.eventsSince(">")
                + " AND e.lead = ? AND e.ts > ? AND e.event_type = ?"
                + COUNTED
                + " ORDER BY e.ts DESC LIMIT ?");
    select.setLong(1, afterMillis);
    select.setLong(2, lead.key());
    select.setLong(3, afterMillis);
    select.setLong(4, eventTypes.key(connection, lead.unit(), eventType));
    select.setInt(5, max);
    long[] newest = new long[16];
    int count = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        newest = count == newest.length ? Arrays.copyOf(newest, 2 * count) : newest;
        newest[count++] = rows.getLong(1);
      }
    }
    return Arrays.copyOf(newest, count);
  }

  int count(LeadState lead, String eventType, long afterMillis, long untilMillis, int max)
      throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT count(*) FROM (SELECT 1 FROM"
                + dialect.eventsSince(">")
                + " AND e.lead = ? AND e.ts > ? AND e.ts <= ? AND e.event_type = ?"
                + COUNTED
                + " LIMIT ?) found");
    select.setLong(1, afterMillis);
    select.setLong(2, lead.key());
    select.setLong(3, afterMillis);
    select.setLong(4, untilMillis);
    select.setLong(5, eventTypes.key(connection, lead.unit(), eventType));
    select.setInt(6, max);
    return (int) Sql.number(select);
  }

  int countWithoutLead(
      long unit, String alias, String eventType, long afterMillis, long untilMillis, int max)
      throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT count(*) FROM (SELECT 1 FROM event e WHERE e.lead IS NULL AND e.unit = ?"
                + " AND e.alias = ? AND e.ts > ? AND e.ts <= ? AND e.event_type = ?"
                + COUNTED
                + " LIMIT ?) found");
    select.setLong(1, unit);
    select.setString(2, alias);
    select.setLong(3, afterMillis);
    select.setLong(4, untilMillis);
    select.setLong(5, eventTypes.key(connection, unit, eventType));
    select.setInt(6, max);
    return (int) Sql.number(select);
  }

  /** Shows events, see {@link Tx#events}; says whether it was shown all. */
  boolean walk(LeadState lead, long afterMillis, long untilMillis, Tx.Walk walk)
      throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT e.ts, e.seq, e.event_type FROM"
                + dialect.eventsSince(">")
                + " AND e.lead = ? AND e.ts > ? AND e.ts <= ?"
                + " AND e.suppression_reason IS NULL ORDER BY e.ts DESC, e.seq DESC");
    select.setLong(1, afterMillis);
    select.setLong(2, lead.key());
    select.setLong(3, afterMillis);
    select.setLong(4, untilMillis);
    boolean more = true;
    try (ResultSet rows = select.executeQuery()) {
      while (more && rows.next()) {
        String type = eventTypes.name(connection, rows.getLong(3));
        more = type == null || walk.next(rows.getLong(1), rows.getLong(2), type);
      }
    }
    return more;
  }

  /**
   * Returns the type of the lead's last event that was something it did, null when there is none.
   */
  @Nullable String lastActivityType(LeadState lead) throws SQLException {
    PreparedStatement select =
        prepared(
            """
            SELECT t.name FROM event e JOIN event_type t ON t.key = e.event_type
            WHERE e.lead = ? AND e.suppression_reason IS NULL
              AND t.name NOT IN ('DECAY', 'score_reset', 'lead_merged')
            ORDER BY e.ts DESC, e.seq DESC LIMIT 1""");
    select.setLong(1, lead.key());
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }
}
