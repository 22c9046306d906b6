package io.kenbun.lite.http.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /lite/reset}. */
class ResetApiTest {
  private static final String NO_EVENTS = "{\"events\":[],\"total\":0,\"page\":1,\"limit\":25}";
  private static final String KEYED =
      "{\"lead_id\":\"ld_k\",\"event_type\":\"A\",\"idempotency_key\":\"k\"}\n";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.allowReset = true;
    server = new TestServer(setup);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void reset(String query) throws Exception {
    HttpResponse<String> answer = server.call("POST", "/lite/reset" + query, null);
    assertEquals(204, answer.statusCode(), answer.body());
  }

  @Test
  void isNotThereUnlessTheServerWasStartedWithIt() throws Exception {
    try (TestServer usual = new TestServer()) {
      Refused.by(usual.call("POST", "/lite/reset", null))
          .is(404, "not_found", null)
          .says("no such path");
    }
  }

  @Test
  void needsTheUnit() throws Exception {
    Refused.by(server.send("POST", "/lite/reset", null, "Authorization", TestServer.DEV))
        .is(400, "active_ou_not_set", null);
  }

  @Test
  void emptiesTheUnit() throws Exception {
    String empty = server.ok("/event-types");
    server.event("ld_1", "Form Submit", "2026-03-01T00:00:00Z", "{}");
    server.ingest("{}");
    reset("");
    assertEquals(NO_EVENTS, server.ok("/events"));
    assertEquals("{\"rejected\":[]}", server.ok("/lite/rejected"));
    assertEquals(404, server.get("/leads/ld_1").statusCode());
    assertEquals(empty, server.ok("/event-types"));
    server.event("ld_1", "Form Submit", "2026-03-01T00:00:00Z", "{}");
    assertTrue(server.ok("/events").contains("\"total\":1"));
  }

  @Test
  void whatWasAcceptedBeforeAndIsNotScoredIsGoneToo() throws Exception {
    server.ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}");
    reset("");
    server.ingest("{\"lead_id\":\"ld_2\",\"event_type\":\"B\"}");
    server.score();
    String events = server.ok("/events");
    assertTrue(events.contains("\"ld_2\"") && events.contains("\"total\":1"), events);
    assertEquals(0, server.storage.queue().depth());
  }

  @Test
  void forgetsIdempotencyKeys() throws Exception {
    byte[] keyed = KEYED.getBytes(StandardCharsets.UTF_8);
    server.batch(keyed);
    server.score();
    reset("");
    server.batch(keyed);
    server.score();
    assertTrue(server.ok("/events").contains("\"total\":1"));
    server.batch(keyed);
    server.score();
    assertTrue(server.ok("/events").contains("\"total\":1"));
  }

  @Test
  void leavesOtherUnitsAlone() throws Exception {
    String[] inB = {
      "Authorization", TestServer.DEV, "Cookie", server.cookie(TestServer.DEV, "unit_b")
    };
    String event = "{\"lead_id\":\"ld_1\",\"event_type\":\"A\"}";
    server.send("POST", "/ingest", event, inB);
    server.score();
    server.send("POST", "/ingest", event, inB); // This one waits.
    reset("?config=true");
    server.score();
    assertTrue(server.send("GET", "/events", null, inB).body().contains("\"total\":2"));
  }

  @Test
  void rulesAndTriggersStayUnlessTheyAreAskedFor() throws Exception {
    String rulesets = server.ok("/rulesets");
    HttpResponse<String> made =
        server.call("POST", "/triggers", "{\"name\":\"Hot\",\"score_threshold\":10}");
    assertEquals(201, made.statusCode(), made.body());
    assertEquals(201, server.call("POST", "/rulesets", "{\"name\":\"Second\"}").statusCode());
    String more = server.ok("/rulesets");
    assertNotEquals(rulesets, more);
    reset("");
    assertEquals(more, server.ok("/rulesets"));
    assertTrue(server.ok("/triggers").contains("Hot"));
    reset("?config=true");
    assertTrue(!server.ok("/triggers").contains("Hot"));
    String back = server.ok("/rulesets");
    assertTrue(back.contains("rs_main") && !back.contains("Second"), back);
    server.event("ld_1", "Form Submit", "2026-03-01T00:00:00Z", "{}");
    assertTrue(server.ok("/leads/ld_1").contains("\"score\":20"), server.ok("/leads/ld_1"));
  }

  @Test
  void refusesWhatIsNeitherTrueNorFalse() throws Exception {
    Refused.by(server.call("POST", "/lite/reset?config=yes", null))
        .is(400, "invalid_field", "config");
  }
}
