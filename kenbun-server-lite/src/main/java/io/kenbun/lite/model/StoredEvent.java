package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * An event as {@code GET /events} shows it.
 *
 * @param leadId null when it was suppressed before any lead existed
 * @param metadata the JSON object as it was sent, or null
 */
public record StoredEvent(
    long seq,
    @Nullable String leadId,
    String eventType,
    @Nullable String metadata,
    @Nullable String suppressionReason,
    @Nullable String originalLeadId,
    long timestampMillis) {}
