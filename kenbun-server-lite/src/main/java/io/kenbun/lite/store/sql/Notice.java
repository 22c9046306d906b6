package io.kenbun.lite.store.sql;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What nodes that share a PostgreSQL tell each other, with the commit of the transaction.
 *
 * <pre>
 *   NOTIFY kenbun, 'rules'            a state of this name has another version
 *   NOTIFY kenbun, 'destination:17'   deliveries of the destination of this key were changed by hand
 *   NOTIFY kenbun, 'ask:DUTY:ticket', 'did:ticket'   who does a duty has nothing left to do, see DutyRounds
 * </pre>
 */
public final class Notice {
  private static final String DESTINATION = "destination:";

  private Notice() {}

  /** Has the others told that a state has another version. */
  public static void ofState(Connection connection, String state) throws SQLException {
    send(connection, state);
  }

  /** Has who sends webhooks told that a destination's deliveries were changed by hand. */
  static void ofDestination(Connection connection, long key) throws SQLException {
    send(connection, DESTINATION + key);
  }

  /** Has every node told, this one too. */
  public static void send(Connection connection, String text) throws SQLException {
    new Sql("SELECT count(pg_notify('kenbun', ?))", text).number(connection);
  }

  /** Has the connection told from now on. */
  public static void listen(Connection connection) throws SQLException {
    Database.execute(connection, "LISTEN kenbun");
  }

  /** Returns the key of the destination that a notice is about, null when it is about a state. */
  public static @Nullable Long destination(String notice) {
    return notice.startsWith(DESTINATION)
        ? Long.valueOf(notice.substring(DESTINATION.length()))
        : null;
  }
}
