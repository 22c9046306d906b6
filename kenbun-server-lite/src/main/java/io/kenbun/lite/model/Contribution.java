package io.kenbun.lite.model;

import java.util.List;

/**
 * What one event did to one ruleset's score of its lead.
 *
 * @param ruleset the {@link Ruleset#key() key} of the ruleset
 * @param applied the change of the score at the event's own moment, after the floor; whole unless
 *     the floor cut it where a score had faded
 * @param hits the rules that matched, with the weight in force then; their sum is {@code applied}
 *     unless the floor cut it
 */
public record Contribution(long ruleset, double applied, List<Hit> hits) {
  public Contribution {
    hits = List.copyOf(hits);
  }

  /**
   * One rule that matched.
   *
   * @param rule the {@link Rule#key() key} of the rule
   */
  public record Hit(long rule, int weight) {}
}
