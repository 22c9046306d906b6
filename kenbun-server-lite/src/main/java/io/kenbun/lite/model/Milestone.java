package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * Fires when a lead's score crosses a threshold ({@code scoring.md} 9.1).
 *
 * @param key the milestone's number inside this server; never sent
 * @param eventType the type that the crossing event must have; null: any crossing, whatever caused
 *     it
 * @param cooldownSeconds the least time between two firings for one lead, with {@link
 *     FireMode#ALWAYS} only; 0 for none
 * @param ruleset the {@link Ruleset#key() key} of the ruleset whose score it watches; null: the
 *     primary one, whichever that is
 * @param engagementLevel the name of the level that the lead must have after the change; null: any
 * @param notifyOnExit whether dropping back below the threshold is a firing too
 * @param inForceSinceMillis since when it watches what it watches now: when it was made, or last
 *     changed in its threshold, ruleset or activity
 */
public record Milestone(
    long key,
    String id,
    String name,
    int scoreThreshold,
    @Nullable String eventType,
    FireMode fireMode,
    long cooldownSeconds,
    @Nullable Long ruleset,
    @Nullable String engagementLevel,
    @Nullable String profileLevel,
    @Nullable String accountLevel,
    boolean notifyOnExit,
    boolean active,
    Destinations destinations,
    long createdAtMillis,
    long updatedAtMillis,
    long inForceSinceMillis) {

  /** The highest threshold, and with a minus sign the lowest. Ours. */
  public static final int MAX_SCORE_THRESHOLD = 1_000_000_000;

  /** The longest cooldown, a year. Ours. */
  public static final long MAX_COOLDOWN_SECONDS = 31_536_000;
}
