package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole client over real sockets. */
final class ClientTest {
  private KenbunServer kenbun;

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer();
  }

  @AfterEach
  void stop() throws Exception {
    kenbun.close();
  }

  private static Event pageView(int lead, int number) {
    return Event.builder("Page View")
        .externalId("lead-" + lead)
        .timestampMillis(1_757_946_600_000L)
        .metadata("n", number)
        .build();
  }

  @Test
  void sendsOneEventAsTheIngestPageShowsIt() {
    try (KenbunClient client = kenbun.client().build()) {
      Event event =
          Event.builder("Page View")
              .email("user@example.com")
              .timestamp("2025-09-15T14:30:00Z")
              .metadata("path", "/pricing")
              .metadata("utm_source", "google")
              .build();
      assertTrue(client.track(event));

      FlushResult result = client.flush(10, TimeUnit.SECONDS);

      assertEquals(
          "FlushResult{delivered=1, spooled=0, dropped=0, queued=0, complete=true}",
          result.toString());
      assertEquals(
          "{\"alias_kind\":\"email\",\"alias\":\"user@example.com\",\"event_type\":\"Page View\","
              + "\"timestamp\":\"2025-09-15T14:30:00.000Z\","
              + "\"metadata\":{\"path\":\"/pricing\",\"utm_source\":\"google\"}}",
          kenbun.events.get(0));
      RecordedRequest activation = kenbun.activations.get(0);
      assertEquals("POST /org-units/active HTTP/1.1", activation.getRequestLine());
      assertEquals("{\"ouId\":\"unit_default\"}", activation.getBody().readUtf8());
      RecordedRequest ingest = kenbun.requests.get(0);
      assertEquals("POST /ingest HTTP/1.1", ingest.getRequestLine());
      assertEquals("Basic ZGV2OmRldg==", ingest.getHeader("Authorization"));
      assertEquals("application/json", ingest.getHeader("Content-Type"));
      assertEquals("activeOu=unit_default.0", ingest.getHeader("Cookie"));
    }
  }

  @Test
  void keepsTheOrderOfEachLeadInSingles() {
    deliversInOrder(false);
    assertEquals(0, kenbun.requests.stream().filter(r -> r.getPath().endsWith("batch")).count());
  }

  @Test
  void keepsTheOrderOfEachLeadInBatches() {
    kenbun.withBatches();
    deliversInOrder(true);
  }

  private void deliversInOrder(boolean batches) {
    int count = 3000;
    try (KenbunClient client = kenbun.client().build()) {
      for (int i = 0; i < count; i++) {
        assertTrue(client.track(pageView(i % 7, i)));
      }
      FlushResult result = client.close(30, TimeUnit.SECONDS);
      assertEquals(count, result.delivered());
      assertTrue(result.isComplete());
    }
    assertEquals(count, kenbun.events.size());
    assertEquals(0, kenbun.duplicates.size());
    Map<String, Integer> last = new HashMap<>();
    for (String event : kenbun.events) {
      String lead = event.substring(0, event.indexOf(",\"event_type\""));
      int number = Integer.parseInt(event.substring(event.indexOf("\"n\":") + 4).replace("}", ""));
      Integer before = last.put(lead, number);
      assertTrue(before == null || before < number, lead + ": " + before + " before " + number);
    }
    assertEquals(7, last.size());
    assertEquals(batches, kenbun.requests.size() < count / 10);
  }

  @Test
  void opensTheSessionAgainWhenTheServerHasForgottenIt() {
    try (KenbunClient client = kenbun.client().build()) {
      client.track(pageView(1, 1));
      assertEquals(1, client.flush(10, TimeUnit.SECONDS).delivered());
      kenbun.forgetSessions();
      client.track(pageView(1, 2));
      assertEquals(1, client.flush(10, TimeUnit.SECONDS).delivered());
    }
    assertEquals(2, kenbun.activations.size());
    assertEquals(3, kenbun.requests.size());
    assertEquals(
        kenbun.requests.get(1).getHeader("Idempotency-Key"),
        kenbun.requests.get(2).getHeader("Idempotency-Key"));
  }

  @Test
  void refusesAndCountsAfterClose() {
    KenbunClient client = kenbun.client().build();
    client.close(10, TimeUnit.SECONDS);
    assertFalse(client.track(pageView(1, 1)));
    assertEquals(1, client.stats().dropped(DropReason.CLOSED));
    assertEquals(0, client.stats().accepted());
  }

  @Test
  void servesTwoUnitsOverOneClientWithoutMixingThem() {
    try (KenbunClient client = kenbun.client().build()) {
      OrgUnit other = client.orgUnit("unit_b");
      for (int i = 0; i < 20; i++) {
        client.track(pageView(1, i));
        other.track(pageView(2, i));
      }
      assertEquals(40, client.close(10, TimeUnit.SECONDS).delivered());
    }
    assertEquals(2, kenbun.activations.size());
    for (int i = 0; i < 40; i++) {
      boolean first = kenbun.events.get(i).contains("lead-1");
      assertEquals(first ? "unit_default" : "unit_b", kenbun.units.get(i));
    }
  }

  @Test
  void retriesUntilTheServerTakesIt() {
    int[] left = {2};
    kenbun.script =
        request -> left[0]-- > 0 ? KenbunServer.error(503, "overloaded", "overloaded") : null;
    RetryPolicy quick = RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).build();
    try (KenbunClient client = kenbun.client().retryPolicy(quick).build()) {
      client.track(pageView(1, 1));
      assertEquals(1, client.flush(10, TimeUnit.SECONDS).delivered());
      assertEquals(2, client.stats().retried());
    }
  }
}
