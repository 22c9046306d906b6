package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.Ruleset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scores at times: now, on each hour that was, and what was gained since. */
class ScoreHistoryTest {
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
  void aScoreFadesAsTheClockMoves() throws Exception {
    halfLife("rl_pricing", 14);
    server.event("a", "Page View", "2026-03-10T12:00:00Z", "{\"path\":\"/pricing\"}");
    assertEquals(11, score("a"));
    server.clock.advance(Duration.ofDays(14));
    assertEquals(6, score("a")); // 10 / 2 + 1
    assertEquals(6L, leads("/leads").get(0).get("score"));
    assertEquals(6L, leads("/top-leads").get(0).get("score"));
    server.clock.advance(Duration.ofDays(14));
    assertEquals(4, score("a")); // 10 / 4 + 1 = 3.5
    server.clock.advance(Duration.ofDays(-28));
    assertEquals(11, score("a"));
  }

  @Test
  void thereIsASnapshotOnEachHourFromTheFirstPointsOn() throws Exception {
    server.event("a", "Page View", "2026-03-10T12:00:00Z", "{}");
    assertEquals(
        "{\"lead_id\":\"a\",\"snapshots\":[],\"count\":0,\"period\":"
            + "{\"start\":\"2026-02-08T12:00:00Z\",\"end\":\"2026-03-10T12:00:00Z\"}}",
        server.ok("/lead/a/score-history"));
    server.clock.advance(Duration.ofMinutes(119));
    server.event("a", "Form Submit", "2026-03-10T13:59:00Z", "{}");
    server.clock.advance(Duration.ofMinutes(61));
    assertEquals(
        "{\"lead_id\":\"a\",\"snapshots\":["
            + "{\"snapshot_at\":\"2026-03-10T13:00:00Z\",\"score\":1,\"ruleset_id\":\"rs_main\"},"
            + "{\"snapshot_at\":\"2026-03-10T14:00:00Z\",\"score\":21,\"ruleset_id\":\"rs_main\"},"
            + "{\"snapshot_at\":\"2026-03-10T14:00:00Z\",\"score\":7,\"ruleset_id\":\"rs_other\"},"
            + "{\"snapshot_at\":\"2026-03-10T15:00:00Z\",\"score\":21,\"ruleset_id\":\"rs_main\"},"
            + "{\"snapshot_at\":\"2026-03-10T15:00:00Z\",\"score\":7,\"ruleset_id\":\"rs_other\"}],"
            + "\"count\":5,\"period\":"
            + "{\"start\":\"2026-03-09T15:00:00Z\",\"end\":\"2026-03-10T15:00:00Z\"}}",
        server.ok("/lead/a/score-history?days=1"));
    assertEquals(
        "{\"lead_id\":\"a\",\"snapshots\":["
            + "{\"snapshot_at\":\"2026-03-10T14:00:00Z\",\"score\":7,\"ruleset_id\":\"rs_other\"}],"
            + "\"count\":1,\"period\":"
            + "{\"start\":\"2026-03-10T13:00:01Z\",\"end\":\"2026-03-10T14:59:59Z\"}}",
        server.ok(
            "/lead/a/score-history?start_date=2026-03-10T13:00:01Z&end_date=2026-03-10T14:59:59Z"
                + "&ruleset_id=rs_other"));
  }

  @Test
  void snapshotsFadeHourByHour() throws Exception {
    halfLife("rl_form", 1);
    server.event("a", "Form Submit", "2026-03-10T12:00:00Z", "{}");
    server.clock.advance(Duration.ofDays(2));
    String history = server.ok("/lead/a/score-history?days=2&ruleset_id=rs_main");
    assertTrue(history.contains("\"count\":48,"), history);
    assertTrue(
        history.contains("{\"snapshot_at\":\"2026-03-11T12:00:00Z\",\"score\":10,"), history);
    assertTrue(history.contains("{\"snapshot_at\":\"2026-03-12T12:00:00Z\",\"score\":5,"), history);
  }

