package io.kenbun.lite.store.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.VelocityFilter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A unit brought in line with a whole setup, as a configuration file has it. */
class SetupsTest extends ConfigurationScene {
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
  void anIdThatAFileGaveAlreadyIsPassedOver() throws Exception {
    DecayRule named = new DecayRule(0, "decay_rule_2", "named", -1, 7, true, null, T0);
    configuration.apply(List.of(RuleSetup.builder(UNIT).decayRules(List.of(named)).build()), T0);
    configuration.saveDecayRule(unit, decay(0, "a", -1, null), T0);
    assertEquals(
        List.of("decay_rule_2", "decay_rule_3"),
        kept().decayRules().stream().map(DecayRule::id).toList());
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
  void twoVelocityFiltersOfOneTypeStayTwo() throws Exception {
    List<VelocityFilter> two = List.of(velocityFilter(0, 3), velocityFilter(0, 30));
    for (int i = 0; i < 2; i++) {
      configuration.apply(List.of(RuleSetup.builder(UNIT).velocityFilters(two).build()), T0);
      assertEquals(
          List.of(3, 30),
          kept().velocityFilters().stream().map(VelocityFilter::countThreshold).toList());
    }
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

  private static Ruleset named(String id, Rule... rules) {
    return new Ruleset(0, id, id, "", "s", true, false, DateWindow.ALWAYS, 0, List.of(rules));
  }
}
