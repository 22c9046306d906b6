package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is lost is told, and what need not be lost is not. */
final class LossesTest {
  private static Event event(String lead) {
    return Event.builder("Page View").leadId(lead).build();
  }

  @Test
  void whatIsInFlightKeepsItsPlaceInTheQueue() throws Exception {
    try (KenbunServer kenbun = new KenbunServer()) {
      CountDownLatch inFlight = new CountDownLatch(1);
      kenbun.script =
          request -> {
            inFlight.countDown();
            return new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE);
          };
      KenbunClient client =
          kenbun.client().maxQueuedEvents(2).linger(0, TimeUnit.MILLISECONDS).build();
      assertTrue(client.track(event("a")));
      assertTrue(inFlight.await(10, TimeUnit.SECONDS));
      assertTrue(client.track(event("b")));
      assertFalse(client.track(event("c")));
      assertEquals(2, client.stats().queued());
      client.close(0, TimeUnit.SECONDS);
    }
  }

  @Test
  void aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount() {
    long minute = 60_000_000_000L;
    long from = -5;
    Losses losses = new Losses(new Counters(), null);
    try (RecordingLog log = new RecordingLog()) {
      losses.lost(event("ada@example.com"), DropReason.QUEUE_FULL, "the queue is full");
      losses.tell(from);
      assertEquals(List.of("kenbun lost 1 events; so far QUEUE_FULL=1"), log.lines);
      losses.lost(event("ada@example.com"), DropReason.QUEUE_FULL, "the queue is full");
      losses.lost(event("ada@example.com"), DropReason.REFUSED, "no such type");
      losses.tell(from + minute - 1);
      assertEquals(1, log.lines.size());
      losses.tell(from + minute);
      assertEquals("kenbun lost 2 events; so far QUEUE_FULL=2 REFUSED=1", log.lines.get(1));
      losses.tell(from + 3 * minute);
      assertEquals(2, log.lines.size());
    }
  }

  @Test
  void theSpoolIsEmptiedWhenTheServerIsBackAlthoughNothingNewIsTracked(@TempDir Path directory)
      throws Exception {
    KenbunServer before = new KenbunServer();
    int port = before.server.getPort();
    KenbunClient.Builder builder = before.client();
    before.close();
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch delivered = new CountDownLatch(2);
    DeliveryListener listener =
        new DeliveryListener() {
          @Override
          public void retrying(int events, String cause, long pauseMillis) {
            failed.countDown();
          }

          @Override
          public void delivered(Event event) {
            delivered.countDown();
          }
        };
    builder.linger(0, TimeUnit.MILLISECONDS).spool(directory.toFile()).listener(listener);
    try (KenbunClient client = builder.build()) {
      client.track(event("a"));
      client.track(event("b"));
      assertTrue(failed.await(10, TimeUnit.SECONDS));
      try (KenbunServer after = new KenbunServer(port)) {
        assertTrue(delivered.await(10, TimeUnit.SECONDS));
        assertEquals(2, after.events.size());
      }
    }
  }
}
