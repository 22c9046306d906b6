package io.kenbun.lite.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lead as reads show it.
 *
 * @param key the lead's number inside this server; never sent
 * @param lastEventAtMillis the newest timestamp of its scored events, null when it has none
 * @param scores by {@link Ruleset#key() key} of the ruleset; a ruleset that never gave it points is
 *     missing
 */
public record Lead(
    long key,
    String leadId,
    @Nullable Long lastEventAtMillis,
    long createdAtMillis,
    long updatedAtMillis,
    Map<Long, Long> scores) {

  public Lead {
    scores = Map.copyOf(scores);
  }
}
