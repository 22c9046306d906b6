package io.kenbun.lite;

import io.kenbun.lite.http.Credential;
import io.kenbun.lite.http.Json;
import io.kenbun.lite.http.JsonException;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file says.
 *
 * <pre>
 *   {"credentials": [{"client_id", "client_secret", "name"?, "unit_ids"?: [...]}],
 *    "org_units":   [{"unit_id", "name"?, "org_id"?, "external_ref"?,
 *      "rulesets":         [{"id"?, "name", "description"?, "score_field"?, "active"?, "is_primary"?,
 *                            "start_date"?, "end_date"?,
 *                            "rules": [{"id"?, "event_type", "weight", "active"?, "start_date"?, "end_date"?,
 *                                       "attribute_filters"?: [{"field", "operator", "value"?}]}]}],
 *      "levels":           [{"id"?, "name", "min_score", "max_score"?, "color"?}],
 *      "profile_levels":   the same}]}
 * </pre>
 */
record ConfigFile(List<Credential> credentials, List<RuleSetup> setups) {
  private static final int MAX_NAME = 200;
  private static final String STARTER = "starter.json";

  /** Reads {@code file}. */
  static ConfigFile read(Path file) {
    try {
      return parse(Files.readAllBytes(file));
    } catch (JsonException e) {
      throw new ConfigException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage(), e);
    } catch (ConfigException e) {
      throw new ConfigException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns what a first start without a file sets up: one unit, with {@code starter} rules and
   * levels or with none.
   */
  static ConfigFile template(String name) {
    ConfigFile starter;
    try (InputStream in = ConfigFile.class.getResourceAsStream(STARTER)) {
      if (in == null) {
        throw new IllegalStateException("no " + STARTER);
      }
      starter = parse(in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(STARTER, e);
    }
    if (name.equals("starter")) {
      return starter;
    }
    List<RuleSetup> bare = new ArrayList<>();
    for (RuleSetup setup : starter.setups()) {
      bare.add(RuleSetup.builder(setup.unit()).build());
    }
    return new ConfigFile(List.of(), bare);
  }

  static ConfigFile parse(byte[] json) throws JsonException {
    ConfigNode root = ConfigNode.of(Json.readTree(json), "$").only("credentials", "org_units");
    List<Credential> credentials = new ArrayList<>();
    Set<String> clientIds = new HashSet<>();
    for (ConfigNode node : root.list("credentials")) {
      node.only("client_id", "client_secret", "name", "unit_ids");
      String clientId = node.text("client_id", MAX_NAME);
      if (clientId.indexOf(':') >= 0 || !clientIds.add(clientId)) {
        throw node.problem(
            "an id of its own, without a colon, expected: \"" + clientId + '"', "client_id");
      }
      List<String> unitIds = node.texts("unit_ids", MAX_NAME);
      credentials.add(
          Credential.of(
              clientId,
              node.text("name", MAX_NAME, clientId),
              node.secret("client_secret"),
              Set.copyOf(unitIds)));
    }
    List<RuleSetup> setups = new ArrayList<>();
    Set<String> unitIds = new HashSet<>();
    for (ConfigNode node : root.list("org_units")) {
      RuleSetup setup = setup(node);
      if (!unitIds.add(setup.unit().unitId())) {
        throw node.problem("twice in the file: \"" + setup.unit().unitId() + '"', "unit_id");
      }
      setups.add(setup);
    }
    return new ConfigFile(credentials, setups);
  }

  private static RuleSetup setup(ConfigNode node) {
    node.only("unit_id", "name", "org_id", "external_ref", "rulesets", "levels", "profile_levels");
    String unitId = node.text("unit_id", MAX_NAME);
    String name = node.text("name", MAX_NAME, unitId);
    OrgUnit unit =
        new OrgUnit(
            0,
            unitId,
            node.text("org_id", MAX_NAME, "org_default"),
            name,
            OrgUnit.slug(name),
            node.has("external_ref") ? node.text("external_ref", MAX_NAME) : null,
            unitId.equals("unit_default"));
    List<Ruleset> rulesets = new ArrayList<>();
    for (ConfigNode ruleset : node.list("rulesets")) {
      rulesets.add(ruleset(ruleset));
    }
    if (rulesets.stream().filter(Ruleset::primary).count() > 1) {
      throw node.problem("one ruleset may be primary", "rulesets");
    }
    if (rulesets.stream().filter(Ruleset::active).count() > Ruleset.MAX_ACTIVE) {
      throw node.problem("at most " + Ruleset.MAX_ACTIVE + " active rulesets expected", "rulesets");
    }
    return RuleSetup.builder(unit)
        .rulesets(rulesets)
        .engagementLevels(levels(node, "levels"))
        .profileLevels(levels(node, "profile_levels"))
        .build();
  }

  private static Ruleset ruleset(ConfigNode node) {
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
      Rule rule = rule(child, rules.size());
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
        0,
        node.text("id", MAX_NAME, ""),
        node.text("name", MAX_NAME),
        node.text("description", 2_000, ""),
        node.text("score_field", MAX_NAME, "engagement_score"),
        node.bool("active", true),
        node.bool("is_primary", false),
        node.window(),
        0,
        rules);
  }

  private static Rule rule(ConfigNode node, int priority) {
    node.only(
        "id", "event_type", "weight", "active", "start_date", "end_date", "attribute_filters");
    List<Condition> filters = new ArrayList<>();
    for (ConfigNode filter : node.list("attribute_filters")) {
      filters.add(condition(filter));
    }
    return new Rule(
        0,
        node.text("id", MAX_NAME, ""),
        node.text("event_type", RawEvent.MAX_EVENT_TYPE_LENGTH),
        node.integer("weight"),
        node.bool("active", true),
        filters,
        node.window(),
        priority);
  }

  private static Condition condition(ConfigNode node) {
    node.only("field", "operator", "value");
    String wireName = node.text("operator", 40);
    Operator operator = Operator.of(wireName);
    if (operator == null) {
      throw node.problem(
          "one of " + Operator.allowed() + " expected: \"" + wireName + '"', "operator");
    }
    boolean unary = operator == Operator.IS_EMPTY || operator == Operator.IS_NOT_EMPTY;
    String value = node.text("value", 1_000, ""); // As written: blanks may be meant.
    if (value.isEmpty() && !unary) {
      throw node.problem("text of 1 to 1000 characters expected: nothing", "value");
    }
    if (operator == Operator.REGEX) {
      try {
        java.util.regex.Pattern.compile(value);
      } catch (PatternSyntaxException e) {
        throw node.problem("a regular expression expected: " + e.getDescription(), "value");
      }
    }
    return new Condition(node.text("field", MAX_NAME), operator, value);
  }

  private static List<Level> levels(ConfigNode parent, String key) {
    List<Level> levels = new ArrayList<>();
    for (ConfigNode node : parent.list(key)) {
      node.only("id", "name", "min_score", "max_score", "color");
      int minScore = node.integer("min_score");
      Integer maxScore = node.optionalInteger("max_score");
      if (maxScore != null && maxScore < minScore) {
        throw node.problem(
            "not below min_score " + minScore + " expected: " + maxScore, "max_score");
      }
      Level level =
          new Level(
              node.text("id", MAX_NAME, ""),
              node.text("name", MAX_NAME),
              minScore,
              maxScore,
              node.text("color", 20, Level.DEFAULT_COLOR),
              levels.size());
      Level overlapped = overlapped(level, levels);
      if (overlapped != null) {
        throw node.problem("overlaps level \"" + overlapped.name() + '"', "min_score");
      }
      levels.add(level);
    }
    return levels;
  }

  private static @Nullable Level overlapped(Level level, List<Level> others) {
    for (Level other : others) {
      if (other.contains(level.minScore()) || level.contains(other.minScore())) {
        return other;
      }
    }
    return null;
  }
}
