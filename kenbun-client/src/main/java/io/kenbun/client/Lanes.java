package io.kenbun.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events that the worker has in hand, a lane for each organizational unit. Takes no more than
 * two batches of them, so that the next one is ready while one is under way. The worker's.
 */
final class Lanes {
  private final Limits limits;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private int held;
  private long heldBytes;

  Lanes(Limits limits) {
    this.limits = limits;
  }

  boolean hasRoom() {
    return held < 2 * limits.maxBatchEvents && heldBytes < 2 * limits.maxBatchBytes;
  }

  /** Whether there is enough for a batch, so that nothing need wait for company. */
  boolean fillABatch() {
    return held >= limits.maxBatchEvents;
  }

  void add(QueuedEvent event) {
    Lane lane = lanes.get(event.unit);
    if (lane == null) {
      lane = new Lane(event.unit);
      lanes.put(event.unit, lane);
    }
    lane.add(event);
    held++;
    heldBytes += event.body.length;
  }

  /** The lane of a unit that something was sent to. */
  Lane of(String unit) {
    Lane lane = lanes.get(unit);
    if (lane == null) {
      throw new IllegalStateException("a reply for a unit that nothing was sent to");
    }
    return lane;
  }

  /** The event is in hand no more. */
  void forget(Lane lane, QueuedEvent event) {
    lane.settle(event);
    held--;
    heldBytes -= event.body.length;
  }

  /** The lane whose event is the oldest of all that could be sent now, or null. */
  @Nullable Lane next(boolean batches, long now) {
    Lane chosen = null;
    QueuedEvent oldest = null;
    for (Lane lane : lanes.values()) {
      if (lane.session == Lane.Session.ACTIVATING || lane.rests(now)) {
        continue;
      }
      QueuedEvent first = lane.oldestWaiting(batches);
      if (first != null && (oldest == null || first.position < oldest.position)) {
        chosen = lane;
        oldest = first;
      }
    }
    return chosen;
  }

  /** How long until something has lingered enough or a unit is tried again, in nanoseconds. */
  long untilNext(boolean batches, long now) {
    long least = Long.MAX_VALUE;
    for (Lane lane : lanes.values()) {
      if (lane.held) {
        least = Math.min(least, Math.max(0, lane.heldUntilNanos - now));
      } else if (lane.session != Lane.Session.ACTIVATING) {
        QueuedEvent first = lane.oldestWaiting(batches);
        if (first != null) {
          least = Math.min(least, Math.max(0, first.arrivedNanos + limits.lingerNanos - now));
        }
      }
    }
    return least;
  }

  /** How many wait, those in flight not included. */
  int waiting() {
    int waiting = 0;
    for (Lane lane : lanes.values()) {
      waiting += lane.waiting();
    }
    return waiting;
  }

  /** The position of the oldest event that is not settled, or {@code end}. */
  long lowWater(long end) {
    long lowest = end;
    for (Lane lane : lanes.values()) {
      lowest = Math.min(lowest, lane.lowWater());
    }
    return lowest;
  }

  /** Everything not settled: the units one after the other, each in order. */
  List<QueuedEvent> remaining() {
    List<QueuedEvent> remaining = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      remaining.addAll(lane.remaining());
    }
    return remaining;
  }
}
