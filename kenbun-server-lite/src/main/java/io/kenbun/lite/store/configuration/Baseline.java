package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.RuleSetup;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What units were set up with, which a reset goes back to; a unit that is not among them is left
 * without rules.
 *
 * @param channels by {@code unit_id}
 * @param settingsStay the {@code unit_id}s of units whose settings it says nothing of
 */
public record Baseline(
    List<RuleSetup> setups, Map<String, List<Channel>> channels, Set<String> settingsStay) {
  public Baseline {
    setups = List.copyOf(setups);
    channels = Map.copyOf(channels);
    settingsStay = Set.copyOf(settingsStay);
  }
}
