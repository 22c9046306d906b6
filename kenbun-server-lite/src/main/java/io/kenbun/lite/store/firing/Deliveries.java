package io.kenbun.lite.store.firing;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The second outbox: what is to be told of firings, written in the transaction that fires. Any
 * thread.
 *
 * <pre>
 *   scoring transaction ──insert──&gt; pending ──worker──&gt; record: delivered | pending, later | failed | off
 * </pre>
 */
public final class Deliveries {
  private final Database database;
  private volatile Runnable wake = () -> {};
  private volatile LongConsumer changed = destination -> {};
  private volatile Watcher watcher = Watcher.NOBODY;

  public Deliveries(Database database) {
    this.database = database;
  }

  /**
   * Has the worker told of what happens here. Called once, before anything does.
   *
   * @param newWake run when there may be new deliveries, after they are committed
   * @param newChanged told of a destination whose pending deliveries were changed by hand
   */
  public void listen(Runnable newWake, LongConsumer newChanged) {
    wake = newWake;
    changed = newChanged;
  }

  /** Is told which deliveries were made or have changed. Any thread; must not block. */
  public interface Watcher {
    /** Takes no notice. */
    Watcher NOBODY =
        new Watcher() {
          @Override
          public boolean isWatching() {
            return false;
          }

          @Override
          public void changed(List<Long> deliveries) {}
        };

    /** Says whether it wants to be told. */
    boolean isWatching();

    /** Takes the keys of deliveries whose change is committed. */
    void changed(List<Long> deliveries);
  }

  /** Has {@code newWatcher} told, from now on. */
  public void watch(Watcher newWatcher) {
    watcher = newWatcher;
  }

  /** Has told who is to know of what a transaction wrote that is committed now. */
  public void committed(DeliveryRows rows) {
    if (!rows.hasWritten()) {
      return;
    }
    rows.touched().forEach(changed::accept);
    wake.run();
    if (watcher.isWatching() && !rows.made().isEmpty()) {
      watcher.changed(rows.made());
    }
  }

  /** Has the worker read anew what is pending for a destination. */
  public void changed(long destination) {
    changed.accept(destination);
  }

  /** Changes rows, then has told who is to know. */
  private <T extends @Nullable Object> T change(RowChange<T> change) throws StorageException {
    Statements statements = new Statements();
    DeliveryRows[] written = new DeliveryRows[1];
    T result =
        database.inTransaction(
            connection -> {
              try (statements) {
                written[0] = new DeliveryRows(connection, statements);
                return change.apply(connection, written[0]);
              }
            });
    committed(written[0]);
    return result;
  }

  private interface RowChange<T extends @Nullable Object> {
    T apply(Connection connection, DeliveryRows rows) throws SQLException;
  }

  /**
   * Writes the delivery of a channel's test call.
   *
   * @param id its {@code webhook-id}
   */
  public void insertTest(long unit, Channel channel, String id, long nowMillis)
      throws StorageException {
    change(
        (connection, rows) -> {
          rows.insertTest(unit, channel, id, nowMillis);
          return id;
        });
  }

  /** What came of a try. */
  public enum Outcome {
    DELIVERED,
    /** It is to be tried again. */
    AGAIN,
    FAILED,
    /** The destination takes nothing any more. */
    OFF
  }

  /**
   * One try that is over.
   *
   * @param status of the answer, null when none came
   * @param error what came instead of an answer, null when one did
   * @param nextTryMillis of {@link Outcome#AGAIN}
   * @param exchange what went over the wire, null when nothing did
   */
  public record Tried(
      long delivery,
      long destination,
      Outcome outcome,
      long atMillis,
      long tookMillis,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable Long nextTryMillis,
      DeliveryReads.@Nullable Exchange exchange) {}

