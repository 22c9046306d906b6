package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.SchemaScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * One SQLite file and its one writing connection. {@link #inTransaction} is the only way to write;
 * it takes a lock, so that the file has one writer at a time.
 */
public final class SqliteDatabase implements Database, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqliteDatabase.class);

  private final Path file;
  private final int version;
  private final @Nullable Object fileKey;
  private final Object lock = new Object();
  private final Connection connection; // Guarded by lock.

  private SqliteDatabase(Path file, int version, Connection connection) throws IOException {
    this.file = file;
    this.version = version;
    this.fileKey = fileKey(file);
    this.connection = connection;
  }

  /**
   * Opens the file, makes it if need be, and brings its tables to today's version.
   *
   * @param schema the name of the migrations, {@code schema/NAME-1.sql} and on
   * @param version today's version
   * @param walPages after how many pages the write-ahead log is copied back; a small log is
   *     overwritten in place and keeps the slowest commits short, a large one copies a page that
   *     changes often fewer times
   * @param cacheKib how much of the file is kept in memory
   */
  static SqliteDatabase open(
      Path file, String schema, int version, Durability durability, int walPages, int cacheKib)
      throws StorageException {
    Connection connection = null;
    try {
      connection = connect(file);
      try (Statement statement = connection.createStatement()) {
        // Only heeded before the first table; lets a file that has shrunk give its space back.
        statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = " + durability.pragma());
        statement.execute("PRAGMA wal_autocheckpoint = " + walPages);
        statement.execute("PRAGMA journal_size_limit = " + (64L << 20));
        statement.execute("PRAGMA cache_size = -" + cacheKib);
        // On macOS fsync alone does not reach the platter.
        statement.execute("PRAGMA fullfsync = 1");
        statement.execute("PRAGMA checkpoint_fullfsync = 1");
      }
      migrate(connection, file, schema, version);
      return new SqliteDatabase(file, version, connection);
    } catch (SQLException | IOException e) {
      closeQuietly(connection, e);
      throw new StorageException(
          "cannot open "
              + file
              + ": "
              + e.getMessage()
              + "; if the disk is full or read-only, mend that; if the file is damaged, restore a backup or move it"
              + " away to start without what it holds",
          e);
    } catch (StorageException e) {
      closeQuietly(connection, e);
      throw e;
    }
  }

  /** Opens a further connection that cannot write. */
  public static Connection openQueryOnly(Path file) throws SQLException {
    Connection connection = connect(file);
    try (Statement statement = connection.createStatement()) {
      // A file that is mapped (mmap_size) is mapped anew after each commit of the writer, which
      // doubles the time of a read; that commit empties a cache of any size, so a larger one gains
      // nothing.
      statement.execute("PRAGMA query_only = 1");
    }
    return connection;
  }

  /** Opens a connection to a file that nobody else uses, as it is. */
  public static Connection openPlain(Path file) throws SQLException {
    return connect(file);
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    // Our own threads never compete for a file; this is for an operator's tool that looks in.
    config.setBusyTimeout(5_000);
    // A connection of ours is in one hand at a time, so that SQLite need not lock it for each call.
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    config.resetOpenMode(SQLiteOpenMode.FULLMUTEX);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private static void migrate(Connection connection, Path file, String schema, int version)
      throws SQLException, IOException, StorageException {
    int found;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
      found = rows.getInt(1);
    }
    if (found > version) {
      throw new StorageException(
          file + " was written by a newer version (schema " + found + " > " + version + ")");
    }
    for (int next = found + 1; next <= version; next++) {
      String script = SchemaScript.read(schema, next);
      // One script, one transaction; what a failure leaves open ends with the connection.
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(
            "BEGIN IMMEDIATE; " + script + " PRAGMA user_version = " + next + "; COMMIT;");
      }
      if (found > 0) {
        log.info("Moved {} from schema {} to {}", file, next - 1, next);
      }
    }
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Work<T> work, Consumer<Exception> undone)
      throws StorageException {
    synchronized (lock) {
      try {
        // By hand: the driver's own way, setAutoCommit(false), begins the next transaction as soon
        // as one ends, and an idle connection would hold the file for ever.
        Database.execute(connection, "BEGIN IMMEDIATE");
        T result = work.run(connection);
        Database.execute(connection, "COMMIT");
        return result;
      } catch (SQLException e) {
        rollback(e, undone);
        throw Database.failure(file, e);
      } catch (StorageException | RuntimeException e) {
        rollback(e, undone);
        throw e;
      }
    }
  }

  /** Runs {@code work} while nobody writes. */
  void locked(Runnable work) {
    synchronized (lock) {
      work.run();
    }
  }

  /** A transaction left open would fail every later one, so the failure to end one must be seen. */
  private void rollback(Exception cause, Consumer<Exception> undone) {
    undone.accept(cause); // First: a statement that is still being read would keep it open.
    try {
      Database.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  void limitPages(int pages) throws StorageException {
    synchronized (lock) {
      try {
        Database.execute(connection, "PRAGMA max_page_count = " + pages);
      } catch (SQLException e) {
        throw Database.failure(file, e);
      }
    }
  }

  /** Writes something that changes nothing, to see whether writing works. */
  void touch() throws StorageException {
    inTransaction(
        connection -> {
          Database.execute(connection, "PRAGMA user_version = " + version);
          return version;
        });
    checkInPlace();
  }

  /**
   * Refuses to go on when the file that was opened is not the one at its path any more. SQLite
   * would go on writing into a deleted file, every commit would succeed, and all of it would be
   * gone at the end. Asked after a commit and before anybody is told of it.
   */
  void checkInPlace() throws StorageException {
    Object now;
    try {
      now = fileKey(file);
    } catch (IOException e) {
      throw new StorageException(
          file + " has been deleted under the running server; stop it, put the file back, start it",
          e);
    }
    if (!Objects.equals(fileKey, now)) {
      throw new StorageException(
          file
              + " has been replaced under the running server; stop it, look which file is the right one, start it");
    }
  }

  /**
   * Returns what tells one file from another at the same path, null where the file system has no
   * such thing.
   */
  private static @Nullable Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closeQuietly(connection, null);
    }
  }

  private static void closeQuietly(@Nullable Connection connection, @Nullable Exception cause) {
    if (connection == null) {
      return;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      if (cause == null) {
        log.warn("Closing failed; nothing committed is lost", e);
      } else {
        cause.addSuppressed(e);
      }
    }
  }
}
