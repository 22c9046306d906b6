package io.kenbun.lite.store.queue;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.FailedEvent;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.row.AliasList;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accepted events that could not be scored: kept with their reason, tried again after a while, and
 * in the end left to a person. Any thread.
 *
 * <pre>
 *   scoring fails ──&gt; tries 1, due in 1 s ──&gt; … ──&gt; tries 5, for good ──retry──&gt; due now
 *                          │ scored: gone                    └──────────delete──&gt; gone
 * </pre>
 */
public final class FailedEvents {
  private static final int MAX_BATCH = 100;

  private final Database database;
  private final ReadConnections connections;
  private final InstantSource clock;
  // A guess at the low side; spares the look-up in the idle loop.
  private volatile long nextDueMillis;

  public FailedEvents(Database database, ReadConnections connections, InstantSource clock)
      throws StorageException {
    this.database = database;
    this.connections = connections;
    this.clock = clock;
    refreshNextDue();
  }

  /**
   * One of them, as {@code GET /lite/failed} shows it.
   *
   * @param aliases none when they cannot be read, which is the reason then
   * @param tries how often it was tried
   * @param nextTryMillis when it is tried again, null when that is left to a person
   */
  public record Failed(
      long seq,
      @Nullable String leadId,
      List<Alias> aliases,
      String eventType,
      long timestampMillis,
      long receivedAtMillis,
      @Nullable String metadata,
      String reason,
      int tries,
      long failedAtMillis,
      @Nullable Long nextTryMillis) {}

