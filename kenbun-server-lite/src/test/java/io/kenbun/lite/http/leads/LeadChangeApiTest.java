package io.kenbun.lite.http.leads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Upkeep;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reset, merge, delete and rescore over HTTP; the clock stands at 2026-03-10T12:00:00Z. */
class LeadChangeApiTest {
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
  void aResetTakesAllPointsForGood() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    assertEquals(
        "{\"status\":\"ok\",\"lead_id\":\"a\",\"previous_scores\":{\"rs_main\":20,\"rs_other\":7}}",
        ok("POST", "/leads/a/reset-scores", null));
    assertEquals(
        "{\"lead_id\":\"a\",\"score\":0,\"ruleset_id\":\"rs_main\","
            + "\"engagement_scores\":{\"rs_main\":0,\"rs_other\":0},\"profile_scores\":{}}",
        server.ok("/score/a"));
    server.clock.advance(Duration.ofMinutes(1));
    server.event("a", "Page View", "2026-03-10T12:01:00Z", "{}");
    server.event("a", "Form Submit", "2026-03-10T11:59:59Z", "{}"); // Late: before the reset.
    assertTrue(server.ok("/score/a").contains("\"score\":1,"));
    String explained = server.ok("/lead/a/score-explain");
    assertTrue(
        explained.startsWith(
            "{\"top_drivers\":[{\"rule_id\":\"rl_view\",\"event_type\":\"Page View\","
                + "\"count\":1,\"weight\":1,\"total\":1}],"),
        explained);
    assertTrue(
        explained.endsWith(
            "\"score_reset_at\":\"2026-03-10T12:00:00Z\",\"reset_excluded_count\":2}"),
        explained);
    String events = server.ok("/events");
    assertTrue(events.contains("\"event_type\":\"score_reset\""), events);
    assertTrue(events.contains("\"total\":4"), events);
    Refused.by(server.call("POST", "/leads/nobody/reset-scores", null))
        .is(404, "not_found", null)
        .says("no such lead");
  }

  @Test
  void aMergeMovesEventsAndAliases() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Page View", "2026-03-10T11:30:00Z", "{}");
    server.ingest(
        "{\"lead_id\":\"b\",\"alias_kind\":\"email\",\"alias\":\"b@example.com\","
            + "\"event_type\":\"Page View\"}");
    server.score();
    String body = "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[\"b\"]}";
    assertEquals(
        "{\"target_lead_id\":\"a\",\"source_lead_ids\":[\"b\"],\"target_events\":1,"
            + "\"total_events\":2,\"total_aliases\":1,\"total_sessions\":0,"
            + "\"duplicate_aliases\":0,\"target_score\":20,\"source_scores\":{\"b\":2},"
            + "\"account_conflict\":false,\"accounts\":[]}",
        ok("POST", "/leads/merge/preview", body));
    assertEquals(
        "{\"status\":\"ok\",\"target_lead_id\":\"a\",\"source_lead_ids\":[\"b\"],"
            + "\"events_moved\":2,\"aliases_moved\":1}",
        ok("POST", "/leads/merge", body));
    assertTrue(server.ok("/score/a").contains("\"score\":22,"));
    assertTrue(server.ok("/lead/by-alias?value=b@example.com").contains("\"lead_id\":\"a\""));
    assertTrue(server.ok("/events?original_lead_id=b").contains("\"total\":2"));
    assertTrue(server.ok("/events/a").contains("\"event_type\":\"lead_merged\""));
    assertTrue(server.ok("/leads").contains("\"total\":1"));
    for (String path : List.of("/lead/b", "/score/b", "/events/b")) {
      Refused.by(server.get(path)).is(404, "not_found", null);
    }
    Refused.by(server.call("POST", "/leads/merge", body)).is(404, "not_found", "sourceLeadIds[0]");
  }

  @Test
  void aMergeIsRefusedWithTheFieldAtFault() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    for (String path : List.of("/leads/merge", "/leads/merge/preview")) {
      refused(path, "{}", "missing_field", "targetLeadId", "targetLeadId is required");
      refused(
          path,
          "{\"targetLeadId\":\"a\"}",
          "missing_field",
          "sourceLeadIds",
          "sourceLeadIds is required");
      refused(
          path,
          "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[]}",
          "invalid_field",
          "sourceLeadIds",
          "sourceLeadIds has less than 1 or more than 100 elements: 0");
      refused(
          path,
          "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[\"b\",\"a\"]}",
          "invalid_field",
          "sourceLeadIds[1]",
          "sourceLeadIds[1] is the target");
      refused(
          path,
          "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[\"b\",\"b\"]}",
          "invalid_field",
          "sourceLeadIds[1]",
          "sourceLeadIds[1] is given twice");
      Refused.by(server.call("POST", path, "{\"targetLeadId\":\"x\",\"sourceLeadIds\":[\"b\"]}"))
          .is(404, "not_found", "targetLeadId")
          .says("no such lead");
    }
    // A lead may be called as a path is.
    server.event("merge", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    assertTrue(server.ok("/leads/merge").contains("\"lead_id\":\"merge\""));
    Refused.by(server.call("PUT", "/leads/merge", "{}"))
        .is(405, "method_not_allowed", null)
        .header("Allow", "GET, HEAD, OPTIONS, POST");
  }

  @Test
  void deletedEventsTakeTheirPointsWithThem() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("a", "Page View", "2026-03-10T11:00:00Z", "{}");
    assertEquals(
        "{\"deleted\":1}",
        ok(
            "DELETE",
            "/events/batch",
            "{\"event_ids\":[\"evt_0000000000001\",\"evt_0000000000009\"]}"));
    assertTrue(server.ok("/score/a").contains("\"score\":1,"));
    assertTrue(server.ok("/events").contains("\"total\":1"));
    assertEquals(
        "{\"deleted\":0}",
        ok("DELETE", "/events/batch", "{\"event_ids\":[\"7\",\"evt-123\",\"\"]}"),
        "ids are opaque: one that is none of ours is of no event");
    Refused.by(server.call("DELETE", "/events/batch", "{\"event_ids\":[\"7\",7]}"))
        .is(400, "invalid_field", "event_ids[1]")
        .says("event_ids[1] is not a string: a number");
    Refused.by(server.call("DELETE", "/events/batch", "{\"event_ids\":5}"))
        .is(400, "invalid_field", "event_ids")
        .says("event_ids is not an array: a number");
    Refused.by(server.call("DELETE", "/events/batch", "{}")).is(400, "missing_field", "event_ids");
    assertTrue(server.ok("/score/a").contains("\"score\":1,"));
    // Another unit's events are none.
    String inB = server.cookie(TestServer.DEV, "unit_b");
    assertEquals(
        "{\"deleted\":0}",
        server
            .send(
                "DELETE",
                "/events/batch",
                "{\"event_ids\":[\"evt_0000000000002\"]}",
                "Authorization",
                TestServer.DEV,
                "Cookie",
                inB)
            .body());
  }

  @Test
  void aTypesEventsAreDeletedOnceThatIsConfirmed() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Page View", "2026-03-10T11:00:00Z", "{}");
    String path = "/event-types/Form%20Submit/events";
    String counts = "\"events\":2,\"event_scores\":2}";
    assertEquals(
        "{\"event_type\":\"Form Submit\",\"dry_run\":true," + counts, ok("DELETE", path, null));
    assertTrue(server.ok("/score/a").contains("\"score\":20,"));
    assertEquals(
        "{\"event_type\":\"Form Submit\",\"dry_run\":false," + counts,
        ok("DELETE", path + "?confirm=true", null));
    upkeep().catchUp();
    assertTrue(server.ok("/score/a").contains("\"score\":0,"));
    assertTrue(server.ok("/score/b").contains("\"score\":1,"));
    assertTrue(server.ok("/leads").contains("\"total\":2"));
    Refused.by(server.call("DELETE", path + "?confirm=yes", null))
        .is(400, "invalid_field", "confirm")
        .says("confirm is none of true, false: \"yes\"");
    Refused.by(server.call("DELETE", "/event-types/score_reset/events?confirm=true", null))
        .is(409, "conflict", null)
        .says("events of type score_reset are protected");
    Refused.by(server.call("DELETE", "/event-types/Nothing/events", null))
        .is(404, "not_found", null)
        .says("no such event type");
  }

  @Test
  void aDeletedLeadIsGone() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    assertEquals(
        "{\"message\":\"Lead deletion initiated\",\"lead_id\":\"a\"}",
        ok("DELETE", "/lead/a", null));
    Refused.by(server.get("/lead/a")).is(404, "not_found", null);
    Refused.by(server.call("DELETE", "/lead/a", null)).is(404, "not_found", null);
    assertTrue(server.ok("/events").contains("\"total\":0"));
    assertTrue(server.ok("/leads").contains("\"leads\":[],\"total\":0"));
    String done =
        "{\"lead_id\":\"a\",\"status\":\"completed\",\"initiated_at\":\"2026-03-10T12:00:00Z\"}";
    assertEquals(done, server.ok("/lead/a/deletion"));
    // Another of that id is another lead; what was known of the first stays for a week.
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    assertEquals(done, server.ok("/lead/a/deletion"));
    Refused.by(server.get("/lead/b/deletion"))
        .is(404, "not_found", null)
        .says("no deletion of such a lead");
    server.clock.advance(Duration.ofDays(7));
    server.event("b", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    ok("DELETE", "/lead/b", null);
    assertEquals(done, server.ok("/lead/a/deletion"));
    server.clock.advance(Duration.ofMillis(1));
    server.event("c", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    ok("DELETE", "/lead/c", null);
    Refused.by(server.get("/lead/a/deletion")).is(404, "not_found", null);
  }

  @Test
  void aLeadWithManyEventsIsGoneAtOnceAndItsEventsLater() throws Exception {
    StringBuilder lines = new StringBuilder();
    String event =
        "{\"lead_id\":\"a\",\"event_type\":\"Page View\",\"alias_kind\":\"cookie\",\"alias\":\"c\"}\n";
    for (int i = 0; i < 999; i++) {
      lines.append(event);
    }
    for (int i = 0; i < 5; i++) {
      assertEquals(202, server.batch(lines.toString().getBytes(UTF_8)).statusCode());
    }
    server.score();
    server.event("b", "Page View", "2026-03-10T11:00:00Z", "{}");
    server.call("POST", "/leads/merge", "{\"targetLeadId\":\"a\",\"sourceLeadIds\":[\"b\"]}");
    ok("DELETE", "/lead/a", null);
    for (String path : List.of("/lead/a", "/score/a", "/events/a", "/lead/b")) {
      Refused.by(server.get(path)).is(404, "not_found", null);
    }
    Refused.by(server.get("/lead/by-alias?kind=cookie&value=c")).is(404, "not_found", null);
    assertTrue(server.ok("/leads").contains("\"leads\":[],\"total\":0"));
    assertTrue(server.ok("/event-stats").contains("\"total_leads\":0"));
    String events = server.ok("/events?limit=1");
    assertTrue(events.contains("\"lead_id\":null") && events.contains("\"total\":2997"), events);
    assertTrue(server.ok("/lead/a/deletion").contains("\"status\":\"in_progress\""));
    // Who comes by that name meanwhile is somebody else.
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    assertTrue(server.ok("/score/a").contains("\"score\":20,"));
    upkeep().catchUp();
    assertTrue(server.ok("/lead/a/deletion").contains("\"status\":\"completed\""));
    assertTrue(server.ok("/events").contains("\"total\":1"));
    assertTrue(server.ok("/score/a").contains("\"score\":20,"));
    boolean more = server.storage.change(tx -> tx.deleteNextOfLeads(1));
    assertFalse(more);
  }

  @Test
  void aRescoreGivesWhatTheRulesOfNowWouldHaveGiven() throws Exception {
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Page View", "2026-03-10T11:00:00Z", "{}");
    server.event("c", "Nothing", "2026-03-10T11:00:00Z", "{}");
    formIsWorth(5);
    String preview = "/api/v1/ou/unit_default/scoring/rescore-preview";
    assertEquals(
        "{\"totalLeads\":3,\"affectedLeads\":2,\"estimatedIncreases\":0,"
            + "\"estimatedDecreases\":1,\"estimatedUnchanged\":1,\"averageScoreChange\":-7.5,"
            + "\"executionTimeEstimate\":\"~1 second\"}",
        ok("POST", preview, null));
    assertTrue(server.ok("/score/a").contains("\"score\":20,"));
    HttpResponse<String> begun =
        server.call("POST", "/api/v1/ou/unit_default/scoring/rescore", null);
    assertEquals(202, begun.statusCode());
    assertEquals("{\"message\":\"rescore started\"}", begun.body());
    upkeep().catchUp();
    assertTrue(server.ok("/score/a").contains("\"score\":5,"));
    assertTrue(server.ok("/score/b").contains("\"score\":1,"));
    Refused.by(server.call("POST", "/api/v1/ou/unit_x/scoring/rescore", null))
        .is(404, "not_found", "ouId");
    Refused.by(server.send("POST", preview, null, "Authorization", TestServer.NARROW))
        .is(404, "not_found", "ouId")
        .says("no such OU");
  }

  @Test
  void anEstimateIsInWholeSecondsOrMinutes() {
    assertEquals("~1 second", RescoreApi.estimate(0));
    assertEquals("~59 seconds", RescoreApi.estimate(59));
    assertEquals("~1 minute", RescoreApi.estimate(60));
    assertEquals("~1 minute", RescoreApi.estimate(89));
    assertEquals("~2 minutes", RescoreApi.estimate(90));
  }

  private Upkeep upkeep() {
    return new Upkeep(server.storage, server.rules, Json::readMetadata, server.clock);
  }

  private void formIsWorth(int weight) {
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
                        set.rules().stream().map(rule -> worth(rule, weight)).toList()))
            .toList();
    server.change(setup -> setup.rulesets(rulesets));
  }

  private static Rule worth(Rule rule, int weight) {
    return new Rule(
        rule.key(),
        rule.id(),
        rule.eventType(),
        rule.id().equals("rl_form") ? weight : rule.weight(),
        rule.active(),
        rule.filters(),
        rule.window(),
        rule.priority());
  }

  private void refused(String path, String body, String code, String field, String error)
      throws Exception {
    Refused.by(server.call("POST", path, body)).is(400, code, field).says(error);
  }

  private String ok(String method, String path, @Nullable String body) throws Exception {
    HttpResponse<String> answer = server.call(method, path, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }
}
