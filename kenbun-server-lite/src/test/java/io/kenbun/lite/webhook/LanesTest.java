package io.kenbun.lite.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kenbun.lite.store.DeliveryReads.Destination;
import io.kenbun.lite.store.DeliveryReads.Due;
import io.kenbun.lite.webhook.Receiver.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who may send next, with a thousand that do not answer; nothing is really sent. */
class LanesTest {
  private static final long NOW = 1_000_000;

  private final Lanes lanes = new Lanes();
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
    for (Receiver next = lanes.next(NOW); next != null; next = lanes.next(NOW)) {
      next.send();
      sent.add(next);
      lanes.place(next, NOW);
    }
    return sent;
  }

  @Test
  void aThousandSilentOnesLeaveTheSlotsOfTheLivingAlone() {
    for (int i = 0; i < 500; i++) {
      receiver(3, false, 5);
      receiver(0, false, 5);
    }
    assertEquals(64 + 256, sendAll().size());
    Receiver live = receiver(0, true, 40);
    assertSame(live, lanes.next(NOW));
    Due first = live.send();
    lanes.place(live, NOW);
    List<Receiver> sent = sendAll();
    assertEquals(15, sent.size());
    sent.forEach(one -> assertSame(live, one));
    assertNull(lanes.next(NOW));
    lanes.free(Health.PROVEN);
    live.delivered(first);
    lanes.place(live, NOW);
    assertSame(live, lanes.next(NOW));
  }

  @Test
  void oneThatHasFailedTheFewestTimesGoesFirst() {
    receiver(7, false, 1);
    Receiver back = receiver(1, true, 1);
    receiver(3, false, 1);
    assertSame(back, lanes.next(NOW));
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
  void waitsUntilTheNextIsDueToTheMillisecond() {
    Receiver receiver = receiver(0, true, 0);
    receiver.take(due(1, NOW + 5_000));
    lanes.place(receiver, NOW);
    lanes.awaken(NOW + 4_999);
    assertNull(lanes.next(NOW + 4_999));
    lanes.awaken(NOW + 5_000);
    assertSame(receiver, lanes.next(NOW + 5_000));
  }

  @Test
  void aNewDeliveryOfSomeoneWhoWaitsForARetryGoesOutAtOnce() {
    Receiver receiver = receiver(0, true, 0);
    receiver.take(due(1, NOW + 28_800_000));
    lanes.place(receiver, NOW);
    receiver.take(due(1, NOW));
    lanes.place(receiver, NOW);
    assertSame(receiver, lanes.next(NOW));
  }

  @Test
  void afterAFailureOneTryIsMadeAtATime() {
    Receiver receiver = receiver(0, true, 5);
    Due first = Objects.requireNonNull(lanes.next(NOW)).send();
    lanes.free(Health.PROVEN);
    receiver.failed(first, first.again(NOW), Long.MIN_VALUE);
    lanes.place(receiver, NOW);
    assertEquals(Health.SUSPECT, receiver.health());
    assertEquals(1, sendAll().size());
  }
}
