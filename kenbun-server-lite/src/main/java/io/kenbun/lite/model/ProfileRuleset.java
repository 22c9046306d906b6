package io.kenbun.lite.model;

import java.util.List;

/**
 * Rules on a lead's profile that keep one score together ({@code scoring.md} 7.2).
 *
 * @param key the ruleset's number inside this server; never sent
 */
public record ProfileRuleset(
    long key,
    String id,
    String name,
    String description,
    boolean active,
    boolean primary,
    long createdAtMillis,
    long updatedAtMillis,
    List<ProfileRule> rules) {

  public ProfileRuleset {
    rules = List.copyOf(rules);
  }
}
