package io.kenbun.lite.store.row;

import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table that keeps what people set up, to be inserted or brought in line: its columns
 * are written down once for both. Names of tables and columns are fixed words of this package;
 * values are only ever parameters. One use, one thread.
 */
public final class KeyedRow {
  private final Connection connection;
  private final String table;
  private final String ownerColumn;
  private final long owner;
  private final boolean isNew;
  private final long key;
  private final List<Column> columns = new ArrayList<>();

  private enum Kind {
    /** Written at both. */
    SET,
    /** Written when the row is made, and left alone after. */
    ONCE,
    /** A time: when what it watches was last changed. */
    STAMP
  }

  private record Column(String name, @Nullable Object value, Kind kind, List<String> watched) {}

  private KeyedRow(
      Connection connection, String table, String ownerColumn, long owner, String id, long key)
      throws SQLException {
    this.connection = connection;
    this.table = table;
    this.ownerColumn = ownerColumn;
    this.owner = owner;
    this.isNew = key == 0;
    this.key = isNew ? nextKey(connection, table, id.isEmpty()) : key;
    columns.add(new Column(ownerColumn, owner, Kind.ONCE, List.of()));
    columns.add(new Column("id", id.isEmpty() ? table + "_" + this.key : id, Kind.ONCE, List.of()));
  }

  /**
   * Begins a row of a unit.
   *
   * @param id what a new one is called; empty: the table's name and its key
   * @param key 0 for a new one
   */
  public static KeyedRow ofUnit(Connection connection, String table, long unit, String id, long key)
      throws SQLException {
    return new KeyedRow(connection, table, "unit", unit, id, key);
  }

  /** Begins a row of a ruleset. */
  public static KeyedRow ofRuleset(
      Connection connection, String table, long ruleset, String id, long key) throws SQLException {
    return new KeyedRow(connection, table, "ruleset", ruleset, id, key);
  }

  /** Returns a key that no row of the table has ever had, and whose id is free as well. */
  private static long nextKey(Connection connection, String table, boolean namesIt)
      throws SQLException {
    long next;
    do {
      // Two statements: RETURNING changes nothing until it is read to its end.
      new Sql("UPDATE last_key SET key = key + 1 WHERE name = ?", table).run(connection);
      next = new Sql("SELECT key FROM last_key WHERE name = ?", table).number(connection);
    } while (namesIt && isTaken(connection, table, table + "_" + next));
    return next;
  }

  /**
   * Refuses an id that another row has, in a table whose ids are the same for all units.
   *
   * @throws TakenIdException when it is taken
   */
  public static void requireFree(Connection connection, String table, String id)
      throws SQLException {
    if (isTaken(connection, table, id)) {
      throw new TakenIdException(table, id);
    }
  }

  /** Deletes the unit's row of that key; returns how many rows that were, 0 or 1. */
  public static int delete(Connection connection, String table, long unit, long key)
      throws SQLException {
    return new Sql("DELETE FROM " + table + " WHERE key = ? AND unit = ?", key, unit)
        .run(connection);
  }

  private static boolean isTaken(Connection connection, String table, String id)
      throws SQLException {
    return new Sql("SELECT count(*) FROM " + table + " WHERE id = ?", id).number(connection) > 0;
  }

  public KeyedRow set(String column, @Nullable Object value) {
    columns.add(new Column(column, value, Kind.SET, List.of()));
    return this;
  }

  public KeyedRow once(String column, @Nullable Object value) {
    columns.add(new Column(column, value, Kind.ONCE, List.of()));
    return this;
  }

  /** Keeps when one of the {@code watched} columns was last given another value. */
  public KeyedRow stamp(String column, long nowMillis, String... watched) {
    columns.add(new Column(column, nowMillis, Kind.STAMP, List.of(watched)));
    return this;
  }

  /** Keeps when any column set so far was last changed, or something else of it that did now. */
  public KeyedRow changedAt(long nowMillis, boolean somethingElse) {
    if (somethingElse) {
      return set("updated_at", nowMillis);
    }
    List<String> all = columns.stream().filter(c -> c.kind == Kind.SET).map(Column::name).toList();
    return stamp("updated_at", nowMillis, all.toArray(String[]::new));
  }

  /** Writes the row and returns its key. A row that was deleted meanwhile stays so. */
  public long save() throws SQLException {
    if (isNew) {
      insert();
    } else {
      update();
    }
    return key;
  }

  private void insert() throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    StringBuilder names = new StringBuilder("key");
    values.add(key);
    for (Column column : columns) {
      names.append(", ").append(column.name);
      values.add(column.value);
    }
    String marks = String.join(", ", Collections.nCopies(values.size(), "?"));
    run("INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")", values);
  }

  private void update() throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    for (Column column : columns) {
      switch (column.kind) {
        case ONCE -> {}
        case SET -> {
          changes.add(column.name + " = ?");
          values.add(column.value);
        }
        case STAMP -> changes.add(stamped(column, values));
      }
    }
    values.add(key);
    values.add(owner);
    run(
        "UPDATE "
            + table
            + " SET "
            + String.join(", ", changes)
            + " WHERE key = ? AND "
            + ownerColumn
            + " = ?",
        values);
  }

  /** In an UPDATE each expression sees the row as it was before. */
  private String stamped(Column stamp, List<@Nullable Object> values) {
    List<String> differences = new ArrayList<>();
    for (Column column : columns) {
      if (stamp.watched.contains(column.name)) {
        differences.add(column.name + " IS DISTINCT FROM ?");
        values.add(column.value);
      }
    }
    values.add(stamp.value);
    return stamp.name
        + " = CASE WHEN "
        + String.join(" OR ", differences)
        + " THEN ? ELSE "
        + stamp.name
        + " END";
  }

  private void run(String sql, List<@Nullable Object> values) throws SQLException {
    try (PreparedStatement change = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        Sql.set(change, i + 1, values.get(i));
      }
      change.executeUpdate();
    }
  }
}
