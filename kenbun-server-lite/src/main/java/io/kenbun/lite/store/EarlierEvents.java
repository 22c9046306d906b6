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
      " AND marks & "
          + ScoredEvent.COLLAPSED
          + " = 0 AND suppression_reason IS NOT 'metadata_filter'";

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
            "SELECT ts FROM event WHERE lead = ? AND ts > ? AND event_type = ?"
                + COUNTED
                + " ORDER BY ts DESC LIMIT ?");
    select.setLong(1, lead.key());
    select.setLong(2, afterMillis);
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
            "SELECT count(*) FROM (SELECT 1 FROM event WHERE lead = ? AND ts > ? AND ts <= ?"
                + " AND event_type = ?"
                + COUNTED
                + " LIMIT ?)");
    select.setLong(1, lead.key());
    select.setLong(2, afterMillis);
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
            "SELECT count(*) FROM (SELECT 1 FROM event WHERE lead IS NULL AND unit = ? AND alias = ?"
                + " AND ts > ? AND ts <= ? AND event_type = ?"
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
            """
            SELECT ts, seq, event_type FROM event WHERE lead = ? AND ts > ? AND ts <= ?
              AND suppression_reason IS NULL ORDER BY ts DESC, seq DESC""");
    select.setLong(1, lead.key());
    select.setLong(2, afterMillis);
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
