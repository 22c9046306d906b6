package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kenbun.lite.store.firing.DeliveryReads.Destination;
import io.kenbun.lite.store.firing.DeliveryReads.Due;
import io.kenbun.lite.webhook.Receiver.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may send next, with a thousand that do not answer; nothing is really sent. */
class LanesTest {
  private static final long NOW = 1_000_000;
  private static final long GRACE = Lanes.GRACE_NANOS;

  private final Lanes lanes = new Lanes();
  private final List<Lanes.Slot> taken = new ArrayList<>();
  private long nanos = 5_000;
  private long keys;

  private Receiver receiver(int failures, boolean hasDelivered, int deliveries) {
    long key = ++keys;
    Receiver receiver =
        new Receiver(new Destination(key, "http://x/" + key, null, null, failures, hasDelivered));
    for (int i = 0; i < deliveries; i++) {
      receiver.take(due(key, NOW));
    }
    lanes.place(receiver, NOW);
    return receiver;
  }

  private Due due(long destination, long atMillis) {
    long key = ++keys;
    return new Due(key, "fir_" + key, destination, "{}", 0, atMillis, NOW);
  }

  /** Sends whatever may be sent. */
  private List<Receiver> sendAll() {
    List<Receiver> sent = new ArrayList<>();
    for (Receiver next = next(NOW); next != null; next = next(NOW)) {
      next.send();
      sent.add(next);
      lanes.place(next, NOW);
    }
    return sent;
  }

  /** Returns who may send, and keeps the slot. */
  private @Nullable Receiver next(long nowMillis) {
    Lanes.Slot slot = lanes.next(nowMillis, nanos);
    if (slot == null) {
      return null;
    }
    taken.add(slot);
    return slot.receiver();
  }

  @Test
  void aThousandSilentOnesLeaveTheSlotsOfTheLivingAlone() {
    for (int i = 0; i < 500; i++) {
      receiver(3, false, 5);
      receiver(0, false, 5);
    }
    assertEquals(64 + 256, sendAll().size());
    Receiver live = receiver(0, true, 40);
    assertSame(live, next(NOW));
    Due first = live.send();
    lanes.place(live, NOW);
    List<Receiver> sent = sendAll();
    assertEquals(15, sent.size());
    sent.forEach(one -> assertSame(live, one));
    assertNull(next(NOW));
    lanes.free(taken.get(64 + 256));
    live.delivered(first);
    lanes.place(live, NOW);
    assertSame(live, next(NOW));
  }

  @Test
  void oneThatHasFailedTheFewestTimesGoesFirst() {
    receiver(7, false, 1);
    Receiver back = receiver(1, true, 1);
    receiver(3, false, 1);
    assertSame(back, next(NOW));
  }

  @Test
  void onceHalfTheSlotsAreTakenEachHasOne() {
    List<Receiver> greedy = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      greedy.add(receiver(0, true, 20));
    }
    assertEquals(256, sendAll().size());
    int most = greedy.stream().mapToInt(Receiver::inFlight).max().orElse(0);
    assertEquals(1, most);
  }

  @Test
  void ofAThousandNewAndSilentOnesEachIsTriedWithinHalfASecond() {
    for (int i = 0; i < 1_000; i++) {
      receiver(0, false, 2);
    }
    Receiver live = receiver(0, false, 2);
    List<Integer> sent = new ArrayList<>();
    for (int tenths = 0; tenths < 5; tenths++) {
      sent.add(sendAll().size());
      assertEquals(tenths < 3, lanes.wantsRoom());
      nanos += GRACE;
    }
    assertEquals(List.of(256, 256, 256, 233, 0), sent);
    assertEquals(1, live.inFlight());
  }

  @Test
  void aTryMakesRoomAfterATenthOfASecondAndNotANanosecondBefore() {
    for (int i = 0; i < 256; i++) {
      receiver(0, false, 1);
    }
    sendAll();
    Receiver last = receiver(0, false, 1);
    nanos += GRACE - 1;
    assertNull(next(NOW));
    nanos++;
    assertSame(last, next(NOW));
  }

  @Test
  void thoseThatTakeLongHaveRoomForSoManyAndNoMore() {
    for (int i = 0; i < 2_000; i++) {
      receiver(0, i % 2 == 0, 1);
    }
    int sent = 0;
    for (int tenths = 0; tenths < 20; tenths++) {
      sent += sendAll().size();
      nanos += GRACE;
    }
    assertEquals(Lanes.SLOTS - 64, sent);
    assertFalse(lanes.wantsRoom());
    taken.subList(0, 10).forEach(lanes::free); // Slow ones: their room is others'.
    assertEquals(10, sendAll().size());
  }

  @Test
  void waitsUntilTheNextIsDueToTheMillisecond() {
    Receiver receiver = receiver(0, true, 0);
    receiver.take(due(1, NOW + 5_000));
    lanes.place(receiver, NOW);
    lanes.awaken(NOW + 4_999);
    assertNull(next(NOW + 4_999));
    lanes.awaken(NOW + 5_000);
    assertSame(receiver, next(NOW + 5_000));
  }

  @Test
  void aNewDeliveryOfSomeoneWhoWaitsForARetryGoesOutAtOnce() {
    Receiver receiver = receiver(0, true, 0);
    receiver.take(due(1, NOW + 28_800_000));
    lanes.place(receiver, NOW);
    receiver.take(due(1, NOW));
    lanes.place(receiver, NOW);
    assertSame(receiver, next(NOW));
  }

  @Test
  void afterAFailureOneTryIsMadeAtATime() {
    Receiver receiver = receiver(0, true, 5);
    Due first = Objects.requireNonNull(next(NOW)).send();
    lanes.free(taken.get(0));
    receiver.failed(first, first.again(NOW), Long.MIN_VALUE);
    lanes.place(receiver, NOW);
    assertEquals(Health.SUSPECT, receiver.health());
    assertEquals(1, sendAll().size());
  }
}
