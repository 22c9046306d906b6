package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.store.row.KeyedRow;
import io.kenbun.lite.store.row.Matching;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables of engagement rulesets and their rules. What is deleted stays in them, marked: it
 * explains what it gave, and what it gave fades on.
 */
final class Rulesets {
  private static final String LIVE = "deleted_at IS NULL";

  private Rulesets() {}

  /** Returns the unit's rulesets, in the order they were made. */
  static List<Ruleset> all(Connection connection, long unit) throws SQLException {
    Map<Long, List<Condition>> filters = Conditions.OF_RULE.all(connection, unit);
    return new Sql(
            """
            SELECT key, id, name, description, score_field, active, is_primary, start_date, end_date, created_at
            FROM ruleset WHERE unit = ? AND deleted_at IS NULL ORDER BY key""",
            unit)
        .list(
            connection,
            row ->
                new Ruleset(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getBoolean(6),
                    row.getBoolean(7),
                    window(row, 8),
                    row.getLong(10),
                    rules(connection, row.getLong(1), filters)));
  }

  /** Returns the rules of a ruleset, with {@code filters} by their keys. */
  private static List<Rule> rules(
      Connection connection, long ruleset, Map<Long, List<Condition>> filters) throws SQLException {
    return new Sql(
            """
            SELECT key, id, event_type, weight, active, start_date, end_date, priority, half_life_days,
              created_at, updated_at
            FROM rule WHERE ruleset = ? AND deleted_at IS NULL ORDER BY priority, key""",
            ruleset)
        .list(
            connection,
            row ->
                new Rule(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getBoolean(5),
                    filters.getOrDefault(row.getLong(1), List.of()),
                    window(row, 6),
                    row.getInt(8),
                    Sql.optionalInt(row, 9),
                    row.getLong(10),
                    row.getLong(11)));
  }

  /** Returns the last half-lives, by key, of rules that were deleted. */
  static Map<Long, Integer> retiredHalfLives(Connection connection, long unit) throws SQLException {
    Map<Long, Integer> halfLives = new HashMap<>();
    new Sql(
            """
            SELECT r.key, r.half_life_days FROM rule r JOIN ruleset s ON s.key = r.ruleset
            WHERE s.unit = ? AND r.deleted_at IS NOT NULL AND r.half_life_days IS NOT NULL""",
            unit)
        .list(connection, row -> halfLives.put(row.getLong(1), row.getInt(2)));
    return halfLives;
  }

  /**
   * Returns the key of the {@link io.kenbun.lite.model.RuleSetup#primaryRuleset primary ruleset}, 0
   * for none.
   */
  static long primary(Connection connection, long unit) throws SQLException {
    List<Long> first =
        new Sql(
                """
                SELECT key FROM ruleset WHERE unit = ? AND deleted_at IS NULL AND (is_primary = 1 OR active = 1)
                ORDER BY is_primary DESC, CASE WHEN is_primary = 1 THEN 0 ELSE created_at END, key LIMIT 1""",
                unit)
            .numbers(connection);
    return first.isEmpty() ? 0 : first.get(0);
  }

  /** Keeps what is said about a ruleset, but not its rules; returns its key. */
  static long save(Connection connection, long unit, Ruleset ruleset, long nowMillis)
      throws SQLException {
    if (ruleset.primary()) {
      new Sql("UPDATE ruleset SET is_primary = 0 WHERE unit = ?", unit).run(connection);
    }
    return KeyedRow.ofUnit(connection, "ruleset", unit, ruleset.id(), ruleset.key())
        .set("name", ruleset.name())
        .set("description", ruleset.description())
        .set("score_field", ruleset.scoreField())
        .set("active", ruleset.active())
        .set("is_primary", ruleset.primary())
        .set("start_date", text(ruleset.window().start()))
        .set("end_date", text(ruleset.window().end()))
        .once("created_at", nowMillis)
        .save();
  }

  static int delete(Connection connection, long unit, long key, long nowMillis)
      throws SQLException {
    new Sql(
            """
            UPDATE rule SET deleted_at = ? WHERE deleted_at IS NULL
              AND ruleset = (SELECT key FROM ruleset WHERE key = ? AND unit = ?)""",
            nowMillis,
            key,
            unit)
        .run(connection);
    DecayRules.deleteOfRuleset(connection, unit, key);
    Triggers.deleteOfRuleset(connection, unit, key);
    return new Sql(
            """
            UPDATE ruleset SET deleted_at = ?, active = 0, is_primary = 0
            WHERE key = ? AND unit = ? AND deleted_at IS NULL""",
            nowMillis,
            key,
            unit)
        .run(connection);
  }

  /** Keeps a rule, last in order when it is new; returns its key. */
  static long saveRule(Connection connection, long ruleset, Rule rule, long nowMillis)
      throws SQLException {
    int priority = rule.priority();
    if (rule.key() == 0) {
      priority =
          (int)
              new Sql(
                      "SELECT coalesce(max(priority), -1) + 1 FROM rule WHERE ruleset = ? AND "
                          + LIVE,
                      ruleset)
                  .number(connection);
    }
    return writeRule(connection, ruleset, rule.key(), rule, priority, nowMillis);
  }

