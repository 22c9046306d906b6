package io.kenbun.lite.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A queued event as its row has it, whether that can be read as an event or not. */
record QueuedRow(
    long seq,
    long unit,
    long receivedAtMillis,
    long timestampMillis,
    @Nullable String leadId,
    String aliases,
    String eventType,
    @Nullable String metadata) {

  /** Asks for the first after a seq. */
  static final String SELECT_NEXT =
      """
      SELECT seq, unit, received_at, ts, lead_id, aliases, event_type, metadata
      FROM outbox WHERE seq > ? ORDER BY seq LIMIT 1""";

  static QueuedRow read(ResultSet row) throws SQLException {
    return new QueuedRow(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8));
  }
}
