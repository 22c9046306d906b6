package io.kenbun.lite.webhook;

import io.kenbun.lite.webhook.Receiver.Health;
import io.kenbun.lite.webhook.Receiver.Place;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Who may send next. A receiver that does not answer holds its slot for ten seconds, so those that
 * do never share slots with those that have failed, nor with those that nothing is known of; and
 * who has not answered within {@link #GRACE_NANOS} makes room for the next.
 *
 * <pre>
 *   lane      slots  of one receiver             whose turn
 *   PROVEN      256  16; 1 once half are taken   one after another, a delivery each
 *   NEW         256  1                           one after another
 *   SUSPECT      64  1                           who has failed the fewest times in a row
 *
 *   slow        768  tries of PROVEN and NEW that have lasted a tenth of a second
 * </pre>
 *
 * <p>So however many are dead, a receiver that works waits for none of them; one that comes back is
 * not behind those that have been gone for long; and of a thousand that fall silent, or are new and
 * silent, in the same moment, each is tried within half a second. One thread.
 */
final class Lanes {
  /** The most that is in flight at a time; that many threads there may be. */
  static final int SLOTS = 256 + 256 + 64 + 768;

  /** How long a try may take before its slot is another's, as {@code Ticks} counts. */
  static final long GRACE_NANOS = 100_000_000;

  private static final int SLOW_SLOTS = 768;
  private static final int PER_RECEIVER = 16;

  private final Map<Health, Lane> lanes = new EnumMap<>(Health.class);
  private final PriorityQueue<Receiver> later =
      new PriorityQueue<>(Comparator.comparingLong(Receiver::timerMillis));
  private final Queue<Slot> young = new ArrayDeque<>(); // In the order they were taken.
  private int slow;

  Lanes() {
    lanes.put(Health.PROVEN, new Lane(256, new ArrayDeque<>()));
    lanes.put(Health.NEW, new Lane(256, new ArrayDeque<>()));
    lanes.put(
        Health.SUSPECT,
        new Lane(
            64,
            new PriorityQueue<>(
                Comparator.comparingInt(Receiver::failures)
                    .thenComparing(Receiver::readyAtMillis))));
  }

  /** Slots, and who waits for one. */
  private static final class Lane {
    private final int slots;
    private final Queue<Receiver> ready;
    private int taken;

    Lane(int slots, Queue<Receiver> ready) {
      this.slots = slots;
      this.ready = ready;
    }
  }

  /** One that is taken, for one try. */
  static final class Slot {
    private final Receiver receiver;
    private final Health lane;
    private final long takenNanos;
    private boolean isSlow;
    private boolean isFree;

    private Slot(Receiver receiver, long nowNanos) {
      this.receiver = receiver;
      this.lane = receiver.health();
      this.takenNanos = nowNanos;
    }

    Receiver receiver() {
      return receiver;
    }
  }

  /** Puts a receiver where it belongs now, after anything about it has changed. */
  void place(Receiver receiver, long nowMillis) {
    if (receiver.place() == Place.READY) {
      return; // What has changed is looked at when its turn comes.
    }
    if (receiver.place() == Place.LATER) {
      later.remove(receiver);
      receiver.place(null);
    }
    long readyAt = receiver.readyAtMillis();
    if (readyAt == Long.MAX_VALUE || receiver.inFlight() >= most(receiver)) {
      return; // It is placed again with its next delivery, or its next answer.
    }
    if (readyAt <= nowMillis) {
      receiver.place(Place.READY);
      lane(receiver.health()).ready.add(receiver);
    } else {
      receiver.timerMillis(readyAt);
      receiver.place(Place.LATER);
      later.add(receiver);
    }
  }

  /** Moves those whose time has come to where they wait for a slot. */
  void awaken(long nowMillis) {
    for (Receiver next = later.peek();
        next != null && next.timerMillis() <= nowMillis;
        next = later.peek()) {
      place(next, nowMillis);
    }
  }

  /**
   * Returns the slot of who may send one delivery now; null when nobody may.
   *
   * @param nowNanos as {@code Ticks} counts
   */
  @Nullable Slot next(long nowMillis, long nowNanos) {
    makeRoom(nowNanos);
    for (Map.Entry<Health, Lane> entry : lanes.entrySet()) {
      Lane lane = entry.getValue();
      while (lane.taken < lane.slots) {
        Receiver receiver = lane.ready.poll();
        if (receiver == null) {
          break;
        }
        receiver.place(null);
        if (receiver.health() == entry.getKey()
            && receiver.readyAtMillis() <= nowMillis
            && receiver.inFlight() < most(receiver)) {
          lane.taken++;
          Slot slot = new Slot(receiver, nowNanos);
          if (slot.lane != Health.SUSPECT) {
            young.add(slot);
          }
          return slot;
        }
        place(receiver, nowMillis); // It has changed while it waited.
      }
    }
    return null;
  }

  /** Moves tries that take long to where they are in nobody's way, as many as there is room for. */
  private void makeRoom(long nowNanos) {
    Slot oldest = young.peek();
    while (oldest != null
        && (oldest.isFree || (nowNanos - oldest.takenNanos >= GRACE_NANOS && slow < SLOW_SLOTS))) {
      young.remove();
      if (!oldest.isFree) {
        oldest.isSlow = true;
        slow++;
        lane(oldest.lane).taken--;
      }
      oldest = young.peek();
    }
  }

  /** Says whether somebody could send if a try that takes long made room. */
  boolean wantsRoom() {
    return slow < SLOW_SLOTS && (isCrowded(Health.PROVEN) || isCrowded(Health.NEW));
  }

  private boolean isCrowded(Health health) {
    Lane lane = lane(health);
    return lane.taken >= lane.slots && !lane.ready.isEmpty();
  }

  /** Gives a slot back. */
  void free(Slot slot) {
    slot.isFree = true;
    if (slot.isSlow) {
      slow--;
    } else {
      lane(slot.lane).taken--;
    }
  }

  private int most(Receiver receiver) {
    if (receiver.health() != Health.PROVEN) {
      return 1;
    }
    Lane lane = lane(Health.PROVEN);
    return lane.taken < lane.slots / 2 ? PER_RECEIVER : 1;
  }

  private Lane lane(Health health) {
    Lane lane = lanes.get(health);
    if (lane == null) {
      throw new IllegalStateException("no lane for " + health);
    }
    return lane;
  }
}