  @Test
  void snapshotsAreKeptFor90Days() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T12:00:00Z", "{}");
    server.clock.advance(Duration.ofDays(91));
    Map<?, ?> all =
        json(
            "/lead/a/score-history?start_date=2026-03-01T00:00:00Z&end_date=2026-07-01T00:00:00Z"
                + "&ruleset_id=rs_main");
    assertEquals(90L * 24 + 1, all.get("count"));
    Map<?, ?> first = (Map<?, ?>) ((List<?>) all.get("snapshots")).get(0);
    assertEquals("2026-03-11T12:00:00Z", first.get("snapshot_at"));
  }

  @Test
  void aHistoryIsAskedForByDaysOrByDates() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T12:00:00Z", "{}");
    String path = "/lead/a/score-history";
    assertEquals(200, server.get(path + "?days=1").statusCode());
    assertEquals(200, server.get(path + "?days=90").statusCode());
    String start = "start_date=2026-03-01T00:00:00Z";
    String end = "end_date=2026-03-01T00:00:00Z";
    assertEquals(200, server.get(path + "?" + start + "&" + end).statusCode());
    refused(path + "?days=0", "invalid_field", "days", "days < 1 or > 90: 0");
    refused(path + "?days=91", "invalid_field", "days", "days < 1 or > 90: 91");
    refused(path + "?days=x", "invalid_field", "days", "days is no whole number: \"x\"");
    refused(
        path + "?days=5&" + start,
        "invalid_field",
        "days",
        "days does not go with start_date and end_date");
    refused(path + "?" + start, "missing_field", "end_date", "end_date is required");
    refused(path + "?" + end, "missing_field", "start_date", "start_date is required");
    refused(
        path + "?start_date=2026-03-01&" + end,
        "invalid_field",
        "start_date",
        "start_date is no RFC 3339 time with an offset: \"2026-03-01\"");
    refused(
        path + "?" + start + "&end_date=2026-02-28T23:59:59Z",
        "invalid_field",
        "end_date",
        "end_date before start_date: 2026-02-28T23:59:59Z < 2026-03-01T00:00:00Z");
    refused(
        path + "?ruleset_id=rs_x",
        "invalid_field",
        "ruleset_id",
        "ruleset_id names no ruleset: \"rs_x\"");
    Refused.by(server.get("/lead/nobody/score-history")).is(404, "not_found", null);
  }

  @Test
  void decayIsExplained() throws Exception {
    long millis = server.clock.millis();
    DecayRule decay = new DecayRule(1, "dr_1", "Idle", -6, 7, true, null, millis - 1);
    server.change(setup -> setup.decayRules(List.of(decay)));
    server.event("a", "Form Submit", "2026-03-10T12:00:00Z", "{}");
    server.clock.advance(Duration.ofDays(8));
    server.event("a", "Page View", "2026-03-18T12:00:00Z", "{}");
    // 20 - 6 + 1, and 7 - 6 in the other ruleset.
    String explained = server.ok("/lead/a/score-explain?hours=48");
    assertEquals(15, score("a"));
    assertTrue(explained.contains("\"decay_applied\":-12,"), explained);
    assertTrue(
        server.ok("/lead/a/score-explain?hours=23").contains("\"decay_applied\":0,"), explained);
    assertTrue(
        explained.startsWith(
            "{\"top_drivers\":[{\"rule_id\":\"rl_view\",\"event_type\":\"Page View\","
                + "\"count\":1,\"weight\":1,\"total\":1}],"),
        explained);
    // What the server made itself is in the list in its place.
    List<Map<?, ?>> events = items("/events", "events");
    assertEquals(
        List.of("Page View", "DECAY", "DECAY", "Form Submit"),
        events.stream().map(event -> event.get("event_type")).toList());
    assertEquals(4L, json("/events").get("total"));
    assertEquals(
        List.of("DECAY"),
        items("/events?limit=1&page=2", "events").stream()
            .map(event -> event.get("event_type"))
            .toList());
  }

  @Test
  void gainsAreCountedFromTheSnapshotBeforeTheRange() throws Exception {
    server.event("old", "Form Submit", "2026-03-10T12:00:00Z", "{}");
    server.event("idle", "Form Submit", "2026-03-10T12:00:00Z", "{}");
    server.clock.advance(Duration.ofDays(8));
    server.event("old", "Page View", "2026-03-18T12:00:00Z", "{\"path\":\"/pricing\"}");
    server.event("new", "Page View", "2026-03-18T12:00:01Z", "{}");
    server.event("down", "Unsubscribe", "2026-03-18T12:00:02Z", "{}");
    String gains =
        "{\"leads\":[{\"lead_id\":\"old\",\"score\":31,\"score_gain\":11,"
            + "\"last_event_at\":\"2026-03-18T12:00:00Z\"},"
            + "{\"lead_id\":\"new\",\"score\":1,\"score_gain\":1,"
            + "\"last_event_at\":\"2026-03-18T12:00:01Z\"}]}";
    assertEquals(gains, server.ok("/score-gains"));
    assertEquals(gains, server.ok("/score-gains?range=today"));
    assertEquals(1, leads("/score-gains?limit=1").size());
    assertEquals(
        List.of("old", "idle", "new"),
        leads("/score-gains?range=last_30d").stream().map(lead -> lead.get("lead_id")).toList());
    refused(
        "/score-gains?range=yesterday",
        "invalid_field",
        "range",
        "range is none of today, last_7d, last_30d: yesterday");
    refused("/score-gains?limit=0", "invalid_field", "limit", "limit < 1 or > 100: 0");
    refused("/score-gains?limit=101", "invalid_field", "limit", "limit < 1 or > 100: 101");
  }

  @Test
  void topLeadsHaveTheHighestScores() throws Exception {
    assertEquals("{\"leads\":[]}", server.ok("/top-leads"));
    for (int i = 0; i < 12; i++) {
      server.event("l" + i, i % 2 == 0 ? "Page View" : "Form Submit", "2026-03-10T11:00:00Z", "{}");
    }
    assertEquals(10, leads("/top-leads").size());
    assertEquals(12, leads("/top-leads?limit=100").size());
    assertEquals(
        "{\"leads\":[{\"lead_id\":\"l1\",\"score\":20,"
            + "\"last_event_at\":\"2026-03-10T11:00:00Z\"}]}",
        server.ok("/top-leads?limit=1"));
    refused("/top-leads?limit=101", "invalid_field", "limit", "limit < 1 or > 100: 101");
  }

  @Test
  void leadsHaveTheLevelOfTheirScore() throws Exception {
    server.change(
        setup ->
            setup.engagementLevels(
                List.of(
                    new Level("l2", "Warm", 20, null, "#fff", 1),
                    new Level("l1", "Cold", 0, 19, "#000", 0))));
    server.event("warm", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("cold", "Page View", "2026-03-10T11:00:00Z", "{}");
    assertEquals("Warm", json("/lead/warm").get("engagement_level"));
    assertEquals("Cold", json("/lead/cold").get("engagement_level"));
    assertEquals("Unclassified", json("/lead/cold").get("profile_level"));
  }

  private void halfLife(String ruleId, int days) {
    List<Ruleset> rulesets =
        server.setup().rulesets().stream()
            .map(
                set ->
                    new Ruleset(
                        set.key(),
                        set.id(),
                        set.name(),
                        set.description(),
                        set.scoreField(),
                        set.active(),
                        set.primary(),
                        set.window(),
                        set.createdAtMillis(),
                        set.rules().stream()
                            .map(rule -> rule.id().equals(ruleId) ? fading(rule, days) : rule)
                            .toList()))
            .toList();
    server.change(setup -> setup.rulesets(rulesets));
  }

  private static Rule fading(Rule rule, int days) {
    return new Rule(
        rule.key(),
        rule.id(),
        rule.eventType(),
        rule.weight(),
        rule.active(),
        rule.filters(),
        rule.window(),
        rule.priority(),
        days,
        rule.createdAtMillis(),
        rule.updatedAtMillis());
  }

  private long score(String lead) throws Exception {
    return (Long) json("/score/" + lead).get("score");
  }

  private List<Map<?, ?>> leads(String path) throws Exception {
    return items(path, "leads");
  }

  private List<Map<?, ?>> items(String path, String name) throws Exception {
    return ((List<?>) json(path).get(name))
        .stream().<Map<?, ?>>map(item -> (Map<?, ?>) item).toList();
  }

  private Map<?, ?> json(String path) throws Exception {
    return (Map<?, ?>) Json.readTree(server.ok(path).getBytes(StandardCharsets.UTF_8));
  }

  private void refused(String path, String code, String field, String error) throws Exception {
    Refused.by(server.get(path)).is(400, code, field).says(error);
  }
}
