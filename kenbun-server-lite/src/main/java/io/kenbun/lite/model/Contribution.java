package io.kenbun.lite.model;

import java.util.List;

/**
 * What one event gave in one ruleset, as a fact: which rules matched and what they were worth when
 * the event was processed. What that still counts for, after the floor and with time, is worked out
 * from these.
 *
 * @param ruleset the {@link Ruleset#key() key} of the ruleset
 * @param hits the rules that matched, with the weight in force then
 * @param unclipped whether a change below zero was allowed then; only ever set where the sum is
 *     negative
 */
public record Contribution(long ruleset, List<Hit> hits, boolean unclipped) {
  public Contribution {
    hits = List.copyOf(hits);
  }

  /** Returns the sum of the weights, before the floor. */
  public long sum() {
    long sum = 0;
    for (Hit hit : hits) {
      sum += hit.weight();
    }
    return sum;
  }

  /**
   * One rule that matched.
   *
   * @param rule the {@link Rule#key() key} of the rule; of a decay rule, its {@link DecayRule#key()
   *     key} with a minus sign
   */
  public record Hit(long rule, int weight) {}
}