  private static long writeRule(
      Connection connection, long ruleset, long known, Rule rule, int priority, long nowMillis)
      throws SQLException {
    if (known == 0) {
      KeyedRow.requireFree(connection, "rule", rule.id());
    }
    KeyedRow row =
        KeyedRow.ofRuleset(connection, "rule", ruleset, rule.id(), known)
            .set("event_type", rule.eventType())
            .set("weight", rule.weight())
            .set("active", rule.active())
            .set("start_date", text(rule.window().start()))
            .set("end_date", text(rule.window().end()))
            .set("priority", priority)
            .set("half_life_days", rule.halfLifeDays())
            .once("created_at", nowMillis);
    boolean differs = !Conditions.OF_RULE.list(connection, known).equals(rule.filters());
    long key = row.changedAt(nowMillis, differs).save();
    if (differs) {
      Conditions.OF_RULE.replace(connection, key, rule.filters());
    }
    // A rule makes its event type known before the first event of it.
    new Sql(
            """
            INSERT INTO event_type (unit, name, events) SELECT unit, ?, 0 FROM ruleset WHERE key = ?
            ON CONFLICT DO NOTHING""",
            rule.eventType(),
            ruleset)
        .run(connection);
    return key;
  }

  static int deleteRule(Connection connection, long key, long nowMillis) throws SQLException {
    return new Sql("UPDATE rule SET deleted_at = ? WHERE key = ? AND " + LIVE, nowMillis, key)
        .run(connection);
  }

  /** Gives rules the order of {@code keys}; only those that move count as changed. */
  static int reorder(Connection connection, long ruleset, List<Long> keys, long nowMillis)
      throws SQLException {
    int moved = 0;
    for (int i = 0; i < keys.size(); i++) {
      moved +=
          new Sql(
                  """
                  UPDATE rule SET priority = ?, updated_at = ?
                  WHERE key = ? AND ruleset = ? AND priority <> ? AND deleted_at IS NULL""",
                  i,
                  nowMillis,
                  keys.get(i),
                  ruleset,
                  i)
              .run(connection);
    }
    return moved;
  }

  static int saveHalfLives(Connection connection, Map<Long, Integer> daysByRule, long nowMillis)
      throws SQLException {
    int changed = 0;
    for (Map.Entry<Long, Integer> rule : daysByRule.entrySet()) {
      changed +=
          new Sql(
                  """
                  UPDATE rule SET half_life_days = ?, updated_at = ?
                  WHERE key = ? AND half_life_days IS DISTINCT FROM ? AND deleted_at IS NULL""",
                  rule.getValue(),
                  nowMillis,
                  rule.getKey(),
                  rule.getValue())
              .run(connection);
    }
    return changed;
  }

  /**
   * Brings the rulesets that are named in line, with exactly the rules given.
   *
   * @return the keys of the rulesets by the keys that {@code wanted} gives them
   */
  static Map<Long, Long> apply(
      Connection connection, long unit, List<Ruleset> wanted, long nowMillis) throws SQLException {
    for (Ruleset ruleset : wanted) {
      revive(connection, "ruleset", "unit", unit, ruleset.id());
    }
    Matching<Ruleset> kept = new Matching<>(all(connection, unit), Ruleset::id, Ruleset::name);
    Map<Long, Long> keys = new HashMap<>();
    for (Ruleset ruleset : wanted) {
      long known = kept.takeKey(ruleset, Ruleset::key);
      long key = save(connection, unit, withKey(ruleset, known), nowMillis);
      keys.put(ruleset.key(), key);
      applyRules(connection, key, ruleset.rules(), nowMillis);
    }
    return keys;
  }

  private static void applyRules(
      Connection connection, long ruleset, List<Rule> wanted, long nowMillis) throws SQLException {
    for (Rule rule : wanted) {
      revive(connection, "rule", "ruleset", ruleset, rule.id());
    }
    long unit = new Sql("SELECT unit FROM ruleset WHERE key = ?", ruleset).number(connection);
    Matching<Rule> kept =
        new Matching<>(
            rules(connection, ruleset, Conditions.OF_RULE.all(connection, unit)),
            Rule::id,
            rule -> List.of(rule.eventType(), rule.filters()));
    for (Rule rule : wanted) {
      long known = kept.takeKey(rule, Rule::key);
      writeRule(connection, ruleset, known, rule, rule.priority(), nowMillis);
    }
    for (Rule gone : kept.left()) {
      deleteRule(connection, gone.key(), nowMillis);
    }
  }

  /** What was deleted and is named again by its id is the same again. */
  private static void revive(
      Connection connection, String table, String ownerColumn, long owner, String id)
      throws SQLException {
    new Sql("UPDATE " + table + " SET deleted_at = NULL")
        .where("id = ?", id)
        .where(ownerColumn + " = ?", owner)
        .run(connection);
  }

  private static Ruleset withKey(Ruleset ruleset, long key) {
    return new Ruleset(
        key,
        ruleset.id(),
        ruleset.name(),
        ruleset.description(),
        ruleset.scoreField(),
        ruleset.active(),
        ruleset.primary(),
        ruleset.window(),
        ruleset.createdAtMillis(),
        List.of());
  }

  private static DateWindow window(ResultSet row, int column) throws SQLException {
    return new DateWindow(date(row.getString(column)), date(row.getString(column + 1)));
  }

  private static @Nullable LocalDate date(@Nullable String text) {
    return text == null ? null : LocalDate.parse(text);
  }

  private static @Nullable String text(@Nullable LocalDate date) {
    return date == null ? null : date.toString();
  }
}
