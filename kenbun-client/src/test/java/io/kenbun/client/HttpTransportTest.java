package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one attempt differs in from the one before, and what it does not. */
final class HttpTransportTest {
  private final FakeClock clock = new FakeClock();
  private final BlockingQueue<Reply> replies = new ArrayBlockingQueue<>(10);
  private KenbunServer kenbun;
  private HttpTransport transport;

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer().withBatches();
    transport =
        new HttpTransport(
            HttpDefaults.derive(null),
            HttpUrl.get(kenbun.url()),
            Credentials.basic("dev", "dev"),
            clock,
            true,
            1,
            new Daemons("OkHttp test"));
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
    kenbun.close();
  }

  private Reply send(Batch batch) throws Exception {
    transport.send(batch, (sent, reply) -> replies.add(reply));
    return replies.poll(10, TimeUnit.SECONDS);
  }

  private static Batch batch(boolean lines, int events) {
    List<QueuedEvent> queued = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      Event event =
          Event.builder("T").leadId("ld_" + i).timestampMillis(1_757_946_600_000L).build();
      queued.add(new QueuedEvent(i, "unit_a", "key_" + i, EventCodec.encode(event), 0, null));
    }
    return new Batch("unit_a", queued, lines, 0, 0);
  }

  private void eachAttemptSaysWhenItIsSent(Batch batch) throws Exception {
    assertEquals(Reply.Kind.DELIVERED, send(batch(false, 0)).kind); // The session.
    kenbun.script = request -> KenbunServer.error(503, "overloaded", "overloaded");
    clock.jumpWallClockMillis(1_763_906_400_000L - clock.epochMillis());
    assertEquals(Reply.Kind.WAIT, send(batch).kind);
    clock.jumpWallClockMillis(1500);
    assertEquals(Reply.Kind.WAIT, send(batch).kind);
    clock.jumpWallClockMillis(-3_600_000); // Somebody has set the clock: it says so.
    kenbun.script = request -> null;
    assertEquals(Reply.Kind.DELIVERED, send(batch).kind);

    List<String> sentAt = new ArrayList<>();
    byte[] first = kenbun.requests.get(0).getBody().snapshot().toByteArray();
    for (RecordedRequest request : kenbun.requests) {
      sentAt.add(request.getHeader("Kenbun-Client-Sent-At"));
      assertArrayEquals(first, request.getBody().snapshot().toByteArray());
    }
    assertEquals(
        List.of("2025-11-23T14:00:00.000Z", "2025-11-23T14:00:01.500Z", "2025-11-23T13:00:01.500Z"),
        sentAt);
    for (String event : kenbun.events) {
      assertEquals(
          "2025-09-15T14:30:00.000Z", event.replaceFirst(".*\"timestamp\":\"([^\"]+)\".*", "$1"));
    }
  }

  @Test
  void eachAttemptAtASingleSaysWhenItIsSentAndIsTheSameBesides() throws Exception {
    eachAttemptSaysWhenItIsSent(batch(false, 1));
    assertEquals(1, kenbun.events.size());
  }

  @Test
  void eachAttemptAtABatchSaysWhenItIsSentAndIsTheSameByteForByteBesides() throws Exception {
    eachAttemptSaysWhenItIsSent(batch(true, 100));
    assertEquals(100, kenbun.events.size());
    assertEquals("gzip", kenbun.requests.get(0).getHeader("Content-Encoding"));
  }

  @Test
  void afterCloseEachBatchIsAnsweredAndNothingIsSent() throws Exception {
    transport.close();
    assertEquals(Reply.Kind.WAIT, send(batch(false, 1)).kind);
    assertEquals(0, kenbun.requests.size());
  }
}
