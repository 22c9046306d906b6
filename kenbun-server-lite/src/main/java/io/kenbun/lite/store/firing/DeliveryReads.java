package io.kenbun.lite.store.firing;

import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is asked about deliveries, by people and by the worker that sends them. Any thread. */
public final class DeliveryReads {
  private static final String SHOWN =
      """
      SELECT d.id, d.firing, d.event, d.trigger_id, d.trigger_name, d.lead_id, c.id, d.target, d.body,
        d.state, d.tries, d.next_at, d.last_status, d.last_error, d.attempts, d.created_at, d.done_at
      FROM delivery d LEFT JOIN notification_channel c ON c.key = d.channel""";
  private static final String DUE =
      "SELECT key, id, destination, body, tries, next_at, created_at FROM delivery";

  private final ReadConnections connections;

  public DeliveryReads(ReadConnections connections) {
    this.connections = connections;
  }

  /**
   * A delivery as it is shown.
   *
   * @param firingId null for a channel's test, as are trigger and lead
   * @param target a URL, a channel's name or addresses
   */
  public record Shown(
      String id,
      @Nullable String firingId,
      String event,
      @Nullable String triggerId,
      @Nullable String triggerName,
      @Nullable String leadId,
      @Nullable String channelId,
      String target,
      String body,
      DeliveryState state,
      int tries,
      @Nullable Long nextTryMillis,
      @Nullable Integer lastStatus,
      @Nullable String lastError,
      List<Attempt> attempts,
      long createdAtMillis,
      @Nullable Long doneAtMillis) {}

  /**
   * One try: an answer's status, or what came instead of one.
   *
   * @param exchange null when nothing was sent, and of tries that were made before it was kept
   */
  public record Attempt(
      long atMillis,
      long tookMillis,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable Exchange exchange) {}

  /**
   * What differs from try to try of what is sent, and what came back.
   *
   * @param timestampSeconds the {@code webhook-timestamp}
   * @param signature the {@code webhook-signature}, null when there was none
   * @param answer how the answer's body begins, null when there was no answer
   */
  public record Exchange(
      long timestampSeconds, @Nullable String signature, @Nullable String answer) {}

  /** A pending delivery, for who sends it. */
  public record Due(
      long key,
      String id,
      long destination,
      String body,
      int tries,
      long nextTryMillis,
      long createdAtMillis) {
    /** Returns it as it is after a try that failed. */
    public Due again(long newNextTryMillis) {
      return new Due(key, id, destination, body, tries + 1, newNextTryMillis, createdAtMillis);
    }
  }

  /**
   * Where deliveries go.
   *
   * @param failures in a row, as far as they were written down
   * @param hasDelivered whether it has ever taken one
   */
  public record Destination(
      long key,
      String url,
      @Nullable String authHeader,
      @Nullable String signingSecret,
      int failures,
      boolean hasDelivered) {
    /** Says nothing of the secrets, nor of the URL, which may hold one. */
    @Override
    public String toString() {
      return "Destination[" + key + ", failures=" + failures + ']';
    }
  }

  /** Returns one page of the unit's deliveries, the last made first. */
  public Page<Shown> page(long unit, @Nullable DeliveryState state, int page, int limit)
      throws StorageException {
    Sql filter =
        new Sql("")
            .where("d.unit = ?", unit)
            .where("d.state = ?", state == null ? null : state.wireName());
    return connections.ask(
        connection -> {
          long total = filter.before("SELECT count(*) FROM delivery d").number(connection);
          List<Shown> shown =
              filter
                  .before(SHOWN)
                  .end(" ORDER BY d.key DESC LIMIT ? OFFSET ?", limit, (page - 1L) * limit)
                  .list(connection, DeliveryReads::shown);
          return new Page<>(shown, total, page, limit);
        });
  }

  /** Returns the unit's delivery of that id, or null. */
  public @Nullable Shown find(long unit, String id) throws StorageException {
    Sql sql = new Sql(SHOWN).where("d.unit = ?", unit).where("d.id = ?", id);
    List<Shown> found = connections.ask(connection -> sql.list(connection, DeliveryReads::shown));
    return found.isEmpty() ? null : found.get(0);
  }

  /** Returns those of the deliveries that are the unit's, in the order they were made. */
  public List<Shown> ofKeys(long unit, Collection<Long> keys) throws StorageException {
    Sql sql =
        new Sql(SHOWN)
            .where("d.unit = ?", unit)
            .end(Sql.in(" AND d.key", keys.size()) + " ORDER BY d.key", keys.toArray());
    return connections.ask(connection -> sql.list(connection, DeliveryReads::shown));
  }

  /** Returns how many deliveries are to be sent, of all units. */
  public long pending() throws StorageException {
    return connections.ask(
        connection ->
            new Sql("SELECT count(*) FROM delivery WHERE state = 'pending'").number(connection));
  }

  /** Returns the key of the last delivery that was ever made, 0 when there was none. */
  public long lastKey() throws StorageException {
    return connections.ask(
        connection -> new Sql(Dialect.of(connection).lastDeliveryKey()).number(connection));
  }

  /** Returns the pending deliveries made after that one, in their order, at most {@code max}. */
  public List<Due> after(long key, int max) throws StorageException {
    return connections.ask(
        connection ->
            new Sql(DUE + " WHERE key > ? AND state = 'pending' ORDER BY key LIMIT ?", key, max)
                .list(connection, DeliveryReads::due));
  }

  /** Returns the destination's pending deliveries, the next due first, at most {@code max}. */
  public List<Due> pendingOf(long destination, int max) throws StorageException {
    return connections.ask(
        connection ->
            new Sql(
                    DUE
                        + " WHERE destination = ? AND state = 'pending' ORDER BY next_at, key LIMIT ?",
                    destination,
                    max)
                .list(connection, DeliveryReads::due));
  }

  /** Returns the destination of that key. */
  public Destination destination(long key) throws StorageException {
    List<Destination> found =
        connections.ask(
            connection ->
                new Sql(
                        """
                        SELECT key, url, auth_header, signing_secret, failures,
                          delivered_at IS NOT NULL FROM destination WHERE key = ?""",
                        key)
                    .list(connection, DeliveryReads::destination));
    if (found.isEmpty()) {
      throw new IllegalStateException("no destination of key " + key);
    }
    return found.get(0);
  }

  /** Returns the keys of the destinations that something is pending for. */
  public List<Long> destinationsWithPending() throws StorageException {
    return connections.ask(
        connection ->
            new Sql(
                    """
                    SELECT key FROM destination t WHERE EXISTS
                      (SELECT 1 FROM delivery d WHERE d.destination = t.key AND d.state = 'pending')
                    ORDER BY key""")
                .numbers(connection));
  }

  private static Due due(ResultSet row) throws SQLException {
    return new Due(
        row.getLong(1),
        row.getString(2),
        row.getLong(3),
        row.getString(4),
        row.getInt(5),
        row.getLong(6),
        row.getLong(7));
  }

  private static Destination destination(ResultSet row) throws SQLException {
    return new Destination(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getInt(5),
        row.getBoolean(6));
  }

  private static Shown shown(ResultSet row) throws SQLException {
    return new Shown(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        Objects.requireNonNull(DeliveryState.of(row.getString(10))),
        row.getInt(11),
        Sql.optionalLong(row, 12),
        Sql.optionalInt(row, 13),
        row.getString(14),
        Attempts.read(row.getString(15)),
        row.getLong(16),
        Sql.optionalLong(row, 17));
  }
}
