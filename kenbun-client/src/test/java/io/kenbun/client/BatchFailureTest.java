package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.mockwebserver.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of docs/delivery.md that need several events, or several units, over real sockets. */
final class BatchFailureTest {
  private final RecordingListener listener = new RecordingListener();
  private KenbunServer kenbun;

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer().withBatches();
  }

  @AfterEach
  void stop() throws Exception {
    kenbun.close();
  }

  private KenbunClient client() {
    return kenbun
        .client()
        .listener(listener)
        .linger(20, TimeUnit.MILLISECONDS)
        .retryPolicy(RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).jitter(0).build())
        .build();
  }

  private static Event event(int number) {
    return Event.builder("T").leadId("ld_" + number).build();
  }

  private static void track(KenbunClient client, int count) {
    for (int i = 0; i < count; i++) {
      assertTrue(client.track(event(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void halvesABatchThatIsRefusedAsAWholeDownToTheEventAtFault(int status) {
    kenbun.script =
        request ->
            request.getPath().endsWith("batch") && KenbunServer.body(request).contains("\"ld_7\"")
                ? KenbunServer.error(status, "not this", "code")
                : null;
    try (KenbunClient client = client()) {
      track(client, 40);
      client.flush(10, TimeUnit.SECONDS);
      assertEquals(39, client.stats().delivered());
      DropReason reason = status == 413 ? DropReason.TOO_LARGE : DropReason.REFUSED;
      assertEquals(1, client.stats().dropped(reason));
    }
    assertEquals(39, kenbun.events.size());
    assertEquals(
        List.of(
            "dropped ld_7 "
                + (status == 413 ? "TOO_LARGE" : "REFUSED")
                + ": "
                + status
                + " not this (code)"),
        listener.told.stream().filter(line -> line.startsWith("dropped")).toList());
  }

  @Test
  void dropsARefusedLineAloneAndSendsAPostponedOneAgain() {
    kenbun.script =
        request -> {
          if (!request.getPath().endsWith("batch")) {
            return null;
          }
          String body = KenbunServer.body(request);
          List<String> lines = body.lines().toList();
          StringBuilder rejected = new StringBuilder();
          int count = 0;
          for (int i = 0; i < lines.size(); i++) {
            boolean refused = lines.get(i).contains("\"ld_3\"");
            boolean postponed = lines.get(i).contains("\"ld_5\"") && lines.size() > 1;
            if (refused || postponed) {
              rejected
                  .append(count++ == 0 ? "" : ",")
                  .append("{\"line\":")
                  .append(i + 1)
                  .append(",\"status\":")
                  .append(refused ? 400 : 503)
                  .append(",\"error\":\"no\",\"code\":\"x\",\"field\":\"timestamp\"}");
            }
          }
          return new MockResponse()
              .setResponseCode(202)
              .setBody(
                  "{\"accepted\":" + (lines.size() - count) + ",\"rejected\":[" + rejected + "]}");
        };
    try (KenbunClient client = client()) {
      client.track(Event.builder("T").leadId("first").build());
      client.flush(10, TimeUnit.SECONDS); // From here on it knows that batches are taken.
      track(client, 10);
      client.flush(10, TimeUnit.SECONDS);
      assertEquals(10, client.stats().delivered());
      assertEquals(1, client.stats().dropped(DropReason.REFUSED));
      assertTrue(client.stats().retried() >= 1);
    }
    assertTrue(
        listener.told.contains("dropped ld_3 REFUSED: 400 no (x) at timestamp"),
        listener.told::toString);
    assertTrue(
        listener.told.contains("retrying 10: 503 no (x) at timestamp, after 1 ms"),
        listener.told::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 501})
  void sendsSinglesFromThenOnIfThereIsNoBatchEndpointAfterAll(int status) {
    kenbun.script =
        request ->
            request.getPath().endsWith("batch")
                ? KenbunServer.error(status, "no such thing", "not_found")
                : null;
    try (KenbunClient client = client()) {
      track(client, 20);
      client.flush(10, TimeUnit.SECONDS);
      track(client, 20);
      client.flush(10, TimeUnit.SECONDS);
      assertEquals(40, client.stats().delivered());
      assertEquals(0, client.stats().dropped());
    }
    assertEquals(1, kenbun.requests.stream().filter(r -> r.getPath().endsWith("batch")).count());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 422})
  void aUnitThatIsRefusedWaitsAndAnotherGoesOn(int status) {
    kenbun.activationScript =
        request ->
            request.getBody().clone().readUtf8().contains("unit_x")
                ? KenbunServer.error(status, "no such unit", "x")
                : null;
    try (KenbunClient client = client()) {
      client.orgUnit("unit_x").track(event(1));
      track(client, 5);
      client.flush(300, TimeUnit.MILLISECONDS);
      assertEquals(5, client.stats().delivered());
      assertEquals(1, client.stats().queued());
      assertEquals(0, client.stats().dropped());
      client.close(0, TimeUnit.SECONDS);
    }
    assertTrue(
        listener.told.contains("lost unit_x: " + status + " no such unit (x)"),
        listener.told::toString);
  }

  @Test
  void aSessionLostTwiceInARowIsToldAndWaits() {
    kenbun.script =
        request ->
            kenbun.activations.size() < 3
                ? KenbunServer.error(400, "active OU not set", "active_ou_not_set")
                : null;
    try (KenbunClient client = client()) {
      track(client, 1);
      assertEquals(1, client.flush(10, TimeUnit.SECONDS).delivered());
    }
    assertTrue(
        listener.told.contains("lost unit_default: 400 active OU not set (active_ou_not_set)"),
        listener.told::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void any2xxToASingleEventIsTheEnd(int status) {
    kenbun.batches = false;
    kenbun.script = request -> new MockResponse().setResponseCode(status);
    try (KenbunClient client = client()) {
      track(client, 1);
      assertEquals(1, client.flush(10, TimeUnit.SECONDS).delivered());
    }
    assertEquals(1, kenbun.requests.size());
    assertTrue(listener.told.contains("delivered ld_0"), listener.told::toString);
  }
}
