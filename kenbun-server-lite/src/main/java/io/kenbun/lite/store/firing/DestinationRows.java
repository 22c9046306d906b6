package io.kenbun.lite.store.firing;

import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where webhooks go, and how they fared, as rows; within transactions of the writing connection.
 */
final class DestinationRows {
  private static final String INSERT =
      "INSERT INTO destination (unit, url, auth_header, signing_secret) VALUES (?, ?, ?, ?)";
  private static final String SELECT =
      """
      SELECT key, off_at FROM destination
      WHERE unit = ? AND url = ? AND auth_header IS NOT DISTINCT FROM ?
        AND signing_secret IS NOT DISTINCT FROM ?""";

  private final Statements statements;

  DestinationRows(Statements statements) {
    this.statements = statements;
  }

  /** A row of the table. */
  record Known(long key, boolean isOff) {}

  /** Finds the row of a URL with its header and its secret, or makes it. */
  Known known(
      Connection connection,
      long unit,
      String url,
      @Nullable String authHeader,
      @Nullable String signingSecret)
      throws SQLException {
    for (String text : List.of(SELECT, INSERT, SELECT)) {
      PreparedStatement statement = statements.of(connection, text);
      statement.setLong(1, unit);
      statement.setString(2, url);
      statement.setString(3, authHeader);
      statement.setString(4, signingSecret);
      if (text.equals(INSERT)) {
        statement.executeUpdate();
        continue;
      }
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          return new Known(row.getLong(1), Sql.optionalLong(row, 2) != null);
        }
      }
    }
    throw new IllegalStateException("a destination was made and is not there");
  }

  /** Writes what tries say of their receivers; the last one of a receiver counts. */
  static void keepHealth(Connection connection, List<Deliveries.Tried> tried) throws SQLException {
    Map<Long, Deliveries.Tried> last = new LinkedHashMap<>();
    for (Deliveries.Tried one : tried) {
      last.put(one.destination(), one);
      if (one.outcome() == Deliveries.Outcome.OFF) {
        new Sql(
                "UPDATE destination SET off_at = ? WHERE key = ?",
                one.atMillis(),
                one.destination())
            .run(connection);
        new Sql(
                """
                UPDATE delivery SET state = 'off', next_at = NULL, done_at = ?
                WHERE destination = ? AND state = 'pending'""",
                one.atMillis(),
                one.destination())
            .run(connection);
      }
    }
    for (Deliveries.Tried one : last.values()) {
      switch (one.outcome()) {
        case DELIVERED ->
            new Sql(
                    """
                    UPDATE destination SET failures = 0, delivered_at = ?, off_at = NULL
                    WHERE key = ?""",
                    one.atMillis(),
                    one.destination())
                .run(connection);
        case AGAIN, FAILED ->
            new Sql(
                    "UPDATE destination SET failures = failures + 1 WHERE key = ?",
                    one.destination())
                .run(connection);
        case OFF -> {}
      }
    }
  }
}
