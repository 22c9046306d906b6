package io.kenbun.lite.webhook;

import io.kenbun.lite.store.firing.DeliveryReads.Destination;
import io.kenbun.lite.store.firing.DeliveryReads.Due;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One destination as {@link DeliveryWorker} sees it: its health, and a window on what is pending
 * for it. The store may have more; the window holds those that are due first. One thread.
 *
 * <pre>
 *   waiting ──send──&gt; in flight ──answer──&gt; unwritten ──written down──&gt; gone
 *      ^                    └────── held ──────┘            │
 *      └─────────────── to be tried again ──────────────────┘
 * </pre>
 */
final class Receiver {
  /** How many deliveries of one destination are kept in memory. */
  static final int WINDOW = 512;

  /** What is known of a receiver decides whom it has to share with. */
  enum Health {
    /** The last try arrived. */
    PROVEN,
    /** Nothing is known of it. */
    NEW,
    /** The last try failed. */
    SUSPECT
  }

  private final Destination destination;
  private final PriorityQueue<Due> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Due::nextTryMillis).thenComparing(Due::key));
  private final Set<Long> known = new HashSet<>(); // Keys of what waits or is held.
  private final Set<Long> held = new HashSet<>();
  private Health health;
  private int failures;
  private int inFlight;
  private int untried;
  private boolean more;
  private boolean stale;
  private boolean off;
  private long notBeforeMillis = Long.MIN_VALUE;
  private long timerMillis;
  private @Nullable Place place;

  /** Where the worker has put it, to come back to it. */
  enum Place {
    /** In the queue of its health. */
    READY,
    /** Among those that nothing is due for yet. */
    LATER
  }

  Receiver(Destination destination) {
    this.destination = destination;
    this.failures = destination.failures();
    if (failures > 0) {
      health = Health.SUSPECT;
    } else {
      health = destination.hasDelivered() ? Health.PROVEN : Health.NEW;
    }
  }

  Destination destination() {
    return destination;
  }

  Health health() {
    return health;
  }

  /** Returns how many tries have failed in a row. */
  int failures() {
    return failures;
  }

  int inFlight() {
    return inFlight;
  }

  /** Returns how many deliveries in memory have never been tried and will be. */
  int untried() {
    return off ? 0 : untried;
  }

  boolean isOff() {
    return off;
  }

  @Nullable Place place() {
    return place;
  }

  void place(@Nullable Place newPlace) {
    place = newPlace;
  }

  /** Returns when the worker is to look again. */
  long timerMillis() {
    return timerMillis;
  }

  void timerMillis(long millis) {
    timerMillis = millis;
  }

  /** Takes a delivery that the store has just got; one that is known already is left out. */
  void take(Due delivery) {
    if (more) {
      stale = true; // It may be due before what the window holds.
    } else if (known.contains(delivery.key())) {
      return;
    } else if (waiting.size() >= WINDOW) {
      more = true;
      stale = true;
    } else {
      add(delivery);
    }
  }

  private void add(Due delivery) {
    known.add(delivery.key());
    waiting.add(delivery);
    if (delivery.tries() == 0) {
      untried++;
    }
  }

  /** Has the window filled from the store before anything more is sent. */
  void outdated() {
    waiting.removeIf(this::forgetUnlessHeld);
    more = true;
    stale = true;
    off = false;
    notBeforeMillis = Long.MIN_VALUE;
  }

  private boolean forgetUnlessHeld(Due delivery) {
    if (held.contains(delivery.key())) {
      return false;
    }
    known.remove(delivery.key());
    if (delivery.tries() == 0) {
      untried--;
    }
    return true;
  }

  /** Says whether the store may have something that is due before what waits here. */
  boolean wantsRefill(long nowMillis) {
    Due head = waiting.peek();
    boolean isIdle = head == null || head.nextTryMillis() > nowMillis;
    return isIdle && (stale || (more && head == null));
  }

  /** Returns how many deliveries a refill has to ask for. */
  int refillSize() {
    return WINDOW + held.size();
  }

  /** Puts what the store has, the next due first, in place of what waits. */
  void refill(List<Due> pending) {
    waiting.removeIf(this::forgetUnlessHeld);
    for (Due delivery : pending) {
      if (!known.contains(delivery.key())) {
        add(delivery);
      }
    }
    more = pending.size() >= refillSize();
    stale = false;
  }

  /** Returns when the next delivery may be sent, {@link Long#MAX_VALUE} when none waits. */
  long readyAtMillis() {
    Due head = waiting.peek();
    return head == null || off ? Long.MAX_VALUE : Math.max(head.nextTryMillis(), notBeforeMillis);
  }

  /** Hands out the next delivery. */
  Due send() {
    Due delivery = waiting.remove();
    held.add(delivery.key());
    inFlight++;
    return delivery;
  }

  /** A delivery that was sent is not on its way any more, whatever came of it. */
  private void landed(Due delivery) {
    inFlight--;
    if (delivery.tries() == 0) {
      untried--;
    }
  }

  /** It arrived. */
  void delivered(Due delivery) {
    landed(delivery);
    failures = 0;
    health = Health.PROVEN;
    if (off) {
      outdated();
    }
  }

  /**
   * The receiver said that it takes nothing any more. Nothing is sent until that is in the store,
   * which decides from then on.
   */
  void gone(Due delivery) {
    landed(delivery);
    failures++;
    health = Health.SUSPECT;
    waiting.removeIf(this::forgetUnlessHeld);
    off = true;
  }

  /**
   * It failed.
   *
   * @param again the delivery with its next time, null when it is given up
   * @param newNotBeforeMillis before when the receiver wants nothing
   */
  void failed(Due delivery, @Nullable Due again, long newNotBeforeMillis) {
    landed(delivery);
    failures++;
    health = Health.SUSPECT;
    notBeforeMillis = Math.max(notBeforeMillis, newNotBeforeMillis);
    if (again != null && !more && !off) {
      waiting.add(again);
    }
  }

  /** A try was cut short by the end of the process: it does not count. */
  void abandoned(Due delivery) {
    landed(delivery);
    held.remove(delivery.key());
    known.remove(delivery.key());
    stale = true;
  }

  /**
   * What came of a delivery is in the store.
   *
   * @param again whether it is pending there
   */
  void written(long key, boolean again) {
    held.remove(key);
    if (!again || isAbsent(key)) {
      known.remove(key);
      stale |= again;
    }
  }

  private boolean isAbsent(long key) {
    for (Due delivery : waiting) {
      if (delivery.key() == key) {
        return false;
      }
    }
    return true;
  }
}
