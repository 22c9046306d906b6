package io.kenbun.lite.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query put together from fixed pieces, with its parameters beside them: what comes from outside
 * is only ever a parameter. A value; each method returns a new one.
 */
public final class Sql {
  private final String text;
  private final boolean filtered;
  private final List<@Nullable Object> parameters;

  public Sql(String text, @Nullable Object... parameters) {
    this(text, false, Arrays.asList(parameters));
  }

  private Sql(String text, boolean filtered, List<@Nullable Object> parameters) {
    this.text = text;
    this.filtered = filtered;
    this.parameters = parameters;
  }

  /** Adds a condition with one parameter; nothing when {@code parameter} is null. */
  public Sql where(String condition, @Nullable Object parameter) {
    if (parameter == null) {
      return this;
    }
    return new Sql(text + (filtered ? " AND " : " WHERE ") + condition, true, with(parameter));
  }

  /** Puts the columns before a text that starts with FROM. */
  public Sql before(String select) {
    return new Sql(select + " " + text, filtered, parameters);
  }

  /** Adds what comes last. */
  public Sql end(String tail, Object... more) {
    return new Sql(text + tail, filtered, with(more));
  }

  /** Adds another query, with its parameters. */
  public Sql and(Sql other) {
    return new Sql(text + other.text, filtered, with(other.parameters.toArray()));
  }

  private List<@Nullable Object> with(@Nullable Object... more) {
    List<@Nullable Object> all = new ArrayList<>(parameters);
    all.addAll(Arrays.asList(more));
    return all;
  }

  public PreparedStatement in(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    for (int i = 0; i < parameters.size(); i++) {
      set(statement, i + 1, parameters.get(i));
    }
    return statement;
  }

  /**
   * Sets a parameter; a flag is 0 or 1, as flags are kept. What has no place in a text of
   * PostgreSQL, which is the character of code 0, becomes U+FFFD there.
   */
  public static void set(PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    if (value instanceof Boolean flag) {
      statement.setInt(at, flag ? 1 : 0);
    } else if (value instanceof String text
        && text.indexOf(0) >= 0
        && Dialect.of(statement.getConnection()) == Dialect.POSTGRES) {
      statement.setString(at, text.replace('\0', '\ufffd'));
    } else {
      statement.setObject(at, value);
    }
  }

  /** Returns what is put behind a column that is to be one of {@code count} parameters. */
  public static String in(String column, int count) {
    return count == 0 ? column + " IS NULL" : column + " IN (?" + ",?".repeat(count - 1) + ")";
  }

  /** Runs a change; returns how many rows it changed. */
  public int run(Connection connection) throws SQLException {
    try (PreparedStatement change = in(connection)) {
      return change.executeUpdate();
    }
  }

  /** Reads one row. */
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs a query; returns what {@code row} makes of each row. */
  public <T> List<T> list(Connection connection, Row<T> row) throws SQLException {
    List<T> list = new ArrayList<>();
    try (PreparedStatement select = in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        list.add(row.read(rows));
      }
    }
    return list;
  }

  /** Reads a number that may be NULL; {@code wasNull} must be asked before the next column is. */
  public static @Nullable Long optionalLong(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** Runs a query whose answer is a column of numbers. */
  public List<Long> numbers(Connection connection) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (PreparedStatement select = in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  public static @Nullable Integer optionalInt(ResultSet row, int column) throws SQLException {
    Long value = optionalLong(row, column);
    return value == null ? null : Math.toIntExact(value);
  }

  /** Runs a query whose answer is one number. */
  public long number(Connection connection) throws SQLException {
    try (PreparedStatement select = in(connection)) {
      return number(select);
    }
  }

  /** Runs a query whose answer is one number, with its parameters set. */
  public static long number(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("a question for one number has no answer");
      }
      long number = row.getLong(1);
      row.next(); // A change that returns something is done when that is read to its end.
      return number;
    }
  }
}
