package io.kenbun.lite.store.queue;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.store.row.AliasList;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A queued event as its row has it, whether that can be read as an event or not. */
public record QueuedRow(
    long seq,
    long unit,
    long receivedAtMillis,
    long timestampMillis,
    @Nullable String leadId,
    String aliases,
    String eventType,
    @Nullable String metadata) {

  /** The columns of an event that is not scored, as {@link #event} reads them. */
  public static final String COLUMNS =
      "seq, unit, received_at, ts, lead_id, aliases, event_type, metadata, skip_triggers";

  /** Asks for the first after a seq. */
  public static final String SELECT_NEXT =
      """
      SELECT seq, unit, received_at, ts, lead_id, aliases, event_type, metadata
      FROM outbox WHERE seq > ? ORDER BY seq LIMIT 1""";

  public static QueuedRow read(ResultSet row) throws SQLException {
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

  /** Reads the {@link #COLUMNS} of a row that can be read as an event. */
  public static QueuedEvent event(ResultSet row) throws SQLException {
    return new QueuedEvent(
        row.getLong(1),
        new RawEvent(
            row.getLong(2),
            row.getString(5),
            AliasList.read(row.getString(6)),
            row.getString(7),
            row.getLong(4),
            row.getLong(3),
            row.getString(8),
            row.getBoolean(9)));
  }
}
