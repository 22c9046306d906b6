package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What reads answer, over the real store; the clock stands at 2026-03-10T12:00:00Z. */
class ReadsTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void scoreIsThePrimaryRulesetsAndNotASum() throws Exception {
    ingest("\"lead_id\":\"ld_a\"", "Form Submit", "");
    String wanted =
        "{\"lead_id\":\"ld_a\",\"score\":20,\"ruleset_id\":\"rs_main\","
            + "\"engagement_scores\":{\"rs_main\":20,\"rs_other\":7},\"profile_scores\":{}}";
    assertEquals(wanted, ok("/score/ld_a"));
    assertEquals(wanted, ok("/leads/ld_a/score"));
  }

  @Test
  void aLeadWithoutPointsHasNoRuleset() throws Exception {
    ingest("\"lead_id\":\"ld_a\"", "Nothing", "");
    assertEquals(
        "{\"lead_id\":\"ld_a\",\"score\":0,\"ruleset_id\":\"\",\"engagement_scores\":{},"
            + "\"profile_scores\":{}}",
        ok("/score/ld_a"));
  }

  @Test
  void anyLeadIdCanBeAskedFor() throws Exception {
    for (String id : List.of("a/b", "ä ö", "50%", "a?b#c", "..", "😀", "+1", "a;b=c")) {
      ingest("\"lead_id\":\"" + id + "\"", "Form Submit", "");
      String encoded =
          URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20").replace("..", "%2E%2E");
      assertEquals(id, json(ok("/score/" + encoded)).get("lead_id"));
      assertEquals(
          1L,
          json(ok("/events?lead_id=" + URLEncoder.encode(id, StandardCharsets.UTF_8)))
              .get("total"));
    }
    Refused.by(server.get("/lead/by-alias?value=%C3")).is(400, "invalid_field", "value");
    Refused.by(server.get("/score/%FF")).is(400, "invalid_field", "leadID");
  }

  @Test
  void leadsAreFoundByAlias() throws Exception {
    ingest("\"alias_kind\":\"email\",\"alias\":\"Ada@Example.com\"", "Page View", "");
    ingest("\"alias_kind\":\"cookie\",\"alias\":\"c1\"", "Page View", "");
    assertEquals(
        "{\"lead_id\":\"ld_1\",\"email\":\"Ada@Example.com\",\"metadata\":{}}",
        ok("/lead/by-alias?value=ada%40example.COM"));
    assertEquals(
        "{\"lead_id\":\"ld_2\",\"email\":null,\"metadata\":{}}",
        ok("/lead/by-alias?kind=cookie&value=c1"));
    Refused.by(server.get("/lead/by-alias")).is(400, "missing_field", "value");
    Refused.by(server.get("/lead/by-alias?value=")).is(400, "missing_field", "value");
    Refused.by(server.get("/lead/by-alias?kind=fax&value=1")).is(400, "unknown_alias_kind", "kind");
    Refused.by(server.get("/lead/by-alias?value=no@example.com")).is(404, "not_found", null);
    Refused.by(server.get("/lead/by-alias?value=a&value=b")).is(400, "invalid_field", "value");
  }

  @Test
  void explainNamesTheRulesAndTheirShare() throws Exception {
    ingest("\"lead_id\":\"ld_a\"", "Page View", ",\"metadata\":{\"path\":\"/pricing\"}");
    ingest("\"lead_id\":\"ld_a\"", "Page View", ",\"metadata\":{\"path\":\"/pricing/b\"}");
    ingest("\"lead_id\":\"ld_a\"", "Form Submit", ",\"timestamp\":\"2026-03-09T11:59:59Z\"");
    assertEquals(
        "{\"top_drivers\":[{\"rule_id\":\"rl_pricing\",\"event_type\":\"Page View\",\"count\":2,"
            + "\"weight\":10,\"total\":20,\"filter_label\":\"path contains /pricing\"},"
            + "{\"rule_id\":\"rl_view\",\"event_type\":\"Page View\",\"count\":2,\"weight\":1,"
            + "\"total\":2}],"
            + "\"snapshot\":[{\"event_type\":\"Form Submit\",\"weight\":20},"
            + "{\"event_type\":\"Unsubscribe\",\"weight\":-15},"
            + "{\"event_type\":\"Page View\",\"weight\":10}],"
            + "\"decay_applied\":0,\"inorganic_count\":0,\"range_hours\":24,"
            + "\"score_reset_at\":null,\"reset_excluded_count\":0}",
        ok("/lead/ld_a/score-explain"));
    assertEquals(
        4, ((List<?>) json(ok("/lead/ld_a/score-explain?hours=25")).get("top_drivers")).size());
    assertEquals(8760L, json(ok("/lead/ld_a/score-explain?hours=8760")).get("range_hours"));
    assertEquals(1L, json(ok("/lead/ld_a/score-explain?hours=1")).get("range_hours"));
    for (String hours : List.of("0", "8761", "-1", "x", "1.5")) {
      Refused.by(server.get("/lead/ld_a/score-explain?hours=" + hours))
          .is(400, "invalid_field", "hours");
    }
    Refused.by(server.get("/lead/nobody/score-explain")).is(404, "not_found", null);
  }

  @Test
  void eventsComeBackAsTheyWereSent() throws Exception {
    ingest(
        "\"lead_id\":\"ld_a\"",
        "Page View",
        ",\"timestamp\":\"2026-03-10T13:00:00.5+02:00\",\"metadata\":{ \"n\" : 1.50, \"x\":\"\\u00e9\" }");
    ingest("\"lead_id\":\"ld_a\"", "DECAY", "");
    String events = ok("/events");
    assertEquals(
        "{\"events\":[{\"id\":\"evt_0000000000002\",\"lead_id\":\"ld_a\",\"event_type\":\"DECAY\","
            + "\"metadata\":{\"channel\":\"system\"},\"suppression_reason\":null,"
            + "\"original_lead_id\":null,\"created_at\":\"2026-03-10T12:00:00Z\"},"
            + "{\"id\":\"evt_0000000000001\",\"lead_id\":\"ld_a\",\"event_type\":\"Page View\","
            + "\"metadata\":{ \"n\" : 1.50, \"x\":\"\\u00e9\" },\"suppression_reason\":null,"
            + "\"original_lead_id\":null,\"created_at\":\"2026-03-10T11:00:00.500Z\"}],"
            + "\"total\":2,\"page\":1,\"limit\":25}",
        events);
    assertEquals(events, ok("/events/ld_a"));
    assertEquals(1L, json(ok("/events/ld_a?event_type=DECAY")).get("total"));
  }

  @Test
  void eventsAreFilteredAndPaged() throws Exception {
    ingest("\"lead_id\":\"a\"", "Page View", ",\"timestamp\":\"2026-03-10T00:00:00Z\"");
    ingest("\"lead_id\":\"a\"", "Page View", ",\"timestamp\":\"2026-03-09T23:59:59.999Z\"");
    ingest("\"lead_id\":\"b\"", "Form Submit", ",\"timestamp\":\"2026-03-04T00:00:00Z\"");
    ingest("\"lead_id\":\"b\"", "Form Submit", ",\"timestamp\":\"2026-03-03T23:59:59Z\"");
    ingest("\"lead_id\":\"b\"", "Form Submit", ",\"timestamp\":\"2025-12-11T00:00:00Z\"");
    assertEquals(5L, total("/events"));
    assertEquals(1L, total("/events?range=today"));
    assertEquals(1L, total("/events?range=yesterday"));
    assertEquals(3L, total("/events?range=last_7d"));
    assertEquals(4L, total("/events?range=last_30d"));
    assertEquals(5L, total("/events?range=last_90d"));
    assertEquals(3L, total("/events?event_type=Form%20Submit"));
    assertEquals(3L, total("/events?event_type=Form+Submit&lead_id=b"));
    assertEquals(0L, total("/events?event_type=form%20submit"));
    Map<?, ?> page = json(ok("/events?page=2&limit=2"));
    assertEquals(2, ((List<?>) page.get("events")).size());
    assertEquals(5L, page.get("total"));
    assertEquals(2L, page.get("page"));
    assertEquals(2L, page.get("limit"));
    assertTrue(((List<?>) json(ok("/events?page=9")).get("events")).isEmpty());
  }

  @Test
  void pagesHaveOneTo100Items() throws Exception {
    for (String path : List.of("/events", "/leads")) {
      assertEquals(100L, json(ok(path + "?limit=100")).get("limit"));
      assertEquals(1L, json(ok(path + "?limit=1")).get("limit"));
      for (String limit : List.of("101", "0", "-1", "many", "2147483648")) {
        Refused.by(server.get(path + "?limit=" + limit)).is(400, "invalid_field", "limit");
      }
      for (String number : List.of("0", "-1", "x", "99999999999")) {
        Refused.by(server.get(path + "?page=" + number)).is(400, "invalid_field", "page");
      }
      Refused.by(server.get(path + "?range=last_8d")).is(400, "invalid_field", "range");
    }
  }

  @Test
  void leadsAreListedWithTheirScores() throws Exception {
    ingest("\"lead_id\":\"ld_a\"", "Form Submit", ",\"timestamp\":\"2026-03-10T11:00:00Z\"");
    assertEquals(
        "{\"leads\":[{\"org_id\":\"org_default\",\"lead_id\":\"ld_a\",\"score\":20,"
            + "\"ruleset_id\":\"rs_main\",\"engagement_level\":\"Unclassified\","
            + "\"profile_level\":\"Unclassified\",\"last_event_at\":\"2026-03-10T11:00:00Z\","
            + "\"created_at\":\"2026-03-10T12:00:00Z\",\"updated_at\":\"2026-03-10T12:00:00Z\","
            + "\"owner_name\":null,\"engagement_scores\":{\"rs_main\":20,\"rs_other\":7},"
            + "\"profile_scores\":{},\"ruleset_names\":{\"rs_main\":\"Main\",\"rs_other\":\"Other\"},"
            + "\"engagement_primary_ruleset_name\":\"Main\",\"profile_primary_ruleset_name\":\"\"}],"
            + "\"total\":1,\"page\":1,\"limit\":25}",
        ok("/leads"));
    String one =
        "{\"lead_id\":\"ld_a\",\"org_id\":\"org_default\",\"score\":20,"
            + "\"engagement_level\":\"Unclassified\",\"profile_level\":\"Unclassified\","
            + "\"last_event_at\":\"2026-03-10T11:00:00Z\",\"created_at\":\"2026-03-10T12:00:00Z\","
            + "\"updated_at\":\"2026-03-10T12:00:00Z\",\"owner_name\":null,\"metadata\":{}}";
    assertEquals(one, ok("/lead/ld_a"));
    assertEquals(one, ok("/leads/ld_a"));
  }

  @Test
  void leadsAreFilteredAndSorted() throws Exception {
    ingest("\"lead_id\":\"old\"", "Form Submit", ",\"timestamp\":\"2026-02-01T00:00:00Z\"");
    server.clock.advance(Duration.ofDays(1));
    ingest("\"lead_id\":\"mid\"", "Nothing", ",\"timestamp\":\"2026-03-04T12:00:00Z\"");
    server.clock.advance(Duration.ofSeconds(1));
    ingest("\"lead_id\":\"new\"", "Page View", ",\"timestamp\":\"2026-03-04T12:00:01Z\"");
    assertEquals(List.of("new", "mid", "old"), ids("/leads"));
    assertEquals(List.of("new", "mid", "old"), ids("/leads?sort=last_event_at"));
    assertEquals(List.of("old", "new", "mid"), ids("/leads?sort=score"));
    assertEquals(List.of("new", "mid", "old"), ids("/leads?sort=created_at"));
    assertEquals(List.of("old"), ids("/leads?min_score=20"));
    assertEquals(List.of("new", "mid"), ids("/leads?max_score=19"));
    assertEquals(List.of("new"), ids("/leads?min_score=1&max_score=1"));
    assertEquals(List.of("new"), ids("/leads?event_type=Page%20View"));
    // Now is the 11th, 12:00:01: seven days back is the second of "new".
    assertEquals(List.of("new"), ids("/leads?last_active=7d"));
    assertEquals(List.of("new", "mid"), ids("/leads?last_active=30d"));
    assertEquals(List.of("new", "mid"), ids("/leads?range=today"));
    assertEquals(List.of("old"), ids("/leads?range=yesterday"));
    for (String bad : List.of("sort=name", "last_active=90d", "min_score=a", "max_score=1.5")) {
      Refused.by(server.get("/leads?" + bad))
          .is(400, "invalid_field", bad.substring(0, bad.indexOf('=')));
    }
  }

  @Test
  void anotherUnitsLeadsAreNotFound() throws Exception {
    ingest("\"lead_id\":\"ld_a\"", "Form Submit", "");
    String inB = server.cookie(TestServer.DEV, "unit_b");
    for (String path :
        List.of(
            "/score/ld_a",
            "/lead/ld_a",
            "/events/ld_a",
            "/lead/ld_a/score-explain",
            "/lead/ld_a/score-history")) {
      HttpResponse<String> answer =
          server.send("GET", path, null, "Authorization", TestServer.DEV, "Cookie", inB);
      assertEquals(404, answer.statusCode(), path);
      assertFalse(answer.body().contains("ld_a"), answer.body());
    }
    for (String path : List.of("/leads/ld_a/reset-scores", "/leads/ld_a/share-explain")) {
      HttpResponse<String> answer =
          server.send("POST", path, null, "Authorization", TestServer.DEV, "Cookie", inB);
      assertEquals(404, answer.statusCode(), path);
    }
    for (String path : List.of("/top-leads", "/score-gains?range=today")) {
      assertEquals(
          "{\"leads\":[]}",
          server.send("GET", path, null, "Authorization", TestServer.DEV, "Cookie", inB).body());
    }
    assertEquals(20L, json(ok("/score/ld_a")).get("score"));
  }

  private void ingest(String who, String type, String more) throws Exception {
    HttpResponse<String> answer =
        server.ingest("{" + who + ",\"event_type\":\"" + type + "\"" + more + "}");
    assertEquals(202, answer.statusCode(), answer.body());
    server.score();
  }

  private String ok(String path) throws Exception {
    HttpResponse<String> answer = server.get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private long total(String path) throws Exception {
    return (Long) json(ok(path)).get("total");
  }

  private List<String> ids(String path) throws Exception {
    return ((List<?>) json(ok(path)).get("leads"))
        .stream().map(lead -> (String) ((Map<?, ?>) lead).get("lead_id")).toList();
  }

  private static Map<?, ?> json(String text) throws Exception {
    return (Map<?, ?>) Json.readTree(text.getBytes(StandardCharsets.UTF_8));
  }
}
