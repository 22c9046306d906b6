package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.FlushResult;
import io.kenbun.client.KenbunClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From {@code track} to a changed score and its reason. */
class EndToEndTest {
  @TempDir Path data;

  @Test
  void aTrackedEventMovesTheScoreAndSaysWhy() throws Exception {
    try (KenbunLite server = TestLite.at(data).start()) {
      try (KenbunClient client = client(server)) {
        assertTrue(
            client.track(
                Event.builder("Page View")
                    .email("Ada@example.com")
                    .metadata("path", "/pricing/eu")
                    .build()));
        assertTrue(client.track(Event.builder("Demo Request").email("ada@example.com").build()));
        FlushResult flushed = client.flush(10, TimeUnit.SECONDS);
        assertEquals(2, flushed.delivered());
      }
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      Map<?, ?> lead = api.object("/lead/by-alias?kind=email&value=ADA@example.com");
      assertEquals("Ada@example.com", lead.get("email"));
      Map<?, ?> score = api.object("/score/" + lead.get("lead_id"));
      assertEquals(111L, score.get("score"));
      assertEquals("ruleset_default", score.get("ruleset_id"));
      assertEquals(Map.of("ruleset_default", 111L), score.get("engagement_scores"));
      Map<?, ?> why = api.object("/lead/" + lead.get("lead_id") + "/score-explain");
      List<?> drivers = (List<?>) why.get("top_drivers");
      assertEquals(
          Map.of(
              "rule_id", "rule_demo_request",
              "event_type", "Demo Request",
              "count", 1L,
              "weight", 100L,
              "total", 100L),
          drivers.get(0));
      assertEquals("path contains /pricing", ((Map<?, ?>) drivers.get(1)).get("filter_label"));
    }
  }

  @Test
  void eventsOfOneLeadKeepTheirOrder() throws Exception {
    int count = 2_000;
    try (KenbunLite server = TestLite.temporary().start()) {
      try (KenbunClient client = client(server)) {
        for (int i = 0; i < count; i++) {
          client.track(
              Event.builder("Page View")
                  .externalId("lead-" + i % 7)
                  .timestampMillis(1_770_000_000_000L)
                  .metadata("i", i)
                  .build());
        }
        assertEquals(count, client.flush(60, TimeUnit.SECONDS).delivered());
      }
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      for (int lead = 0; lead < 7; lead++) {
        Object id = api.object("/lead/by-alias?kind=external_id&value=lead-" + lead).get("lead_id");
        List<Map<?, ?>> events = api.all("/events/" + id, "events");
        for (int k = 0; k < events.size(); k++) {
          long expected = lead + 7L * (events.size() - 1 - k); // The last to happen comes first.
          assertEquals(expected, ((Map<?, ?>) events.get(k).get("metadata")).get("i"));
        }
      }
    }
  }

  @Test
  void aCookieIsGoodAfterARestart() throws Exception {
    String path = "/events";
    Api api;
    int port;
    try (KenbunLite server = TestLite.at(data).start()) {
      port = server.url().getPort();
      api = new Api(server.url()).activate("unit_default");
      assertEquals(200, api.get(path).statusCode());
    }
    try (KenbunLite server = TestLite.at(data).port(port).start()) {
      assertEquals(port, server.url().getPort());
      assertEquals(200, api.get(path).statusCode());
    }
  }

  private static KenbunClient client(KenbunLite server) {
    return KenbunClient.builder()
        .baseUrl(server.url().toString())
        .credentials(Credentials.basic("dev", "dev"))
        .orgUnit("unit_default")
        .build();
  }
}
