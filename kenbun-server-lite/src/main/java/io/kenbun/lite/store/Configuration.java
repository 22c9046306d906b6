package io.kenbun.lite.store;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.StorageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Units, rulesets, rules, levels and settings as they are kept. Any thread; writes wait for the
 * scoring transaction.
 */
public final class Configuration {
  private static final String ENGAGEMENT = "engagement";
  private static final String PROFILE = "profile";

  private final Database database;

  Configuration(Database database) {
    this.database = database;
  }

  /** Returns every unit with its rules, in the order they were made. */
  public List<RuleSetup> load() throws StorageException {
    return database.inTransaction(
        connection -> {
          List<RuleSetup> setups = new ArrayList<>();
          for (OrgUnit unit : OrgUnits.all(connection)) {
            setups.add(
                RuleSetup.builder(unit)
                    .rulesets(rulesets(connection, unit.key()))
                    .engagementLevels(levels(connection, unit.key(), ENGAGEMENT))
                    .profileLevels(levels(connection, unit.key(), PROFILE))
                    .build());
          }
          return setups;
        });
  }

  /** Returns the setting of that name, made by {@code initial} and kept when there is none. */
  public byte[] setting(String name, Supplier<byte[]> initial) throws StorageException {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, name);
            insert.setBytes(2, initial.get());
            insert.executeUpdate();
          }
          try (PreparedStatement select =
              connection.prepareStatement("SELECT value FROM setting WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
              return row.getBytes(1);
            }
          }
        });
  }

  /**
   * Brings what is kept in line with {@code wanted}, all of it or nothing; the same again changes
   * nothing. A unit is known by its {@code unit_id}; a ruleset, rule or level by its id, and
   * without one a ruleset or level by its name and a rule by its event type and filters. A ruleset
   * that is named gets exactly the rules given, a unit exactly the levels given if there are any;
   * what is not named stays.
   *
   * @throws IllegalArgumentException when a unit would get more active rulesets than {@link
   *     Ruleset#MAX_ACTIVE}
   */
  public void apply(List<RuleSetup> wanted, long nowMillis) throws StorageException {
    database.inTransaction(
        connection -> {
          for (RuleSetup setup : wanted) {
            long unit = OrgUnits.save(connection, setup.unit());
            for (Ruleset ruleset : setup.rulesets()) {
              saveRuleset(connection, unit, ruleset, nowMillis);
            }
            checkActive(connection, unit, setup.unit().unitId());
            saveLevels(connection, unit, ENGAGEMENT, setup.engagementLevels());
            saveLevels(connection, unit, PROFILE, setup.profileLevels());
          }
          return wanted;
        });
  }

  /** Keeps a new unit; its key is given here. */
  public void addUnit(OrgUnit unit) throws StorageException {
    database.inTransaction(connection -> OrgUnits.save(connection, unit));
  }

  /** Gives a unit another name, and the slug that goes with it. */
  public void renameUnit(long unit, String name) throws StorageException {
    database.inTransaction(connection -> OrgUnits.rename(connection, unit, name));
  }

  /**
   * Keeps what is said about a ruleset, but not its rules; makes one when its key is 0. A primary
   * one takes that from any other.
   */
  public long saveRuleset(long unit, Ruleset ruleset, long nowMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a ruleset and its rules; what they earned fades on and is shown no more. */
  public void deleteRuleset(long unit, long key, long nowMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps a rule of a ruleset; makes one, last in order, when its key is 0. */
  public long saveRule(long ruleset, Rule rule, long nowMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a rule; what it gave stays and fades on by its last half-life. */
  public void deleteRule(long key, long nowMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Gives the rules of a ruleset the order of {@code keys}, highest priority first. */
  public void reorderRules(long ruleset, List<Long> keys, long nowMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Gives rules another half-life in days, by their keys, all or none. */
  public void saveHalfLives(Map<Long, Integer> daysByRule, long nowMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps a decay rule; makes one when its key is 0. */
  public long saveDecayRule(long unit, DecayRule rule, long nowMillis) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a decay rule; nothing is given back. */
  public void deleteDecayRule(long unit, long key) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps an attribute filter; makes one when its key is 0. */
  public long saveMetadataFilter(long unit, MetadataFilter filter, long nowMillis)
      throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes an attribute filter. */
  public void deleteMetadataFilter(long unit, long key) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps a velocity filter; makes one when its key is 0. */
  public long saveVelocityFilter(long unit, VelocityFilter filter, long nowMillis)
      throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a velocity filter. */
  public void deleteVelocityFilter(long unit, long key) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps a level of one surface; makes one when its id is empty. Returns the id. */
  public String saveLevel(long unit, boolean profile, Level level, long nowMillis)
      throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a level. */
  public void deleteLevel(long unit, boolean profile, String id) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps a mapping; makes one when its key is 0. */
  public long saveProfileMapping(long unit, ProfileMapping mapping, long nowMillis)
      throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a mapping; fields that it filled stay. */
  public void deleteProfileMapping(long unit, long key) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps what is said about a profile ruleset, but not its rules; makes one when its key is 0. */
  public long saveProfileRuleset(long unit, ProfileRuleset ruleset, long nowMillis)
      throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a profile ruleset and its rules; scores stay as they are. */
  public void deleteProfileRuleset(long unit, long key) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps a rule of a profile ruleset; makes one when its key is 0. */
  public long saveProfileRule(long ruleset, ProfileRule rule, long nowMillis)
      throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Removes a profile rule; scores stay as they are. */
  public void deleteProfileRule(long ruleset, long key) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Keeps a unit's settings. */
  public void saveSettings(long unit, ScoringSettings settings) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /** Hides an event type, or shows it again. */
  public void hideEventType(long unit, String name, boolean hidden) throws StorageException {
    throw new UnsupportedOperationException();
  }

  private static List<Ruleset> rulesets(Connection connection, long unit) throws SQLException {
    List<Ruleset> rulesets = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT key, id, name, description, score_field, active, is_primary, start_date, end_date, created_at
            FROM ruleset WHERE unit = ? ORDER BY key""")) {
      select.setLong(1, unit);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          rulesets.add(
              new Ruleset(
                  rows.getLong(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getString(4),
                  rows.getString(5),
                  rows.getBoolean(6),
                  rows.getBoolean(7),
                  window(rows.getString(8), rows.getString(9)),
                  rows.getLong(10),
                  rules(connection, rows.getLong(1))));
        }
      }
    }
    return rulesets;
  }

  private static List<Rule> rules(Connection connection, long ruleset) throws SQLException {
    List<Rule> rules = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT key, id, event_type, weight, active, start_date, end_date, priority
            FROM rule WHERE ruleset = ? AND deleted_at IS NULL ORDER BY priority, key""")) {
      select.setLong(1, ruleset);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          rules.add(
              new Rule(
                  rows.getLong(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getInt(4),
                  rows.getBoolean(5),
                  filters(connection, rows.getLong(1)),
                  window(rows.getString(6), rows.getString(7)),
                  rows.getInt(8)));
        }
      }
    }
    return rules;
  }

  private static List<Condition> filters(Connection connection, long rule) throws SQLException {
    List<Condition> filters = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT field, operator, value FROM rule_filter WHERE rule = ? ORDER BY position")) {
      select.setLong(1, rule);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Operator operator = Operator.of(rows.getString(2));
          filters.add(
              new Condition(
                  rows.getString(1),
                  Objects.requireNonNull(operator, "operator == null"),
                  rows.getString(3)));
        }
      }
    }
    return filters;
  }

  /** Returns the filters of a rule in words, deleted or not; null when it has none. */
  static @Nullable String filterLabel(Connection connection, long rule) throws SQLException {
    List<Condition> filters = filters(connection, rule);
    return filters.isEmpty()
        ? null
        : filters.stream().map(Condition::label).collect(Collectors.joining(" and "));
  }

  private static List<Level> levels(Connection connection, long unit, String surface)
      throws SQLException {
    List<Level> levels = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT id, name, min_score, max_score, color, position FROM level
            WHERE unit = ? AND surface = ? ORDER BY position, min_score""")) {
      select.setLong(1, unit);
      select.setString(2, surface);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Long maxScore = Sql.optionalLong(rows, 4);
          levels.add(
              new Level(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getInt(3),
                  maxScore == null ? null : maxScore.intValue(),
                  rows.getString(5),
                  rows.getInt(6)));
        }
      }
    }
    return levels;
  }

  private static void saveRuleset(Connection connection, long unit, Ruleset wanted, long nowMillis)
      throws SQLException {
    Ruleset known =
        rulesets(connection, unit).stream()
            .filter(
                r ->
                    wanted.id().isEmpty()
                        ? r.name().equals(wanted.name())
                        : r.id().equals(wanted.id()))
            .findFirst()
            .orElse(null);
    if (wanted.primary()) {
      update(connection, "UPDATE ruleset SET is_primary = 0 WHERE unit = ?", unit);
    }
    long key;
    if (known == null) {
      key = nextKey(connection, "ruleset");
      update(
          connection,
          """
          INSERT INTO ruleset (key, unit, id, name, description, score_field, active, is_primary,
            start_date, end_date, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
          key,
          unit,
          wanted.id().isEmpty() ? "ruleset_" + key : wanted.id(),
          wanted.name(),
          wanted.description(),
          wanted.scoreField(),
          wanted.active(),
          wanted.primary(),
          text(wanted.window().start()),
          text(wanted.window().end()),
          nowMillis);
    } else {
      key = known.key();
      update(
          connection,
          """
          UPDATE ruleset SET name = ?, description = ?, score_field = ?, active = ?, is_primary = ?,
            start_date = ?, end_date = ? WHERE key = ?""",
          wanted.name(),
          wanted.description(),
          wanted.scoreField(),
          wanted.active(),
          wanted.primary(),
          text(wanted.window().start()),
          text(wanted.window().end()),
          key);
    }
    saveRules(connection, key, wanted.rules(), nowMillis);
  }

  private static void saveRules(
      Connection connection, long ruleset, List<Rule> wanted, long nowMillis) throws SQLException {
    List<Rule> left = new ArrayList<>(rules(connection, ruleset));
    for (Rule rule : wanted) {
      Rule known =
          left.stream().filter(candidate -> isSame(candidate, rule)).findFirst().orElse(null);
      if (known == null) {
        insertRule(connection, ruleset, rule, nowMillis);
      } else {
        left.remove(known);
        updateRule(connection, known, rule, nowMillis);
      }
    }
    for (Rule gone : left) {
      update(connection, "UPDATE rule SET deleted_at = ? WHERE key = ?", nowMillis, gone.key());
    }
  }

  private static boolean isSame(Rule known, Rule wanted) {
    return wanted.id().isEmpty()
        ? known.eventType().equals(wanted.eventType()) && known.filters().equals(wanted.filters())
        : known.id().equals(wanted.id());
  }

  private static void insertRule(Connection connection, long ruleset, Rule rule, long nowMillis)
      throws SQLException {
    long key = nextKey(connection, "rule");
    update(
        connection,
        """
        INSERT INTO rule (key, ruleset, id, event_type, weight, active, start_date, end_date, priority,
          created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        key,
        ruleset,
        rule.id().isEmpty() ? "rule_" + key : rule.id(),
        rule.eventType(),
        rule.weight(),
        rule.active(),
        text(rule.window().start()),
        text(rule.window().end()),
        rule.priority(),
        nowMillis,
        nowMillis);
    insertFilters(connection, key, rule.filters());
  }

  private static void updateRule(Connection connection, Rule known, Rule wanted, long nowMillis)
      throws SQLException {
    update(
        connection,
        """
        UPDATE rule SET event_type = ?, weight = ?, active = ?, start_date = ?, end_date = ?, priority = ?,
          updated_at = ? WHERE key = ?""",
        wanted.eventType(),
        wanted.weight(),
        wanted.active(),
        text(wanted.window().start()),
        text(wanted.window().end()),
        wanted.priority(),
        nowMillis,
        known.key());
    if (!known.filters().equals(wanted.filters())) {
      update(connection, "DELETE FROM rule_filter WHERE rule = ?", known.key());
      insertFilters(connection, known.key(), wanted.filters());
    }
  }

  private static void insertFilters(Connection connection, long rule, List<Condition> filters)
      throws SQLException {
    for (int i = 0; i < filters.size(); i++) {
      Condition filter = filters.get(i);
      update(
          connection,
          "INSERT INTO rule_filter (rule, position, field, operator, value) VALUES (?, ?, ?, ?, ?)",
          rule,
          i,
          filter.field(),
          filter.operator().wireName(),
          filter.value());
    }
  }

  private static void checkActive(Connection connection, long unit, String unitId)
      throws SQLException {
    long active = rulesets(connection, unit).stream().filter(Ruleset::active).count();
    if (active > Ruleset.MAX_ACTIVE) {
      throw new IllegalArgumentException(
          "active rulesets of " + unitId + " > " + Ruleset.MAX_ACTIVE + ": " + active);
    }
  }

  private static void saveLevels(
      Connection connection, long unit, String surface, List<Level> levels) throws SQLException {
    if (levels.isEmpty()) {
      return;
    }
    update(connection, "DELETE FROM level WHERE unit = ? AND surface = ?", unit, surface);
    for (Level level : levels) {
      long key = nextKey(connection, "level");
      update(
          connection,
          """
          INSERT INTO level (key, unit, surface, id, name, min_score, max_score, color, position)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
          key,
          unit,
          surface,
          level.id().isEmpty() ? "level_" + key : level.id(),
          level.name(),
          level.minScore(),
          level.maxScore(),
          level.color(),
          level.order());
    }
  }

  private static long nextKey(Connection connection, String table) throws SQLException {
    return new Sql("SELECT coalesce(max(key), 0) + 1 FROM " + table).number(connection);
  }

  private static void update(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }

  private static DateWindow window(@Nullable String start, @Nullable String end) {
    return new DateWindow(
        start == null ? null : LocalDate.parse(start), end == null ? null : LocalDate.parse(end));
  }

  private static @Nullable String text(@Nullable LocalDate date) {
    return date == null ? null : date.toString();
  }
}
