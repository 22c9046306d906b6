package io.kenbun.lite.store.sql;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A change that many rows have in common, with their columns as parameters. SQLite runs it once for
 * each row. PostgreSQL is given an array for each column and runs it once for all: it spends half
 * of its time on starting and ending statements otherwise.
 *
 * <pre>
 *   SQLite      INSERT INTO t (a, b) VALUES (?, ?)
 *   PostgreSQL  INSERT INTO t (a, b) SELECT * FROM unnest(?::bigint[], ?::text[])
 *   SQLite      UPDATE t SET a = ? WHERE key = ?
 *   PostgreSQL  UPDATE t SET a = n.a FROM unnest(?::bigint[], ?::bigint[]) AS n (a, key) WHERE t.key = n.key
 * </pre>
 *
 * <p>A value. In one batch no two rows may be about the same row of the table.
 */
public final class RowChange {
  private final String table;
  private final List<String> names;
  private final List<String> types;
  private final boolean update;
  private final String conflict;

  private RowChange(
      String table, List<String> names, List<String> types, boolean update, String conflict) {
    this.table = table;
    this.names = names;
    this.types = types;
    this.update = update;
    this.conflict = conflict;
  }

  /**
   * Returns one that inserts.
   *
   * @param columns {@code name type, …}: of bigint, float8, text and bytea
   */
  public static RowChange insert(String table, String columns) {
    return of(table, columns, false);
  }

  /** Returns one that updates the rows that the last of the columns names. */
  public static RowChange update(String table, String columns) {
    return of(table, columns, true);
  }

  private static RowChange of(String table, String columns, boolean update) {
    List<String[]> parts =
        Arrays.stream(columns.split(",", -1)).map(part -> part.strip().split(" +", -1)).toList();
    return new RowChange(
        table,
        parts.stream().map(part -> part[0]).toList(),
        parts.stream().map(part -> part[1]).toList(),
        update,
        "");
  }

  /** Returns the same that says what to do about a row that is there. */
  public RowChange onConflict(String clause) {
    return new RowChange(table, names, types, update, " ON CONFLICT " + clause);
  }

  /** Returns the type of each column. */
  List<String> types() {
    return types;
  }

  String text(Dialect dialect) {
    boolean each = dialect == Dialect.SQLITE;
    if (update) {
      String key = names.get(names.size() - 1);
      String set =
          names.subList(0, names.size() - 1).stream()
              .map(name -> name + " = " + (each ? "?" : "n." + name))
              .collect(Collectors.joining(", "));
      return "UPDATE "
          + table
          + " SET "
          + set
          + (each
              ? " WHERE " + key + " = ?"
              : " FROM "
                  + arrays()
                  + " AS n ("
                  + list()
                  + ") WHERE "
                  + table
                  + "."
                  + key
                  + " = n."
                  + key);
    }
    String rows =
        each ? "VALUES (?" + ", ?".repeat(names.size() - 1) + ")" : "SELECT * FROM " + arrays();
    return "INSERT INTO " + table + " (" + list() + ") " + rows + conflict;
  }

  private String list() {
    return String.join(", ", names);
  }

  private String arrays() {
    return types.stream()
        .map(type -> "?::" + type + "[]")
        .collect(Collectors.joining(", ", "unnest(", ")"));
  }
}
