package io.kenbun.lite.http.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.RawConnection;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.triggers.DeliveryApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a listener is spared, and what is spared the server. */
class StreamLimitsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private static StreamLimits limits(int messages, int bytes, int perSecond) {
    return new StreamLimits(2, messages, bytes, perSecond, 1, HOUR, HOUR, HOUR);
  }

  private static TestServer server(StreamLimits limits) throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.stream =
        (clock, real, reads) -> new LiveStream(clock, real, reads, DeliveryApi::write, limits);
    return new TestServer(setup);
  }

  private static void batch(TestServer server, int events) throws Exception {
    String line = "{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}\n";
    byte[] body = line.repeat(events).getBytes(StandardCharsets.UTF_8);
    assertEquals(202, server.batch(body).statusCode());
  }

  @Test
  void asManyAsAreAllowedAtOnceAndTheRestIsCounted() throws Exception {
    try (TestServer server = server(limits(1_000, 1 << 20, 5));
        StreamReader reader = StreamReader.open(server, "?types=event")) {
      batch(server, 10);
      for (int i = 0; i < 10; i++) {
        assertEquals("event", Objects.requireNonNull(reader.next()).event());
      }
    }
    try (TestServer server = server(limits(1_000, 1 << 20, 5));
        StreamReader reader = StreamReader.open(server, "?types=event")) {
      batch(server, 31);
      int seen = 0;
      int skipped = 0;
      while (seen + skipped < 31) {
        StreamReader.Message message = Objects.requireNonNull(reader.next());
        if (message.event().equals("skipped")) {
          assertNull(message.id());
          skipped += Integer.parseInt(message.field("events"));
        } else {
          seen++;
        }
      }
      assertEquals(31, seen + skipped);
      assertTrue(seen >= 10 && seen < 31, "seen: " + seen);
    }
  }

  @Test
  void aFloodOfOneKindTakesNothingFromAnother() throws Exception {
    try (TestServer server = server(limits(1_000, 1 << 20, 5));
        StreamReader reader = StreamReader.open(server, "?types=rejected")) {
      batch(server, 500);
      server.ingest("{}");
      assertEquals("rejected", Objects.requireNonNull(reader.next()).event());
    }
  }

  @Test
  void theBufferHoldsSoManyMessagesAndNoMore() throws Exception {
    resumes(limits(4, 1 << 20, 1_000), 4, 5);
  }

  @Test
  void theBufferHoldsSoManyBytesAndNoMore() throws Exception {
    // 157 bytes each: four fit, five do not.
    resumes(limits(1_000, 4 * 160, 1_000), 4, 5);
  }

  private static void resumes(StreamLimits limits, int held, int tooMany) throws Exception {
    try (TestServer server = server(limits)) {
      String last = first(server);
      batch(server, held);
      try (StreamReader reader = StreamReader.open(server, "?types=event", "Last-Event-ID", last)) {
        assertEquals("event", Objects.requireNonNull(reader.next()).event());
      }
    }
    try (TestServer server = server(limits)) {
      String last = first(server);
      batch(server, tooMany);
      try (StreamReader reader = StreamReader.open(server, "?types=event", "Last-Event-ID", last)) {
        assertEquals("gap", Objects.requireNonNull(reader.next()).event());
        for (int i = 0; i < held; i++) {
          assertEquals("event", Objects.requireNonNull(reader.next()).event());
        }
      }
    }
  }

  /** Returns the id of an event that was seen. */
  private static String first(TestServer server) throws Exception {
    try (StreamReader reader = StreamReader.open(server, "?types=event")) {
      batch(server, 1);
      return Objects.requireNonNull(Objects.requireNonNull(reader.next()).id());
    }
  }

  @Test
  void whoDoesNotReadHoldsUpNobodyAndIsToldHowManyItMissed() throws Exception {
    try (TestServer server = server(limits(100, 1 << 20, 1_000_000));
        RawConnection slow = new RawConnection(server.port())) {
      slow.write(
          "GET /lite/stream?types=event HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
              + TestServer.DEV
              + "\r\nCookie: "
              + server.cookie(TestServer.DEV, "unit_default")
              + "\r\n\r\n");
      assertTrue(slow.readAnswer().startsWith("HTTP/1.1 200 "));
      // Some megabytes fill the socket's buffers on both sides; then the ring runs over.
      for (int i = 0; i < 100; i++) {
        batch(server, 1_000);
      }
      try (StreamReader quick = StreamReader.open(server, "?types=event")) {
        batch(server, 1);
        assertEquals("event", Objects.requireNonNull(quick.next()).event());
      }
      server.http().stopAccepting();
      String all = slow.readAllOrNothing();
      assertTrue(all.contains("event: skipped"), () -> "bytes: " + all.length());
    }
  }

  @Test
  void silenceIsBrokenByAComment() throws Exception {
    StreamLimits limits = new StreamLimits(2, 10, 1_000, 10, 1, Duration.ofMillis(20), HOUR, HOUR);
    try (TestServer server = server(limits);
        StreamReader reader = StreamReader.open(server, "")) {
      assertEquals("retry: 1000", reader.line());
      assertEquals(": still here", reader.line());
      assertEquals(": still here", reader.line());
    }
  }

  @Test
  void whoHasListenedForLongIsSentAwayInGoodOrder() throws Exception {
    StreamLimits limits =
        new StreamLimits(2, 10, 1_000, 10, 1, Duration.ofMillis(20), HOUR, Duration.ofMillis(50));
    try (TestServer server = server(limits);
        StreamReader reader = StreamReader.open(server, "")) {
      assertNull(reader.next());
    }
  }

  @Test
  void aDesertedBufferIsForgottenAfterAWhile() throws Exception {
    StreamLimits limits = new StreamLimits(2, 10, 1_000, 10, 1, HOUR, Duration.ofMillis(1), HOUR);
    try (TestServer server = server(limits)) {
      String last = first(server);
      String event = "event";
      for (int i = 0; event.equals("event") && i < 1_000; i++) { // Its end has to be seen first.
        batch(server, 1);
        try (StreamReader reader =
            StreamReader.open(server, "?types=event", "Last-Event-ID", last)) {
          event = Objects.requireNonNull(reader.next()).event();
        }
      }
      assertEquals("gap", event);
    }
  }
}
