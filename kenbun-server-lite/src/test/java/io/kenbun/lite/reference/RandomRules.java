package io.kenbun.lite.reference;

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
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rules of a random history and changes any part of them. Leaves out what {@code
 * scoring.md} does not say: a decay rule whose interval changes or that is switched on again, and
 * negative scores or a ruleset switched while something decays. Whether decay that was made stays
 * when the clock is set back is not said either, see {@link #everDecayed}.
 */
final class RandomRules {
  static final List<String> KEYS = List.of("plan", "n", "deep.er", "tags");
  static final OrgUnit UNIT =
      new OrgUnit(1, "unit_default", "org_default", "Default", "default", null, true);

  private static final List<String> TYPES = List.of("Page View", "Email Open", "Quit", "page_view");
  private static final List<String> TEXTS = List.of("pro", "free", "10", "9.5", "true", "");
  private static final List<Operator> OPERATORS = List.of(Operator.values());
  private static final long[] WINDOWS_MILLIS = {1, 1_000, 60_000, 86_400_000};

  private final Random random;
  private final long startMillis;
  private RuleSetup setup;
  private long nextKey = 1;
  private boolean everDecayed;

  RandomRules(Random random, long startMillis) {
    this.random = random;
    this.startMillis = startMillis;
    this.setup = make();
  }

  static String type(Random random) {
    return TYPES.get(Math.min(random.nextInt(TYPES.size()), random.nextInt(TYPES.size() + 1)));
  }

  static long windowMillis(Random random) {
    return WINDOWS_MILLIS[random.nextInt(WINDOWS_MILLIS.length)];
  }

  static String text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  static @Nullable Object value(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new Metadata.Digits(List.of("10", "9.5", "-3", "1e2").get(random.nextInt(4)));
      case 1 -> random.nextBoolean();
      case 2 -> null;
      case 3 -> Arrays.asList(text(random), new Metadata.Digits("10"), null);
      case 4 -> random.nextBoolean() ? List.of() : Map.of("er", "pro");
      default -> text(random);
    };
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
      rulesets.add(ruleset(random.nextInt(8) > 0));
    }
    return RuleSetup.builder(UNIT)
        .rulesets(rulesets)
        .settings(
            new ScoringSettings(
                random.nextInt(4) == 0, false, 30, random.nextInt(4) == 0 ? 1_000 : 0))
        .metadataFilters(some(4, 2, this::metadataFilter))
        .velocityFilters(some(2, 2, this::velocityFilter))
        .engagementLevels(levels())
        .profileLevels(levels())
        .decayRules(some(2, 2, () -> decayRule(startMillis - 30 * Histories.DAY_MILLIS)))
        .profileMappings(random.nextInt(3) == 0 ? mappings() : List.of())
        .profileRulesets(random.nextInt(2) == 0 ? List.of(profileRuleset()) : List.of())
        .hiddenEventTypes(random.nextInt(6) == 0 ? Set.of(type(random)) : Set.of())
        .build();
  }

  private <T> List<T> some(int oneIn, int most, Supplier<T> each) {
    List<T> list = new ArrayList<>();
    if (random.nextInt(oneIn) == 0) {
      for (int i = 1 + random.nextInt(most); i > 0; i--) {
        list.add(each.get());
      }
    }
    return list;
  }

  /** Returns bands in any order, none over another, some with a gap between them. */
  private List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    int min = random.nextInt(30) - 20;
    for (int left = random.nextInt(5); left > 0; left--) {
      int max = min + random.nextInt(20);
      Integer end = left == 1 && random.nextBoolean() ? null : Integer.valueOf(max);
      levels.add(new Level("level-" + min, "Level " + min, min, end, "", levels.size()));
      min = max + 1 + random.nextInt(3);
    }
    Collections.shuffle(levels, random);
    return levels;
  }

  private Ruleset ruleset(boolean active) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      rules.add(rule(rules.size()));
    }
    long key = nextKey++;
    return new Ruleset(
        key,
        "ruleset-" + key,
        "Ruleset " + key,
        "",
        "engagement_score",
        active,
        key == 1 && random.nextInt(4) > 0,
        window(),
        startMillis,
        rules);
  }

  private Rule rule(int priority) {
    long key = nextKey++;
    int weight = random.nextInt(3) == 0 ? -random.nextInt(25) : random.nextInt(30);
    return new Rule(
        key,
        "rule-" + key,
        type(random),
        weight,
        random.nextInt(10) > 0,
        random.nextInt(3) == 0 ? conditions() : List.of(),
        window(),
        priority,
        halfLifeDays(),
        startMillis,
        startMillis);
  }

  private @Nullable Integer halfLifeDays() {
    return random.nextBoolean() ? null : List.of(1, 7, 14, 90).get(random.nextInt(4));
  }

  private DateWindow window() {
    if (random.nextInt(6) > 0) {
      return DateWindow.ALWAYS;
    }
    LocalDate day =
        Instant.ofEpochMilli(startMillis).atZone(ZoneOffset.UTC).toLocalDate().minusDays(2);
    return new DateWindow(
        random.nextBoolean() ? day.plusDays(random.nextInt(4)) : null,
        random.nextBoolean() ? day.plusDays(4 + random.nextInt(9)) : null);
  }

  private List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    do {
      conditions.add(condition(KEYS.get(random.nextInt(KEYS.size()))));
    } while (random.nextInt(3) == 0);
    return conditions;
  }

  private Condition condition(String field) {
    Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
    return new Condition(field, operator, text(random));
  }

  private MetadataFilter metadataFilter() {
    long key = nextKey++;
    String type = random.nextBoolean() ? "" : type(random);
    return new MetadataFilter(
        key, "mf-" + key, "Bots", type, conditions(), random.nextInt(8) > 0, 0, 0, "dev", "dev");
  }

  private VelocityFilter velocityFilter() {
    long key = nextKey++;
    return new VelocityFilter(
        key,
        "if-" + key,
        type(random),
        random.nextInt(4),
        windowMillis(random),
        random.nextBoolean(),
        random.nextInt(8) > 0,
        0,
        0);
  }

  private DecayRule decayRule(long createdAtMillis) {
    everDecayed = true;
    long key = nextKey++;
    Long ruleset = random.nextInt(3) == 0 ? Long.valueOf(firstRuleset()) : null;
    int points = -1 - random.nextInt(12);
    int intervalDays = List.of(2, 5, 7).get(random.nextInt(3));
    return new DecayRule(
        key, "decay-" + key, "Idle", points, intervalDays, true, ruleset, createdAtMillis);
  }

  private long firstRuleset() {
    return setup == null ? 1 : setup.rulesets().get(0).key();
  }

  private List<ProfileMapping> mappings() {
    ProfileMapping.UpdateBehavior latest = ProfileMapping.UpdateBehavior.ALWAYS_LATEST;
    ProfileMapping.UpdateBehavior first = ProfileMapping.UpdateBehavior.ONLY_IF_EMPTY;
    return List.of(
        new ProfileMapping(nextKey++, "pm-1", "plan", "company_industry", latest, 0),
        new ProfileMapping(nextKey++, "pm-2", "n", "contact_job_title", first, 0));
  }

  private ProfileRuleset profileRuleset() {
    List<ProfileRule> rules = new ArrayList<>();
    for (String field : List.of("company_industry", "contact_job_title")) {
      long key = nextKey++;
      Condition condition = condition(field);
      rules.add(new ProfileRule(key, "pr-" + key, condition, random.nextInt(40) - 15, true, 0, 0));
    }
    long key = nextKey++;
    return new ProfileRuleset(key, "prs-" + key, "Fit", "", true, true, 0, 0, rules);
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
              copy().metadataFilters(some(2, 2, this::metadataFilter)).build());
      case 13 ->
          changed(
              "velocity filters", copy().velocityFilters(some(2, 3, this::velocityFilter)).build());
      case 14 -> switchFanOut();
      case 15 ->
          changed("profile rules", copy().profileRulesets(List.of(profileRuleset())).build());
      case 16 ->
          changed("levels", copy().engagementLevels(levels()).profileLevels(levels()).build());
      default -> switchNegatives();
    };
  }

  private Step.Change addRule() {
    List<Ruleset> rulesets = new ArrayList<>(setup.rulesets());
    int at = random.nextInt(rulesets.size());
    Ruleset ruleset = rulesets.get(at);
    List<Rule> rules = new ArrayList<>(ruleset.rules());
    Rule rule = rule(rules.size());
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
            random.nextInt(4) == 0 ? type(random) : rule.eventType(),
            rule.weight(),
            random.nextInt(4) > 0,
            random.nextBoolean() ? conditions() : List.of(),
            window(),
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
    Integer days = halfLifeDays();
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
    Set<String> hidden = setup.hiddenEventTypes().isEmpty() ? Set.of(type(random)) : Set.of();
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
    return copy(setup);
  }

  /** Returns a builder that holds everything of {@code setup}. */
  static RuleSetup.Builder copy(RuleSetup setup) {
    return RuleSetup.builder(setup.unit())
        .rulesets(setup.rulesets())
        .engagementLevels(setup.engagementLevels())
        .profileLevels(setup.profileLevels())
        .settings(setup.settings())
        .metadataFilters(setup.metadataFilters())
        .velocityFilters(setup.velocityFilters())
        .decayRules(setup.decayRules())
        .profileMappings(setup.profileMappings())
        .profileRulesets(setup.profileRulesets())
        .hiddenEventTypes(setup.hiddenEventTypes())
        .retiredHalfLives(setup.retiredHalfLives());
  }

  private Step.Change changed(String words, RuleSetup next) {
    setup = next;
    return new Step.Change(words, next);
  }
}
