package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The conditions of one rule or filter, in their order. */
enum Conditions {
  OF_RULE(
      "rule_filter",
      "rule",
      """
      SELECT c.rule, c.field, c.operator, c.value FROM ruleset s
      JOIN rule r ON r.ruleset = s.key AND r.deleted_at IS NULL JOIN rule_filter c ON c.rule = r.key
      WHERE s.unit = ? AND s.deleted_at IS NULL ORDER BY c.rule, c.position"""),
  OF_METADATA_FILTER(
      "metadata_filter_condition",
      "filter",
      """
      SELECT c.filter, c.field, c.operator, c.value FROM metadata_filter f
      JOIN metadata_filter_condition c ON c.filter = f.key
      WHERE f.unit = ? ORDER BY c.filter, c.position""");

  private final String table;
  private final String owner;
  private final String allOfUnit;

  Conditions(String table, String owner, String allOfUnit) {
    this.table = table;
    this.owner = owner;
    this.allOfUnit = allOfUnit;
  }

  List<Condition> list(Connection connection, long key) throws SQLException {
    return new Sql("SELECT field, operator, value FROM " + table)
        .where(owner + " = ?", key)
        .end(" ORDER BY position")
        .list(
            connection,
            row -> new Condition(row.getString(1), operator(row.getString(2)), row.getString(3)));
  }

  /** Returns those of all rules or filters of a unit, by their keys; who has none is not there. */
  Map<Long, List<Condition>> all(Connection connection, long unit) throws SQLException {
    Map<Long, List<Condition>> all = new HashMap<>();
    new Sql(allOfUnit, unit)
        .list(
            connection,
            row ->
                all.computeIfAbsent(row.getLong(1), key -> new ArrayList<>())
                    .add(
                        new Condition(
                            row.getString(2), operator(row.getString(3)), row.getString(4))));
    return all;
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
