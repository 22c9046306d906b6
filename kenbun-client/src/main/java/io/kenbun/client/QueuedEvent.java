package io.kenbun.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event in the worker's hands: encoded once, with the idempotency key it keeps on every attempt.
 * Belongs to the worker, save for its final fields.
 */
final class QueuedEvent implements Comparable<QueuedEvent> {
  enum State {
    WAITING,
    IN_FLIGHT,
    SETTLED
  }

  /** Its place in the order of {@code track}. */
  final long position;

  final String unit;
  final String key;
  final byte[] body;

  /** Its place at the door, which it keeps while it is in memory alone; null once it is on disk. */
  Intake.@Nullable Entry entry;

  final long arrivedNanos;
  private final @Nullable Event event;

  State state = State.WAITING;
  boolean tried;
  long firstTriedNanos;

  /** The batch in which it was tried, which comes again as it was; 0 for none. */
  long run;

  /** How many earlier events of the same lead are not settled; see LeadOrder. */
  int blockers;

  @Nullable List<QueuedEvent> dependents;
  @Nullable List<String> identities;

  QueuedEvent(
      long position,
      String unit,
      String key,
      byte[] body,
      long arrivedNanos,
      Intake.@Nullable Entry entry) {
    this.position = position;
    this.unit = unit;
    this.key = key;
    this.body = body;
    this.arrivedNanos = arrivedNanos;
    this.entry = entry;
    this.event = entry == null ? null : entry.event();
  }

  /** The same event at another place in the order. */
  QueuedEvent at(long otherPosition) {
    return new QueuedEvent(otherPosition, unit, key, body, arrivedNanos, entry);
  }

  /** The event for a listener; read back from the body if it comes from disk. */
  Event event() {
    if (event != null) {
      return event;
    }
    try {
      return EventCodec.decode(body);
    } catch (IOException e) {
      throw new IllegalStateException("an event that was encoded here cannot be read", e);
    }
  }

  /** Lets {@code later} wait for this one. */
  void blocks(QueuedEvent later) {
    if (dependents == null) {
      dependents = new ArrayList<>(2);
    }
    dependents.add(later);
    later.blockers++;
  }

  @Override
  public int compareTo(QueuedEvent other) {
    return Long.compare(position, other.position);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
