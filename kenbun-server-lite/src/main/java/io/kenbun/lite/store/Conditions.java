package io.kenbun.lite.store;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** The conditions of one rule or filter, in their order. */
enum Conditions {
  OF_RULE("rule_filter", "rule"),
  OF_METADATA_FILTER("metadata_filter_condition", "filter");

  private final String table;
  private final String owner;

  Conditions(String table, String owner) {
    this.table = table;
    this.owner = owner;
  }

  List<Condition> list(Connection connection, long key) throws SQLException {
    return new Sql("SELECT field, operator, value FROM " + table)
        .where(owner + " = ?", key)
        .end(" ORDER BY position")
        .list(
            connection,
            row -> new Condition(row.getString(1), operator(row.getString(2)), row.getString(3)));
  }

  /** Puts {@code conditions} in the place of those there are. */
  void replace(Connection connection, long key, List<Condition> conditions) throws SQLException {
    delete(connection, key);
    for (int i = 0; i < conditions.size(); i++) {
      Condition condition = conditions.get(i);
      new Sql(
              "INSERT INTO "
                  + table
                  + " ("
                  + owner
                  + ", position, field, operator, value)"
                  + " VALUES (?, ?, ?, ?, ?)",
              key,
              i,
              condition.field(),
              condition.operator().wireName(),
              condition.value())
          .run(connection);
    }
  }

  void delete(Connection connection, long key) throws SQLException {
    new Sql("DELETE FROM " + table).where(owner + " = ?", key).run(connection);
  }

  /** Returns the operator as it was kept. */
  static Operator operator(String wireName) {
    return Objects.requireNonNull(Operator.of(wireName), "operator == null");
  }
}
