package io.kenbun.lite.store.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each thing that is set up, made, changed and removed by itself. */
class ConfigurationTest extends ConfigurationScene {
  @Test
  void aRulesFiltersAloneDateIt() throws Exception {
    long ruleset = configuration.saveRuleset(unit, ruleset(0, "A", true, false), T0);
    long key = configuration.saveRule(ruleset, rule(0, "E", 5, null), T0);
    configuration.saveRule(ruleset, rule(key, "E", 5, null), T0 + 1);
    assertEquals(T0, rules().get(0).updatedAtMillis());
    configuration.saveRule(ruleset, rule(key, "E", 5, null, BOT), T0 + 2);
    assertEquals(T0 + 2, rules().get(0).updatedAtMillis());
    assertEquals(List.of(BOT), rules().get(0).filters());
    configuration.saveRule(ruleset, rule(key, "E", 6, null, BOT), T0 + 3);
    assertEquals(T0 + 3, rules().get(0).updatedAtMillis());
    assertEquals(T0, rules().get(0).createdAtMillis());
  }

  @Test
  void rulesAreLastWhenNewAndTakeTheOrderTheyAreGiven() throws Exception {
    long ruleset = configuration.saveRuleset(unit, ruleset(0, "A", true, false), T0);
    long a = configuration.saveRule(ruleset, rule(0, "A", 1, null), T0);
    long b = configuration.saveRule(ruleset, rule(0, "B", 1, null), T0);
    assertEquals(List.of(a, b), rules().stream().map(Rule::key).toList());
    configuration.reorderRules(ruleset, List.of(b, a), T0 + 1);
    assertEquals(List.of(b, a), rules().stream().map(Rule::key).toList());
    assertEquals(List.of(0, 1), rules().stream().map(Rule::priority).toList());
    configuration.reorderRules(ruleset, List.of(b, a), T0 + 2);
    assertEquals(T0 + 1, rules().get(0).updatedAtMillis());
  }

  @Test
  void aDeletedRuleFadesOnByItsLastHalfLife() throws Exception {
    long ruleset = configuration.saveRuleset(unit, ruleset(0, "A", true, false), T0);
    long fading = configuration.saveRule(ruleset, rule(0, "A", 1, 10), T0);
    long lasting = configuration.saveRule(ruleset, rule(0, "B", 1, null), T0);
    configuration.saveHalfLives(Map.of(fading, 20), T0 + 1);
    assertEquals(20, rules().get(0).halfLifeDays());
    assertEquals(T0 + 1, rules().get(0).updatedAtMillis());
    assertNull(rules().get(1).halfLifeDays());
    configuration.deleteRule(fading, T0 + 2);
    configuration.deleteRule(lasting, T0 + 2);
    assertEquals(List.of(), rules());
    assertEquals(Map.of(fading, 20), kept().retiredHalfLives());
  }

  @Test
  void aDeletedRulesetIsNotListedAndItsRulesFadeOn() throws Exception {
    long a = configuration.saveRuleset(unit, ruleset(0, "A", true, true), T0);
    long rule = configuration.saveRule(a, rule(0, "A", 1, 10), T0);
    long b = configuration.saveRuleset(unit, ruleset(0, "B", true, false), T0);
    configuration.saveDecayRule(unit, decay(0, "of a", -1, a), T0);
    configuration.saveDecayRule(unit, decay(0, "of all", -1, null), T0);
    configuration.deleteRuleset(unit + 1, a, T0 + 1);
    assertEquals(2, kept().rulesets().size());
    configuration.deleteRuleset(unit, a, T0 + 1);
    assertEquals(List.of(b), kept().rulesets().stream().map(Ruleset::key).toList());
    assertEquals(Map.of(rule, 10), kept().retiredHalfLives());
    assertEquals(List.of("of all"), kept().decayRules().stream().map(DecayRule::name).toList());
  }

  @Test
  void noKeyIsGivenTwice() throws Exception {
    long first = configuration.saveDecayRule(unit, decay(0, "a", -1, null), T0);
    configuration.deleteDecayRule(unit, first);
    assertEquals(first + 1, configuration.saveDecayRule(unit, decay(0, "b", -1, null), T0));
  }

  @Test
  void aDecayRuleIsInForceFromItsLastChangeThatMatters() throws Exception {
    long key = configuration.saveDecayRule(unit, decay(0, "a", 5, null), T0);
    assertEquals(-5, kept().decayRules().get(0).points());
    configuration.saveDecayRule(unit, decay(key, "b", -5, null), T0 + 1);
    assertEquals(T0, kept().decayRules().get(0).inForceSinceMillis());
    configuration.saveDecayRule(unit, decay(key, "b", -6, null), T0 + 2);
    assertEquals(T0 + 2, kept().decayRules().get(0).inForceSinceMillis());
    assertEquals(T0, kept().decayRules().get(0).createdAtMillis());
  }

  @Test
  void onePrimaryRulesetTakesItFromTheOther() throws Exception {
    configuration.saveRuleset(unit, ruleset(0, "A", true, true), T0);
    configuration.saveRuleset(unit, ruleset(0, "B", true, true), T0);
    assertEquals(List.of(false, true), kept().rulesets().stream().map(Ruleset::primary).toList());
    configuration.saveProfileRuleset(unit, profileRuleset(0, "A", true), T0);
    configuration.saveProfileRuleset(unit, profileRuleset(0, "B", true), T0 + 1);
    assertEquals(
        List.of(false, true),
        kept().profileRulesets().stream().map(ProfileRuleset::primary).toList());
  }

