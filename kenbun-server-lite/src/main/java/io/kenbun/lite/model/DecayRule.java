package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * Points that a lead loses for each interval without activity ({@code scoring.md} 6.2).
 *
 * @param key the rule's number inside this server; never sent
 * @param points what one application takes, as a number of zero or below
 * @param intervalDays 1 or more
 * @param ruleset the {@link Ruleset#key() key} of the one ruleset it is for; null: every one
 * @param inForceSinceMillis since when it takes part as it is now: when it was made, or last
 *     changed in its points, interval, ruleset or activity
 */
public record DecayRule(
    long key,
    String id,
    String name,
    int points,
    int intervalDays,
    boolean active,
    @Nullable Long ruleset,
    long createdAtMillis,
    long inForceSinceMillis) {

  /** Makes a rule that has not been changed since it was made. */
  public DecayRule(
      long key,
      String id,
      String name,
      int points,
      int intervalDays,
      boolean active,
      @Nullable Long ruleset,
      long createdAtMillis) {
    this(key, id, name, points, intervalDays, active, ruleset, createdAtMillis, createdAtMillis);
  }
}
