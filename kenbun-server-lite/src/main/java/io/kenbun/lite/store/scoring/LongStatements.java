package io.kenbun.lite.store.scoring;

import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Statements of one transaction whose parameters are numbers, keys mostly. */
final class LongStatements {
  private final Connection connection;
  private final Statements statements;

  LongStatements(Connection connection, Statements statements) {
    this.connection = connection;
    this.statements = statements;
  }

  /** Returns the statement with its first parameters set. */
  PreparedStatement prepared(String text, long... parameters) throws SQLException {
    PreparedStatement statement = statements.of(connection, text);
    for (int i = 0; i < parameters.length; i++) {
      statement.setLong(i + 1, parameters[i]);
    }
    return statement;
  }

  void update(String text, long... parameters) throws SQLException {
    prepared(text, parameters).executeUpdate();
  }

  /** Runs a query whose answer is one number. */
  long number(String text, long... parameters) throws SQLException {
    return Sql.number(prepared(text, parameters));
  }

  /** Runs a query whose answer is a column of numbers. */
  List<Long> numbers(String text, long... parameters) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rows = prepared(text, parameters).executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }
}
