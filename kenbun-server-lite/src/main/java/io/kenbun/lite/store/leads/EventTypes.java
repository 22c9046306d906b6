package io.kenbun.lite.store.leads;

import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Event types by number, since a number in each event's row is shorter than the name. Used by the
 * writing connection; forgets everything when its transaction fails.
 */
public final class EventTypes {
  private final Map<TypeKey, Long> keys = new HashMap<>();
  private final Map<Long, String> names = new HashMap<>();

  /** A type by its name. */
  public record TypeKey(long unit, String name) {}

  /** Returns the number of the type, which is registered if it is new ({@code api.md} 3.4). */
  public long key(Connection connection, long unit, String name) throws SQLException {
    TypeKey typeKey = new TypeKey(unit, name);
    Long known = keys.get(typeKey);
    if (known != null) {
      return known;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO event_type (unit, name, events) VALUES (?, ?, 0)
            ON CONFLICT (unit, name) DO UPDATE SET events = event_type.events RETURNING key""")) {
      insert.setLong(1, unit);
      insert.setString(2, name);
      long key = Sql.number(insert);
      keys.put(typeKey, key);
      names.put(key, name);
      return key;
    }
  }

  public @Nullable String name(Connection connection, long key) throws SQLException {
    String known = names.get(key);
    if (known != null) {
      return known;
    }
    try (PreparedStatement select =
        connection.prepareStatement("SELECT unit, name FROM event_type WHERE key = ?")) {
      select.setLong(1, key);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          return null;
        }
        String name = rows.getString(2);
        keys.put(new TypeKey(rows.getLong(1), name), key);
        names.put(key, name);
        return name;
      }
    }
  }

  /** Takes note of a type. */
  public void enter(long unit, String name, long key) {
    keys.put(new TypeKey(unit, name), key);
    names.put(key, name);
  }

  /** Reads those of the types that are registered, in one statement. */
  public void expect(Connection connection, Collection<TypeKey> wanted) throws SQLException {
    if (wanted.isEmpty()) {
      return;
    }
    Object[] parameters = wanted.stream().flatMap(k -> Stream.of(k.unit, k.name)).toArray();
    new Sql(
            "SELECT key, unit, name FROM event_type WHERE (unit, name) IN ((?, ?)"
                + ", (?, ?)".repeat(wanted.size() - 1)
                + ")",
            parameters)
        .list(
            connection,
            row -> {
              enter(row.getLong(2), row.getString(3), row.getLong(1));
              return row.getLong(1);
            });
  }

  public void forget() {
    keys.clear();
    names.clear();
  }
}
