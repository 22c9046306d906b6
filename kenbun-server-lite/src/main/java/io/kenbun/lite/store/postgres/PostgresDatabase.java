package io.kenbun.lite.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.SchemaScript;
import io.kenbun.lite.store.sql.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database of PostgreSQL and a pool of connections to it, for transactions that read what is
 * committed when each statement begins: who needs more locks rows.
 */
public final class PostgresDatabase implements Database, ReadConnections {
  static final int SCHEMA = 2;

  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final long WAIT_MILLIS = 5_000;
  static final long MIGRATION_LOCK = 0x6b656e62756e01L; // "kenbun", 1.
  private static final long CHANGE_LOCK = 0x6b656e62756e03L; // "kenbun", 3.
  private static final int PORTION_OF_ROWS = 1_000;
  private static final long MIN_VERSION = 140_000;
  private static final Duration MAX_WAIT_FOR_OTHERS = Duration.ofSeconds(45);
  private static final Duration MAX_WAIT_FOR_TABLES = Duration.ofSeconds(15);
  private static final String LOCK_TIMEOUT = "55P03"; // SQLSTATE.
  private static final String READ_ONLY = "25006"; // SQLSTATE.

  // The queue is empty nearly always when it is analyzed: to go over all of it seems to cost
  // nothing, and a plan that does so is kept while scored rows pile up in it. What scoring asks for
  // is in an index every time.
  private static final String BY_INDEX = "SET enable_seqscan = off";

  private final PostgresUrl url;
  private final HikariDataSource pool;
  private final HikariDataSource scoringPool;

  private PostgresDatabase(PostgresUrl url, HikariDataSource pool, HikariDataSource scoringPool) {
    this.url = url;
    this.pool = pool;
    this.scoringPool = scoringPool;
  }

  /**
   * Connects, and brings the tables to today's version; who starts in the same moment waits.
   *
   * @param connections how many are open for all but {@link #byIndex}
   * @param scoringConnections how many are open for that
   * @throws StorageException with what is wrong and what to do
   */
  public static PostgresDatabase open(PostgresUrl url, int connections, int scoringConnections)
      throws StorageException {
    return open(url, connections, scoringConnections, MAX_WAIT_FOR_OTHERS, MAX_WAIT_FOR_TABLES);
  }

