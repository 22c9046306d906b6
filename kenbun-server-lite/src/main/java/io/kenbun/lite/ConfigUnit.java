package io.kenbun.lite;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One unit of a configuration file.
 *
 * <pre>
 *   {"unit_id", "name"?, "org_id"?, "external_ref"?,
 *    "rulesets":           see ConfigRulesets
 *    "levels":             [{"id"?, "name", "min_score", "max_score"?, "color"?}],
 *    "profile_levels":     the same
 *    "decays":             [{"id"?, "name", "points", "interval_days", "active"?, "ruleset_id"?}],
 *    "metadata_filters":   see ConfigFilters
 *    "inorganic_filters":  see ConfigFilters
 *    "profile_mappings":   see ConfigProfiles
 *    "profile_rulesets":   see ConfigProfiles
 *    "triggers", "sequences", "surge_triggers":  see ConfigTriggers
 *    "channels":           see ConfigChannels
 *    "settings":           see ConfigSettings
 *    "hidden_event_types": [...]}
 * </pre>
 */
final class ConfigUnit {
  private ConfigUnit() {}

  /**
   * Reads one.
   *
   * @param paths where the file has the ids of rules and levels, see {@link #id(ConfigNode, String,
   *     Map)}
   */
  static RuleSetup read(
      ConfigNode node,
      ConfigSettings settings,
      List<Channel> channels,
      Map<String, String> paths) {
    node.only(
        "unit_id",
        "name",
        "org_id",
        "external_ref",
        "rulesets",
        "levels",
        "profile_levels",
        "decays",
        "metadata_filters",
        "inorganic_filters",
        "profile_mappings",
        "profile_rulesets",
        "triggers",
        "sequences",
        "surge_triggers",
        "channels",
        "settings",
        "hidden_event_types");
    List<Ruleset> rulesets = ConfigRulesets.read(node, paths);
    return RuleSetup.builder(unit(node))
        .rulesets(rulesets)
        .engagementLevels(levels(node, "levels", paths))
        .profileLevels(levels(node, "profile_levels", paths))
        .decayRules(decays(node, rulesets))
        .metadataFilters(ConfigFilters.metadataFilters(node))
        .velocityFilters(ConfigFilters.velocityFilters(node))
        .profileMappings(ConfigProfiles.mappings(node))
        .profileRulesets(ConfigProfiles.rulesets(node))
        .milestones(ConfigTriggers.milestones(node, rulesets, channels))
        .sequences(ConfigTriggers.sequences(node, channels))
        .surges(ConfigTriggers.surges(node, channels))
        .settings(settings.of(node))
        .hiddenEventTypes(
            new LinkedHashSet<>(node.texts("hidden_event_types", RawEvent.MAX_EVENT_TYPE_LENGTH)))
        .build();
  }

  /** Returns the id of the organization that the unit is in. */
  static String orgId(ConfigNode node) {
    return node.text("org_id", RuleSetup.MAX_NAME_LENGTH, "org_default");
  }

  private static OrgUnit unit(ConfigNode node) {
    String unitId = node.text("unit_id", RuleSetup.MAX_NAME_LENGTH);
    String name = node.text("name", RuleSetup.MAX_NAME_LENGTH, unitId);
    return new OrgUnit(
        0,
        unitId,
        orgId(node),
        name,
        OrgUnit.slug(name),
        node.has("external_ref") ? node.text("external_ref", RuleSetup.MAX_NAME_LENGTH) : null,
        unitId.equals("unit_default"));
  }

  /** Reads the optional {@code id}, which nothing before it in the list may have. */
  static String id(ConfigNode node, Set<Object> seen) {
    String id = node.text("id", RuleSetup.MAX_NAME_LENGTH, "");
    if (!id.isEmpty()) {
      node.requireNew(seen, id, "id");
    }
    return id;
  }

  /**
   * Reads the optional {@code id} of what has an id that nothing else of its kind has in any unit.
   *
   * @param kind rule or level
   * @param paths where each such id is, by kind and id
   */
  static String id(ConfigNode node, String kind, Map<String, String> paths) {
    String id = node.text("id", RuleSetup.MAX_NAME_LENGTH, "");
    if (!id.isEmpty() && paths.putIfAbsent(kind + " " + id, node.path() + ".id") != null) {
      throw node.problem("an id that no other " + kind + " has expected: \"" + id + '"', "id");
    }
    return id;
  }

  /** Reads the {@code name}, which nothing before it in the list may have. */
  static String name(ConfigNode node, Set<Object> seen) {
    String name = node.text("name", RuleSetup.MAX_NAME_LENGTH);
    node.requireNew(seen, name, "name");
    return name;
  }

  private static List<Level> levels(ConfigNode parent, String key, Map<String, String> paths) {
    List<Level> levels = new ArrayList<>();
    Set<Object> names = new HashSet<>();
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
              id(node, "level", paths),
              name(node, names),
              minScore,
              maxScore,
              node.text("color", Level.MAX_COLOR_LENGTH, Level.DEFAULT_COLOR),
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

  private static List<DecayRule> decays(ConfigNode parent, List<Ruleset> rulesets) {
    List<DecayRule> decays = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : parent.list("decays")) {
      node.only("id", "name", "points", "interval_days", "active", "ruleset_id");
      decays.add(
          new DecayRule(
              0,
              id(node, ids),
              name(node, names),
              node.integer("points", -DecayRule.MAX_POINTS, DecayRule.MAX_POINTS),
              node.integer("interval_days", 1, DecayRule.MAX_INTERVAL_DAYS),
              node.bool("active", true),
              node.has("ruleset_id") ? ruleset(node, rulesets) : null,
              0));
    }
    return decays;
  }

  /** Reads the {@code ruleset_id}; returns the key that the ruleset has in the file. */
  static long ruleset(ConfigNode node, List<Ruleset> rulesets) {
    String id = node.text("ruleset_id", RuleSetup.MAX_NAME_LENGTH);
    return rulesets.stream()
        .filter(ruleset -> ruleset.id().equals(id))
        .map(Ruleset::key)
        .findFirst()
        .orElseThrow(
            () ->
                node.problem(
                    "the id of one of the unit's rulesets in the file expected: \"" + id + '"',
                    "ruleset_id"));
  }
}
