package io.kenbun.lite.reference;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.VelocityFilter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Draws what rules are made of; keys go up from 1. */
final class RuleDraws {
  static final List<String> KEYS = List.of("plan", "n", "deep.er", "tags");

  private static final List<String> TYPES = List.of("Page View", "Email Open", "Quit", "page_view");
  private static final List<String> TEXTS = List.of("pro", "free", "10", "9.5", "true", "");
  private static final List<Operator> OPERATORS = List.of(Operator.values());
  private static final long[] WINDOWS_MILLIS = {1, 1_000, 60_000, 86_400_000};

  private final Random random;
  private final long startMillis;
  private long nextKey = 1;

  RuleDraws(Random random, long startMillis) {
    this.random = random;
    this.startMillis = startMillis;
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

  <T> List<T> some(int oneIn, int most, Supplier<T> each) {
    List<T> list = new ArrayList<>();
    if (random.nextInt(oneIn) == 0) {
      for (int i = 1 + random.nextInt(most); i > 0; i--) {
        list.add(each.get());
      }
    }
    return list;
  }

  /** Returns bands in any order, none over another, some with a gap between them. */
  List<Level> levels() {
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

  Ruleset ruleset(boolean active) {
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

  Rule rule(int priority) {
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

  @Nullable Integer halfLifeDays() {
    return random.nextBoolean() ? null : List.of(1, 7, 14, 90).get(random.nextInt(4));
  }

  DateWindow window() {
    if (random.nextInt(6) > 0) {
      return DateWindow.ALWAYS;
    }
    LocalDate day =
        Instant.ofEpochMilli(startMillis).atZone(ZoneOffset.UTC).toLocalDate().minusDays(2);
    return new DateWindow(
        random.nextBoolean() ? day.plusDays(random.nextInt(4)) : null,
        random.nextBoolean() ? day.plusDays(4 + random.nextInt(9)) : null);
  }

  List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    do {
      conditions.add(condition(KEYS.get(random.nextInt(KEYS.size()))));
    } while (random.nextInt(3) == 0);
    return conditions;
  }

  Condition condition(String field) {
    Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
    return new Condition(field, operator, text(random));
  }

  MetadataFilter metadataFilter() {
    long key = nextKey++;
    String type = random.nextBoolean() ? "" : type(random);
    return new MetadataFilter(
        key, "mf-" + key, "Bots", type, conditions(), random.nextInt(8) > 0, 0, 0, "dev", "dev");
  }

  VelocityFilter velocityFilter() {
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

  DecayRule decayRule(long firstRuleset, long createdAtMillis) {
    long key = nextKey++;
    Long ruleset = random.nextInt(3) == 0 ? Long.valueOf(firstRuleset) : null;
    int points = -1 - random.nextInt(12);
    int intervalDays = List.of(2, 5, 7).get(random.nextInt(3));
    return new DecayRule(
        key, "decay-" + key, "Idle", points, intervalDays, true, ruleset, createdAtMillis);
  }

  List<ProfileMapping> mappings() {
    ProfileMapping.UpdateBehavior latest = ProfileMapping.UpdateBehavior.ALWAYS_LATEST;
    ProfileMapping.UpdateBehavior first = ProfileMapping.UpdateBehavior.ONLY_IF_EMPTY;
    return List.of(
        new ProfileMapping(nextKey++, "pm-1", "plan", "company_industry", latest, 0),
        new ProfileMapping(nextKey++, "pm-2", "n", "contact_job_title", first, 0));
  }

  ProfileRuleset profileRuleset() {
    List<ProfileRule> rules = new ArrayList<>();
    for (String field : List.of("company_industry", "contact_job_title")) {
      long key = nextKey++;
      Condition condition = condition(field);
      rules.add(new ProfileRule(key, "pr-" + key, condition, random.nextInt(40) - 15, true, 0, 0));
    }
    long key = nextKey++;
    return new ProfileRuleset(key, "prs-" + key, "Fit", "", true, true, 0, 0, rules);
  }
}
