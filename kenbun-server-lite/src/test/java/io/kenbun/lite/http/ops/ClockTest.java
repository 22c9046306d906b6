package io.kenbun.lite.http.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.ingest.IngestLimits;
import io.kenbun.lite.http.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock that callers set; the real one behind it stands at 2026-03-10T12:00:00Z. */
class ClockTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.testClock = true;
    server = new TestServer(setup);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void withoutTheOptionThereIsNoClock() throws Exception {
    try (TestServer plain = new TestServer()) {
      Refused.by(plain.get("/lite/clock")).is(404, "not_found", null).says("no such path");
      Refused.by(plain.call("PUT", "/lite/clock", "{\"advance\":\"P1D\"}"))
          .is(404, "not_found", null);
    }
  }

  @Test
  void showsTheRealTimeUntilItIsSet() throws Exception {
    assertEquals(401, server.send("GET", "/lite/clock", null).statusCode());
    assertEquals(
        "{\"now\":\"2026-03-10T12:00:00Z\",\"offset_ms\":0,\"frozen\":false}",
        server.get("/lite/clock").body());
  }

  @Test
  void runsOnFromWhereItIsSet() throws Exception {
    assertEquals(
        "{\"now\":\"2026-04-01T00:00:00Z\",\"offset_ms\":1857600000,\"frozen\":false}",
        put("{\"now\":\"2026-04-01T02:00:00+02:00\"}"));
    server.clock.advance(Duration.ofMillis(1500));
    assertEquals(
        "{\"now\":\"2026-04-01T00:00:01.500Z\",\"offset_ms\":1857600000,\"frozen\":false}",
        server.get("/lite/clock").body());
  }

  @Test
  void standsStillWhileItIsFrozen() throws Exception {
    put("{\"now\":\"2026-04-01T00:00:00Z\",\"frozen\":true}");
    server.clock.advance(Duration.ofSeconds(10));
    assertEquals(
        "{\"now\":\"2026-04-01T00:00:00Z\",\"offset_ms\":1857590000,\"frozen\":true}",
        server.get("/lite/clock").body());
    assertEquals(
        "{\"now\":\"2026-04-02T00:00:00Z\",\"offset_ms\":1943990000,\"frozen\":true}",
        put("{\"advance\":\"P1D\"}"));
    assertEquals(
        "{\"now\":\"2026-04-02T00:00:00Z\",\"offset_ms\":1943990000,\"frozen\":false}",
        put("{\"frozen\":false}"));
    server.clock.advance(Duration.ofSeconds(1));
    assertEquals(
        "{\"now\":\"2026-04-02T00:00:01Z\",\"offset_ms\":1943990000,\"frozen\":false}",
        server.get("/lite/clock").body());
  }

  @Test
  void advancesByAnyIsoDurationBothWays() throws Exception {
    advances("P1D", "2026-03-11T12:00:00Z");
    advances("PT36H", "2026-03-13T00:00:00Z");
    advances("P1Y2M1W3DT4H5M6.007S", "2027-05-23T04:05:06.007Z");
    advances("-P1DT4H5M6.007S", "2027-05-22T00:00:00Z");
    advances("-PT1H", "2027-05-21T23:00:00Z");
    advances("P-1M", "2027-04-21T23:00:00Z");
    advances("PT0S", "2027-04-21T23:00:00Z");
  }

  private void advances(String by, String to) throws Exception {
    String answer = put("{\"advance\":\"" + by + "\"}");
    assertEquals("{\"now\":\"" + to + "\"", answer.substring(0, answer.indexOf(',')), by);
  }

  @Test
  void saysWhatIsWrongAndStaysAsItWas() throws Exception {
    refused("{}", "missing_field", "now", "now is required");
    refused("{\"now\":null}", "missing_field", "now", "now is required");
    refused(
        "{\"now\":\"tomorrow\"}",
        "invalid_field",
        "now",
        "now is no RFC 3339 time with an offset: \"tomorrow\"");
    refused("{\"now\":5}", "invalid_field", "now", "now is not a string: a number");
    refused("{\"frozen\":\"yes\"}", "invalid_field", "frozen", "frozen is not a boolean: a string");
    refused(
        "{\"now\":\"2026-04-01T00:00:00Z\",\"advance\":\"P1D\"}",
        "invalid_field",
        "advance",
        "advance does not go with now");
    for (String bad :
        new String[] {
          "", "1d", "P", "PT", "P1DT", "P1H", "PT1", "P999999999999D", "P9999999999Y"
        }) {
      refused(
          "{\"advance\":\"" + bad + "\"}",
          "invalid_field",
          "advance",
          "advance is no ISO 8601 duration, or too long: \"" + bad + "\"");
    }
    assertEquals(
        "{\"now\":\"2026-03-10T12:00:00Z\",\"offset_ms\":0,\"frozen\":false}",
        server.get("/lite/clock").body());
  }

  @Test
  void goesFrom1970To9999() throws Exception {
    put("{\"now\":\"1970-01-01T00:00:00Z\"}");
    put("{\"now\":\"9999-12-31T23:59:59.999Z\"}");
    refused(
        "{\"now\":\"1969-12-31T23:59:59.999Z\"}",
        "invalid_field",
        "now",
        "now leads before 1970-01-01T00:00:00Z or past 9999-12-31T23:59:59.999Z:"
            + " \"1969-12-31T23:59:59.999Z\"");
    refused(
        "{\"advance\":\"PT0.001S\"}",
        "invalid_field",
        "advance",
        "advance leads before 1970-01-01T00:00:00Z or past 9999-12-31T23:59:59.999Z:"
            + " \"PT0.001S\"");
  }

  @Test
  void whatReadsTimeFollowsIt() throws Exception {
    put("{\"now\":\"2030-01-01T00:00:00Z\",\"frozen\":true}");
    event("{\"lead_id\":\"ld_a\",\"event_type\":\"Form Submit\"}");
    assertEquals(1, events("?range=today"));
    put("{\"advance\":\"P1D\"}");
    assertEquals(0, events("?range=today"));
    assertEquals(1, events("?range=yesterday"));
    // A timestamp may lie 24 hours ahead of this clock, whatever the real one shows.
    event(
        "{\"lead_id\":\"ld_a\",\"event_type\":\"Form Submit\","
            + "\"timestamp\":\"2030-01-03T00:00:00Z\"}");
    Refused.by(
            server.ingest(
                "{\"lead_id\":\"ld_a\",\"event_type\":\"Form Submit\","
                    + "\"timestamp\":\"2030-01-03T00:00:00.001Z\"}"))
        .is(400, "invalid_field", "timestamp");
  }

  @Test
  void aClockSetBackBreaksNothing() throws Exception {
    put("{\"now\":\"2030-01-01T00:00:00Z\"}");
    event("{\"lead_id\":\"ld_a\",\"event_type\":\"Form Submit\"}");
    HttpResponse<String> token =
        server.call(
            "POST", "/settings/tokens", "{\"name\":\"a\",\"expires_at\":\"2030-06-01T00:00:00Z\"}");
    assertEquals(201, token.statusCode(), token.body());
    put("{\"now\":\"2020-01-01T00:00:00Z\"}");
    event("{\"lead_id\":\"ld_a\",\"event_type\":\"Form Submit\"}");
    event("{\"alias_kind\":\"email\",\"alias\":\"a@example.com\",\"event_type\":\"Form Submit\"}");
    assertEquals(200, server.get("/score/ld_a").statusCode());
    assertEquals(200, server.get("/lead/ld_a/score-explain").statusCode());
    assertEquals(200, server.get("/lite/status").statusCode());
    assertEquals(200, server.send("GET", "/metrics", null).statusCode());
    assertEquals(3, events(""));
    assertEquals(2, events("?range=today"));
  }

  @Test
  void ratesGoByTheRealClock() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.testClock = true;
    IngestLimits usual = IngestLimits.DEFAULT;
    setup.ingestLimits =
        new IngestLimits(
            usual.maxBatchBytes(),
            usual.maxBatchLines(),
            usual.maxImportBytes(),
            usual.maxJsonDepth(),
            1,
            usual.maxBodyBytesInFlight());
    try (TestServer limited = new TestServer(setup)) {
      limited.call("PUT", "/lite/clock", "{\"frozen\":true}");
      String event = "{\"lead_id\":\"ld_a\",\"event_type\":\"Form Submit\"}";
      assertEquals(202, limited.ingest(event).statusCode());
      assertEquals(429, limited.ingest(event).statusCode());
      limited.call("PUT", "/lite/clock", "{\"advance\":\"PT1H\"}");
      assertEquals(429, limited.ingest(event).statusCode());
      limited.clock.advance(Duration.ofSeconds(1));
      assertEquals(202, limited.ingest(event).statusCode());
    }
  }

  @Test
  void aMoveWakesWhomItConcerns() throws Exception {
    AtomicInteger moves = new AtomicInteger();
    server.movable.onMove(moves::incrementAndGet);
    put("{\"advance\":\"P1D\"}");
    put("{\"frozen\":true}");
    refused("{}", "missing_field", "now", "now is required");
    assertEquals(2, moves.get());
  }

  private String put(String body) throws Exception {
    HttpResponse<String> answer = server.call("PUT", "/lite/clock", body);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private void refused(String body, String code, String field, String error) throws Exception {
    Refused.by(server.call("PUT", "/lite/clock", body)).is(400, code, field).says(error);
  }

  private void event(String body) throws Exception {
    HttpResponse<String> answer = server.ingest(body);
    assertEquals(202, answer.statusCode(), answer.body());
    server.score();
  }

  private long events(String query) throws Exception {
    byte[] body = server.get("/events" + query).body().getBytes(StandardCharsets.UTF_8);
    return (Long) ((Map<?, ?>) Json.readTree(body)).get("total");
  }
}
