package io.kenbun.lite.store.scoring;

import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Takes what is older than it is to be kept out of {@code kenbun.db}, a slice at a time. */
public final class Retention {
  private static final int MAX_PAGES_RETURNED = 1_024;

  private Retention() {}

  /**
   * Removes at most {@code max} events, and as many firings, from before a time. Goes from the
   * lowest seq up, which is the order of arrival, so that no index on time is needed: once among
   * the server's own events and once among those that came in.
   *
   * @return how many events were removed
   */
  public static int remove(Connection connection, long beforeMillis, int max) throws SQLException {
    Map<Long, Integer> countByType = new HashMap<>();
    int count = removeEvents(connection, Long.MIN_VALUE, -1, beforeMillis, max, countByType);
    count += removeEvents(connection, 0, Long.MAX_VALUE, beforeMillis, max - count, countByType);
    try (PreparedStatement update =
        connection.prepareStatement(Dialect.of(connection).addToEventCount())) {
      for (Map.Entry<Long, Integer> type : countByType.entrySet()) {
        update.setInt(1, -type.getValue());
        update.setLong(2, type.getKey());
        update.addBatch();
      }
      update.executeBatch();
    }
    // The history of firings goes the same way, in the order in which they fired.
    new Sql(
            """
            DELETE FROM firing WHERE key <= (SELECT max(key) FROM (
              SELECT key, fired_at FROM firing ORDER BY key LIMIT ?) oldest WHERE fired_at < ?)""",
            max,
            beforeMillis)
        .run(connection);
    if (Dialect.of(connection) == Dialect.SQLITE) {
      Database.execute(connection, "PRAGMA incremental_vacuum(" + MAX_PAGES_RETURNED + ")");
    }
    return count;
  }

  private static int removeEvents(
      Connection connection,
      long fromSeq,
      long toSeq,
      long beforeMillis,
      int max,
      Map<Long, Integer> countByType)
      throws SQLException {
    int count = 0;
    long last = fromSeq;
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT seq, event_type, received_at FROM event WHERE seq BETWEEN ? AND ?
            ORDER BY seq LIMIT ?""")) {
      select.setLong(1, fromSeq);
      select.setLong(2, toSeq);
      select.setInt(3, max);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next() && rows.getLong(3) < beforeMillis) {
          last = rows.getLong(1);
          countByType.merge(rows.getLong(2), 1, Integer::sum);
          count++;
        }
      }
    }
    if (count > 0) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM event WHERE seq BETWEEN ? AND ?")) {
        delete.setLong(1, fromSeq);
        delete.setLong(2, last);
        delete.executeUpdate();
      }
    }
    return count;
  }
}
