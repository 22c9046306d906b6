package io.kenbun.lite.reference;

import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What can be known of a unit at one moment.
 *
 * @param events by the event's number
 * @param leads by the lowest number of the lead's events, suppressed ones included
 */
record State(SortedMap<Integer, Event> events, SortedMap<Integer, Lead> leads) {
  /** How far two ways to add up the same doubles may be apart. */
  private static final double NEAR = 1e-6;

  /**
   * What became of one event.
   *
   * @param lead the lowest number of its lead's events, or null when it has no lead
   * @param reason the suppression reason as the wire spells it
   * @param hits {@code rule key: weight} by ruleset key, empty when a reset took them
   */
  record Event(
      @Nullable Integer lead, @Nullable String reason, Map<Long, Map<Long, Integer>> hits) {}

  /**
   * The scores of one lead now, by ruleset key; 0 may be left out.
   *
   * @param exact neither rounded nor known to everybody
   * @param shown as reads show them
   */
  record Scores(@Nullable Map<Long, Double> exact, Map<Long, Long> shown) {}

  /**
   * What is known of one lead.
   *
   * @param profileScores by profile ruleset key; 0 may be left out
   * @param decays how many DECAY events it has that no reset took; not compared, since two rules
   *     that are due at one moment may share what is left in either way
   * @param levels the names of the engagement level and the profile level
   */
  record Lead(
      Scores scores,
      Map<String, String> profile,
      Map<Long, Long> profileScores,
      long decays,
      List<String> levels) {}

  /** Returns a lead's levels as the server names them. */
  static List<String> levels(
      RuleSetup setup, Map<Long, Long> scores, Map<Long, Long> profileScores) {
    Ruleset ruleset = setup.primaryRuleset();
    ProfileRuleset profile = setup.primaryProfileRuleset();
    long score = ruleset == null ? 0 : scores.getOrDefault(ruleset.key(), 0L);
    long fit = profile == null ? 0 : profileScores.getOrDefault(profile.key(), 0L);
    return List.of(setup.engagementLevel(score), Level.nameOf(setup.profileLevels(), fit));
  }

  /** Returns the first difference in words, or null when there is none. */
  @Nullable String difference(State other) {
    if (!events.keySet().equals(other.events.keySet())) {
      return "events " + events.keySet() + " / " + other.events.keySet();
    }
    for (Map.Entry<Integer, Event> entry : events.entrySet()) {
      String found = difference(entry.getValue(), other.events.get(entry.getKey()));
      if (found != null) {
        return "event #" + entry.getKey() + " " + found;
      }
    }
    if (!leads.keySet().equals(other.leads.keySet())) {
      return "leads " + leads.keySet() + " / " + other.leads.keySet();
    }
    for (Map.Entry<Integer, Lead> entry : leads.entrySet()) {
      String found = difference(entry.getValue(), other.leads.get(entry.getKey()));
      if (found != null) {
        return "lead of #" + entry.getKey() + " " + found;
      }
    }
    return null;
  }

  private static @Nullable String difference(Event left, Event right) {
    if (!Objects.equals(left.lead, right.lead)) {
      return "belongs to the lead of " + left.lead + " / " + right.lead;
    }
    if (!Objects.equals(left.reason, right.reason)) {
      return "suppressed by " + left.reason + " / " + right.reason;
    }
    return left.hits.equals(right.hits) ? null : "hits " + left.hits + " / " + right.hits;
  }

  private static @Nullable String difference(Lead left, Lead right) {
    String found = difference(left.scores, right.scores);
    if (found != null) {
      return found;
    }
    if (!left.profile.equals(right.profile)) {
      return "profile " + left.profile + " / " + right.profile;
    }
    if (!withoutZeros(left.profileScores).equals(withoutZeros(right.profileScores))) {
      return "profile scores " + left.profileScores + " / " + right.profileScores;
    }
    // A score on the edge of a rounding may be shown either way, and have either level.
    boolean sameScores = withoutZeros(left.scores.shown).equals(withoutZeros(right.scores.shown));
    return left.levels.equals(right.levels) || !sameScores
        ? null
        : "levels " + left.levels + " / " + right.levels;
  }

  private static @Nullable String difference(Scores left, Scores right) {
    for (Long ruleset : union(left.shown, right.shown)) {
      long shown = left.shown.getOrDefault(ruleset, 0L);
      double exact = left.exact == null ? shown : left.exact.getOrDefault(ruleset, 0.0);
      if (right.exact != null && Math.abs(exact - right.exact.getOrDefault(ruleset, 0.0)) > NEAR) {
        return "scores " + left.exact + " / " + right.exact;
      }
      boolean onTheEdge = Math.abs(Math.abs(exact - Math.rint(exact)) - 0.5) < NEAR;
      if (shown != right.shown.getOrDefault(ruleset, 0L) && !onTheEdge) {
        return "shown " + left.shown + " / " + right.shown;
      }
    }
    return null;
  }

  private static Set<Long> union(Map<Long, ?> left, Map<Long, ?> right) {
    Set<Long> keys = new TreeSet<>(left.keySet());
    keys.addAll(right.keySet());
    return keys;
  }

  private static Map<Long, Long> withoutZeros(Map<Long, Long> scores) {
    Map<Long, Long> rest = new TreeMap<>(scores);
    rest.values().removeIf(score -> score == 0);
    return rest;
  }
}
