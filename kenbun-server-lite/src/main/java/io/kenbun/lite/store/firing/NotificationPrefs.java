package io.kenbun.lite.store.firing;

import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What callers want to be told themselves ({@code scoring.md} 9.5). Any thread. */
public final class NotificationPrefs {
  private final Database database;
  private final ReadConnections connections;

  public NotificationPrefs(Database database, ReadConnections connections) {
    this.database = database;
    this.connections = connections;
  }

  /** One caller's, in one unit; at first all of it is wanted. */
  public record Prefs(boolean enabled, Set<NotificationType> muted) {
    public Prefs {
      muted = Set.copyOf(muted);
    }
  }

  /** Returns the preferences of {@code owner}, a client id. */
  public Prefs of(long unit, String owner) throws StorageException {
    List<Prefs> kept =
        connections.ask(
            connection ->
                new Sql(
                        "SELECT enabled, muted FROM notification_pref WHERE unit = ? AND owner = ?",
                        unit,
                        owner)
                    .list(connection, NotificationPrefs::prefs));
    return kept.isEmpty() ? new Prefs(true, Set.of()) : kept.get(0);
  }

  /** Keeps them. */
  public void save(long unit, String owner, Prefs prefs) throws StorageException {
    List<String> lines = new ArrayList<>();
    for (NotificationType type : NotificationType.values()) {
      if (prefs.muted().contains(type)) {
        lines.add(type.wireName());
      }
    }
    database.inTransaction(
        connection ->
            new Sql(
                    """
                    INSERT INTO notification_pref (unit, owner, enabled, muted) VALUES (?, ?, ?, ?)
                    ON CONFLICT (unit, owner) DO UPDATE SET enabled = excluded.enabled,
                      muted = excluded.muted""",
                    unit,
                    owner,
                    prefs.enabled(),
                    String.join("\n", lines))
                .run(connection));
  }

  /**
   * Says whether a lead's owner is to be told in person of such a firing. This server knows no
   * lead's owner: any of the unit's callers may be, so that nobody is told only when there are
   * preferences and all of them mute the type, or everything.
   */
  static boolean isWanted(Connection connection, long unit, NotificationType type)
      throws SQLException {
    List<Prefs> all =
        new Sql("SELECT enabled, muted FROM notification_pref WHERE unit = ?", unit)
            .list(connection, NotificationPrefs::prefs);
    return all.isEmpty()
        || all.stream().anyMatch(one -> one.enabled() && !one.muted().contains(type));
  }

  private static Prefs prefs(ResultSet row) throws SQLException {
    return new Prefs(row.getBoolean(1), muted(row.getString(2)));
  }

  private static Set<NotificationType> muted(String text) {
    Set<NotificationType> muted = EnumSet.noneOf(NotificationType.class);
    for (NotificationType type : NotificationType.values()) {
      if (text.lines().anyMatch(type.wireName()::equals)) {
        muted.add(type);
      }
    }
    return muted;
  }
}
