package io.kenbun.lite.store.postgres;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Ticks;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How full the queue is and how far scoring has come, as this node last saw it. Places are numbers
 * of transactions: everything that was committed up to one is scored once no older transaction runs
 * and nothing older is left in the outbox. Any thread.
 */
public final class QueueState {
  private static final long BETWEEN_LOOKS_NANOS = 50_000_000;
  private static final long MIN_BETWEEN_COUNTS_NANOS = 400_000_000;
  private static final int COUNTS_APART = 20; // A count may take a twentieth of the time.

  private final PostgresDatabase database;
  private final long maxCounted;
  private final AtomicLong depth = new AtomicLong();
  private final AtomicLong durableTo = new AtomicLong();
  private volatile long scoredTo;
  private volatile long oldestReceivedAtMillis = -1;
  private volatile boolean isLeft;
  private volatile long heldUpMillis;
  private long oldestRunning; // Guarded by this.
  private long oldestSinceNanos; // Guarded by this.
  private volatile long lookedNanos;
  private volatile long countedNanos;
  private volatile long countTookNanos;

  /**
   * Makes it, knowing nothing.
   *
   * @param maxCounted more are not counted
   */
  QueueState(PostgresDatabase database, long maxCounted) {
    this.database = database;
    this.maxCounted = maxCounted;
    this.lookedNanos = Ticks.nanos() - BETWEEN_LOOKS_NANOS;
    this.countedNanos = Ticks.nanos() - MIN_BETWEEN_COUNTS_NANOS;
  }

  long depth() {
    return Math.max(0, depth.get());
  }

  /** Returns up to where events are durable. */
  long durableTo() {
    return durableTo.get();
  }

  /** Returns up to where everything is scored. */
  long scoredTo() {
    return scoredTo;
  }

  long oldestReceivedAtMillis() {
    return oldestReceivedAtMillis;
  }

  /** Says whether something was left in the queue at the last look. */
  boolean isLeft() {
    return isLeft;
  }

  /**
   * Returns for how long the oldest transaction that writes runs, which holds up what came since.
   */
  long oldestTransactionMillis() {
    return heldUpMillis;
  }

  void stored(List<QueuedEvent> events, long xid) {
    depth.addAndGet(events.size());
    durableTo.accumulateAndGet(xid, Math::max);
    if (oldestReceivedAtMillis < 0 && !events.isEmpty()) { // As far as is known before a look.
      oldestReceivedAtMillis = events.get(0).event().receivedAtMillis();
    }
  }

  void scored(int events) {
    depth.addAndGet(-events);
  }

  /** Counts what waits once more. */
  void countAnew() throws StorageException {
    countedNanos =
        Ticks.nanos() - Math.max(MIN_BETWEEN_COUNTS_NANOS, COUNTS_APART * countTookNanos);
    look();
  }

  /** Looks, unless that was done a moment ago. */
  void lookSoon() throws StorageException {
    if (Ticks.nanos() - lookedNanos >= BETWEEN_LOOKS_NANOS) {
      look();
    }
  }

  /** Looks how far scoring has come, and now and then how much waits. */
  void look() throws StorageException {
    lookedNanos = Ticks.nanos();
    database.byIndex(
        connection -> {
          lookForPlaces(connection);
          if (Ticks.nanos() - countedNanos
              >= Math.max(MIN_BETWEEN_COUNTS_NANOS, COUNTS_APART * countTookNanos)) {
            count(connection);
          }
          return connection;
        });
  }

  /** Counts what no cursor has passed, up to {@code max}. */
  public static long waiting(Connection connection, long max) throws SQLException {
    return new Sql(
            """
            SELECT count(*) FROM (SELECT 1 FROM part p CROSS JOIN LATERAL (
              SELECT 1 FROM outbox o
              WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq) LIMIT ?) o LIMIT ?) waiting""",
            max,
            max)
        .number(connection);
  }

  /** Returns the place of the last event that waits to be scored, of any node's; 0 for none. */
  long lastWaiting() throws StorageException {
    return database.byIndex(
        connection ->
            new Sql(
                    """
                    SELECT coalesce(max(o.xid::text::bigint), 0)
                    FROM part p CROSS JOIN LATERAL (SELECT o.xid FROM outbox o
                      WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
                      ORDER BY o.xid DESC, o.seq DESC LIMIT 1) o""")
                .number(connection));
  }

  private void lookForPlaces(Connection connection) throws SQLException {
    new Sql(
            """
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
              pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
              min(o.xid::text::bigint), min(o.received_at)
            FROM part p CROSS JOIN LATERAL (SELECT o.xid, o.received_at FROM outbox o
              WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
              ORDER BY o.xid, o.seq LIMIT 1) o""")
        .list(
            connection,
            row -> {
              long running = row.getLong(1);
              durableTo.accumulateAndGet(row.getLong(2) - 1, Math::max);
              Long oldest = Sql.optionalLong(row, 3);
              Long received = Sql.optionalLong(row, 4);
              isLeft = oldest != null;
              heldUpMillis = heldUpMillis(running, row.getLong(2));
              oldestReceivedAtMillis = received == null ? -1 : received;
              scoredTo = (oldest == null ? running : Math.min(running, oldest)) - 1;
              return running;
            });
  }

  /**
   * Returns for how long the same transaction has been the oldest one. That is known without asking
   * when it began, which PostgreSQL tells to few, and not of one that is prepared.
   */
  private synchronized long heldUpMillis(long running, long next) {
    if (running == next) {
      return 0; // Nobody writes.
    }
    if (running != oldestRunning) {
      oldestRunning = running;
      oldestSinceNanos = Ticks.nanos();
    }
    return (Ticks.nanos() - oldestSinceNanos) / 1_000_000;
  }

  private void count(Connection connection) throws SQLException {
    countedNanos = Ticks.nanos();
    depth.set(waiting(connection, maxCounted));
    countTookNanos = Ticks.nanos() - countedNanos;
  }
}
