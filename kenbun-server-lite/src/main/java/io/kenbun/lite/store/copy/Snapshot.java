package io.kenbun.lite.store.copy;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sqlite.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both files of a data directory as they were at one moment, also while a server writes them: two
 * transactions that only read, which in WAL mode hold up nobody. One thread.
 *
 * <pre>
 *   look at the cursor ──&gt; hold ingest.db ──&gt; hold kenbun.db, with a cursor ≤ the last seq in ingest.db
 *          ^                                                     │ else scoring was faster than we
 *          └─────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>ingest.db comes first. An event that was acknowledged before is either still in it, or was
 * scored before it was removed, and then kenbun.db, held later, has it: none is missing. The other
 * way round one that is scored and removed in between would be in neither. What is scored in
 * between would be in kenbun.db without its idempotency key in ingest.db, so the look is taken
 * again until nothing was; should that never happen, only such a key is missing.
 */
final class Snapshot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Snapshot.class);
  private static final int MAX_LOOKS = 1_000;

  static final String INGEST = "ingest.db";
  static final String KENBUN = "kenbun.db";

  private final Connection ingest;
  private final Connection kenbun;

  private Snapshot(Connection ingest, Connection kenbun) {
    this.ingest = ingest;
    this.kenbun = kenbun;
  }

  /**
   * Takes hold of the files in {@code data}.
   *
   * @throws StorageException when they are not there
   * @throws SQLException when SQLite cannot read them
   */
  static Snapshot of(Path data) throws StorageException, SQLException {
    for (String name : List.of(INGEST, KENBUN)) {
      if (!Files.isRegularFile(data.resolve(name))) { // SQLite would make one.
        throw new StorageException("no server's data in " + data + ": there is no " + name);
      }
    }
    Snapshot snapshot = null;
    Connection ingest = open(data, INGEST);
    try {
      snapshot = new Snapshot(ingest, open(data, KENBUN));
      snapshot.hold();
      return snapshot;
    } catch (SQLException e) {
      if (snapshot == null) {
        closeQuietly(ingest);
      } else {
        snapshot.close();
      }
      throw e;
    }
  }

  private static Connection open(Path data, String name) throws SQLException {
    Connection connection = null;
    try {
      connection = SqliteDatabase.openQueryOnly(data.resolve(name));
      // The first look into the file: reads what tables there are.
      new Sql("SELECT count(*) FROM sqlite_schema").number(connection);
      return connection;
    } catch (SQLException e) {
      if (connection != null) {
        closeQuietly(connection);
      }
      throw new SQLException(name + ": " + e.getMessage(), e);
    }
  }

  private void hold() throws SQLException {
    for (int look = 1; ; look++) {
      long before = cursor(kenbun);
      Database.execute(ingest, "BEGIN");
      long last = new Sql("SELECT coalesce(max(seq), 0) FROM outbox").number(ingest);
      Database.execute(kenbun, "BEGIN");
      long cursor = cursor(kenbun);
      if (cursor == before || cursor <= last || look == MAX_LOOKS) {
        return;
      }
      Database.execute(kenbun, "COMMIT");
      Database.execute(ingest, "COMMIT");
    }
  }

  private static long cursor(Connection kenbun) throws SQLException {
    return new Sql("SELECT cursor FROM progress").number(kenbun);
  }

  Connection ingest() {
    return ingest;
  }

  Connection kenbun() {
    return kenbun;
  }

  /** Returns what the files hold. */
  DataCounts counts() throws SQLException {
    return new DataCounts(
        new Sql("SELECT count(*) FROM lead").number(kenbun),
        new Sql("SELECT coalesce(sum(events), 0) FROM event_type").number(kenbun),
        new Sql("SELECT count(*) FROM outbox WHERE seq > ?", cursor(kenbun)).number(ingest),
        new Sql("SELECT count(*) FROM failed_event").number(kenbun));
  }

  @Override
  public void close() {
    closeQuietly(ingest);
    closeQuietly(kenbun);
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("Closing a connection that only read failed", e);
    }
  }
}
