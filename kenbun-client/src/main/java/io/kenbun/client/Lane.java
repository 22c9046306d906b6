package io.kenbun.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one organizational unit that the worker has in hand, and how that unit's session
 * stands. Units do not wait for each other.
 *
 * <p>The worker's. Singles go out by {@link LeadOrder}, several at a time; a batch takes a run from
 * the front, and only one is under way.
 *
 * <pre>
 * session:  UNKNOWN --activate--> ACTIVATING --2xx--> ACTIVE --"active OU not set"--> UNKNOWN
 * </pre>
 */
final class Lane {
  enum Session {
    UNKNOWN,
    ACTIVATING,
    ACTIVE
  }

  final String unit;
  Session session = Session.UNKNOWN;

  /** How often in a row the server had forgotten the session; two in a row are a fault. */
  int lostInARow;

  /** Set while the unit itself is refused: nothing is sent before {@link #heldUntilNanos}. */
  boolean held;

  long heldUntilNanos;

  private final ArrayDeque<QueuedEvent> order = new ArrayDeque<>();
  private final LeadOrder leads = new LeadOrder();
  private boolean singles = true;
  private int unsettled;
  private int inFlight;

  Lane(String unit) {
    this.unit = unit;
  }

  /** Whether the unit is to be left alone at this moment. */
  boolean rests(long now) {
    if (held && now - heldUntilNanos >= 0) {
      held = false;
    }
    return held;
  }

  void add(QueuedEvent event) {
    order.add(event);
    unsettled++;
    if (singles) {
      leads.add(event);
    }
  }

  /** The oldest event that could be sent now, or null. */
  @Nullable QueuedEvent oldestWaiting(boolean batches) {
    switchTo(batches);
    if (singles) {
      return leads.peek();
    }
    return inFlight > 0 ? null : order.peek();
  }

  /** Takes the event that {@link #oldestWaiting} showed, alone. */
  List<QueuedEvent> takeOne() {
    QueuedEvent event = singles ? leads.take() : order.peek();
    List<QueuedEvent> one = new ArrayList<>(1);
    if (event != null) {
      take(event, one);
    }
    return one;
  }

  /**
   * Takes the oldest events, in order, up to both limits but at least one. Those that failed
   * together go together and alone, so that the same bytes come again: whoever stands between may
   * know them.
   */
  List<QueuedEvent> takeRun(int maxEvents, long maxBytes) {
    List<QueuedEvent> run = new ArrayList<>(Math.min(maxEvents, unsettled));
    long bytes = 0;
    for (QueuedEvent event : order) {
      if (event.state != QueuedEvent.State.WAITING) {
        continue;
      }
      bytes += Batch.lineBytes(event);
      if (!run.isEmpty()
          && (event.run != run.get(0).run || run.size() == maxEvents || bytes > maxBytes)) {
        break;
      }
      take(event, run);
    }
    return run;
  }

  private void take(QueuedEvent event, List<QueuedEvent> into) {
    event.state = QueuedEvent.State.IN_FLIGHT;
    inFlight++;
    into.add(event);
  }

  void putBack(QueuedEvent event) {
    event.state = QueuedEvent.State.WAITING;
    inFlight--;
    if (singles) {
      leads.putBack(event);
    }
  }

  void settle(QueuedEvent event) {
    if (event.state == QueuedEvent.State.IN_FLIGHT) {
      inFlight--;
    }
    event.state = QueuedEvent.State.SETTLED;
    unsettled--;
    if (singles) {
      leads.settle(event);
    }
    while (!order.isEmpty() && order.peek().state == QueuedEvent.State.SETTLED) {
      order.poll();
    }
    if (order.size() > 2 * unsettled + 64) {
      sweep();
    }
  }

  /** A stuck event at the front must not keep the done ones behind it in memory. */
  private void sweep() {
    for (Iterator<QueuedEvent> i = order.iterator(); i.hasNext(); ) {
      if (i.next().state == QueuedEvent.State.SETTLED) {
        i.remove();
      }
    }
  }

  /** Changes between singles and batches, once nothing of the old kind is under way. */
  private void switchTo(boolean batches) {
    if (batches != singles || inFlight > 0) {
      return;
    }
    singles = !batches;
    leads.clear();
    for (QueuedEvent event : order) {
      event.blockers = 0;
      event.dependents = null;
      if (singles && event.state == QueuedEvent.State.WAITING) {
        leads.add(event);
      }
    }
  }

  boolean sendsSingles() {
    return singles;
  }

  /** The position of the oldest event that is not settled, or MAX_VALUE. */
  long lowWater() {
    QueuedEvent first = order.peek();
    return first == null ? Long.MAX_VALUE : first.position;
  }

  int unsettled() {
    return unsettled;
  }

  int waiting() {
    return unsettled - inFlight;
  }

  /** Everything not settled, in order. */
  List<QueuedEvent> remaining() {
    List<QueuedEvent> remaining = new ArrayList<>(unsettled);
    for (QueuedEvent event : order) {
      if (event.state != QueuedEvent.State.SETTLED) {
        remaining.add(event);
      }
    }
    return remaining;
  }
}
