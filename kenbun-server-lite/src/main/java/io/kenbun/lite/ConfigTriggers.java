package io.kenbun.lite;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The triggers of a unit of a configuration file.
 *
 * <pre>
 *   "triggers":       [{"id"?, "name", "score_threshold", "event_type"?, "fire_mode"?, "cooldown_seconds"?,
 *                       "ruleset_id"?, "engagement_level"?, "profile_level"?, "account_level"?,
 *                       "notify_on_exit"?, "active"?, "emails"?, "channel_id"?}]
 *   "sequences":      [{"id"?, "name", "event_types", "window_seconds", "window_unit"?, "ordered"?, "active"?,
 *                       "emails"?, "channel_id"?}]
 *   "surge_triggers": [{"id"?, "name", "event_type"?, "threshold", "window_seconds", "active"?, "emails"?,
 *                       "channel_id"?}]
 * </pre>
 *
 * <p>A {@code channel_id} names a channel of the file. Webhooks of a trigger's own are set over the
 * API, where their secrets are made.
 */
final class ConfigTriggers {
  private ConfigTriggers() {}

  static List<Milestone> milestones(
      ConfigNode unit, List<Ruleset> rulesets, List<Channel> channels) {
    List<Milestone> milestones = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : unit.list("triggers")) {
      node.only(
          "id",
          "name",
          "score_threshold",
          "event_type",
          "fire_mode",
          "cooldown_seconds",
          "ruleset_id",
          "engagement_level",
          "profile_level",
          "account_level",
          "notify_on_exit",
          "active",
          "emails",
          "channel_id");
      milestones.add(
          new Milestone(
              0,
              ConfigUnit.id(node, ids),
              ConfigUnit.name(node, names),
              node.integer(
                  "score_threshold", -Milestone.MAX_SCORE_THRESHOLD, Milestone.MAX_SCORE_THRESHOLD),
              optional(node, "event_type", RawEvent.MAX_EVENT_TYPE_LENGTH),
              fireMode(node),
              node.has("cooldown_seconds")
                  ? node.number("cooldown_seconds", 0, Milestone.MAX_COOLDOWN_SECONDS)
                  : 0,
              node.has("ruleset_id") ? ConfigUnit.ruleset(node, rulesets) : null,
              optional(node, "engagement_level", RuleSetup.MAX_NAME_LENGTH),
              optional(node, "profile_level", RuleSetup.MAX_NAME_LENGTH),
              optional(node, "account_level", RuleSetup.MAX_NAME_LENGTH),
              node.bool("notify_on_exit", false),
              node.bool("active", true),
              destinations(node, channels),
              0,
              0,
              0));
    }
    return milestones;
  }

  static List<Sequence> sequences(ConfigNode unit, List<Channel> channels) {
    List<Sequence> sequences = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : unit.list("sequences")) {
      node.only(
          "id",
          "name",
          "event_types",
          "window_seconds",
          "window_unit",
          "ordered",
          "active",
          "emails",
          "channel_id");
      List<String> steps = node.texts("event_types", RawEvent.MAX_EVENT_TYPE_LENGTH);
      if (steps.isEmpty() || steps.size() > Sequence.MAX_EVENT_TYPES) {
        throw node.problem(
            "1 to " + Sequence.MAX_EVENT_TYPES + " event types expected: " + steps.size(),
            "event_types");
      }
      sequences.add(
          new Sequence(
              0,
              ConfigUnit.id(node, ids),
              ConfigUnit.name(node, names),
              steps,
              node.number("window_seconds", 1, Sequence.MAX_WINDOW_SECONDS),
              optional(node, "window_unit", Sequence.MAX_WINDOW_UNIT_LENGTH),
              node.bool("ordered", false),
              node.bool("active", true),
              destinations(node, channels),
              0,
              0));
    }
    return sequences;
  }

  static List<Surge> surges(ConfigNode unit, List<Channel> channels) {
    List<Surge> surges = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : unit.list("surge_triggers")) {
      node.only(
          "id",
          "name",
          "event_type",
          "threshold",
          "window_seconds",
          "active",
          "emails",
          "channel_id");
      surges.add(
          new Surge(
              0,
              ConfigUnit.id(node, ids),
              ConfigUnit.name(node, names),
              optional(node, "event_type", RawEvent.MAX_EVENT_TYPE_LENGTH),
              node.integer("threshold", 1, Surge.MAX_THRESHOLD),
              node.number("window_seconds", 1, Surge.MAX_WINDOW_SECONDS),
              node.bool("active", true),
              destinations(node, channels),
              0,
              0));
    }
    return surges;
  }

  private static @Nullable String optional(ConfigNode node, String key, int maxLength) {
    return node.has(key) ? node.text(key, maxLength) : null;
  }

  private static FireMode fireMode(ConfigNode node) {
    FireMode mode = FireMode.of(node.text("fire_mode", 10, FireMode.ONCE.wireName()));
    if (mode == null) {
      throw node.problem("once or always expected", "fire_mode");
    }
    return mode;
  }

  private static Destinations destinations(ConfigNode node, List<Channel> channels) {
    List<String> emails = node.texts("emails", Destinations.MAX_EMAIL_LENGTH);
    if (emails.size() > Destinations.MAX_EMAILS) {
      throw node.problem(
          "at most " + Destinations.MAX_EMAILS + " addresses expected: " + emails.size(), "emails");
    }
    return new Destinations(
        null, null, ConfigChannels.channel(node, channels), false, emails, null, null, null);
  }
}
