package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Units and everything that decides about their scores, as it is kept. Any thread; writes wait for
 * the scoring transaction, and each is done whole or not at all. A change of what was deleted
 * meanwhile changes nothing.
 */
public final class Configuration {
  private final Database database;

  public Configuration(Database database) {
    this.database = database;
  }

  /** Runs {@code change} while nobody else, on whichever node, runs one. */
  public <T> T alone(Database.Checked<T> change) throws StorageException {
    return database.alone(change);
  }

  /** A change that is made to see what it comes to. */
  public interface Draft {
    void make(RuleSetup before, Configuration kept) throws StorageException;
  }

  /**
   * What a change would come to.
   *
   * @param before the unit as it is kept
   * @param after the unit as it would be
   */
  public record Tried(RuleSetup before, RuleSetup after) {}

  /** Makes a change to a unit and undoes it, before anybody else can see it. */
  public Tried tried(OrgUnit unit, Draft draft) throws StorageException {
    try {
      return database.inTransaction(
          connection -> {
            RuleSetup before = Setups.load(connection, unit);
            draft.make(before, new Configuration(within(connection)));
            throw new Undone(new Tried(before, Setups.load(connection, unit)));
          });
    } catch (Undone undone) {
      return undone.tried;
    }
  }

  /** What ends a transaction of which nothing is to be kept. */
  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Tried tried;

