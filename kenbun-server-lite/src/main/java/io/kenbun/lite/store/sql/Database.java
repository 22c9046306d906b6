package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/** What everything but the queue is kept in. Any thread. */
public interface Database {
  /** Work inside a transaction. */
  interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException, StorageException;
  }

  /** Runs {@code work} in a transaction: committed when it returns, undone when it throws. */
  default <T extends @Nullable Object> T inTransaction(Work<T> work) throws StorageException {
    return inTransaction(work, cause -> {});
  }

  /**
   * The same.
   *
   * @param undone is told when it is undone, before anybody else can see that
   */
  <T extends @Nullable Object> T inTransaction(Work<T> work, Consumer<Exception> undone)
      throws StorageException;

  /** Runs {@code work}, which changes nothing; all of its statements see the same moment. */
  default <T extends @Nullable Object> T read(Work<T> work) throws StorageException {
    return inTransaction(work);
  }

  /** Runs {@code change} while no other node runs one; here there is none. */
  default <T> T alone(Configuration.Checked<T> change) throws StorageException {
    return change.make(false);
  }

  /** Runs a statement that has no answer. */
  static void execute(Connection connection, String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  /** Tells a fault of the database from one of what was to be written. */
  static StorageException failure(Object what, SQLException e) {
    return new StorageException(what + ": " + e.getMessage(), fault(e), e);
  }

  private static StorageException.Fault fault(SQLException e) {
    if (e instanceof SQLiteException) {
      return SqliteDatabase.fault(e.getErrorCode());
    }
    String state = e.getSQLState();
    // Classes of SQLSTATE: data exceptions and broken constraints.
    return state != null && (state.startsWith("22") || state.startsWith("23"))
        ? StorageException.Fault.DATA
        : StorageException.Fault.STORAGE;
  }
}
