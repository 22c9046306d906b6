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
 * do never share slots with those that have failed, nor with those that nothing is known of.
 *
 * <pre>
 *   lane      slots  of one receiver             whose turn
 *   PROVEN      256  16; 1 once half are taken   one after another, a delivery each
 *   NEW         256  1                           one after another
 *   SUSPECT      64  1                           who has failed the fewest times in a row
 * </pre>
 *
 * <p>So however many are dead, a receiver that works waits for none of them; and one that comes
 * back is not behind those that have been gone for long. One thread.
 */
final class Lanes {
  /** The most that is in flight at a time; that many threads there may be. */
  static final int SLOTS = 256 + 256 + 64;

  private static final int PER_RECEIVER = 16;

  private final Map<Health, Lane> lanes = new EnumMap<>(Health.class);
  private final PriorityQueue<Receiver> later =
      new PriorityQueue<>(Comparator.comparingLong(Receiver::timerMillis));

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

  /** Returns who may send one delivery now, its slot taken; null when nobody may. */
  @Nullable Receiver next(long nowMillis) {
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
          return receiver;
        }
        place(receiver, nowMillis); // It has changed while it waited.
      }
    }
    return null;
  }

  /** Gives a slot back that was taken by a receiver of that health. */
  void free(Health taken) {
    lane(taken).taken--;
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