  @Test
  void aFifthActiveProfileRulesetIsRefused() throws Exception {
    for (int i = 0; i < 4; i++) {
      configuration.saveProfileRuleset(unit, profileRuleset(0, "R" + i, false), T0);
    }
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> configuration.saveProfileRuleset(unit, profileRuleset(0, "R", false), T0));
    assertEquals("active profile rulesets of unit_default > 4: 5", refused.getMessage());
  }

  @Test
  void levelsAreMadeChangedAndRemoved() throws Exception {
    String cold = configuration.saveLevel(unit, false, new Level("", "Cold", 0, 24, "#000", 0), T0);
    String fit = configuration.saveLevel(unit, true, new Level("", "Fit", 0, null, "#000", 0), T0);
    Level colder = new Level(cold, "Colder", -5, null, "#111", 1);
    assertEquals(cold, configuration.saveLevel(unit, false, colder, T0));
    assertEquals(List.of(colder), kept().engagementLevels());
    assertEquals(fit, kept().profileLevels().get(0).id());
    configuration.deleteLevel(unit, true, cold);
    assertEquals(List.of(colder), kept().engagementLevels());
    configuration.deleteLevel(unit, false, cold);
    assertEquals(List.of(), kept().engagementLevels());
    configuration.saveLevel(unit, false, colder, T0);
    assertEquals(List.of(), kept().engagementLevels());
  }

  @Test
  void filtersAreChangedAndRemovedByTheirOwnUnitAlone() throws Exception {
    long bots = configuration.saveMetadataFilter(unit, metadataFilter(0, "dev", BOT), T0);
    configuration.saveMetadataFilter(unit, metadataFilter(bots, "ann", BOT, RETAIL), T0 + 1);
    MetadataFilter filter = kept().metadataFilters().get(0);
    assertEquals(List.of(BOT, RETAIL), filter.conditions());
    assertEquals("dev", filter.createdBy());
    assertEquals("ann", filter.updatedBy());
    assertEquals(T0 + 1, filter.updatedAtMillis());
    long fast = configuration.saveVelocityFilter(unit, velocityFilter(0, 3), T0);
    configuration.saveVelocityFilter(unit + 1, velocityFilter(fast, 9), T0 + 1);
    assertEquals(3, kept().velocityFilters().get(0).countThreshold());
    configuration.saveVelocityFilter(unit, velocityFilter(fast, 4), T0 + 1);
    assertEquals(4, kept().velocityFilters().get(0).countThreshold());
    assertEquals(T0 + 1, kept().velocityFilters().get(0).updatedAtMillis());
    configuration.deleteMetadataFilter(unit + 1, bots);
    configuration.deleteVelocityFilter(unit + 1, fast);
    assertEquals(1, kept().metadataFilters().size());
    assertEquals(List.of(BOT, RETAIL), kept().metadataFilters().get(0).conditions());
    assertEquals(1, kept().velocityFilters().size());
    configuration.deleteMetadataFilter(unit, bots);
    configuration.deleteVelocityFilter(unit, fast);
    assertEquals(List.of(), kept().metadataFilters());
    assertEquals(List.of(), kept().velocityFilters());
  }

  @Test
  void profileRulesAndMappingsAreChangedAndRemoved() throws Exception {
    ProfileMapping first =
        new ProfileMapping(0, "", "ind", "industry", UpdateBehavior.ALWAYS_LATEST, 0);
    long mapping = configuration.saveProfileMapping(unit, first, T0);
    long ruleset = configuration.saveProfileRuleset(unit, profileRuleset(0, "Fit", true), T0);
    ProfileRule rule = new ProfileRule(0, "", RETAIL, 30, true, 0, 0);
    long key = configuration.saveProfileRule(ruleset, rule, T0);
    Condition other = new Condition("industry", Operator.NOT_EQUALS, "Retail");
    configuration.saveProfileRule(
        ruleset, new ProfileRule(key, "", other, -1, false, 0, 0), T0 + 1);
    assertEquals(
        List.of(new ProfileRule(key, "profile_rule_1", other, -1, false, T0, T0 + 1)),
        kept().profileRulesets().get(0).rules());
    configuration.deleteProfileRule(ruleset, key);
    assertEquals(List.of(), kept().profileRulesets().get(0).rules());
    configuration.saveProfileRule(ruleset, rule, T0);
    configuration.deleteProfileRuleset(unit, ruleset);
    assertEquals(List.of(), kept().profileRulesets());
    configuration.deleteProfileMapping(unit, mapping);
    assertEquals(List.of(), kept().profileMappings());
  }

  @Test
  void theSessionTimeoutAndHiddenTypesBelongToTheirUnit() throws Exception {
    configuration.addUnit(OTHER);
    ScoringSettings settings = new ScoringSettings(true, false, 5, 1_000);
    configuration.saveSettings(unit, settings);
    configuration.hideEventType(unit, "Noise", true);
    configuration.hideEventType(unit, "Noise", true);
    assertEquals(settings, kept().settings());
    assertEquals(Set.of("Noise"), kept().hiddenEventTypes());
    RuleSetup other = configuration.load().get(1);
    assertEquals(new ScoringSettings(true, false, 30, 1_000), other.settings());
    assertEquals(Set.of(), other.hiddenEventTypes());
    configuration.saveSettings(other.unit().key(), new ScoringSettings(false, true, 6, 0));
    assertEquals(new ScoringSettings(false, true, 5, 0), kept().settings());
    configuration.hideEventType(unit, "Noise", false);
    assertEquals(Set.of(), kept().hiddenEventTypes());
  }

  private static ProfileRuleset profileRuleset(long key, String name, boolean primary) {
    return new ProfileRuleset(key, "", name, "", true, primary, 0, 0, List.of());
  }
}
