package io.kenbun.lite.http.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.pipeline.Upkeep;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /lite/replay}: the history by the rules of now. */
class ReplayApiTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.event("ld_1", "Unsubscribe", "2026-01-31T23:59:59.999Z", "{}");
    server.event("ld_1", "Form Submit", "2026-01-31T23:59:59.999Z", "{}");
    server.event("ld_1", "Form Submit", "2026-02-01T00:00:00Z", "{}");
    HttpResponse<String> changed =
        server.call(
            "PUT",
            "/engagement-scoring/rules/rl_form",
            "{\"ruleset_id\":\"rs_main\",\"event_type\":\"Form Submit\",\"weight\":100}");
    assertEquals(200, changed.statusCode(), changed.body());
    assertEquals(40, score());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private long score() throws Exception {
    byte[] lead = server.ok("/leads/ld_1").getBytes(StandardCharsets.UTF_8);
    return ((Number) ((Map<?, ?>) Json.readTree(lead)).get("score")).longValue();
  }

  private void replay(String query) throws Exception {
    HttpResponse<String> answer = server.call("POST", "/lite/replay" + query, null);
    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals("{\"message\":\"replay started\"}", answer.body());
  }

  private void catchUp() throws Exception {
    new Upkeep(server.storage, server.rules, Json::readMetadata, server.clock).catchUp();
  }

  @Test
  void scoresAllOfItAnewWithoutAPoint() throws Exception {
    replay("");
    catchUp();
    assertEquals(200, score());
  }

  @Test
  void whatCameBeforeThePointKeepsWhatItGave() throws Exception {
    replay("?from=2026-02-01T00:00:00Z");
    catchUp();
    assertEquals(120, score());
  }

  @Test
  void aSecondCallBeforeTheFirstIsDoneDoesBoth() throws Exception {
    replay("?from=2026-02-01T00:00:00Z");
    replay("?from=2026-01-31T23:59:59.999Z");
    replay("?from=2026-03-01T00:00:00Z");
    catchUp();
    assertEquals(200, score());
  }

  @Test
  void refusesATimeThatIsNone() throws Exception {
    Refused.by(server.call("POST", "/lite/replay?from=yesterday", null))
        .is(400, "invalid_field", "from")
        .says("from is no RFC 3339 time with an offset: \"yesterday\"");
  }
}
