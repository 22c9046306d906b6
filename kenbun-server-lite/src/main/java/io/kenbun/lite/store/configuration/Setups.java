package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.store.firing.Channels;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Units with all that is set up in them, read and written whole, within a transaction. */
public final class Setups {
  private Setups() {}

  /** Returns every unit with its rules, in the order they were made. */
  public static List<RuleSetup> load(Connection connection) throws SQLException {
    List<RuleSetup> setups = new ArrayList<>();
    for (OrgUnit unit : OrgUnits.all(connection)) {
      setups.add(load(connection, unit));
    }
    return setups;
  }

  static RuleSetup load(Connection connection, OrgUnit unit) throws SQLException {
    return RuleSetup.builder(unit)
        .rulesets(Rulesets.all(connection, unit.key()))
        .engagementLevels(Levels.ENGAGEMENT.all(connection, unit.key()))
        .profileLevels(Levels.PROFILE.all(connection, unit.key()))
        .settings(UnitSettings.load(connection, unit.key()))
        .metadataFilters(Suppressions.metadataFilters(connection, unit.key()))
        .velocityFilters(Suppressions.velocityFilters(connection, unit.key()))
        .decayRules(DecayRules.all(connection, unit.key()))
        .profileMappings(Profiles.mappings(connection, unit.key()))
        .profileRulesets(Profiles.rulesets(connection, unit.key()))
        .hiddenEventTypes(UnitSettings.hiddenEventTypes(connection, unit.key()))
        .retiredHalfLives(Rulesets.retiredHalfLives(connection, unit.key()))
        .milestones(Triggers.milestones(connection, unit.key()))
        .sequences(Triggers.sequences(connection, unit.key()))
        .surges(Triggers.surges(connection, unit.key()))
        .build();
  }

  /** Brings a unit back to what it was set up with. */
  public static void restore(Connection connection, OrgUnit unit, Baseline baseline, long nowMillis)
      throws SQLException {
    UnitReset.configuration(connection, unit.key());
    for (RuleSetup setup : baseline.setups()) {
      if (setup.unit().unitId().equals(unit.unitId())) {
        apply(
            connection, unit.key(), setup, baseline.channels(), baseline.settingsStay(), nowMillis);
      }
    }
  }

  /** Does what {@link Configuration#apply} says to the unit of that key. */
  static void apply(
      Connection connection,
      long unit,
      RuleSetup wanted,
      Map<String, List<Channel>> channelsByUnitId,
      Set<String> settingsStay,
      long nowMillis)
      throws SQLException {
    String unitId = wanted.unit().unitId();
    long primary = Rulesets.primary(connection, unit);
    Map<Long, Long> rulesets = Rulesets.apply(connection, unit, wanted.rulesets(), nowMillis);
    Triggers.followPrimary(connection, unit, primary, nowMillis);
    DecayRules.apply(connection, unit, wanted.decayRules(), rulesets, nowMillis);
    Map<Long, Long> channels =
        Channels.apply(
            connection, unit, channelsByUnitId.getOrDefault(unitId, List.of()), nowMillis);
    Triggers.applyMilestones(connection, unit, wanted.milestones(), rulesets, channels, nowMillis);
    Triggers.applySequences(connection, unit, wanted.sequences(), channels, nowMillis);
    Triggers.applySurges(connection, unit, wanted.surges(), channels, nowMillis);
    Levels.ENGAGEMENT.apply(connection, unit, wanted.engagementLevels(), nowMillis);
    Levels.PROFILE.apply(connection, unit, wanted.profileLevels(), nowMillis);
    Suppressions.applyMetadataFilters(connection, unit, wanted.metadataFilters(), nowMillis);
    Suppressions.applyVelocityFilters(connection, unit, wanted.velocityFilters(), nowMillis);
    Profiles.applyMappings(connection, unit, wanted.profileMappings(), nowMillis);
    Profiles.applyRulesets(connection, unit, wanted.profileRulesets(), nowMillis);
    for (String eventType : wanted.hiddenEventTypes()) {
      UnitSettings.hide(connection, unit, eventType, true);
    }
    if (!settingsStay.contains(unitId)) {
      UnitSettings.save(connection, unit, wanted.settings());
    }
    ActiveRulesets.check(connection, unit);
  }
}
