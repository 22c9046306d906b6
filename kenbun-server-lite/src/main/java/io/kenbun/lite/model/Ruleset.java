package io.kenbun.lite.model;

import java.util.List;

/**
 * Rules that keep one score together ({@code scoring.md} 4.1). Scores of different rulesets are
 * never added up.
 *
 * @param key the ruleset's number inside this server; never sent
 * @param window the days on which it counts; the event's timestamp decides
 */
public record Ruleset(
    long key,
    String id,
    String name,
    String description,
    String scoreField,
    boolean active,
    boolean primary,
    DateWindow window,
    long createdAtMillis,
    List<Rule> rules) {

  /** The most rulesets of a unit that may be active at once ({@code scoring.md} 4.1). */
  public static final int MAX_ACTIVE = 4;

  public Ruleset {
    rules = List.copyOf(rules);
  }
}
