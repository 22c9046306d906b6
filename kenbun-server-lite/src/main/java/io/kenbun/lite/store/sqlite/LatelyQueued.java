package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.model.QueuedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events that were committed last, as they were written. A scoring thread that keeps up takes
 * them from here and reads nothing back from the disk; one that has fallen behind finds the queue
 * on disk as ever. Nothing is here before it is durable. Any thread.
 *
 * <pre>
 *   scored │ read from disk │ since &lt; seq: all of these are here │ not committed yet
 * </pre>
 */
final class LatelyQueued {
  /** A moment of the highest rate; more means that scoring is behind, and memory is better used. */
  static final int MAX_EVENTS = 8_000;

  static final int MAX_CHARS = 4 << 20;

  // All guarded by this.
  private final ArrayDeque<QueuedEvent> events = new ArrayDeque<>();
  private long chars;
  private long since;

  /** Begins with nothing known of events up to {@code seq}. */
  LatelyQueued(long seq) {
    since = seq;
  }

  /** Takes the next events, all that became durable since the last call, in order. */
  synchronized void add(List<QueuedEvent> committed) {
    for (QueuedEvent event : committed) {
      events.add(event);
      chars += chars(event);
    }
    if (events.size() > MAX_EVENTS || chars > MAX_CHARS) {
      since = events.getLast().seq();
      events.clear();
      chars = 0;
    }
  }

  /**
   * Returns the events after {@code seq}, in order, at most {@code limit}, and forgets those before
   * them; null when some may be on disk alone.
   */
  synchronized @Nullable List<QueuedEvent> after(long seq, int limit) {
    if (seq < since) {
      return null;
    }
    for (QueuedEvent first = events.peek();
        first != null && first.seq() <= seq;
        first = events.peek()) {
      events.remove();
      chars -= chars(first);
    }
    since = seq;
    List<QueuedEvent> next = new ArrayList<>(Math.min(limit, events.size()));
    for (QueuedEvent event : events) {
      if (next.size() == limit) {
        break;
      }
      next.add(event);
    }
    return next;
  }

  private static int chars(QueuedEvent event) {
    String metadata = event.event().metadata();
    return metadata == null ? 0 : metadata.length();
  }
}
