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

  /** The most points that one application may take, whichever sign they are sent with. Ours. */
  public static final int MAX_POINTS = 1_000_000;

  /** The longest interval, about a hundred years; the shortest is 1 day. Ours. */
  public static final int MAX_INTERVAL_DAYS = 36_500;

  /** Subtracts whatever sign {@code points} has ({@code scoring.md} 14). */
  public DecayRule {
    points = -Math.abs(points);
  }

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
