package io.kenbun.lite.model;

/**
 * Suppresses events of one type that come too fast from one lead ({@code scoring.md} 11.3).
 *
 * @param key the filter's number inside this server; never sent
 * @param countThreshold how many pass within the window, 0 or more
 * @param windowMillis how long the rolling window is, 1 or more
 * @param keepFirst whether the first of a burst counts whatever the threshold is
 */
public record VelocityFilter(
    long key,
    String id,
    String eventType,
    int countThreshold,
    long windowMillis,
    boolean keepFirst,
    boolean enabled,
    long createdAtMillis,
    long updatedAtMillis) {

  /** The highest threshold; the lowest is 0, with which nothing passes. Ours. */
  public static final int MAX_COUNT_THRESHOLD = 1_000_000;

  /** The longest window, a year; the shortest is 1 ms. Ours. */
  public static final long MAX_WINDOW_MILLIS = 31_536_000_000L;
}