  /** Returns the unit's failed events, the last to arrive first, at most {@code limit}. */
  public List<Failed> list(long unit, int limit) throws StorageException {
    return connections.ask(
        connection -> {
          List<Failed> failed = new ArrayList<>();
          Sql sql =
              new Sql(
                      """
                      SELECT seq, lead_id, aliases, event_type, ts, received_at, metadata,
                        reason, tries, failed_at, next_at FROM failed_event""")
                  .where("unit = ?", unit)
                  .end(" ORDER BY seq DESC LIMIT ?", limit);
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              failed.add(
                  new Failed(
                      rows.getLong(1),
                      rows.getString(2),
                      aliases(rows.getString(3)),
                      rows.getString(4),
                      rows.getLong(5),
                      rows.getLong(6),
                      rows.getString(7),
                      rows.getString(8),
                      rows.getInt(9),
                      rows.getLong(10),
                      Sql.optionalLong(rows, 11)));
            }
          }
          return failed;
        });
  }

  private static List<Alias> aliases(String text) {
    try {
      return AliasList.read(text);
    } catch (RuntimeException e) {
      return List.of(); // It was set aside for that, and the reason says so.
    }
  }

  /** Has the event tried again at once; says whether the unit has it among the failed. */
  public boolean retry(long unit, long seq) throws StorageException {
    long nowMillis = clock.millis();
    boolean found =
        change(
            "UPDATE failed_event SET next_at = ? WHERE unit = ? AND seq = ?", nowMillis, unit, seq);
    nextDueMillis = Math.min(nextDueMillis, nowMillis);
    return found;
  }

  /** Gives the event up; says whether the unit had it among the failed. */
  public boolean delete(long unit, long seq) throws StorageException {
    return change("DELETE FROM failed_event WHERE unit = ? AND seq = ?", unit, seq);
  }

  private boolean change(String sql, long... parameters) throws StorageException {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
              statement.setLong(i + 1, parameters[i]);
            }
            return statement.executeUpdate() > 0;
          }
        });
  }

  /** Returns a time before which none is due. */
  public long nextDueMillis() {
    return nextDueMillis;
  }

  public void refreshNextDue() throws StorageException {
    nextDueMillis =
        connections.ask(
            connection ->
                new Sql(
                        "SELECT coalesce(min(next_at), ?) FROM failed_event WHERE next_at IS NOT NULL",
                        Long.MAX_VALUE)
                    .number(connection));
  }

  /**
   * Events that are due for another try.
   *
   * @param unreadable the seqs of those that cannot be read, so that nothing can be tried
   */
  public record Due(List<QueuedEvent> events, List<Long> unreadable) {}

  public Due due(long nowMillis) throws StorageException {
    return connections.ask(
        connection -> {
          Due due = new Due(new ArrayList<>(), new ArrayList<>());
          Sql sql =
              new Sql("SELECT " + QueuedRow.COLUMNS + " FROM failed_event")
                  .where("next_at <= ?", nowMillis)
                  .end(" ORDER BY seq LIMIT ?", MAX_BATCH);
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              try {
                due.events().add(QueuedRow.event(rows));
              } catch (RuntimeException e) {
                due.unreadable().add(rows.getLong(1));
              }
            }
          }
          return due;
        });
  }

  /** Keeps events whose scoring has just failed, the first time or once more. */
  public void keep(Connection connection, List<FailedEvent> events) throws SQLException {
    long nowMillis = clock.millis();
    for (FailedEvent failed : events) {
      int tries = 1 + tries(connection, failed.queued().seq());
      long delay = FailedEvent.delayMillis(tries);
      RawEvent event = failed.queued().event();
      try (PreparedStatement upsert =
          connection.prepareStatement(
              """
              INSERT INTO failed_event (seq, unit, received_at, ts, lead_id, aliases, event_type, metadata,
                skip_triggers, reason, tries, failed_at, next_at)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT (seq) DO UPDATE SET reason = excluded.reason, tries = excluded.tries,
                failed_at = excluded.failed_at, next_at = excluded.next_at""")) {
        upsert.setLong(1, failed.queued().seq());
        upsert.setLong(2, event.unit());
        upsert.setLong(3, event.receivedAtMillis());
        upsert.setLong(4, event.timestampMillis());
        upsert.setString(5, event.leadId());
        upsert.setString(6, AliasList.write(event.aliases()));
        upsert.setString(7, event.eventType());
        upsert.setString(8, event.metadata());
        upsert.setInt(9, event.skipTriggers() ? 1 : 0);
        upsert.setString(10, failed.reason());
        upsert.setInt(11, tries);
        upsert.setLong(12, nowMillis);
        upsert.setObject(13, delay < 0 ? null : nowMillis + delay);
        upsert.executeUpdate();
      }
      if (delay >= 0) {
        nextDueMillis = Math.min(nextDueMillis, nowMillis + delay);
      }
    }
  }

  /**
   * Keeps an event that cannot be read, as it is: nothing but a person can help it, so it is never
   * tried again by itself.
   */
  public void keepUnreadable(Connection connection, QueuedRow row, String reason)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO failed_event (seq, unit, received_at, ts, lead_id, aliases, event_type, metadata,
              reason, tries, failed_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, NULL)""")) {
      insert.setLong(1, row.seq());
      insert.setLong(2, row.unit());
      insert.setLong(3, row.receivedAtMillis());
      insert.setLong(4, row.timestampMillis());
      insert.setString(5, row.leadId());
      insert.setString(6, row.aliases());
      insert.setString(7, row.eventType());
      insert.setString(8, row.metadata());
      insert.setString(9, reason);
      insert.setLong(10, clock.millis());
      insert.executeUpdate();
    }
  }

  /** Leaves an event that cannot be read to a person, after one has asked for another try. */
  public void giveUp(long seq) throws StorageException {
    change(
        "UPDATE failed_event SET tries = tries + 1, failed_at = ?, next_at = NULL WHERE seq = ?",
        clock.millis(),
        seq);
  }

  private static int tries(Connection connection, long seq) throws SQLException {
    return (int)
        new Sql("SELECT coalesce(sum(tries), 0) FROM failed_event")
            .where("seq = ?", seq)
            .number(connection);
  }

  /** Forgets those of {@code events} that had failed before and are scored now. */
  public void done(Connection connection, List<ScoredEvent> events) throws SQLException {
    if (nextDueMillis == Long.MAX_VALUE || events.isEmpty()) {
      return; // None waits for another try, so none of these was one.
    }
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM failed_event WHERE seq = ?")) {
      for (ScoredEvent event : events) {
        delete.setLong(1, event.queued().seq());
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }
}
