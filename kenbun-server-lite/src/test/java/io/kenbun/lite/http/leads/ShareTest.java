package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links to explanations. */
class ShareTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.event("ld_a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void showsTheExplanationToWhomeverHasTheLink() throws Exception {
    Map<?, ?> share = share();
    String token = (String) share.get("token");
    assertTrue(token.matches("sxp_[A-Za-z0-9_-]{43}"), token);
    assertEquals("2026-03-17T12:00:00Z", share.get("expires_at"));
    assertEquals(
        "http://127.0.0.1:" + server.port() + "/public/score-explain/" + token,
        share.get("share_url"));
    HttpResponse<String> shown = read(token);
    assertEquals(
        "{\"score\":20,\"top_drivers\":[{\"rule_id\":\"rl_form\",\"event_type\":\"Form Submit\","
            + "\"count\":1,\"weight\":20,\"total\":20},{\"rule_id\":\"rl_other\","
            + "\"event_type\":\"Form Submit\",\"count\":1,\"weight\":7,\"total\":7}],"
            + "\"snapshot\":[{\"event_type\":\"Form Submit\",\"weight\":20},"
            + "{\"event_type\":\"Unsubscribe\",\"weight\":-15},"
            + "{\"event_type\":\"Page View\",\"weight\":10}],"
            + "\"decay_applied\":0,\"inorganic_count\":0,\"range_hours\":24,"
            + "\"score_reset_at\":null,\"reset_excluded_count\":0,"
            + "\"expires_at\":\"2026-03-17T12:00:00Z\"}",
        shown.body());
    assertFalse(shown.body().contains("ld_a"));
  }

  @Test
  void isOverAfterSevenDays() throws Exception {
    String token = (String) share().get("token");
    server.clock.advance(Duration.ofDays(7).minusMillis(1));
    assertEquals(200, read(token).statusCode());
    server.clock.advance(Duration.ofMillis(1));
    Refused.by(read(token)).is(404, "not_found", null).says("no such share, or it is over");
  }

  @Test
  void eachShareHasATokenOfItsOwnAndIsNotKeptItself() throws Exception {
    String first = (String) share().get("token");
    String second = (String) share().get("token");
    assertNotEquals(first, second);
    assertEquals(200, read(first).statusCode());
    assumeFalse(TestStores.isPostgres(), "files are looked into");
    Path data = ((SqliteStorage) server.storage).path();
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(first), file.toString());
      }
    }
  }

  @Test
  void anythingElseIsNotFound() throws Exception {
    String token = (String) share().get("token");
    for (String wrong : List.of("x", token.substring(4), token + "A", "sxp_", "%20")) {
      Refused.by(read(wrong)).is(404, "not_found", null);
    }
    Refused.by(read(token + "?hours=0")).is(400, "invalid_field", "hours");
    Refused.by(server.call("POST", "/leads/nobody/share-explain", null))
        .is(404, "not_found", null)
        .says("no such lead");
    assertEquals(401, server.send("POST", "/leads/ld_a/share-explain", null).statusCode());
  }

  private Map<?, ?> share() throws Exception {
    HttpResponse<String> answer = server.call("POST", "/leads/ld_a/share-explain", null);
    assertEquals(201, answer.statusCode(), answer.body());
    return (Map<?, ?>) Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> read(String token) throws Exception {
    return server.send("GET", "/public/score-explain/" + token, null);
  }
}
