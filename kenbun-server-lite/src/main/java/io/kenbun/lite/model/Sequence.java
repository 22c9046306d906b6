package io.kenbun.lite.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fires when a lead has had events of certain types within a time ({@code scoring.md} 9.2).
 *
 * @param key the sequence's number inside this server; never sent
 * @param eventTypes the steps, one or more; a type may come twice
 * @param windowSeconds within which all must occur, 1 or more
 * @param windowUnit how people call that time, for display alone
 * @param ordered whether they must occur in this order
 */
public record Sequence(
    long key,
    String id,
    String name,
    List<String> eventTypes,
    long windowSeconds,
    @Nullable String windowUnit,
    boolean ordered,
    boolean active,
    Destinations destinations,
    long createdAtMillis,
    long updatedAtMillis) {

  /** The most steps. Ours. */
  public static final int MAX_EVENT_TYPES = 20;

  /** The longest window, a year; the shortest is 1 second. Ours. */
  public static final long MAX_WINDOW_SECONDS = 31_536_000;

  /** The longest {@code window_unit}, in characters. Ours. */
  public static final int MAX_WINDOW_UNIT_LENGTH = 50;

  public Sequence {
    eventTypes = List.copyOf(eventTypes);
    if (eventTypes.isEmpty()) {
      throw new IllegalArgumentException("event_types is empty");
    }
  }
}
