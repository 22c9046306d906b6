package io.kenbun.lite.model;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides about a unit's scores, as one value: an event sees all of it from before
 * a change or all of it from after.
 *
 * @param rulesets in the order they were made
 */
public record RuleSetup(
    OrgUnit unit,
    List<Ruleset> rulesets,
    List<Level> engagementLevels,
    List<Level> profileLevels,
    boolean allowNegativeScores) {

  public RuleSetup {
    rulesets = List.copyOf(rulesets);
    engagementLevels = List.copyOf(engagementLevels);
    profileLevels = List.copyOf(profileLevels);
  }

  /**
   * Returns the ruleset whose score is the lead's headline {@code score}: the primary one, else the
   * oldest active one ({@code scoring.md} 5.4), else null.
   */
  public @Nullable Ruleset primaryRuleset() {
    for (Ruleset ruleset : rulesets) {
      if (ruleset.primary()) {
        return ruleset;
      }
    }
    return rulesets.stream()
        .filter(Ruleset::active)
        .min(Comparator.comparingLong(Ruleset::createdAtMillis).thenComparingLong(Ruleset::key))
        .orElse(null);
  }

  /**
   * Returns the name of the first engagement level that holds {@code score}, else {@code
   * Unclassified}.
   */
  public String engagementLevel(long score) {
    return engagementLevels.stream()
        .sorted(Comparator.comparingInt(Level::minScore))
        .filter(level -> level.contains(score))
        .map(Level::name)
        .findFirst()
        .orElse("Unclassified");
  }
}
