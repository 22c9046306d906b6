package io.kenbun.lite;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The profile scoring of a unit of a configuration file.
 *
 * <pre>
 *   "profile_mappings": [{"id"?, "metadata_key", "profile_field", "update_behavior"?}]
 *   "profile_rulesets": [{"id"?, "name", "description"?, "active"?, "is_primary"?,
 *                         "rules": [{"id"?, "profile_field", "operator", "value"?, "weight", "active"?}]}]
 * </pre>
 */
final class ConfigProfiles {
  private ConfigProfiles() {}

  static List<ProfileMapping> mappings(ConfigNode unit) {
    List<ProfileMapping> mappings = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> ends = new HashSet<>();
    for (ConfigNode node : unit.list("profile_mappings")) {
      node.only("id", "metadata_key", "profile_field", "update_behavior");
      String metadataKey = node.text("metadata_key", ProfileMapping.MAX_KEY_LENGTH);
      String profileField = node.text("profile_field", ProfileMapping.MAX_KEY_LENGTH);
      node.requireNew(ends, List.of(metadataKey, profileField), "metadata_key");
      mappings.add(
          new ProfileMapping(
              0, ConfigUnit.id(node, ids), metadataKey, profileField, updateBehavior(node), 0));
    }
    return mappings;
  }

  private static UpdateBehavior updateBehavior(ConfigNode node) {
    String wireName = node.text("update_behavior", 40, UpdateBehavior.ALWAYS_LATEST.wireName());
    UpdateBehavior behavior = UpdateBehavior.of(wireName);
    if (behavior == null) {
      throw node.problem(
          "one of always_latest, only_if_empty expected: \"" + wireName + '"', "update_behavior");
    }
    return behavior;
  }

  static List<ProfileRuleset> rulesets(ConfigNode unit) {
    List<ProfileRuleset> rulesets = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : unit.list("profile_rulesets")) {
      node.only("id", "name", "description", "active", "is_primary", "rules");
      rulesets.add(
          new ProfileRuleset(
              0,
              ConfigUnit.id(node, ids),
              ConfigUnit.name(node, names),
              node.text("description", RuleSetup.MAX_DESCRIPTION_LENGTH, ""),
              node.bool("active", true),
              node.bool("is_primary", false),
              0,
              0,
              rules(node)));
    }
    ConfigRulesets.requireFew(
        unit,
        "profile_rulesets",
        rulesets.stream().filter(ProfileRuleset::primary).count(),
        rulesets.stream().filter(ProfileRuleset::active).count());
    return rulesets;
  }

  private static List<ProfileRule> rules(ConfigNode ruleset) {
    List<ProfileRule> rules = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> conditions = new HashSet<>();
    for (ConfigNode node : ruleset.list("rules")) {
      node.only("id", "profile_field", "operator", "value", "weight", "active");
      Condition condition = ConfigRulesets.condition(node, "profile_field");
      node.requireNew(conditions, condition, "profile_field");
      rules.add(
          new ProfileRule(
              0,
              ConfigUnit.id(node, ids),
              condition,
              node.integer("weight", Rule.MIN_WEIGHT, Rule.MAX_WEIGHT),
              node.bool("active", true),
              0,
              0));
    }
    return rules;
  }
}
