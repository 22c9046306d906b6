package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * Fires when a lead has many events within a time ({@code scoring.md} 9.3).
 *
 * @param key the surge's number inside this server; never sent
 * @param eventType which events count; null: all of them
 * @param threshold how many there must be, 1 or more
 * @param windowSeconds how long the rolling window is, 1 or more
 */
public record Surge(
    long key,
    String id,
    String name,
    @Nullable String eventType,
    int threshold,
    long windowSeconds,
    boolean active,
    Destinations destinations,
    long createdAtMillis,
    long updatedAtMillis) {

  /** The highest threshold; the lowest is 1. Ours. */
  public static final int MAX_THRESHOLD = 10_000;

  /** The longest window, a year; the shortest is 1 second. Ours. */
  public static final long MAX_WINDOW_SECONDS = 31_536_000;
}
