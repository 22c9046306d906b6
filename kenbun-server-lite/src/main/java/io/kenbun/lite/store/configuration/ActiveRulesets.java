package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Holds a unit to {@link Ruleset#MAX_ACTIVE} active rulesets of each surface. */
final class ActiveRulesets {
  private ActiveRulesets() {}

  /**
   * Checks what the transaction has come to.
   *
   * @throws IllegalArgumentException when there are too many
   */
  static void check(Connection connection, long unit) throws SQLException {
    check(connection, unit, "ruleset", "active rulesets of ");
    check(connection, unit, "profile_ruleset", "active profile rulesets of ");
  }

  private static void check(Connection connection, long unit, String table, String what)
      throws SQLException {
    long active =
        new Sql("SELECT count(*) FROM " + table + " WHERE unit = ? AND active = 1", unit)
            .number(connection);
    if (active > Ruleset.MAX_ACTIVE) {
      List<String> unitId =
          new Sql("SELECT unit_id FROM org_unit WHERE key = ?", unit)
              .list(connection, row -> row.getString(1));
      throw new IllegalArgumentException(
          what + unitId.get(0) + " > " + Ruleset.MAX_ACTIVE + ": " + active);
    }
  }
}
