package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.client.RetryPolicy;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The real client through a server that refuses, delays and loses on purpose. */
class ChaosTest {
  private static final int EVENTS = 600;

  @Test
  void noEventIsLostAndNoneCountsTwice() throws Exception {
    try (KenbunLite server = TestLite.temporary().chaos().start()) {
      Api api = new Api(server.url()).activate("unit_default");
      int sent = 0;
      try (KenbunClient client = client(server)) {
        for (String trouble :
            List.of(
                "\"status\":503",
                "\"status\":500,\"delay_ms\":20",
                "\"drop_after_commit\":true",
                "\"drop_after_commit\":false,\"status\":429")) {
          set(api, "{\"ingest\":{\"rate\":0.5," + trouble + "}}");
          for (int i = 0; i < EVENTS / 4; i++) {
            assertTrue(
                client.track(
                    Event.builder("Page View")
                        .externalId("lead-" + sent % 7)
                        .metadata("n", sent++)
                        .build()));
            if (i % 10 == 9) { // So that many requests are struck, not one.
              client.flush(1, TimeUnit.SECONDS);
            }
          }
        }
        set(api, "{\"ingest\":{\"rate\":0}}");
        client.flush(60, TimeUnit.SECONDS);
        assertEquals(0, client.stats().queued());
        assertEquals(0, client.stats().dropped());
        assertTrue(client.stats().retried() > 10, client.stats().toString());
      }
      api.drain();
      Map<Long, Integer> times = new HashMap<>();
      for (Map<?, ?> event : api.all("/events", "events")) {
        times.merge((Long) ((Map<?, ?>) event.get("metadata")).get("n"), 1, Integer::sum);
      }
      assertEquals(sent, times.size());
      assertEquals(Set.of(1), Set.copyOf(times.values()));
      assertTrue(api.get("/metrics").body().contains("{code=\"chaos\"}"), "nothing was refused");
    }
  }

  private static void set(Api api, String body) throws Exception {
    HttpResponse<String> answer =
        api.send(
            api.request("/lite/chaos")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());
    assertEquals(200, answer.statusCode(), answer.body());
  }

  private static KenbunClient client(KenbunLite server) {
    return KenbunClient.builder()
        .baseUrl(server.url().toString())
        .credentials(Credentials.basic("dev", "dev"))
        .orgUnit("unit_default")
        .retryPolicy(
            RetryPolicy.builder()
                .firstPause(10, TimeUnit.MILLISECONDS)
                .maxPause(100, TimeUnit.MILLISECONDS)
                .maxRetryAfter(100, TimeUnit.MILLISECONDS)
                .build())
        .build();
  }
}
