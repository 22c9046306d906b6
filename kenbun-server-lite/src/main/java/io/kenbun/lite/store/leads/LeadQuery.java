package io.kenbun.lite.store.leads;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which leads {@code GET /leads} asks for ({@code api.md} 6.1); null leaves a filter out.
 *
 * @param page from 1
 * @param ascending the smallest first
 * @param scores of the primary ruleset, in any of the bands
 * @param profileScores of the primary profile ruleset, in any of the bands
 * @param eventType the type of the lead's last event
 * @param lastEventSinceMillis included
 * @param createdFromMillis included
 * @param createdToMillis not included
 * @param text part of its id, of an alias, of its owner's name or of a value of its metadata; upper
 *     and lower case of ASCII letters are one
 * @param watchedBy a client id
 */
public record LeadQuery(
    int page,
    int limit,
    Sort sort,
    boolean ascending,
    @Nullable List<Band> scores,
    @Nullable List<Band> profileScores,
    @Nullable String eventType,
    @Nullable Long lastEventSinceMillis,
    @Nullable Long createdFromMillis,
    @Nullable Long createdToMillis,
    @Nullable String text,
    @Nullable String watchedBy) {

  public LeadQuery {
    scores = scores == null ? null : List.copyOf(scores);
    profileScores = profileScores == null ? null : List.copyOf(profileScores);
  }

  /** The order of the list; leads that tie follow each other in the order they were made. */
  public enum Sort {
    /** By the newest event; a lead without one is the oldest. */
    LAST_EVENT_AT,
    /** By the score of the primary ruleset. */
    SCORE,
    /** By when the lead was made. */
    CREATED_AT
  }

  /** Scores from one to another, both included; none when the first is larger. */
  public record Band(long min, long max) {
    boolean contains(long score) {
      return score >= min && score <= max;
    }
  }

  /** Returns how many leads come before the page. */
  public long offset() {
    return (page - 1L) * limit;
  }
}
