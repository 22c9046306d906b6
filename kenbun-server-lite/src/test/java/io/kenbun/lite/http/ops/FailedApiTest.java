package io.kenbun.lite.http.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.pipeline.Scoring;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /lite/failed}: what could not be scored is shown, tried again, or given up. */
class FailedApiTest {
  private static final String EVENT =
      "{\"alias_kind\":\"email\",\"alias\":\"Ada@example.com\",\"event_type\":\"Page View\","
          + "\"timestamp\":\"2026-03-10T11:00:00Z\",\"metadata\":{\"path\":\"/pricing\"}}";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.ingest(EVENT);
    Scoring broken =
        new Scoring(
            server.storage,
            server.rules,
            metadata -> {
              throw new IllegalStateException("broken metadata");
            });
    broken.step();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void anEventThatCouldNotBeScoredIsShownWithItsReason() throws Exception {
    assertEquals(
        "{\"failed\":[{\"id\":\"evt_0000000000001\","
            + "\"reason\":\"java.lang.IllegalStateException: broken metadata\",\"tries\":1,"
            + "\"failed_at\":\"2026-03-10T12:00:00Z\",\"next_try_at\":\"2026-03-10T12:00:01Z\","
            + "\"received_at\":\"2026-03-10T12:00:00Z\",\"lead_id\":null,"
            + "\"aliases\":[{\"alias_kind\":\"email\",\"raw_value\":\"Ada@example.com\"}],"
            + "\"event_type\":\"Page View\",\"timestamp\":\"2026-03-10T11:00:00Z\","
            + "\"metadata\":{\"path\":\"/pricing\"}}]}",
        server.get("/lite/failed").body());
  }

  @Test
  void aRetryScoresItAtOnce() throws Exception {
    HttpResponse<String> answer = server.call("POST", "/lite/failed/evt_0000000000001/retry", null);
    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals("{\"message\":\"event queued\"}", answer.body());
    server.score();
    assertEquals("{\"failed\":[]}", server.get("/lite/failed").body());
    assertTrue(server.get("/events").body().contains("\"total\":1,"));
  }

  @Test
  void aDeletedOneIsGone() throws Exception {
    HttpResponse<String> answer = server.call("DELETE", "/lite/failed/evt_0000000000001", null);
    assertEquals(204, answer.statusCode());
    assertEquals("{\"failed\":[]}", server.get("/lite/failed").body());
    Refused.by(server.call("DELETE", "/lite/failed/evt_0000000000001", null))
        .is(404, "not_found", null);
  }

  @Test
  void anotherUnitsIsNotThere() throws Exception {
    String[] other = {
      "Authorization", TestServer.DEV, "Cookie", server.cookie(TestServer.DEV, "unit_b")
    };
    String path = "/lite/failed/evt_0000000000001";
    assertEquals("{\"failed\":[]}", server.send("GET", "/lite/failed", null, other).body());
    Refused.by(server.send("DELETE", path, null, other)).is(404, "not_found", null);
    Refused.by(server.send("POST", path + "/retry", null, other)).is(404, "not_found", null);
    Refused.by(server.call("DELETE", "/lite/failed/nonsense", null)).is(404, "not_found", null);
  }
}
