package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The clock of a whole server. */
class TestClockTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";

  @Test
  void aMoveReachesTheThreadsThatTimeConcerns() throws Exception {
    try (KenbunLite server = TestLite.temporary().retainEvents(30).testClock().start()) {
      Api api = new Api(server.url()).activate("unit_default");
      api.post("/ingest", EVENT);
      api.drain();
      assertEquals(1L, api.object("/events").get("total"));
      long uptime = (Long) api.object("/lite/status").get("uptime_ms");
      put(api, "{\"advance\":\"P31D\"}");
      awaitNoEvents(api);
      api.drain(); // Scoring and upkeep go on.
      assertEquals(1L, api.object("/score/ld_1").get("score"));
      long later = (Long) api.object("/lite/status").get("uptime_ms");
      assertTrue(later - uptime < Duration.ofDays(1).toMillis(), uptime + " " + later);
      put(api, "{\"now\":\"2001-01-01T00:00:00Z\"}");
      api.post("/ingest", EVENT);
      api.drain();
      assertEquals(1L, api.object("/events").get("total"));
      assertEquals(2L, api.object("/score/ld_1").get("score"));
    }
  }

  @Test
  void aDrainAfterAMoveWaitsForWhatHasBecomeDue() throws Exception {
    try (KenbunLite server = TestLite.temporary().testClock().start()) {
      Api api = new Api(server.url()).activate("unit_default");
      HttpResponse<String> made =
          api.post("/decays", "{\"name\":\"Idle\",\"points\":-5,\"interval_days\":7}");
      assertEquals(201, made.statusCode(), made.body());
      api.post("/ingest", "{\"lead_id\":\"ld_1\",\"event_type\":\"Demo Request\"}");
      api.drain();
      long before = (Long) api.object("/score/ld_1").get("score");
      put(api, "{\"advance\":\"P15D\"}");
      api.drain();
      assertEquals(before - 10, api.object("/score/ld_1").get("score"));
      assertEquals(2L, api.object("/events?event_type=DECAY").get("total"));
      assertEquals(-10L, api.object("/lead/ld_1/score-explain?hours=400").get("decay_applied"));
    }
  }

  @Test
  void aServerStartedWithoutTheOptionHasNone() throws Exception {
    try (KenbunLite server = TestLite.temporary().start()) {
      HttpResponse<String> answer = new Api(server.url()).get("/lite/clock");
      assertEquals(404, answer.statusCode(), answer.body());
    }
  }

  private static void put(Api api, String body) throws Exception {
    HttpResponse<String> answer =
        api.send(
            api.request("/lite/clock")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());
    assertEquals(200, answer.statusCode(), answer.body());
  }

  private static void awaitNoEvents(Api api) throws Exception {
    InstantSource clock = InstantSource.system();
    long deadline = clock.millis() + Duration.ofSeconds(20).toMillis();
    Map<?, ?> events;
    do {
      events = api.object("/events");
      if (events.get("total").equals(0L)) {
        return;
      }
    } while (clock.millis() < deadline);
    throw new AssertionError("not swept within 20 s: " + events);
  }
}
