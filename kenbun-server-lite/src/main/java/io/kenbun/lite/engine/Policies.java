package io.kenbun.lite.engine;

import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.VelocityFilter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the contract leaves open and a score depends on, each answer in one place: where the real
 * service turns out to do otherwise, one line changes here. {@code docs/scoring.md} lists them with
 * their reasons. What is decided by a type alone is there: date windows in {@link
 * io.kenbun.lite.model.DateWindow}, the headline score in {@link
 * io.kenbun.lite.model.RuleSetup#primaryRuleset}.
 */
public final class Policies {
  /** All matching rules of a ruleset count; false: the first by priority alone (4.4). */
  static final boolean EVERY_MATCH_COUNTS = true;

  /**
   * Points below this are none: what is left of a sum of fractions when the floor has taken it to
   * zero. A score is above zero, and decays, from here on.
   */
  public static final double NO_POINTS = 1e-9;

  private static final double MILLIS_PER_DAY = 86_400_000;
  private static final Set<String> NO_ACTIVITY = Set.of("DECAY", "score_reset", "lead_merged");

  private Policies() {}

  /**
   * Returns what a change comes to at its own moment: the floor acts at each change, not on the sum
   * (5.3).
   *
   * @param raw the sum that stood before it, which may lie below zero; the score is zero then
   */
  static double floored(double raw, double change) {
    return Math.max(change, -Math.max(raw, 0));
  }

  /**
   * Returns the score that is shown for a sum: half away from zero, and not below zero unless that
   * is allowed (5.3, 6.1). A sum that is a half but for its last bits counts as that half.
   */
  public static long shown(double raw, boolean allowNegativeScores) {
    double floored = allowNegativeScores ? raw : Math.max(raw, 0);
    long rounded = (long) Math.floor(Math.abs(floored) + 0.5 + NO_POINTS);
    return floored < 0 ? -rounded : rounded;
  }

  /** Returns what is left of one point: days are fractions, and the future does not fade (6.1). */
  public static double fade(long ageMillis, int halfLifeDays) {
    return ageMillis <= 0 ? 1 : Math.pow(0.5, ageMillis / (MILLIS_PER_DAY * halfLifeDays));
  }

  /** Says whether such an event ends a lead's inactivity (6.2). */
  public static boolean isActivity(String eventType) {
    return !NO_ACTIVITY.contains(eventType);
  }

  /**
   * Says whether events of this type earn nothing whatever the rules say, and come too fast for no
   * velocity filter, even if a client sends them (2, 6.2).
   */
  public static boolean earnsNothing(String eventType) {
    return NO_ACTIVITY.contains(eventType);
  }

  /** Says whether an event that arrives after a reset had happened before it (10.1). */
  public static boolean isBeforeReset(long timestampMillis, long resetAtMillis) {
    return timestampMillis < resetAtMillis;
  }

  /**
   * Returns how many events of the type within the window pass before the next is suppressed; the
   * first of a burst always does where it is to be kept (11.3).
   */
  static int passing(VelocityFilter filter) {
    return filter.keepFirst() ? Math.max(filter.countThreshold(), 1) : filter.countThreshold();
  }

  /**
   * Returns the least sum that is shown as {@code score} or more: the other way round of {@link
   * #shown}.
   */
  static double leastSum(int score) {
    return score > 0 ? score - 0.5 - NO_POINTS : score - 0.5 + NO_POINTS;
  }

  /**
   * Says whether a crossing is one of the milestone's: it is by an event of the type that it names,
   * whichever way, or it names none. Points that fade or decay, and a reset, are no event (9.1).
   */
  static boolean isCause(Milestone milestone, @Nullable String eventType) {
    return milestone.eventType() == null || milestone.eventType().equals(eventType);
  }

  /**
   * Says whether dropping below the threshold is a firing, with a row in the history and a cooldown
   * after it: where somebody is to be told (9.1).
   */
  static boolean exitFires(Milestone milestone) {
    return milestone.notifyOnExit();
  }

  /** Says whether a milestone may fire again: when exactly its cooldown is over, it may (9.1). */
  static boolean isCooledDown(Milestone milestone, long firedAtMillis, long nowMillis) {
    return firedAtMillis == Standing.NEVER
        || nowMillis - firedAtMillis >= milestone.cooldownSeconds() * 1_000;
  }

  /** Returns the account level of every lead: there is no account scoring (7.3). */
  public static String accountLevel() {
    return "Unclassified";
  }
}