    Undone(Tried tried) {
      super(null, null, false, false);
      this.tried = tried;
    }
  }

  /** Returns what runs everything in the one transaction that is under way. */
  private static Database within(Connection connection) {
    return new Database() {
      @Override
      public <T extends @Nullable Object> T inTransaction(Work<T> work, Consumer<Exception> undone)
          throws StorageException {
        try {
          return work.run(connection);
        } catch (SQLException e) {
          throw Database.failure("a change could not be tried", e);
        }
      }
    };
  }

  /** Returns every unit with its rules, in the order they were made. */
  public List<RuleSetup> load() throws StorageException {
    return database.read(Setups::load);
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
              row.next();
              return row.getBytes(1);
            }
          }
        });
  }

  /**
   * Brings what is kept in line with {@code wanted}, all of it or nothing; the same again changes
   * nothing. A unit is known by its {@code unit_id}, anything in it by its id, and without one by
   * what it is called: its name; of a rule the event type and filters, of a velocity filter the
   * event type, of a mapping both its ends, of a profile rule its condition.
   *
   * <p>A ruleset that is named gets exactly the rules given, a unit exactly the levels given if
   * there are any; what is not named stays. Keys in {@code wanted} only tell which of its rulesets
   * a decay rule or milestone is for, and which of {@code channels} a trigger tells. {@link
   * RuleSetup#retiredHalfLives} is not looked at. Of whom a trigger tells, only addresses and the
   * channel are: the webhook of one that is kept stays, and its channel if none is named.
   *
   * @param channels by {@code unit_id}
   * @param settingsStay the {@code unit_id}s of units whose settings stay as they are
   * @throws TakenIdException when a rule or level would get the id of one elsewhere
   * @throws IllegalArgumentException when a unit would get more active rulesets than {@link
   *     Ruleset#MAX_ACTIVE}, or a channel another type
   */
  public void apply(
      List<RuleSetup> wanted,
      Map<String, List<Channel>> channels,
      Set<String> settingsStay,
      long nowMillis)
      throws StorageException {
    database.inTransaction(
        connection -> {
          for (RuleSetup setup : wanted) {
            long unit = OrgUnits.save(connection, setup.unit());
            Setups.apply(connection, unit, setup, channels, settingsStay, nowMillis);
          }
          return wanted;
        });
  }

  /** Does the same without channels, settings included. */
  public void apply(List<RuleSetup> wanted, long nowMillis) throws StorageException {
    apply(wanted, Map.of(), Set.of(), nowMillis);
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
   *
   * @throws IllegalArgumentException when it would be one active ruleset too many
   */
  public long saveRuleset(long unit, Ruleset ruleset, long nowMillis) throws StorageException {
    return database.inTransaction(
        connection -> {
          long primary = Rulesets.primary(connection, unit);
          long key = Rulesets.save(connection, unit, ruleset, nowMillis);
          ActiveRulesets.check(connection, unit);
          Triggers.followPrimary(connection, unit, primary, nowMillis);
          return key;
        });
  }

  /** Removes a ruleset and its rules; what they earned fades on and is shown no more. */
  public void deleteRuleset(long unit, long key, long nowMillis) throws StorageException {
    database.inTransaction(
        connection -> {
          long primary = Rulesets.primary(connection, unit);
          int deleted = Rulesets.delete(connection, unit, key, nowMillis);
          Triggers.followPrimary(connection, unit, primary, nowMillis);
          return deleted;
        });
  }

  /** Keeps a rule of a ruleset; makes one, last in order, when its key is 0. */
  public long saveRule(long ruleset, Rule rule, long nowMillis) throws StorageException {
    return database.inTransaction(
        connection -> Rulesets.saveRule(connection, ruleset, rule, nowMillis));
  }

  /** Removes a rule; what it gave stays and fades on by its last half-life. */
  public void deleteRule(long key, long nowMillis) throws StorageException {
    database.inTransaction(connection -> Rulesets.deleteRule(connection, key, nowMillis));
  }

  /** Gives the rules of a ruleset the order of {@code keys}, highest priority first. */
  public void reorderRules(long ruleset, List<Long> keys, long nowMillis) throws StorageException {
    database.inTransaction(connection -> Rulesets.reorder(connection, ruleset, keys, nowMillis));
  }

  /** Gives rules another half-life in days, by their keys, all or none. */
  public void saveHalfLives(Map<Long, Integer> daysByRule, long nowMillis) throws StorageException {
    database.inTransaction(connection -> Rulesets.saveHalfLives(connection, daysByRule, nowMillis));
  }

  /** Keeps a decay rule; makes one when its key is 0. */
  public long saveDecayRule(long unit, DecayRule rule, long nowMillis) throws StorageException {
    return database.inTransaction(
        connection ->
            DecayRules.save(connection, unit, rule.key(), rule.ruleset(), rule, nowMillis));
  }

  /** Removes a decay rule; nothing is given back. */
  public void deleteDecayRule(long unit, long key) throws StorageException {
    database.inTransaction(connection -> DecayRules.delete(connection, unit, key));
  }

  /** Keeps a milestone; makes one when its key is 0. */
  public long saveMilestone(long unit, Milestone milestone, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection ->
            Triggers.save(
                connection,
                unit,
                milestone.key(),
                milestone.ruleset(),
                milestone,
                null,
                true,
                nowMillis));
  }

  /** Removes a milestone; what it fired stays in the history. */
  public void deleteMilestone(long unit, long key) throws StorageException {
    database.inTransaction(connection -> Triggers.deleteMilestone(connection, unit, key));
  }

  /** Keeps a sequence; makes one when its key is 0. */
  public long saveSequence(long unit, Sequence sequence, long nowMillis) throws StorageException {
    return database.inTransaction(
        connection ->
            Triggers.save(connection, unit, sequence.key(), sequence, null, true, nowMillis));
  }

  /** Removes a sequence; what it fired stays in the history. */
  public void deleteSequence(long unit, long key) throws StorageException {
    database.inTransaction(connection -> Triggers.deleteSequence(connection, unit, key));
  }

  /** Keeps a surge; makes one when its key is 0. */
  public long saveSurge(long unit, Surge surge, long nowMillis) throws StorageException {
    return database.inTransaction(
        connection -> Triggers.save(connection, unit, surge.key(), surge, null, true, nowMillis));
  }

  /** Removes a surge; what it fired stays in the history. */
  public void deleteSurge(long unit, long key) throws StorageException {
    database.inTransaction(connection -> Triggers.deleteSurge(connection, unit, key));
  }

  /** Keeps an attribute filter; makes one when its key is 0. */
  public long saveMetadataFilter(long unit, MetadataFilter filter, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection -> Suppressions.save(connection, unit, filter.key(), filter, nowMillis));
  }

  /** Removes an attribute filter. */
  public void deleteMetadataFilter(long unit, long key) throws StorageException {
    database.inTransaction(connection -> Suppressions.deleteMetadataFilter(connection, unit, key));
  }

  /** Keeps a velocity filter; makes one when its key is 0. */
  public long saveVelocityFilter(long unit, VelocityFilter filter, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection -> Suppressions.save(connection, unit, filter.key(), filter, nowMillis));
  }

  /** Removes a velocity filter. */
  public void deleteVelocityFilter(long unit, long key) throws StorageException {
    database.inTransaction(connection -> Suppressions.deleteVelocityFilter(connection, unit, key));
  }

  /** Keeps a level of one surface; makes one when its id is empty. Returns the id. */
  public String saveLevel(long unit, boolean profile, Level level, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection -> Levels.of(profile).save(connection, unit, level, nowMillis));
  }

  /** Removes a level. */
  public void deleteLevel(long unit, boolean profile, String id) throws StorageException {
    database.inTransaction(connection -> Levels.of(profile).delete(connection, unit, id));
  }

  /** Keeps a mapping; makes one when its key is 0. */
  public long saveProfileMapping(long unit, ProfileMapping mapping, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection -> Profiles.save(connection, unit, mapping.key(), mapping, nowMillis));
  }

  /** Removes a mapping; fields that it filled stay. */
  public void deleteProfileMapping(long unit, long key) throws StorageException {
    database.inTransaction(connection -> Profiles.deleteMapping(connection, unit, key));
  }

  /**
   * Keeps what is said about a profile ruleset, but not its rules; makes one when its key is 0. A
   * primary one takes that from any other.
   *
   * @throws IllegalArgumentException when it would be one active ruleset too many
   */
  public long saveProfileRuleset(long unit, ProfileRuleset ruleset, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection -> {
          long key = Profiles.save(connection, unit, ruleset.key(), ruleset, nowMillis);
          ActiveRulesets.check(connection, unit);
          return key;
        });
  }

  /** Removes a profile ruleset and its rules; scores stay as they are. */
  public void deleteProfileRuleset(long unit, long key) throws StorageException {
    database.inTransaction(connection -> Profiles.deleteRuleset(connection, unit, key));
  }

  /** Keeps a rule of a profile ruleset; makes one when its key is 0. */
  public long saveProfileRule(long ruleset, ProfileRule rule, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection -> Profiles.saveRule(connection, ruleset, rule.key(), rule, nowMillis));
  }

  /** Removes a profile rule; scores stay as they are. */
  public void deleteProfileRule(long ruleset, long key) throws StorageException {
    database.inTransaction(connection -> Profiles.deleteRule(connection, ruleset, key));
  }

  /** Keeps a unit's settings; all but the session timeout are those of every unit. */
  public void saveSettings(long unit, ScoringSettings settings) throws StorageException {
    database.inTransaction(connection -> UnitSettings.save(connection, unit, settings));
  }

  /** Hides an event type, or shows it again. */
  public void hideEventType(long unit, String name, boolean hidden) throws StorageException {
    database.inTransaction(connection -> UnitSettings.hide(connection, unit, name, hidden));
  }

  /** Returns the filters of a rule in words, deleted or not; null when it has none. */
  public static @Nullable String filterLabel(Connection connection, long rule) throws SQLException {
    List<Condition> filters = Conditions.OF_RULE.list(connection, rule);
    return filters.isEmpty()
        ? null
        : filters.stream().map(Condition::label).collect(Collectors.joining(" and "));
  }
}
