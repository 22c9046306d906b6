package io.kenbun.lite;

import io.kenbun.lite.model.ScoringSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings in a configuration file. All but the session timeout are the organization's: any of
 * its units may say them, and two may not say two things.
 *
 * <pre>
 *   "settings": {"allow_negative_scores"?, "abm_enabled"?, "fan_out_window_ms"?,   every unit's
 *                "session_timeout_minutes"?}                                       its own
 * </pre>
 */
final class ConfigSettings {
  private final Map<String, Map<String, Object>> said = new HashMap<>(); // By org_id, by key.

  private ConfigSettings() {}

  /** Reads what all units say. */
  static ConfigSettings read(List<ConfigNode> units) {
    ConfigSettings settings = new ConfigSettings();
    for (ConfigNode unit : units) {
      ConfigNode node = unit.child("settings");
      if (node != null) {
        settings.take(ConfigUnit.orgId(unit), node);
      }
    }
    return settings;
  }

  private void take(String orgId, ConfigNode node) {
    node.only(
        "allow_negative_scores", "abm_enabled", "session_timeout_minutes", "fan_out_window_ms");
    take(orgId, node, "allow_negative_scores", node.bool("allow_negative_scores", false));
    take(orgId, node, "abm_enabled", node.bool("abm_enabled", false));
    take(orgId, node, "fan_out_window_ms", fanOutWindow(node));
  }

  private void take(String orgId, ConfigNode node, String key, Object value) {
    if (node.has(key)) {
      Object other = said.computeIfAbsent(orgId, any -> new HashMap<>()).put(key, value);
      if (other != null && !other.equals(value)) {
        throw node.problem("the same in every unit of the organization expected: " + value, key);
      }
    }
  }

  private static long fanOutWindow(ConfigNode node) {
    return node.has("fan_out_window_ms")
        ? node.number("fan_out_window_ms", 0, ScoringSettings.MAX_FAN_OUT_WINDOW_MILLIS)
        : ScoringSettings.DEFAULT.fanOutWindowMillis();
  }

  /** Returns the settings of a unit, with defaults for what nobody says. */
  ScoringSettings of(ConfigNode unit) {
    ScoringSettings absent = ScoringSettings.DEFAULT;
    Map<String, Object> all =
        Objects.requireNonNullElse(said.get(ConfigUnit.orgId(unit)), Map.of());
    return new ScoringSettings(
        (boolean) all.getOrDefault("allow_negative_scores", absent.allowNegativeScores()),
        (boolean) all.getOrDefault("abm_enabled", absent.abmEnabled()),
        sessionTimeout(unit.child("settings")),
        (long) all.getOrDefault("fan_out_window_ms", absent.fanOutWindowMillis()));
  }

  private static int sessionTimeout(@Nullable ConfigNode node) {
    String key = "session_timeout_minutes";
    return node != null && node.has(key)
        ? node.integer(key, 1, ScoringSettings.MAX_SESSION_TIMEOUT_MINUTES)
        : ScoringSettings.DEFAULT.sessionTimeoutMinutes();
  }
}
