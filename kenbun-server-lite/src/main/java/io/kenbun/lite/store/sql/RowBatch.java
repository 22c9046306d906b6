package io.kenbun.lite.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into a {@link RowChange}, set as parameters of a statement are: each column of
 * each row, then {@link #add}. For one transaction, in one hand at a time.
 */
public final class RowBatch {
  private static final int FIRST_ROWS = 64;

  private final Connection connection;
  private final PreparedStatement statement;
  private final List<String> types;
  private final @Nullable Object @Nullable [][] columns; // By column and row; null: SQLite.
  private int rows;

  RowBatch(Connection connection, PreparedStatement statement, RowChange change) {
    this.connection = connection;
    this.statement = statement;
    this.types = change.types();
    if (Dialect.of(connection) == Dialect.SQLITE) {
      columns = null;
    } else {
      columns = new Object[types.size()][];
      for (int i = 0; i < columns.length; i++) {
        columns[i] =
            switch (types.get(i)) { // Of arrays of just these the driver makes binary ones.
              case "bigint" -> new Long[FIRST_ROWS];
              case "float8" -> new Double[FIRST_ROWS];
              case "text" -> new String[FIRST_ROWS];
              case "bytea" -> new byte[FIRST_ROWS][];
              default -> throw new IllegalArgumentException("no such type: " + types.get(i));
            };
      }
    }
  }

  public void setLong(int at, long value) throws SQLException {
    if (columns == null) {
      statement.setLong(at, value);
    } else {
      columns[at - 1][rows] = value;
    }
  }

  public void setDouble(int at, double value) throws SQLException {
    if (columns == null) {
      statement.setDouble(at, value);
    } else {
      columns[at - 1][rows] = value;
    }
  }

  public void setString(int at, @Nullable String value) throws SQLException {
    if (columns == null) {
      statement.setString(at, value);
    } else {
      columns[at - 1][rows] = value;
    }
  }

  public void setBytes(int at, byte[] value) throws SQLException {
    if (columns == null) {
      statement.setBytes(at, value);
    } else {
      columns[at - 1][rows] = value;
    }
  }

  public void setNull(int at) throws SQLException {
    if (columns == null) {
      statement.setNull(at, Types.NULL);
    } else {
      columns[at - 1][rows] = null;
    }
  }

  /** Ends a row. */
  public void add() throws SQLException {
    rows++;
    if (columns == null) {
      statement.addBatch();
    } else if (rows == columns[0].length) {
      for (int i = 0; i < columns.length; i++) {
        columns[i] = Arrays.copyOf(columns[i], 2 * rows);
      }
    }
  }

  /** Runs the change for the rows so far, if there are any. */
  public void execute() throws SQLException {
    if (rows == 0) {
      return;
    }
    if (columns == null) {
      statement.executeBatch();
    } else {
      for (int i = 0; i < columns.length; i++) {
        @Nullable Object[] column = Arrays.copyOf(columns[i], rows);
        statement.setArray(i + 1, connection.createArrayOf(types.get(i), column));
      }
      statement.executeUpdate();
    }
    rows = 0;
  }
}
