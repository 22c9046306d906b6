package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.store.row.KeyedRow;
import io.kenbun.lite.store.row.Matching;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** The tables of profile mappings, profile rulesets and their rules. */
final class Profiles {
  private Profiles() {}

  /** Returns the unit's mappings, in the order they were made. */
  static List<ProfileMapping> mappings(Connection connection, long unit) throws SQLException {
    return new Sql(
            """
            SELECT key, id, metadata_key, profile_field, update_behavior, created_at
            FROM profile_mapping WHERE unit = ? ORDER BY key""",
            unit)
        .list(
            connection,
            row ->
                new ProfileMapping(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    Objects.requireNonNull(
                        UpdateBehavior.of(row.getString(5)), "updateBehavior == null"),
                    row.getLong(6)));
  }

  /** Returns the unit's profile rulesets, in the order they were made. */
  static List<ProfileRuleset> rulesets(Connection connection, long unit) throws SQLException {
    return new Sql(
            """
            SELECT key, id, name, description, active, is_primary, created_at, updated_at
            FROM profile_ruleset WHERE unit = ? AND deleted = 0 ORDER BY key""",
            unit)
        .list(
            connection,
            row ->
                new ProfileRuleset(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getBoolean(5),
                    row.getBoolean(6),
                    row.getLong(7),
                    row.getLong(8),
                    rules(connection, row.getLong(1))));
  }

  private static List<ProfileRule> rules(Connection connection, long ruleset) throws SQLException {
    return new Sql(
            """
            SELECT key, id, profile_field, operator, value, weight, active, created_at, updated_at
            FROM profile_rule WHERE ruleset = ? ORDER BY key""",
            ruleset)
        .list(
            connection,
            row ->
                new ProfileRule(
                    row.getLong(1),
                    row.getString(2),
                    new Condition(
                        row.getString(3), Conditions.operator(row.getString(4)), row.getString(5)),
                    row.getInt(6),
                    row.getBoolean(7),
                    row.getLong(8),
                    row.getLong(9)));
  }

  static long save(
      Connection connection, long unit, long known, ProfileMapping mapping, long nowMillis)
      throws SQLException {
    return KeyedRow.ofUnit(connection, "profile_mapping", unit, mapping.id(), known)
        .set("metadata_key", mapping.metadataKey())
        .set("profile_field", mapping.profileField())
        .set("update_behavior", mapping.updateBehavior().wireName())
        .once("created_at", nowMillis)
        .save();
  }

  static int deleteMapping(Connection connection, long unit, long key) throws SQLException {
    return KeyedRow.delete(connection, "profile_mapping", unit, key);
  }

  static long save(
      Connection connection, long unit, long known, ProfileRuleset ruleset, long nowMillis)
      throws SQLException {
    if (ruleset.primary()) {
      new Sql("UPDATE profile_ruleset SET is_primary = 0 WHERE unit = ? AND key <> ?", unit, known)
          .run(connection);
    }
    return KeyedRow.ofUnit(connection, "profile_ruleset", unit, ruleset.id(), known)
        .set("name", ruleset.name())
        .set("description", ruleset.description())
        .set("active", ruleset.active())
        .set("is_primary", ruleset.primary())
        .changedAt(nowMillis, false)
        .once("created_at", nowMillis)
        .save();
  }

  static int deleteRuleset(Connection connection, long unit, long key) throws SQLException {
    int deleted =
        new Sql(
                """
                UPDATE profile_ruleset SET deleted = 1, active = 0, is_primary = 0
                WHERE key = ? AND unit = ?""",
                key,
                unit)
            .run(connection);
    if (deleted > 0) {
      new Sql("DELETE FROM profile_rule WHERE ruleset = ?", key).run(connection);
    }
    return deleted;
  }

  static long saveRule(
      Connection connection, long ruleset, long known, ProfileRule rule, long nowMillis)
      throws SQLException {
    return KeyedRow.ofRuleset(connection, "profile_rule", ruleset, rule.id(), known)
        .set("profile_field", rule.condition().field())
        .set("operator", rule.condition().operator().wireName())
        .set("value", rule.condition().value())
        .set("weight", rule.weight())
        .set("active", rule.active())
        .changedAt(nowMillis, false)
        .once("created_at", nowMillis)
        .save();
  }

  static int deleteRule(Connection connection, long ruleset, long key) throws SQLException {
    return new Sql("DELETE FROM profile_rule WHERE key = ? AND ruleset = ?", key, ruleset)
        .run(connection);
  }

  /** Brings those mappings that are named in line; without an id, what is copied names them. */
  static void applyMappings(
      Connection connection, long unit, List<ProfileMapping> wanted, long nowMillis)
      throws SQLException {
    Matching<ProfileMapping> kept =
        new Matching<>(
            mappings(connection, unit),
            ProfileMapping::id,
            mapping -> List.of(mapping.metadataKey(), mapping.profileField()));
    for (ProfileMapping mapping : wanted) {
      long known = kept.takeKey(mapping, ProfileMapping::key);
      save(connection, unit, known, mapping, nowMillis);
    }
  }

  /** Brings those rulesets that are named in line, with exactly the rules given. */
  static void applyRulesets(
      Connection connection, long unit, List<ProfileRuleset> wanted, long nowMillis)
      throws SQLException {
    for (ProfileRuleset ruleset : wanted) {
      // What was deleted and is named again by its id is the same again.
      new Sql("UPDATE profile_ruleset SET deleted = 0")
          .where("unit = ?", unit)
          .where("id = ?", ruleset.id())
          .run(connection);
    }
    Matching<ProfileRuleset> kept =
        new Matching<>(rulesets(connection, unit), ProfileRuleset::id, ProfileRuleset::name);
    for (ProfileRuleset ruleset : wanted) {
      long known = kept.takeKey(ruleset, ProfileRuleset::key);
      long key = save(connection, unit, known, ruleset, nowMillis);
      applyRules(connection, key, ruleset.rules(), nowMillis);
    }
  }

  private static void applyRules(
      Connection connection, long ruleset, List<ProfileRule> wanted, long nowMillis)
      throws SQLException {
    Matching<ProfileRule> kept =
        new Matching<>(rules(connection, ruleset), ProfileRule::id, ProfileRule::condition);
    for (ProfileRule rule : wanted) {
      long known = kept.takeKey(rule, ProfileRule::key);
      saveRule(connection, ruleset, known, rule, nowMillis);
    }
    for (ProfileRule gone : kept.left()) {
      deleteRule(connection, ruleset, gone.key());
    }
  }
}
