package io.kenbun.lite.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lead as reads show it.
 *
 * @param key the lead's number inside this server; never sent
 * @param lastEventAtMillis the newest timestamp of its scored events, null when it has none
 * @param scoreResetAtMillis when its scores were last reset, null when they never were
 * @param ownerName whose lead it is, null when nobody said
 * @param profile a JSON object of its profile fields and their values
 * @param scores at the time that was asked for, by {@link Ruleset#key() key} of the ruleset; a
 *     ruleset that never gave it points is missing
 * @param profileScores by {@link ProfileRuleset#key() key} of the profile ruleset
 */
public record Lead(
    long key,
    String leadId,
    @Nullable Long lastEventAtMillis,
    long createdAtMillis,
    long updatedAtMillis,
    @Nullable Long scoreResetAtMillis,
    @Nullable String ownerName,
    String profile,
    Map<Long, Long> scores,
    Map<Long, Long> profileScores) {

  public Lead {
    scores = Map.copyOf(scores);
    profileScores = Map.copyOf(profileScores);
  }
}
