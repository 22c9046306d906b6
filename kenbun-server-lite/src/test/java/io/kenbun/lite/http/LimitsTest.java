package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.ingest.IngestLimits;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each limit that can be set, from both sides. */
class LimitsTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\"}";

  private final TestServer.Setup setup = new TestServer.Setup();

  @Test
  void aCredentialMaySendAtTheRateAndNotFaster() throws Exception {
    setup.ingestLimits = new IngestLimits(4 << 20, 1_000, 1 << 20, 100, 2, 1 << 20);
    try (TestServer server = new TestServer(setup)) {
      assertEquals(202, server.ingest(EVENT).statusCode());
      assertEquals(202, server.ingest(EVENT).statusCode());
      Refused.by(server.ingest(EVENT))
          .is(429, "rate_limited", null)
          .says("credential sends more than 2 events a second")
          .header("Retry-After", "1");
      String[] narrow = {
        "Authorization", TestServer.NARROW, "Cookie", server.cookie(TestServer.NARROW, "unit_b")
      };
      assertEquals(202, server.send("POST", "/ingest", EVENT, narrow).statusCode());
      server.clock.advance(Duration.ofMillis(499));
      assertEquals(429, server.ingest(EVENT).statusCode());
      server.clock.advance(Duration.ofMillis(1));
      assertEquals(202, server.ingest(EVENT).statusCode());
      assertEquals(429, server.ingest(EVENT).statusCode());
      server.clock.advance(Duration.ofSeconds(100));
      assertEquals(202, server.ingest(EVENT).statusCode());
      assertEquals(202, server.ingest(EVENT).statusCode());
      assertEquals(429, server.ingest(EVENT).statusCode()); // It saves up for a second at most.
    }
  }

  @Test
  void aBatchCountsItsLinesAndPaysThemOff() throws Exception {
    setup.ingestLimits = new IngestLimits(4 << 20, 1_000, 1 << 20, 100, 10, 1 << 20);
    try (TestServer server = new TestServer(setup)) {
      byte[] batch = (EVENT + "\n\n").repeat(35).getBytes(StandardCharsets.UTF_8);
      assertEquals(202, server.batch(batch).statusCode());
      HttpResponse<String> refused = server.batch(batch);
      // 10 saved up, 35 taken: 25 in debt, and one to send with.
      Refused.by(refused).is(429, "rate_limited", null).header("Retry-After", "3");
      server.clock.advance(Duration.ofMillis(2_599));
      assertEquals(429, server.ingest(EVENT).statusCode());
      server.clock.advance(Duration.ofMillis(1));
      assertEquals(202, server.ingest(EVENT).statusCode());
    }
  }

  @Test
  void aBodyMayBeAsLongAsWasSet() throws Exception {
    setup.limits = limits(EVENT.length(), 16 << 10, 100);
    try (TestServer server = new TestServer(setup)) {
      assertEquals(202, server.ingest(EVENT).statusCode());
      Refused.by(server.ingest(EVENT + " "))
          .is(413, "body_too_large", null)
          .says("body takes more than " + EVENT.length() + " bytes");
    }
  }

  @Test
  void anEventMayNestAsDeepAsWasSet() throws Exception {
    setup.ingestLimits = new IngestLimits(4 << 20, 1_000, 1 << 20, 3, 0, 1 << 20);
    try (TestServer server = new TestServer(setup)) {
      String event = "{\"lead_id\":\"a\",\"event_type\":\"x\",\"metadata\":{\"a\":%s}}";
      assertEquals(202, server.ingest(event.formatted("[]")).statusCode());
      Refused.by(server.ingest(event.formatted("[[]]")))
          .is(400, "invalid_json", null)
          .says("body is nested deeper than 3 levels");
    }
  }

  @Test
  void aBatchMayBeAsLongAsWasSet() throws Exception {
    byte[] two = (EVENT + "\n" + EVENT).getBytes(StandardCharsets.UTF_8);
    setup.ingestLimits = new IngestLimits(two.length, 2, 1 << 20, 100, 0, 1 << 20);
    try (TestServer server = new TestServer(setup)) {
      assertEquals(202, server.batch(two).statusCode());
      Refused.by(server.batch((EVENT + "\n" + EVENT + "\n").getBytes(StandardCharsets.UTF_8)))
          .is(413, "body_too_large", null);
      Refused.by(server.batch("1\n2\n3".getBytes(StandardCharsets.UTF_8)))
          .is(413, "body_too_large", null)
          .says("body has more than 2 lines");
    }
  }

  @Test
  void headersMayBeAsLongAsWasSet() throws Exception {
    setup.limits = limits(1 << 20, 1_024, 100);
    try (TestServer server = new TestServer(setup)) {
      String head = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Filling: ";
      try (RawConnection short1 = new RawConnection(server.port())) {
        String answer = short1.write(head + "x".repeat(900) + "\r\n\r\n").readAnswer();
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      }
      try (RawConnection tooLong = new RawConnection(server.port())) {
        tooLong.write(head + "x".repeat(1_100) + "\r\n\r\n");
        assertTrue(tooLong.isRefused());
      }
    }
  }

  @Test
  void aConnectionPastTheMostWaitsUntilOneEnds() throws Exception {
    setup.limits = limits(1 << 20, 16 << 10, 2);
    try (TestServer server = new TestServer(setup)) {
      String request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
      RawConnection first = new RawConnection(server.port());
      RawConnection second = new RawConnection(server.port());
      first.write(request).readAnswer();
      second.write(request).readAnswer();
      try (RawConnection third = new RawConnection(server.port())) {
        third.write(request);
        assertTrue(third.isSilentFor(300), "a third connection was served");
        first.close();
        assertTrue(third.readAnswer().startsWith("HTTP/1.1 200 "));
      }
      second.close();
    }
  }

  @Test
  void bodiesUnderWayTakeAsMuchTogetherAsWasSet() throws Exception {
    int long1 = 6_000;
    setup.ingestLimits = new IngestLimits(4 << 20, 1_000, 1 << 20, 100, 0, 10_000);
    try (TestServer server = new TestServer(setup)) {
      String cookie = server.cookie(TestServer.DEV, "unit_default");
      String head =
          "POST /ingest/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "
              + TestServer.DEV
              + "\r\nContent-Type: application/x-ndjson\r\nCookie: "
              + cookie
              + "\r\nContent-Length: "
              + long1
              + "\r\n\r\n";
      String body = EVENT + " ".repeat(long1 - EVENT.length());
      try (RawConnection first = new RawConnection(server.port())) {
        first.write(head + body.substring(1));
        server.awaitSample("kenbun_body_bytes_in_flight 5999");
        Refused.by(server.batch(body.getBytes(StandardCharsets.UTF_8)))
            .is(503, "overloaded", null)
            .header("Retry-After", "1");
        // A short one always has room.
        assertEquals(202, server.ingest(EVENT).statusCode());
        Refused.by(server.ingest(EVENT + " ".repeat(10_000))).is(503, "overloaded", null);
      }
      server.awaitSample("kenbun_body_bytes_in_flight 0");
      assertEquals(202, server.batch(body.getBytes(StandardCharsets.UTF_8)).statusCode());
    }
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertMessage("maxBatchBytes < 1: 0", () -> new IngestLimits(0, 1, 1, 100, 0, 1 << 20));
    assertMessage("maxBatchLines < 1: 0", () -> new IngestLimits(1, 0, 1, 100, 0, 1 << 20));
    assertMessage("maxImportBytes < 1: 0", () -> new IngestLimits(1, 1, 0, 100, 0, 1 << 20));
    assertMessage(
        "maxJsonDepth < 2 or > 200: 201", () -> new IngestLimits(1, 1, 1, 201, 0, 1 << 20));
    assertMessage("maxJsonDepth < 2 or > 200: 1", () -> new IngestLimits(1, 1, 1, 1, 0, 1 << 20));
    assertMessage("maxEventsPerSecond < 0: -1", () -> new IngestLimits(1, 1, 1, 2, -1, 1 << 20));
    assertMessage("maxBodyBytesInFlight < 1: 0", () -> new IngestLimits(1, 1, 1, 2, 0, 0));
    assertMessage("maxBodyBytes < 1 or > 2147483647: 0", () -> limits(0, 1, 1));
    assertMessage("maxConnections < 1 or > 2147483647: 0", () -> limits(1, 1, 0));
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable make) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, make).getMessage());
  }

  private static HttpLimits limits(int maxBodyBytes, int maxHeaderBytes, int maxConnections) {
    return new HttpLimits(
        maxBodyBytes,
        maxHeaderBytes,
        maxConnections,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ZERO);
  }
}
