package io.kenbun.lite.store.sql;

import io.kenbun.lite.pipeline.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  /** A change that is checked against what is in force. */
  interface Checked<T> {
    /** Makes it, told whether what this node holds may be older than what is kept. */
    T make(boolean mayBeOld) throws StorageException;
  }

  /** Runs {@code change} while no other node runs one; here there is none. */
  default <T> T alone(Checked<T> change) throws StorageException {
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
    return new StorageException(what + ": " + e.getMessage(), Faults.of(e), e);
  }
}
