package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final OrgUnit UNIT =
      new OrgUnit(1, "unit_default", "org_default", "Default", "default", null, true);
  private static final long NOON = Instant.parse("2026-03-10T12:00:00Z").toEpochMilli();

  private boolean allowNegativeScores;

  @Test
  void everyMatchingRuleAddsItsWeight() {
    Rule filtered = rule(1, "Page View", 10, new Condition("path", Operator.CONTAINS, "/pricing"));
    Rule plain = rule(2, "Page View", 5);
    List<Contribution> contributions =
        score(List.of(ruleset(7, filtered, plain)), "Page View", Map.of("path", "/pricing/eu"));
    assertEquals(
        List.of(
            new Contribution(
                7, List.of(new Contribution.Hit(1, 10), new Contribution.Hit(2, 5)), false)),
        contributions);
  }

  @Test
  void eventTypesMatchExactly() {
    List<Ruleset> rulesets = List.of(ruleset(7, rule(1, "Email Open", 1)));
    assertEquals(List.of(), score(rulesets, "email_open", Map.of()));
    assertEquals(List.of(), score(rulesets, "Email open", Map.of()));
    assertEquals(1, score(rulesets, "Email Open", Map.of()).size());
  }

  @Test
  void eachActiveRulesetKeepsItsOwnScore() {
    List<Contribution> contributions =
        score(
            List.of(ruleset(7, rule(1, "Page View", 1)), ruleset(8, rule(2, "Page View", 3))),
            "Page View",
            Map.of());
    assertEquals(
        List.of(
            new Contribution(7, List.of(new Contribution.Hit(1, 1)), false),
            new Contribution(8, List.of(new Contribution.Hit(2, 3)), false)),
        contributions);
  }

  @Test
  void inactiveRulesAndRulesetsEarnNothing() {
    Rule off = new Rule(1, "r", "Page View", 1, false, List.of(), DateWindow.ALWAYS, 0);
    Ruleset offSet =
        new Ruleset(
            8,
            "b",
            "B",
            "",
            "s",
            false,
            false,
            DateWindow.ALWAYS,
            0,
            List.of(rule(2, "Page View", 3)));
    assertEquals(List.of(), score(List.of(ruleset(7, off), offSet), "Page View", Map.of()));
  }

  @Test
  void whatAnEventOfSeveralRulesTakesIsMarkedWhereItMayPassBelowZero() {
    List<Ruleset> rulesets =
        List.of(ruleset(7, rule(1, "Both", -30), rule(2, "Both", 25), rule(3, "Up", 1)));
    assertEquals(-5, score(rulesets, "Both", Map.of()).get(0).sum());
    assertEquals(false, score(rulesets, "Both", Map.of()).get(0).unclipped());
    allowNegativeScores = true;
    assertEquals(true, score(rulesets, "Both", Map.of()).get(0).unclipped());
    assertEquals(false, score(rulesets, "Up", Map.of()).get(0).unclipped());
    List<Ruleset> even = List.of(ruleset(7, rule(1, "Both", -30), rule(2, "Both", 30)));
    assertEquals(false, score(even, "Both", Map.of()).get(0).unclipped());
  }

  @Test
  void hiddenTypesAndDecayMatchNoRule() {
    List<Ruleset> rulesets = List.of(ruleset(7, rule(1, "Page View", 1), rule(2, "DECAY", 9)));
    Engine engine =
        new Engine(
            RuleSetup.builder(UNIT)
                .rulesets(rulesets)
                .hiddenEventTypes(Set.of("Page View"))
                .build());
    assertEquals(List.of(), engine.earned("Page View", NOON, Map::of).contributions());
    assertEquals(List.of(), score(rulesets, "DECAY", Map.of()));
  }

  @Test
  void moreRulesThanAMaskHoldsMatchLikeFewer() {
    List<Rule> rules = new ArrayList<>();
    for (int i = 1; i <= 65; i++) {
      rules.add(
          rule(
              i, "Page View", i, new Condition("n", Operator.GREATER_OR_EQUAL, String.valueOf(i))));
    }
    for (int count : new int[] {63, 64, 65}) {
      List<Ruleset> rulesets = List.of(ruleset(7, rules.subList(0, count).toArray(Rule[]::new)));
      assertEquals(6, score(rulesets, "Page View", Map.of("n", "3")).get(0).sum());
      assertEquals(
          count * (count + 1) / 2, score(rulesets, "Page View", Map.of("n", "99")).get(0).sum());
      assertEquals(List.of(), score(rulesets, "Page View", Map.of("n", "0")));
    }
  }

  @Test
  void dateWindowsIncludeBothDaysByTheEventsTimestamp() {
    DateWindow march = new DateWindow(LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 31));
    Ruleset ruleset =
        new Ruleset(7, "a", "A", "", "s", true, true, march, 0, List.of(rule(1, "Page View", 1)));
    assertEquals(0, at(ruleset, "2026-02-28T23:59:59.999Z"));
    assertEquals(1, at(ruleset, "2026-03-01T00:00:00.000Z"));
    assertEquals(1, at(ruleset, "2026-03-31T23:59:59.999Z"));
    assertEquals(0, at(ruleset, "2026-04-01T00:00:00.000Z"));
    Rule windowed = new Rule(1, "r", "Page View", 1, true, List.of(), march, 0);
    assertEquals(0, at(ruleset(7, windowed), "2026-02-28T23:59:59.999Z"));
    assertEquals(1, at(ruleset(7, windowed), "2026-03-31T23:59:59.999Z"));
  }

  @Test
  void metadataIsReadOnlyForRulesThatLookIntoIt() {
    Engine engine = engine(List.of(ruleset(7, rule(1, "Page View", 1))));
    List<Contribution> contributions =
        engine
            .earned(
                "Page View",
                NOON,
                () -> {
                  throw new AssertionError("read");
                })
            .contributions();
    assertEquals(1, contributions.size());
  }

  @Test
  void hitsComeByPriority() {
    Rule second = new Rule(1, "a", "Page View", 1, true, List.of(), DateWindow.ALWAYS, 1);
    Rule first = new Rule(2, "b", "Page View", 2, true, List.of(), DateWindow.ALWAYS, 0);
    List<Contribution> contributions =
        score(List.of(ruleset(7, second, first)), "Page View", Map.of());
    assertEquals(
        List.of(new Contribution.Hit(2, 2), new Contribution.Hit(1, 1)),
        contributions.get(0).hits());
  }

  private int at(Ruleset ruleset, String instant) {
    return engine(List.of(ruleset))
        .earned("Page View", Instant.parse(instant).toEpochMilli(), Map::of)
        .contributions()
        .size();
  }

  private List<Contribution> score(
      List<Ruleset> rulesets, String eventType, Map<String, Object> metadata) {
    return engine(rulesets).earned(eventType, NOON, () -> metadata).contributions();
  }

  private Engine engine(List<Ruleset> rulesets) {
    return new Engine(
        RuleSetup.builder(UNIT)
            .rulesets(rulesets)
            .settings(new ScoringSettings(allowNegativeScores, false, 30, 0))
            .build());
  }

  private static Ruleset ruleset(long key, Rule... rules) {
    return new Ruleset(
        key,
        "ruleset_" + key,
        "R" + key,
        "",
        "s",
        true,
        false,
        DateWindow.ALWAYS,
        0,
        List.of(rules));
  }

  private static Rule rule(long key, String eventType, int weight, Condition... filters) {
    return new Rule(
        key,
        "rule_" + key,
        eventType,
        weight,
        true,
        List.of(filters),
        DateWindow.ALWAYS,
        (int) key);
  }
}
