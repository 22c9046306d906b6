package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.store.Watches;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watch list, which each caller has for themselves; it is 2026-03-10T12:00:00Z. */
class WatchApiTest {
  private static final String WATCH_ID = "wt_[0-9a-f-]{36}";
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.event("a", "Nothing", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Nothing", "2026-03-10T11:00:00Z", "{}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aWatchedLeadIsListedUntilItIsNot() throws Exception {
    assertEquals("{\"watched_leads\":[]}", server.ok("/watched-leads"));
    HttpResponse<String> made =
        server.call(
            "POST", "/leads/a/watch", "{\"prediction\":\"buys\",\"prediction_notes\":\"soon\"}");
    assertEquals(201, made.statusCode());
    assertEquals(
        "{\"watch_id\":\"W\",\"lead_id\":\"a\",\"message\":\"Lead added to watch list\"}",
        made.body().replaceAll(WATCH_ID, "W"));
    server.clock.advance(Duration.ofSeconds(1));
    assertEquals(201, server.call("POST", "/leads/b/watch", null).statusCode());
    assertEquals(
        "{\"watched_leads\":[{\"watch_id\":\"W\",\"lead_id\":\"b\",\"prediction\":null,"
            + "\"prediction_notes\":null,\"watched_at\":\"2026-03-10T12:00:01Z\","
            + "\"outcome\":\"pending\",\"outcome_at\":null},"
            + "{\"watch_id\":\"W\",\"lead_id\":\"a\",\"prediction\":\"buys\","
            + "\"prediction_notes\":\"soon\",\"watched_at\":\"2026-03-10T12:00:00Z\","
            + "\"outcome\":\"pending\",\"outcome_at\":null}]}",
        server.ok("/watched-leads").replaceAll(WATCH_ID, "W"));
    HttpResponse<String> again =
        server.call("POST", "/leads/a/watch", "{\"prediction\":\"churns\"}");
    assertEquals(201, again.statusCode());
    assertEquals(made.body(), again.body()); // The same watch.
    assertTrue(
        server
            .ok("/watched-leads")
            .contains("\"prediction\":\"churns\",\"prediction_notes\":null"));
    HttpResponse<String> gone = server.call("DELETE", "/leads/a/watch", null);
    assertEquals(204, gone.statusCode());
    assertEquals("", gone.body());
    Refused.by(server.call("DELETE", "/leads/a/watch", null))
        .is(404, "not_found", null)
        .says("lead is not watched");
  }

  @Test
  void itIsOfOneCallerAndOneUnit() throws Exception {
    assertEquals(201, server.call("POST", "/leads/a/watch", "{}").statusCode());
    String inB = server.cookie(TestServer.DEV, "unit_b");
    assertEquals("{\"watched_leads\":[]}", as(TestServer.DEV, inB, "GET", "/watched-leads").body());
    Refused.by(as(TestServer.DEV, inB, "POST", "/leads/a/watch")).is(404, "not_found", null);
    Refused.by(as(TestServer.DEV, inB, "DELETE", "/leads/a/watch")).is(404, "not_found", null);
    String narrow = server.cookie(TestServer.NARROW, "unit_b");
    server.send(
        "POST",
        "/ingest",
        "{\"lead_id\":\"n\",\"event_type\":\"V\"}",
        "Authorization",
        TestServer.NARROW,
        "Cookie",
        narrow);
    server.score();
    assertEquals(201, as(TestServer.NARROW, narrow, "POST", "/leads/n/watch").statusCode());
    assertEquals("{\"watched_leads\":[]}", as(TestServer.DEV, inB, "GET", "/watched-leads").body());
  }

  @Test
  void aMergeMovesItAndADeletionEndsIt() throws Exception {
    server.call("POST", "/leads/b/watch", "{\"prediction\":\"b\"}");
    server.call("POST", "/leads/merge", "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[\"b\"]}");
    assertTrue(
        server.ok("/watched-leads").contains("\"lead_id\":\"a\",\"prediction\":\"b\""),
        server.ok("/watched-leads"));
    server.event("c", "Nothing", "2026-03-10T11:00:00Z", "{}");
    server.call("POST", "/leads/c/watch", "{\"prediction\":\"c\"}");
    server.call("POST", "/leads/merge", "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[\"c\"]}");
    String both = server.ok("/watched-leads");
    assertTrue(
        both.contains("\"prediction\":\"b\"") && !both.contains("\"prediction\":\"c\""), both);
    assertEquals(200, server.call("DELETE", "/lead/a", null).statusCode());
    assertEquals("{\"watched_leads\":[]}", server.ok("/watched-leads"));
  }

  @Test
  void whatIsSaidIsHeldToItsLength() throws Exception {
    String notes = "n".repeat(2_000);
    String path = "/leads/a/watch";
    assertEquals(
        201,
        server
            .call(
                "POST",
                path,
                "{\"prediction\":\""
                    + "p".repeat(200)
                    + "\",\"prediction_notes\":\""
                    + notes
                    + "\"}")
            .statusCode());
    Refused.by(server.call("POST", path, "{\"prediction\":\"" + "p".repeat(201) + "\"}"))
        .is(400, "invalid_field", "prediction");
    Refused.by(server.call("POST", path, "{\"prediction_notes\":\"" + notes + "n\"}"))
        .is(400, "invalid_field", "prediction_notes");
    Refused.by(server.call("POST", path, "{\"prediction\":5}"))
        .is(400, "invalid_field", "prediction")
        .says("prediction is not a string: a number");
    Refused.by(server.call("POST", "/leads/nobody/watch", "{}"))
        .is(404, "not_found", null)
        .says("no such lead");
  }

  @Test
  void aCallerWatchesSoManyAndNoMore() throws Exception {
    long unit = server.setup().unit().key();
    for (int i = 1; i < Watches.MAX_PER_OWNER; i++) {
      server.storage.watches().add("dev", 1_000_000 + i, unit, null, null, 0);
    }
    assertEquals(201, server.call("POST", "/leads/a/watch", null).statusCode());
    Refused.by(server.call("POST", "/leads/b/watch", null))
        .is(409, "conflict", null)
        .says("watched leads > 1000");
    assertEquals(201, server.call("POST", "/leads/a/watch", null).statusCode());
  }

  private HttpResponse<String> as(String auth, @Nullable String cookie, String method, String path)
      throws Exception {
    return server.send(method, path, null, "Authorization", auth, "Cookie", cookie);
  }
}
