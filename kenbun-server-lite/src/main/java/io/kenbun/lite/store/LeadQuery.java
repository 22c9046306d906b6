package io.kenbun.lite.store;

import org.jspecify.annotations.Nullable;

/**
 * Which leads {@code GET /leads} asks for ({@code api.md} 6.1); null leaves a filter out.
 *
 * @param page from 1
 * @param eventType the type of the lead's last event
 * @param lastEventSinceMillis included
 * @param createdFromMillis included
 * @param createdToMillis not included
 */
public record LeadQuery(
    int page,
    int limit,
    Sort sort,
    @Nullable Long minScore,
    @Nullable Long maxScore,
    @Nullable String eventType,
    @Nullable Long lastEventSinceMillis,
    @Nullable Long createdFromMillis,
    @Nullable Long createdToMillis) {

  /** The order of the list; leads that tie follow each other in the order they were made. */
  public enum Sort {
    /** Newest event first. */
    LAST_EVENT_AT,
    /** Highest score of the primary ruleset first. */
    SCORE,
    /** Newest lead first. */
    CREATED_AT
  }
}
