package io.kenbun.lite.store.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.sqlite.Durability;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private static final long T0 = 1_770_000_000_000L;
  private static final OrgUnit UNIT = unit("unit_default");
  private static final OrgUnit OTHER = unit("unit_b");
  private static final Condition BOT = new Condition("agent", Operator.CONTAINS, "bot");
  private static final Condition RETAIL = new Condition("industry", Operator.EQUALS, "Retail");

  @TempDir Path data;
  private Store storage;
  private Configuration configuration;
  private long unit;

  @BeforeEach
  void open() throws Exception {
    openStorage();
    configuration.apply(List.of(RuleSetup.builder(UNIT).build()), T0);
    unit = kept().unit().key();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void everyKindComesBackAsItWasGivenAfterARestart() throws Exception {
    configuration.apply(List.of(everything("first")), T0);
    storage.close();
    openStorage();
    RuleSetup kept = kept();
    long ruleset = kept.rulesets().get(0).key();
    assertEquals(
        List.of(
            new Ruleset(
                ruleset,
                "rs",
                "Standard",
                "first",
                "engagement_score",
                true,
                true,
                new DateWindow(LocalDate.of(2026, 1, 1), null),
                T0,
                List.of(
                    new Rule(
                        1,
                        "rule_1",
                        "Page View",
                        5,
                        true,
                        List.of(BOT, RETAIL),
                        new DateWindow(null, LocalDate.of(2026, 12, 31)),
                        0,
                        14,
                        T0,
                        T0)))),
        kept.rulesets());
    assertEquals(List.of(new Level("level_1", "Cold", 0, 24, "#000", 0)), kept.engagementLevels());
    assertEquals(List.of(new Level("pl", "Fit", 0, null, "#fff", 0)), kept.profileLevels());
    assertEquals(new ScoringSettings(true, true, 60, 1_000), kept.settings());
    assertEquals(
        List.of(
            new MetadataFilter(
                1, "metadata_filter_1", "Bots", "", List.of(BOT), true, T0, T0, "dev", "dev")),
        kept.metadataFilters());
    assertEquals(
        List.of(
            new VelocityFilter(
                1, "velocity_filter_1", "Page View", 3, 300_000, true, true, T0, T0)),
        kept.velocityFilters());
    assertEquals(
        List.of(new DecayRule(1, "decay_rule_1", "Idle", -5, 7, true, ruleset, T0, T0)),
        kept.decayRules());
    assertEquals(
        List.of(
            new ProfileMapping(
                1, "profile_mapping_1", "ind", "industry", UpdateBehavior.ONLY_IF_EMPTY, T0)),
        kept.profileMappings());
    assertEquals(
        List.of(
            new ProfileRuleset(
                1,
                "profile_ruleset_1",
                "Fit",
                "first",
                true,
                true,
                T0,
                T0,
                List.of(new ProfileRule(1, "profile_rule_1", RETAIL, 30, true, T0, T0)))),
        kept.profileRulesets());
    assertEquals(Set.of("Noise"), kept.hiddenEventTypes());
    assertEquals(Map.of(), kept.retiredHalfLives());
  }

  @Test
  void theSameConfigurationAgainChangesNothing() throws Exception {
    configuration.apply(List.of(everything("first")), T0);
    RuleSetup before = kept();
    configuration.apply(List.of(everything("first")), T0 + 1);
    assertEquals(before, kept());
  }

  @Test
  void whatAConfigurationDoesNotNameStays() throws Exception {
    configuration.apply(List.of(everything("first")), T0);
    RuleSetup before = kept();
    configuration.apply(
        List.of(RuleSetup.builder(UNIT).build()), Map.of(), Set.of(UNIT.unitId()), T0 + 1);
    assertEquals(before, kept());
    configuration.apply(List.of(RuleSetup.builder(UNIT).build()), T0 + 1);
    assertEquals(ScoringSettings.DEFAULT, kept().settings());
  }

  @Test
  void aChangeOfOneThingIsDatedAndLeavesTheRestAlone() throws Exception {
    configuration.apply(List.of(everything("first")), T0);
    RuleSetup before = kept();
    configuration.apply(List.of(everything("second")), T0 + 1);
    RuleSetup after = kept();
    assertEquals("second", after.rulesets().get(0).description());
    assertEquals(before.rulesets().get(0).rules(), after.rulesets().get(0).rules());
    assertEquals(T0 + 1, after.profileRulesets().get(0).updatedAtMillis());
    assertEquals(T0, after.profileRulesets().get(0).createdAtMillis());
    assertEquals(before.profileRulesets().get(0).rules(), after.profileRulesets().get(0).rules());
    assertEquals(before.decayRules(), after.decayRules());
  }

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
  void anIdThatAFileGaveAlreadyIsPassedOver() throws Exception {
    DecayRule named = new DecayRule(0, "decay_rule_2", "named", -1, 7, true, null, T0);
    configuration.apply(List.of(RuleSetup.builder(UNIT).decayRules(List.of(named)).build()), T0);
    configuration.saveDecayRule(unit, decay(0, "a", -1, null), T0);
    assertEquals(
        List.of("decay_rule_2", "decay_rule_3"),
        kept().decayRules().stream().map(DecayRule::id).toList());
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
  void aFifthActiveRulesetIsRefusedWhole() throws Exception {
    List<Ruleset> five = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      five.add(ruleset(0, "R" + i, true, false));
    }
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                configuration.apply(List.of(RuleSetup.builder(OTHER).rulesets(five).build()), T0));
    assertEquals("active rulesets of unit_b > 4: 5", refused.getMessage());
    assertEquals(1, configuration.load().size());
    configuration.apply(List.of(RuleSetup.builder(OTHER).rulesets(five.subList(0, 4)).build()), T0);
    long other = configuration.load().get(1).unit().key();
    assertThrows(
        IllegalArgumentException.class, () -> configuration.saveRuleset(other, five.get(4), T0));
    configuration.saveRuleset(other, ruleset(0, "R4", false, false), T0);
    assertEquals(5, configuration.load().get(1).rulesets().size());
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
  void aRuleThatIsNamedAgainIsTheSameAgain() throws Exception {
    Ruleset with = named("rs", rule("r1", "A"), rule("r2", "B"));
    configuration.apply(List.of(RuleSetup.builder(UNIT).rulesets(List.of(with)).build()), T0);
    List<Rule> before = rules();
    Ruleset without = named("rs", rule("r1", "A"));
    configuration.apply(List.of(RuleSetup.builder(UNIT).rulesets(List.of(without)).build()), T0);
    assertEquals(1, rules().size());
    configuration.apply(List.of(RuleSetup.builder(UNIT).rulesets(List.of(with)).build()), T0);
    assertEquals(before, rules());
    configuration.deleteRuleset(unit, kept().rulesets().get(0).key(), T0);
    configuration.apply(List.of(RuleSetup.builder(UNIT).rulesets(List.of(with)).build()), T0);
    assertEquals(before, rules());
  }

  @Test
  void anIdOfARuleElsewhereIsRefused() throws Exception {
    Ruleset a = named("a", rule("r1", "A"));
    Ruleset b = named("b", rule("r1", "A"));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                configuration.apply(
                    List.of(RuleSetup.builder(UNIT).rulesets(List.of(a, b)).build()), T0));
    assertEquals("an id that no other rule has expected: \"r1\"", refused.getMessage());
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
  void aUnitGetsExactlyTheLevelsGiven() throws Exception {
    List<Level> two =
        List.of(new Level("", "A", 0, 9, "#000", 0), new Level("", "B", 10, null, "#000", 1));
    configuration.apply(List.of(RuleSetup.builder(UNIT).engagementLevels(two).build()), T0);
    List<Level> before = kept().engagementLevels();
    configuration.apply(
        List.of(RuleSetup.builder(UNIT).engagementLevels(two.subList(1, 2)).build()), T0);
    assertEquals(before.subList(1, 2), kept().engagementLevels());
    configuration.apply(List.of(RuleSetup.builder(UNIT).build()), T0);
    assertEquals(before.subList(1, 2), kept().engagementLevels());
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
  void twoVelocityFiltersOfOneTypeStayTwo() throws Exception {
    List<VelocityFilter> two = List.of(velocityFilter(0, 3), velocityFilter(0, 30));
    for (int i = 0; i < 2; i++) {
      configuration.apply(List.of(RuleSetup.builder(UNIT).velocityFilters(two).build()), T0);
      assertEquals(
          List.of(3, 30),
          kept().velocityFilters().stream().map(VelocityFilter::countThreshold).toList());
    }
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

  private static RuleSetup everything(String description) {
    Rule rule =
        new Rule(
            0,
            "",
            "Page View",
            5,
            true,
            List.of(BOT, RETAIL),
            new DateWindow(null, LocalDate.of(2026, 12, 31)),
            0,
            14,
            0,
            0);
    Ruleset ruleset =
        new Ruleset(
            77,
            "rs",
            "Standard",
            description,
            "engagement_score",
            true,
            true,
            new DateWindow(LocalDate.of(2026, 1, 1), null),
            0,
            List.of(rule));
    ProfileRuleset fit =
        new ProfileRuleset(
            0,
            "",
            "Fit",
            description,
            true,
            true,
            0,
            0,
            List.of(new ProfileRule(0, "", RETAIL, 30, true, 0, 0)));
    return RuleSetup.builder(UNIT)
        .rulesets(List.of(ruleset))
        .engagementLevels(List.of(new Level("", "Cold", 0, 24, "#000", 0)))
        .profileLevels(List.of(new Level("pl", "Fit", 0, null, "#fff", 0)))
        .settings(new ScoringSettings(true, true, 60, 1_000))
        .metadataFilters(List.of(metadataFilter(0, "dev", BOT)))
        .velocityFilters(List.of(velocityFilter(0, 3)))
        .decayRules(List.of(new DecayRule(0, "", "Idle", 5, 7, true, 77L, 0)))
        .profileMappings(
            List.of(new ProfileMapping(0, "", "ind", "industry", UpdateBehavior.ONLY_IF_EMPTY, 0)))
        .profileRulesets(List.of(fit))
        .hiddenEventTypes(Set.of("Noise"))
        .build();
  }

  private static OrgUnit unit(String id) {
    return new OrgUnit(0, id, "org_default", id, id, null, id.equals("unit_default"));
  }

  private static Ruleset ruleset(long key, String name, boolean active, boolean primary) {
    return new Ruleset(key, "", name, "", "s", active, primary, DateWindow.ALWAYS, 0, List.of());
  }

  private static Ruleset named(String id, Rule... rules) {
    return new Ruleset(0, id, id, "", "s", true, false, DateWindow.ALWAYS, 0, List.of(rules));
  }

  private static Rule rule(
      long key, String eventType, int weight, Integer halfLifeDays, Condition... filters) {
    return new Rule(
        key,
        "",
        eventType,
        weight,
        true,
        List.of(filters),
        DateWindow.ALWAYS,
        0,
        halfLifeDays,
        0,
        0);
  }

  private static Rule rule(String id, String eventType) {
    return new Rule(0, id, eventType, 1, true, List.of(BOT), DateWindow.ALWAYS, 0);
  }

  private static DecayRule decay(long key, String name, int points, Long ruleset) {
    return new DecayRule(key, "", name, points, 7, true, ruleset, 0);
  }

  private static MetadataFilter metadataFilter(long key, String by, Condition... conditions) {
    return new MetadataFilter(key, "", "Bots", "", List.of(conditions), true, 0, 0, by, by);
  }

  private static VelocityFilter velocityFilter(long key, int threshold) {
    return new VelocityFilter(key, "", "Page View", threshold, 300_000, true, true, 0, 0);
  }

  private static ProfileRuleset profileRuleset(long key, String name, boolean primary) {
    return new ProfileRuleset(key, "", name, "", true, primary, 0, 0, List.of());
  }

  private void openStorage() throws StorageException {
    storage =
        TestStores.open(data, Durability.FULL, 10, () -> Instant.ofEpochMilli(T0), () -> "ld_x");
    configuration = storage.configuration();
  }

  private RuleSetup kept() throws StorageException {
    return configuration.load().get(0);
  }

  private List<Rule> rules() throws StorageException {
    return kept().rulesets().get(0).rules();
  }
}
