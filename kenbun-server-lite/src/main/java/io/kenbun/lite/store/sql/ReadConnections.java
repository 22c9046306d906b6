package io.kenbun.lite.store.sql;

import io.kenbun.lite.pipeline.StorageException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A few connections that cannot write. A question that finds none free within five seconds is given
 * up. Any thread.
 */
public interface ReadConnections extends AutoCloseable {
  /** A question; all of its statements see the same moment. */
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  <T> T ask(Question<T> question) throws StorageException;

  /** Returns what the connections understand. */
  Dialect dialect();

  /** Closes the connections that are free; one in use is closed by the end of the process. */
  @Override
  void close();
}
