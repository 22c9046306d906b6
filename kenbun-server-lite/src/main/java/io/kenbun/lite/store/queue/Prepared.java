package io.kenbun.lite.store.queue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A statement that the one writer of a file runs with nearly every commit: compiled once instead of
 * each time, which costs as much as inserting several rows. Ends with its connection. Not safe for
 * several threads.
 */
public final class Prepared {
  private final String sql;
  private @Nullable PreparedStatement statement;

  public Prepared(String sql) {
    this.sql = sql;
  }

  /** Returns the statement on {@code connection}, always the same one, without an old batch. */
  public PreparedStatement on(Connection connection) throws SQLException {
    PreparedStatement known = statement;
    if (known == null) {
      known = connection.prepareStatement(sql);
      statement = known;
    } else {
      known.clearBatch(); // A commit that failed half way may have left rows behind.
    }
    return known;
  }
}