  /** Writes down what came of tries, in one transaction. */
  public void record(List<Tried> tried) throws StorageException {
    database.inTransaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  """
                  UPDATE delivery SET state = ?, tries = tries + 1, next_at = ?, last_status = ?,
                    last_error = ?, done_at = ?,
                    attempts = CASE WHEN length(attempts) > ? THEN '' ELSE attempts END || ? WHERE key = ?""")) {
            for (Tried one : tried) {
              boolean again = one.outcome() == Outcome.AGAIN;
              update.setString(1, state(one.outcome()).wireName());
              update.setObject(2, one.nextTryMillis());
              update.setObject(3, one.status());
              Sql.set(update, 4, one.error());
              update.setObject(5, again ? null : one.atMillis());
              update.setInt(6, Attempts.MAX_LENGTH);
              Sql.set(
                  update,
                  7,
                  Attempts.line(
                      one.atMillis(), one.tookMillis(), one.status(), one.error(), one.exchange()));
              update.setLong(8, one.delivery());
              update.addBatch();
            }
            update.executeBatch();
          }
          DestinationRows.keepHealth(connection, tried);
          return tried;
        });
    if (watcher.isWatching()) {
      watcher.changed(tried.stream().map(Tried::delivery).toList());
    }
  }

  private static DeliveryState state(Outcome outcome) {
    return switch (outcome) {
      case DELIVERED -> DeliveryState.DELIVERED;
      case AGAIN -> DeliveryState.PENDING;
      case FAILED -> DeliveryState.FAILED;
      case OFF -> DeliveryState.OFF;
    };
  }

  /**
   * Has a delivery sent again at once, under the same id, also one that has arrived. To a channel
   * it goes as that is set up now.
   *
   * @return whether the unit has such a delivery, and it is one that is sent
   */
  public boolean retry(long unit, String id, long nowMillis) throws StorageException {
    List<Long> again = new ArrayList<>(1);
    List<Long> touched =
        change(
            (connection, rows) -> {
              List<Long> destinations = destinations(connection, unit, id);
              Long now = destinations.isEmpty() ? null : ofChannelNow(connection, rows, unit, id);
              if (now != null) {
                destinations.add(now);
              }
              rows.touch(destinations);
              for (Long destination : destinations) { // The last one is the one.
                new Sql(
                        """
                        UPDATE delivery SET state = 'pending', next_at = ?, done_at = NULL,
                          destination = ?, target = (SELECT url FROM destination WHERE key = ?)
                        WHERE unit = ? AND id = ?""",
                        nowMillis,
                        destination,
                        destination,
                        unit,
                        id)
                    .run(connection);
              }
              again.addAll(
                  new Sql("SELECT key FROM delivery WHERE unit = ? AND id = ?", unit, id)
                      .numbers(connection));
              return destinations;
            });
    if (!touched.isEmpty() && watcher.isWatching()) {
      watcher.changed(again);
    }
    return !touched.isEmpty();
  }

  /** Returns the destination of a delivery that is sent, or nothing. */
  private static List<Long> destinations(Connection connection, long unit, String id)
      throws SQLException {
    return new Sql(
            """
            SELECT destination FROM delivery WHERE unit = ? AND id = ?
              AND destination IS NOT NULL""",
            unit,
            id)
        .numbers(connection);
  }

  private static @Nullable Long ofChannelNow(
      Connection connection, DeliveryRows rows, long unit, String id) throws SQLException {
    List<Long> channels =
        new Sql(
                "SELECT channel FROM delivery WHERE unit = ? AND id = ? AND channel IS NOT NULL",
                unit,
                id)
            .numbers(connection);
    Channel channel = channels.isEmpty() ? null : Channels.find(connection, unit, channels.get(0));
    return channel == null ? null : rows.destination(unit, channel);
  }

  /** Removes a delivery, whatever its state; says whether the unit had it. */
  public boolean delete(long unit, String id) throws StorageException {
    return change(
        (connection, rows) -> {
          rows.touch(destinations(connection, unit, id));
          return new Sql("DELETE FROM delivery WHERE unit = ? AND id = ?", unit, id).run(connection)
              > 0;
        });
  }

  /**
   * Removes deliveries that were over before {@code beforeMillis} and have not failed, at most
   * {@code max}.
   *
   * @return how many were removed
   */
  public int removeOld(long beforeMillis, int max) throws StorageException {
    return database.inTransaction(
        connection ->
            new Sql(
                    """
                    DELETE FROM delivery WHERE key IN (SELECT key FROM delivery
                      WHERE state IN ('delivered', 'logged', 'off') AND done_at < ?
                      ORDER BY done_at LIMIT ?)""",
                    beforeMillis,
                    max)
                .run(connection));
  }
}
