package io.kenbun.lite;

import io.kenbun.lite.engine.Regex;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rulesets of a unit of a configuration file.
 *
 * <pre>
 *   [{"id"?, "name", "description"?, "score_field"?, "active"?, "is_primary"?, "start_date"?, "end_date"?,
 *     "rules": [{"id"?, "event_type", "weight", "active"?, "start_date"?, "end_date"?, "half_life_days"?,
 *                "attribute_filters"?: [{"field", "operator", "value"?}]}]}]
 * </pre>
 */
final class ConfigRulesets {
  private ConfigRulesets() {}

  /** Reads them; each gets its place in the list, from 1, for a key. */
  static List<Ruleset> read(ConfigNode unit, Map<String, String> paths) {
    List<Ruleset> rulesets = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : unit.list("rulesets")) {
      rulesets.add(ruleset(node, rulesets.size() + 1L, ids, names, paths));
    }
    requireFew(
        unit,
        "rulesets",
        rulesets.stream().filter(Ruleset::primary).count(),
        rulesets.stream().filter(Ruleset::active).count());
    return rulesets;
  }

  /** Complains about more than one primary or too many active ones. */
  static void requireFew(ConfigNode unit, String key, long primary, long active) {
    if (primary > 1) {
      throw unit.problem("one ruleset may be primary", key);
    }
    if (active > Ruleset.MAX_ACTIVE) {
      throw unit.problem("at most " + Ruleset.MAX_ACTIVE + " active rulesets expected", key);
    }
  }

  private static Ruleset ruleset(
      ConfigNode node,
      long key,
      Set<Object> rulesetIds,
      Set<Object> rulesetNames,
      Map<String, String> paths) {
    node.only(
        "id",
        "name",
        "description",
        "score_field",
        "active",
        "is_primary",
        "start_date",
        "end_date",
        "rules");
    List<Rule> rules = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (ConfigNode child : node.list("rules")) {
      Rule rule = rule(child, rules.size(), paths);
      if (!seen.add(List.of(rule.eventType(), rule.filters()))) {
        throw child.problem(
            "an event type and filters that no other rule of the ruleset has expected: \""
                + rule.eventType()
                + '"',
            "event_type");
      }
      rules.add(rule);
    }
    return new Ruleset(
        key,
        ConfigUnit.id(node, rulesetIds),
        ConfigUnit.name(node, rulesetNames),
        node.text("description", RuleSetup.MAX_DESCRIPTION_LENGTH, ""),
        node.text("score_field", RuleSetup.MAX_NAME_LENGTH, "engagement_score"),
        node.bool("active", true),
        node.bool("is_primary", false),
        node.window(),
        0,
        rules);
  }

  private static Rule rule(ConfigNode node, int priority, Map<String, String> paths) {
    node.only(
        "id",
        "event_type",
        "weight",
        "active",
        "start_date",
        "end_date",
        "half_life_days",
        "attribute_filters");
    List<Condition> filters = new ArrayList<>();
    for (ConfigNode filter : node.list("attribute_filters")) {
      filters.add(condition(filter.only("field", "operator", "value"), "field"));
    }
    return new Rule(
        0,
        ConfigUnit.id(node, "rule", paths),
        node.text("event_type", RawEvent.MAX_EVENT_TYPE_LENGTH),
        node.integer("weight", Rule.MIN_WEIGHT, Rule.MAX_WEIGHT),
        node.bool("active", true),
        filters,
        node.window(),
        priority,
        node.has("half_life_days")
            ? node.integer("half_life_days", 1, Rule.MAX_HALF_LIFE_DAYS)
            : null,
        0,
        0);
  }

  /**
   * Reads a condition, on any surface.
   *
   * @param fieldKey what the surface calls the field
   */
  static Condition condition(ConfigNode node, String fieldKey) {
    String wireName = node.text("operator", 40);
    Operator operator = Operator.of(wireName);
    if (operator == null) {
      throw node.problem(
          "one of " + Operator.allowed() + " expected: \"" + wireName + '"', "operator");
    }
    boolean unary = operator == Operator.IS_EMPTY || operator == Operator.IS_NOT_EMPTY;
    // As written: blanks may be meant.
    String value = node.text("value", Condition.MAX_VALUE_LENGTH, "");
    if (value.isEmpty() && !unary) {
      throw node.problem(
          "text of 1 to " + Condition.MAX_VALUE_LENGTH + " characters expected: nothing", "value");
    }
    if (operator == Operator.REGEX) {
      try {
        Regex.of(value);
      } catch (IllegalArgumentException e) {
        throw node.problem("a regular expression expected: " + e.getMessage(), "value");
      }
    }
    return new Condition(node.text(fieldKey, Condition.MAX_FIELD_LENGTH), operator, value);
  }
}
