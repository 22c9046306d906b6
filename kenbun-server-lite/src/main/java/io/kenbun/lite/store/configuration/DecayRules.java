package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.store.row.KeyedRow;
import io.kenbun.lite.store.row.Matching;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of decay rules. */
final class DecayRules {
  private DecayRules() {}

  /** Returns the unit's decay rules, in the order they were made. */
  static List<DecayRule> all(Connection connection, long unit) throws SQLException {
    return new Sql(
            """
            SELECT key, id, name, points, interval_days, active, ruleset, created_at, in_force_since
            FROM decay_rule WHERE unit = ? ORDER BY key""",
            unit)
        .list(
            connection,
            row ->
                new DecayRule(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getInt(5),
                    row.getBoolean(6),
                    Sql.optionalLong(row, 7),
                    row.getLong(8),
                    row.getLong(9)));
  }

  static long save(
      Connection connection,
      long unit,
      long known,
      @Nullable Long ruleset,
      DecayRule rule,
      long nowMillis)
      throws SQLException {
    return KeyedRow.ofUnit(connection, "decay_rule", unit, rule.id(), known)
        .set("name", rule.name())
        .set("points", rule.points())
        .set("interval_days", rule.intervalDays())
        .set("active", rule.active())
        .set("ruleset", ruleset)
        .once("created_at", nowMillis)
        .stamp("in_force_since", nowMillis, "points", "interval_days", "active", "ruleset")
        .save();
  }

  static int delete(Connection connection, long unit, long key) throws SQLException {
    return KeyedRow.delete(connection, "decay_rule", unit, key);
  }

  /** Removes what was for a ruleset that is no more. */
  static void deleteOfRuleset(Connection connection, long unit, long ruleset) throws SQLException {
    new Sql("DELETE FROM decay_rule WHERE unit = ? AND ruleset = ?", unit, ruleset).run(connection);
  }

  /**
   * Brings those that are named in line.
   *
   * @param rulesetKeys the keys of rulesets by those that {@code wanted} uses
   */
  static void apply(
      Connection connection,
      long unit,
      List<DecayRule> wanted,
      Map<Long, Long> rulesetKeys,
      long nowMillis)
      throws SQLException {
    Matching<DecayRule> kept =
        new Matching<>(all(connection, unit), DecayRule::id, DecayRule::name);
    for (DecayRule rule : wanted) {
      long known = kept.takeKey(rule, DecayRule::key);
      Long ruleset = rule.ruleset() == null ? null : rulesetKeys.get(rule.ruleset());
      save(connection, unit, known, ruleset, rule, nowMillis);
    }
  }
}
