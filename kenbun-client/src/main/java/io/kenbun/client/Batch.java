package io.kenbun.client;

import java.util.List;

/**
 * What one request carries: a single event, a run of events, or none, which asks for the unit's
 * session to be opened. Immutable once it is on its way.
 */
final class Batch {
  /** {@code "idempotency_key":"...",} around a key of 45 characters, and the line's end. */
  private static final int LINE_OVERHEAD = 68;

  final String unit;
  final List<QueuedEvent> events;

  /** Whether it goes to the batch endpoint, even with one event. */
  final boolean lines;

  /** The pauses that had been when it was sent: a failure from before a pause starts no other. */
  final long pauses;

  /** How many events the client has lost so far, for the server to know. */
  final long droppedSoFar;

  Batch(String unit, List<QueuedEvent> events, boolean lines, long pauses, long droppedSoFar) {
    this.unit = unit;
    this.events = events;
    this.lines = lines;
    this.pauses = pauses;
    this.droppedSoFar = droppedSoFar;
  }

  /** How many bytes an event takes in a body of lines. */
  static long lineBytes(QueuedEvent event) {
    return (long) event.body.length + LINE_OVERHEAD;
  }

  boolean isActivation() {
    return events.isEmpty();
  }
}
