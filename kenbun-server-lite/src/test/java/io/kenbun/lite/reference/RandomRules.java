package io.kenbun.lite.reference;

import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.ScoringSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rules of a random history and changes any part of them. Leaves out what {@code
 * scoring.md} does not say: a decay rule whose interval changes or that is switched on again, and
 * negative scores or a ruleset switched while something decays. Whether decay that was made stays
 * when the clock is set back is not said either, see {@link #everDecayed}.
 */
final class RandomRules {
  static final OrgUnit UNIT =
      new OrgUnit(1, "unit_default", "org_default", "Default", "default", null, true);

  private final Random random;
  private final long startMillis;
  private final RuleDraws draws;
  private RuleSetup setup;
  private boolean everDecayed;

  RandomRules(Random random, long startMillis) {
    this.random = random;
    this.startMillis = startMillis;
    this.draws = new RuleDraws(random, startMillis);
    this.setup = make();
  }

  RuleSetup setup() {
    return setup;
  }

  /** Says whether there is or was a decay rule. */
  boolean everDecayed() {
    return everDecayed;
  }

  private RuleSetup make() {
    List<Ruleset> rulesets = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      rulesets.add(draws.ruleset(random.nextInt(8) > 0));
    }
    return RuleSetup.builder(UNIT)
        .rulesets(rulesets)
        .settings(
            new ScoringSettings(
                random.nextInt(4) == 0, false, 30, random.nextInt(4) == 0 ? 1_000 : 0))
        .metadataFilters(draws.some(4, 2, draws::metadataFilter))
        .velocityFilters(draws.some(2, 2, draws::velocityFilter))
        .engagementLevels(draws.levels())
        .profileLevels(draws.levels())
        .decayRules(draws.some(2, 2, () -> decayRule(startMillis - 30 * Histories.DAY_MILLIS)))
        .profileMappings(random.nextInt(3) == 0 ? draws.mappings() : List.of())
        .profileRulesets(random.nextInt(2) == 0 ? List.of(draws.profileRuleset()) : List.of())
        .hiddenEventTypes(random.nextInt(6) == 0 ? Set.of(RuleDraws.type(random)) : Set.of())
        .build();
  }

  private DecayRule decayRule(long createdAtMillis) {
    everDecayed = true;
    long firstRuleset = setup == null ? 1 : setup.rulesets().get(0).key();
    return draws.decayRule(firstRuleset, createdAtMillis);
  }

  /** Changes the rules, or returns null when the change drawn is none. */
  Step.@Nullable Change change(long nowMillis) {
    return switch (random.nextInt(18)) {
      case 0, 1, 2 -> halfLife();
      case 3 -> weight();
      case 4 -> deleteRule();
      case 5 -> changed("added a decay rule", withDecay(decayRule(nowMillis)));
      case 6 -> deleteDecay();
      case 7 -> hideOrShow();
      case 8 -> addRule();
      case 9, 10 -> conditionsOfRule();
      case 11 -> switchRuleset();
      case 12 ->
          changed(
              "attribute filters",
              copy().metadataFilters(draws.some(2, 2, draws::metadataFilter)).build());
      case 13 ->
          changed(
              "velocity filters",
              copy().velocityFilters(draws.some(2, 3, draws::velocityFilter)).build());
      case 14 -> switchFanOut();
      case 15 ->
          changed("profile rules", copy().profileRulesets(List.of(draws.profileRuleset())).build());
      case 16 ->
          changed(
              "levels",
              copy().engagementLevels(draws.levels()).profileLevels(draws.levels()).build());
      default -> switchNegatives();
    };
  }

  private Step.Change addRule() {
    List<Ruleset> rulesets = new ArrayList<>(setup.rulesets());
    int at = random.nextInt(rulesets.size());
    Ruleset ruleset = rulesets.get(at);
    List<Rule> rules = new ArrayList<>(ruleset.rules());
    Rule rule = draws.rule(rules.size());
    rules.add(rule);
    rulesets.set(at, with(ruleset, ruleset.active(), rules));
    return changed("added " + rule, copy().rulesets(rulesets).build());
  }

  /** Changes when and for what a rule is, or switches it off or on. */
  private Step.@Nullable Change conditionsOfRule() {
    Rule rule = anyRule();
    if (rule == null) {
      return null;
    }
    Rule other =
        new Rule(
            rule.key(),
            rule.id(),
            random.nextInt(4) == 0 ? RuleDraws.type(random) : rule.eventType(),
            rule.weight(),
            random.nextInt(4) > 0,
            random.nextBoolean() ? draws.conditions() : List.of(),
            draws.window(),
            rule.priority(),
            rule.halfLifeDays(),
            rule.createdAtMillis(),
            rule.updatedAtMillis());
    return changed("now " + other, replaced(rule, other));
  }

  private Step.@Nullable Change switchRuleset() {
    if (everDecayed) {
      return null;
    }
    List<Ruleset> rulesets = new ArrayList<>(setup.rulesets());
    int at = random.nextInt(rulesets.size());
    Ruleset ruleset = rulesets.get(at);
    rulesets.set(at, with(ruleset, !ruleset.active(), ruleset.rules()));
    return changed(
        ruleset.id() + " active " + !ruleset.active(), copy().rulesets(rulesets).build());
  }

  private Step.Change switchFanOut() {
    ScoringSettings now = setup.settings();
    long windowMillis = now.fanOutWindowMillis() > 0 ? 0 : 1_000;
    return changed(
        "fan-out window " + windowMillis,
        copy()
            .settings(new ScoringSettings(now.allowNegativeScores(), false, 30, windowMillis))
            .build());
  }

  private Step.@Nullable Change halfLife() {
    Rule rule = anyRule();
    Integer days = draws.halfLifeDays();
    return rule == null
        ? null
        : changed(rule.id() + " half-life " + days, with(rule, rule.weight(), days));
  }

  private Step.@Nullable Change weight() {
    Rule rule = anyRule();
    int weight = random.nextInt(30) - 10;
    return rule == null
        ? null
        : changed(rule.id() + " weight " + weight, with(rule, weight, rule.halfLifeDays()));
  }

  private Step.@Nullable Change deleteRule() {
    Rule rule = anyRule();
    return rule == null ? null : changed(rule.id() + " deleted", replaced(rule, null));
  }

  private Step.@Nullable Change deleteDecay() {
    if (setup.decayRules().isEmpty()) {
      return null;
    }
    return changed("deleted the first decay rule", withDecays(tail(setup.decayRules())));
  }

  private Step.Change hideOrShow() {
    Set<String> hidden =
        setup.hiddenEventTypes().isEmpty() ? Set.of(RuleDraws.type(random)) : Set.of();
    return changed("hidden " + hidden, copy().hiddenEventTypes(hidden).build());
  }

  private Step.@Nullable Change switchNegatives() {
    if (!setup.decayRules().isEmpty()) {
      return null;
    }
    boolean allowed = !setup.settings().allowNegativeScores();
    long fanOut = setup.settings().fanOutWindowMillis();
    return changed(
        "negative scores " + allowed,
        copy().settings(new ScoringSettings(allowed, false, 30, fanOut)).build());
  }

  private @Nullable Rule anyRule() {
    List<Rule> rules =
        setup.rulesets().stream().flatMap(ruleset -> ruleset.rules().stream()).toList();
    return rules.isEmpty() ? null : rules.get(random.nextInt(rules.size()));
  }

  private RuleSetup with(Rule rule, int weight, @Nullable Integer halfLifeDays) {
    return replaced(
        rule,
        new Rule(
            rule.key(),
            rule.id(),
            rule.eventType(),
            weight,
            rule.active(),
            rule.filters(),
            rule.window(),
            rule.priority(),
            halfLifeDays,
            rule.createdAtMillis(),
            rule.updatedAtMillis()));
  }

  private RuleSetup replaced(Rule old, @Nullable Rule by) {
    List<Ruleset> rulesets = new ArrayList<>();
    for (Ruleset ruleset : setup.rulesets()) {
      List<Rule> rules = new ArrayList<>(ruleset.rules());
      int at = rules.indexOf(old);
      if (at >= 0) {
        rules.remove(at);
        if (by != null) {
          rules.add(at, by);
        }
      }
      rulesets.add(with(ruleset, ruleset.active(), rules));
    }
    Map<Long, Integer> retired = new HashMap<>(setup.retiredHalfLives());
    if (by == null && old.halfLifeDays() != null) {
      retired.put(old.key(), old.halfLifeDays());
    }
    return copy().rulesets(rulesets).retiredHalfLives(retired).build();
  }

  private static Ruleset with(Ruleset ruleset, boolean active, List<Rule> rules) {
    return new Ruleset(
        ruleset.key(),
        ruleset.id(),
        ruleset.name(),
        ruleset.description(),
        ruleset.scoreField(),
        active,
        ruleset.primary(),
        ruleset.window(),
        ruleset.createdAtMillis(),
        rules);
  }

  private RuleSetup withDecay(DecayRule rule) {
    List<DecayRule> rules = new ArrayList<>(setup.decayRules());
    rules.add(rule);
    return withDecays(rules);
  }

  private RuleSetup withDecays(List<DecayRule> rules) {
    return copy().decayRules(rules).build();
  }

  private static <T> List<T> tail(List<T> list) {
    return list.subList(1, list.size());
  }

  private RuleSetup.Builder copy() {
    return setup.newBuilder();
  }

  private Step.Change changed(String words, RuleSetup next) {
    setup = next;
    return new Step.Change(words, next);
  }
}
