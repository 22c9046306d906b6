package io.kenbun.lite.store;

import org.jspecify.annotations.Nullable;

/**
 * Which events {@code GET /events} asks for ({@code api.md} 5.1); null leaves a filter out.
 *
 * @param page from 1
 * @param fromMillis timestamp, included
 * @param toMillis timestamp, not included
 */
public record EventQuery(
    int page,
    int limit,
    @Nullable String eventType,
    @Nullable String leadId,
    @Nullable Long fromMillis,
    @Nullable Long toMillis) {}
