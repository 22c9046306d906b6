package io.kenbun.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides which events may be sent while others are in flight: an event waits for the earlier ones
 * that share the lead id or any alias with it, and for nothing else. So each lead's events arrive
 * in the order of {@code track}, and different leads do not wait for each other.
 *
 * <p>A graph rather than a set of busy leads: with A in flight, an event of A and B has to hold
 * back a later event of B, too.
 */
final class LeadOrder {
  private final Map<String, QueuedEvent> lastOf = new HashMap<>();
  private final PriorityQueue<QueuedEvent> ready = new PriorityQueue<>();

  void add(QueuedEvent event) {
    List<String> identities = event.event().identities();
    event.identities = identities;
    for (int i = 0; i < identities.size(); i++) {
      QueuedEvent before = lastOf.put(identities.get(i), event);
      if (before != null && !before.equals(event)) {
        before.blocks(event);
      }
    }
    if (event.blockers == 0) {
      ready.add(event);
    }
  }

  /** The oldest event that nothing holds back, or null; it stays. */
  @Nullable QueuedEvent peek() {
    return ready.peek();
  }

  /** Takes what {@link #peek} showed. */
  @Nullable QueuedEvent take() {
    return ready.poll();
  }

  /** An event that was taken waits again, in its old place. */
  void putBack(QueuedEvent event) {
    ready.add(event);
  }

  /** An event that was taken is done; those behind it may go. */
  void settle(QueuedEvent event) {
    if (event.identities != null) {
      for (String identity : event.identities) {
        if (event.equals(lastOf.get(identity))) {
          lastOf.remove(identity);
        }
      }
    }
    if (event.dependents != null) {
      for (QueuedEvent dependent : event.dependents) {
        if (--dependent.blockers == 0) {
          ready.add(dependent);
        }
      }
      event.dependents = null;
    }
  }

  void clear() {
    lastOf.clear();
    ready.clear();
  }
}
