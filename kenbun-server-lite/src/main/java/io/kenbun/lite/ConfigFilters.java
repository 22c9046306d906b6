package io.kenbun.lite;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.VelocityFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The filters of a unit of a configuration file.
 *
 * <pre>
 *   "metadata_filters":  [{"id"?, "name", "event_type"?, "enabled"?,
 *                          "conditions": [{"key", "operator", "value"?}]}]
 *   "inorganic_filters": [{"id"?, "event_type", "count_threshold", "window_ms", "keep_first"?, "enabled"?}]
 * </pre>
 */
final class ConfigFilters {
  private ConfigFilters() {}

  static List<MetadataFilter> metadataFilters(ConfigNode unit) {
    List<MetadataFilter> filters = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : unit.list("metadata_filters")) {
      node.only("id", "name", "event_type", "conditions", "enabled");
      List<Condition> conditions = new ArrayList<>();
      for (ConfigNode child : node.list("conditions")) {
        conditions.add(ConfigRulesets.condition(child.only("key", "operator", "value"), "key"));
      }
      if (conditions.isEmpty()) {
        throw node.problem("at least one condition expected: nothing", "conditions");
      }
      filters.add(
          new MetadataFilter(
              0,
              ConfigUnit.id(node, ids),
              ConfigUnit.name(node, names),
              node.text("event_type", RawEvent.MAX_EVENT_TYPE_LENGTH, "").strip(),
              conditions,
              node.bool("enabled", true),
              0,
              0,
              "",
              ""));
    }
    return filters;
  }

  static List<VelocityFilter> velocityFilters(ConfigNode unit) {
    List<VelocityFilter> filters = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    for (ConfigNode node : unit.list("inorganic_filters")) {
      node.only("id", "event_type", "count_threshold", "window_ms", "keep_first", "enabled");
      filters.add(
          new VelocityFilter(
              0,
              ConfigUnit.id(node, ids),
              node.text("event_type", RawEvent.MAX_EVENT_TYPE_LENGTH),
              node.integer("count_threshold", 0, VelocityFilter.MAX_COUNT_THRESHOLD),
              node.number("window_ms", 1, VelocityFilter.MAX_WINDOW_MILLIS),
              node.bool("keep_first", false),
              node.bool("enabled", true),
              0,
              0));
    }
    return filters;
  }
}