  /**
   * The same.
   *
   * @param maxWaitForOthers for how long a node that migrates is waited for, which holds up nobody
   * @param maxWaitForTables for how long this one waits for tables, and running nodes behind it
   */
  static PostgresDatabase open(
      PostgresUrl url,
      int connections,
      int scoringConnections,
      Duration maxWaitForOthers,
      Duration maxWaitForTables)
      throws StorageException {
    try (Connection connection = url.connect()) {
      requireUsable(connection, url);
      connection.setAutoCommit(false);
      waitForOthers(connection, url, maxWaitForOthers);
      waitAtMost(connection, maxWaitForTables);
      migrate(connection, url);
    } catch (SQLException | IOException e) {
      throw url.failure(e);
    }
    HikariConfig scoring = config("kenbun-scoring", url, scoringConnections);
    scoring.setConnectionInitSql(BY_INDEX);
    scoring.setIsolateInternalQueries(true); // Committed: else the first rollback would undo it.
    PostgresDatabase database =
        new PostgresDatabase(
            url,
            new HikariDataSource(config("kenbun", url, connections)),
            new HikariDataSource(scoring));
    try {
      OutboxDays days = new OutboxDays(database);
      days.makeAhead(days.today());
      return database;
    } catch (StorageException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static HikariConfig config(String name, PostgresUrl url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(url.jdbcUrl());
    config.setDataSourceProperties(url.properties());
    config.addDataSourceProperty("defaultRowFetchSize", String.valueOf(PORTION_OF_ROWS));
    config.setAutoCommit(false);
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(WAIT_MILLIS);
    config.setValidationTimeout(WAIT_MILLIS);
    config.setInitializationFailTimeout(-1); // It was there a moment ago; else it is waited for.
    return config;
  }

  private static void requireUsable(Connection connection, PostgresUrl url)
      throws SQLException, StorageException {
    long version =
        new Sql("SELECT current_setting('server_version_num')::bigint").number(connection);
    requireVersion(url, version, connection.getMetaData().getDatabaseProductVersion());
    String encoding = text(connection, "SELECT current_setting('server_encoding')");
    if (!encoding.equals("UTF8")) {
      throw new StorageException(
          url.place()
              + " has the encoding "
              + encoding
              + "; UTF8 is needed: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
    }
    if (!text(connection, "SELECT current_setting('transaction_read_only')").equals("off")) {
      throw new StorageException(
          url.place()
              + " is read-only, as a standby is; name the primary, or several hosts and"
              + " targetServerType=primary");
    }
  }

  /**
   * Checks which PostgreSQL it is.
   *
   * @param number as {@code server_version_num} has it, such as 140000
   */
  static void requireVersion(PostgresUrl url, long number, String text) throws StorageException {
    if (number < MIN_VERSION) {
      throw new StorageException(
          url.place() + " is PostgreSQL " + text + "; 14 or newer is needed: upgrade it");
    }
  }

  /** Refuses to put tables beside those of something else, of which one might have our name. */
  private static void requireOurs(Connection connection, PostgresUrl url)
      throws SQLException, StorageException {
    List<String> others =
        new Sql(
                """
                SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                  AND to_regclass('kenbun_schema') IS NULL
                  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid
                    AND d.classid = CAST('pg_class' AS regclass) AND d.deptype = 'e')
                ORDER BY c.relname LIMIT 1""")
            .list(connection, row -> row.getString(1));
    if (!others.isEmpty()) {
      throw new StorageException(
          url.place()
              + " holds what is not kenbun's, such as the table "
              + others.get(0)
              + "; name a database of its own: CREATE DATABASE kenbun");
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    return new Sql(query).list(connection, row -> row.getString(1)).get(0);
  }

  /** Waits until no other node migrates; none does from here on until this transaction's end. */
  private static void waitForOthers(Connection connection, PostgresUrl url, Duration max)
      throws SQLException, StorageException {
    waitAtMost(connection, max);
    try {
      new Sql("SELECT count(pg_advisory_xact_lock(?))", MIGRATION_LOCK).number(connection);
    } catch (SQLException e) {
      if (LOCK_TIMEOUT.equals(e.getSQLState())) {
        throw new StorageException(
            url.place()
                + " is being migrated by another node, which has not come to an end in "
                + max.toMillis()
                + " ms; start again once it has",
            e);
      }
      throw e;
    }
  }

  /** Has the rest of the transaction wait no longer than that for a lock. */
  private static void waitAtMost(Connection connection, Duration max) throws SQLException {
    Database.execute(connection, "SET LOCAL lock_timeout = " + max.toMillis());
  }

  private static void migrate(Connection connection, PostgresUrl url)
      throws SQLException, IOException, StorageException {
    requireOurs(connection, url);
    Database.execute(
        connection, "CREATE TABLE IF NOT EXISTS kenbun_schema (version INTEGER NOT NULL)");
    int found =
        (int) new Sql("SELECT coalesce(max(version), 0) FROM kenbun_schema").number(connection);
    if (found > SCHEMA) {
      throw new StorageException(
          url.place()
              + " was made by a newer version (schema "
              + found
              + " > "
              + SCHEMA
              + "); start that one");
    }
    for (int next = found + 1; next <= SCHEMA; next++) {
      Database.execute(connection, SchemaScript.read("postgres", next));
      new Sql("DELETE FROM kenbun_schema").run(connection);
      new Sql("INSERT INTO kenbun_schema VALUES (?)", next).run(connection);
      log.info("{} has schema {} now", url.place(), next);
    }
    OutboxDays.countAnewInAnotherCluster(connection);
    connection.commit();
  }

  PostgresUrl url() {
    return url;
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Work<T> work, Consumer<Exception> undone)
      throws StorageException {
    return inTransaction(pool, work, undone);
  }

  /** Runs a transaction that asks the queue, and finds all it needs by an index. */
  <T extends @Nullable Object> T byIndex(Work<T> work) throws StorageException {
    return inTransaction(scoringPool, work, cause -> {});
  }

  private <T extends @Nullable Object> T inTransaction(
      HikariDataSource from, Work<T> work, Consumer<Exception> undone) throws StorageException {
    try (Connection connection = from.getConnection()) {
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | StorageException | RuntimeException e) {
        undone.accept(e);
        rollback(connection, e);
        if (e instanceof SQLException sql && READ_ONLY.equals(sql.getSQLState())) {
          from.evictConnection(connection); // It was opened as such, and would stay so.
        }
        throw e;
      }
    } catch (SQLException e) {
      throw url.failure(e);
    }
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e); // The connection is gone, and with it the transaction.
    }
  }

  @Override
  public <T> T ask(Question<T> question) throws StorageException {
    return inTransaction(
        connection -> {
          // All statements are to see the same moment.
          Database.execute(
              connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
          return question.ask(connection);
        },
        cause -> {});
  }

  @Override
  public <T extends @Nullable Object> T read(Work<T> work) throws StorageException {
    return inTransaction(
        connection -> {
          Database.execute(
              connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
          return work.run(connection);
        });
  }

  /**
   * Returns the same database, whose changes make what nodes hold in memory old: they are told with
   * the commit, see {@link SharedState}.
   */
  Database announcing(String state) {
    return new Database() {
      @Override
      public <T extends @Nullable Object> T inTransaction(Work<T> work, Consumer<Exception> undone)
          throws StorageException {
        return PostgresDatabase.this.inTransaction(
            connection -> {
              T result = work.run(connection);
              SharedState.announce(connection, state);
              return result;
            },
            undone);
      }

      @Override
      public <T extends @Nullable Object> T read(Work<T> work) throws StorageException {
        return PostgresDatabase.this.read(work);
      }

      @Override
      public <T> T alone(Checked<T> change) throws StorageException {
        return PostgresDatabase.this.inTransaction(
            connection -> {
              new Sql("SELECT count(pg_advisory_xact_lock(?))", CHANGE_LOCK).number(connection);
              return change.make(true);
            });
      }
    };
  }

  @Override
  public void close() {
    scoringPool.close();
    pool.close();
  }
}
