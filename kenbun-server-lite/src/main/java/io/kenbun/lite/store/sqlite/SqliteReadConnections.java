package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few connections that cannot write. Few, since a reader that takes long keeps SQLite from
 * copying its log back; a question that finds none free within five seconds is given up.
 */
final class SqliteReadConnections implements ReadConnections {
  private static final Logger log = LoggerFactory.getLogger(SqliteReadConnections.class);
  private static final int SIZE = 4;
  private static final long WAIT_SECONDS = 5;

  private final BlockingQueue<Connection> free = new ArrayBlockingQueue<>(SIZE);

  SqliteReadConnections(Path file) throws StorageException {
    try {
      for (int i = 0; i < SIZE; i++) {
        free.add(SqliteDatabase.openQueryOnly(file));
      }
    } catch (SQLException e) {
      close();
      throw new StorageException(file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public <T> T ask(Question<T> question) throws StorageException {
    Connection connection;
    try {
      connection = free.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException("interrupted while waiting to read", e);
    }
    if (connection == null) {
      throw new StorageException("no connection to read with within " + WAIT_SECONDS + " s");
    }
    try {
      Database.execute(connection, "BEGIN");
      T answer = question.ask(connection);
      Database.execute(connection, "COMMIT");
      return answer;
    } catch (SQLException | RuntimeException e) {
      try {
        Database.execute(connection, "ROLLBACK");
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      if (e instanceof RuntimeException unexpected) {
        throw unexpected;
      }
      throw new StorageException("reading failed: " + e.getMessage(), e);
    } finally {
      free.add(connection);
    }
  }

  @Override
  public void close() {
    for (Connection connection = free.poll(); connection != null; connection = free.poll()) {
      try {
        connection.close();
      } catch (SQLException e) {
        log.warn("Closing failed; nothing committed is lost", e);
      }
    }
  }
}
