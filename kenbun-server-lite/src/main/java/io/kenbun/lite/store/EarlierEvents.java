package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.Tx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/** What scoring asks of earlier events, a few of them at a time; for one transaction. */
final class EarlierEvents {
  private static final String COUNTED =
      " AND e.marks & "
          + ScoredEvent.COLLAPSED
          + " = 0 AND e.suppression_reason IS NOT 'metadata_filter'";

  private final Connection connection;
  private final Statements statements;
  private final EventTypes eventTypes;

  EarlierEvents(Connection connection, Statements statements, EventTypes eventTypes) {
    this.connection = connection;
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
                + EventRuns.SINCE
                + " AND e.lead = ?2 AND e.ts > ?1 AND e.event_type = ?3"
                + COUNTED
                + " ORDER BY e.ts DESC LIMIT ?4");
    select.setLong(1, afterMillis);
    select.setLong(2, lead.key());
    select.setLong(3, eventTypes.key(connection, lead.unit(), eventType));
    select.setInt(4, max);
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
                + EventRuns.SINCE
                + " AND e.lead = ?2 AND e.ts > ?1 AND e.ts <= ?3 AND e.event_type = ?4"
                + COUNTED
                + " LIMIT ?5)");
    select.setLong(1, afterMillis);
    select.setLong(2, lead.key());
    select.setLong(3, untilMillis);
    select.setLong(4, eventTypes.key(connection, lead.unit(), eventType));
    select.setInt(5, max);
    try (ResultSet row = select.executeQuery()) {
      return row.getInt(1);
    }
  }

  int countWithoutLead(
      long unit, String alias, String eventType, long afterMillis, long untilMillis, int max)
      throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT count(*) FROM (SELECT 1 FROM event e WHERE e.lead IS NULL AND e.unit = ?"
                + " AND e.alias = ? AND e.ts > ? AND e.ts <= ? AND e.event_type = ?"
                + COUNTED
                + " LIMIT ?)");
    select.setLong(1, unit);
    select.setString(2, alias);
    select.setLong(3, afterMillis);
    select.setLong(4, untilMillis);
    select.setLong(5, eventTypes.key(connection, unit, eventType));
    select.setInt(6, max);
    try (ResultSet row = select.executeQuery()) {
      return row.getInt(1);
    }
  }

  /** Shows events, see {@link Tx#events}; says whether it was shown all. */
  boolean walk(LeadState lead, long afterMillis, long untilMillis, Tx.Walk walk)
      throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT e.ts, e.seq, e.event_type FROM"
                + EventRuns.SINCE
                + " AND e.lead = ?2 AND e.ts > ?1 AND e.ts <= ?3"
                + " AND e.suppression_reason IS NULL ORDER BY e.ts DESC, e.seq DESC");
    select.setLong(1, afterMillis);
    select.setLong(2, lead.key());
    select.setLong(3, untilMillis);
    boolean more = true;
    try (ResultSet rows = select.executeQuery()) {
      while (more && rows.next()) {
        String type = eventTypes.name(connection, rows.getLong(3));
        more = type == null || walk.next(rows.getLong(1), rows.getLong(2), type);
      }
    }
    return more;
  }
}
