package io.kenbun.lite.store.reads;

import org.jspecify.annotations.Nullable;

/**
 * Which events {@code GET /events} asks for ({@code api.md} 5.1); null leaves a filter out.
 *
 * @param page from 1
 * @param suppressionReason as the API spells it, or {@value #NOT_SUPPRESSED}
 * @param originalLeadId the lead that had it before a merge
 * @param fromMillis timestamp, included
 * @param toMillis timestamp, not included
 */
public record EventQuery(
    int page,
    int limit,
    @Nullable String eventType,
    @Nullable String leadId,
    @Nullable String suppressionReason,
    @Nullable String originalLeadId,
    @Nullable Long fromMillis,
    @Nullable Long toMillis) {
  /** Asks for events that nothing has suppressed. */
  public static final String NOT_SUPPRESSED = "none";

  /** Says whether it asks for events that something has suppressed. */
  boolean isSuppressed() {
    return suppressionReason != null && !suppressionReason.equals(NOT_SUPPRESSED);
  }

  /** Asks without regard to suppression and merges. */
  public EventQuery(
      int page,
      int limit,
      @Nullable String eventType,
      @Nullable String leadId,
      @Nullable Long fromMillis,
      @Nullable Long toMillis) {
    this(page, limit, eventType, leadId, null, null, fromMillis, toMillis);
  }
}
