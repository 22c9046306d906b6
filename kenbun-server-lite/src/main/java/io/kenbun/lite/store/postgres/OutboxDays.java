package io.kenbun.lite.store.postgres;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Ticks;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The days of the outbox, each a partition: made ahead, and dropped whole when all of it is scored.
 * To drop a table costs the same whatever it holds; row by row, each would be written to the log
 * once more, and vacuumed.
 *
 * <pre>
 *   outbox: │ yesterday: dropped once no cursor is before its rows │ today │ tomorrow │ the day after │ rest
 * </pre>
 *
 * <p>The rest takes what comes on a day that has no partition, because nobody could make one. Days
 * are the database's, in UTC: no node's clock decides.
 */
final class OutboxDays {
  /** How many days are made ahead of today. */
  static final int AHEAD = 2;

  private static final Logger log = LoggerFactory.getLogger(OutboxDays.class);
  private static final long BETWEEN_ROUNDS_NANOS = Duration.ofMinutes(1).toNanos();
  private static final String PREFIX = "outbox_day_";
  private static final long LOCK = 0x6b656e62756e04L; // "kenbun", 4.

  /** What a cursor has not passed; {@code o} is the outbox or one of its days. */
  private static final String WAITING = "o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)";

  private final PostgresDatabase database;
  private long nextNanos = Ticks.nanos(); // Guarded by this.

  OutboxDays(PostgresDatabase database) {
    this.database = database;
  }

  /** Does what there is to do, unless that was done within the last minute. */
  synchronized void keepSometimes() throws StorageException {
    if (Ticks.nanos() - nextNanos >= 0) {
      nextNanos = Ticks.nanos() + BETWEEN_ROUNDS_NANOS;
      keep(today());
    }
  }

  /** Returns the database's day, counted from 1970 on. */
  int today() throws StorageException {
    return Math.toIntExact(
        database.byIndex(
            connection ->
                new Sql("SELECT floor(extract(epoch FROM now()) / 86400)").number(connection)));
  }

  /**
   * Makes the days from {@code today} on, and drops those before it that are scored. Each is one
   * short transaction, which gives up after a second when something holds the table, and comes
   * again at the next round.
   */
  void keep(int today) throws StorageException {
    makeAhead(today);
    for (int day : days()) {
      if (day < today) {
        drop(day);
      }
    }
    database.byIndex(
        connection ->
            new Sql(
                    """
                    DELETE FROM outbox_rest o USING part p
                    WHERE o.part = p.id AND (o.xid, o.seq) <= (p.xid, p.seq)""")
                .run(connection));
  }

  /** Makes the days from {@code today} on that are not there. */
  void makeAhead(int today) throws StorageException {
    for (int day = today; day <= today + AHEAD; day++) {
      if (!days().contains(day)) {
        make(day);
      }
    }
  }

  /** Returns the days that have a partition, the first one first. */
  List<Integer> days() throws StorageException {
    return database.byIndex(
        connection ->
            new Sql(
                    """
                    SELECT CAST(substr(c.relname, ?) AS integer) AS day
                    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                    WHERE i.inhparent = CAST('outbox' AS regclass) AND c.relname LIKE ?
                    ORDER BY day""",
                    PREFIX.length() + 1,
                    PREFIX.replace("_", "\\_") + "%")
                .list(connection, row -> row.getInt(1)));
  }

  /**
   * Has a dump that was restored into another cluster go on where it was: that cluster counts
   * transactions anew, and cursors of the old one would be ahead of all that comes. What waits is
   * read first, in the order of seqs.
   */
  static void countAnewInAnotherCluster(Connection connection) throws SQLException {
    long fromElsewhere =
        new Sql(
                """
                SELECT count(*) FROM part p LEFT JOIN LATERAL (SELECT o.xid FROM outbox o
                  WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
                  ORDER BY o.xid DESC, o.seq DESC LIMIT 1) o ON TRUE
                WHERE greatest(p.xid, o.xid) >= pg_snapshot_xmax(pg_current_snapshot())""")
            .number(connection);
    if (fromElsewhere == 0) {
      return;
    }
    Database.execute(connection, "LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE");
    new Sql(
            """
            DELETE FROM outbox o USING part p
            WHERE o.part = p.id AND (o.xid, o.seq) <= (p.xid, p.seq)""")
        .run(connection);
    // Older than any transaction of any cluster.
    new Sql("UPDATE outbox SET xid = CAST('1' AS xid8)").run(connection);
    new Sql("UPDATE part SET xid = CAST('0' AS xid8), seq = 0").run(connection);
    log.info("The database comes from another cluster; what waits there is scored first");
  }

  private void make(int day) throws StorageException {
    String name = PREFIX + day;
    quickly(
        name,
        connection -> {
          // Nobody may put a row of the day into the rest while it is moved from there.
          Database.execute(connection, "LOCK TABLE outbox_rest IN ACCESS EXCLUSIVE MODE");
          if (exists(connection, name)) {
            return; // By another node.
          }
          // Nothing is deleted in it: vacuum has nothing to gain before it is dropped.
          Database.execute(
              connection,
              "CREATE TABLE "
                  + name
                  + " (LIKE outbox INCLUDING ALL) WITH (autovacuum_vacuum_insert_threshold = -1)");
          new Sql(
                  "WITH late AS (DELETE FROM outbox_rest WHERE day = ? RETURNING *) INSERT INTO "
                      + name
                      + " SELECT * FROM late",
                  day)
              .run(connection);
          Database.execute(
              connection,
              "ALTER TABLE outbox ATTACH PARTITION "
                  + name
                  + (" FOR VALUES FROM (" + day + ") TO (" + (day + 1) + ")"));
        });
  }

  private void drop(int day) throws StorageException {
    String name = PREFIX + day;
    if (database.byIndex(connection -> isWaited(connection, name))) {
      return; // So that nobody is held up for nothing.
    }
    quickly(
        name,
        connection -> {
          // The table before its parts, as those do who write: none waits for the other for ever.
          Database.execute(connection, "LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE");
          if (exists(connection, name) && !isWaited(connection, name)) {
            Database.execute(connection, "DROP TABLE " + name);
            log.info("{} is scored and dropped", name);
          }
        });
  }

  private static boolean exists(Connection connection, String name) throws SQLException {
    return new Sql("SELECT count(*) FROM (SELECT to_regclass(?) AS found) f", name)
            .end(" WHERE f.found IS NOT NULL")
            .number(connection)
        > 0;
  }

  /** Says whether a day has rows that some cursor has not passed. */
  private static boolean isWaited(Connection connection, String name) throws SQLException {
    return new Sql(
                "SELECT count(*) FROM part p CROSS JOIN LATERAL (SELECT 1 FROM "
                    + name
                    + " o WHERE "
                    + WAITING
                    + " ORDER BY o.xid, o.seq LIMIT 1) o")
            .number(connection)
        > 0;
  }

  private interface Change {
    void make(Connection connection) throws SQLException;
  }

  /** Changes the tables; who writes waits for it a second at most. */
  private void quickly(String name, Change change) throws StorageException {
    try {
      database.byIndex(
          connection -> {
            Database.execute(connection, "SET LOCAL lock_timeout = '1s'");
            new Sql("SELECT count(pg_advisory_xact_lock(?))", LOCK).number(connection);
            change.make(connection);
            return name;
          });
    } catch (StorageException e) {
      if (e.getCause() instanceof SQLException sql && "55P03".equals(sql.getSQLState())) {
        log.info("{} is left for the next round: something holds the outbox", name);
      } else {
        throw e;
      }
    }
  }
}
