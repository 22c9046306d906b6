package io.kenbun.lite.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The statements of one connection, compiled once. A statement is in one hand at a time: who asks
 * for a text again gets the same one. Used inside a transaction; forgotten when one fails, since
 * half a batch may be left in them.
 */
public final class Statements implements AutoCloseable {
  private final Map<String, PreparedStatement> byText = new HashMap<>();
  private final Map<RowChange, RowBatch> byChange = new HashMap<>();

  public PreparedStatement of(Connection connection, String text) throws SQLException {
    PreparedStatement known = byText.get(text);
    if (known == null) {
      known = connection.prepareStatement(text);
      byText.put(text, known);
    }
    return known;
  }

  /** Returns the rows of a change, always the same ones. */
  public RowBatch of(Connection connection, RowChange change) throws SQLException {
    RowBatch known = byChange.get(change);
    if (known == null) {
      known = new RowBatch(connection, of(connection, change.text(Dialect.of(connection))), change);
      byChange.put(change, known);
    }
    return known;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : byText.values()) {
      statement.close();
    }
    byText.clear();
    byChange.clear();
  }

  /** Closes all of them; what that throws is not worth more than what went wrong before. */
  public void forget(Exception cause) {
    for (PreparedStatement statement : byText.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        cause.addSuppressed(e);
      }
    }
    byText.clear();
    byChange.clear();
  }
}
