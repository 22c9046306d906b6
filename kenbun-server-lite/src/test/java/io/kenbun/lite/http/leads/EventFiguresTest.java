package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.VelocityFilter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Event types, figures and filters on events; today is Tuesday, 2026-03-10. */
class EventFiguresTest {
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
  void typesAreThoseOfEventsAndOfRules() throws Exception {
    assertEquals("[\"Form Submit\",\"Page View\",\"Unsubscribe\"]", server.ok("/event-types"));
    server.event("a", "Webinar", "2026-03-10T11:00:00Z", "{}");
    assertEquals(
        "[\"Form Submit\",\"Page View\",\"Unsubscribe\",\"Webinar\"]", server.ok("/event-types"));
  }

  @Test
  void whatIsSuppressedIsCountedApart() throws Exception {
    server.call(
        "POST",
        "/metadata-filters",
        "{\"name\":\"Bots\",\"conditions\":[{\"key\":\"ua\",\"operator\":\"equals\",\"value\":\"bot\"}]}");
    server.event("a", "Page View", "2026-03-10T11:00:00Z", "{}");
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("a", "Page View", "2026-03-10T11:00:00Z", "{\"ua\":\"bot\"}");
    assertEquals(3, total("/events"));
    assertEquals(2, total("/events?suppression_reason=none"));
    assertEquals(1, total("/events?suppression_reason=none&event_type=Page%20View"));
    assertEquals(0, total("/events?suppression_reason=none&event_type=Nothing"));
    assertEquals(1, total("/events?suppression_reason=metadata_filter"));
    assertEquals(2, total("/events?suppression_reason=none&range=today"));
    assertEquals(2, total("/events?suppression_reason=none&page=3&limit=1"));
  }

  @Test
  void ofTwoSpellingsTheNewerIsShown() throws Exception {
    server.event("a", "page_view", "2026-03-10T11:00:00Z", "{}");
    server.event("a", "Page-View", "2026-03-10T11:00:00Z", "{}");
    server.event("a", "email_open", "2026-03-10T11:00:00Z", "{}");
    assertEquals(
        "[\"Form Submit\",\"Page View\",\"Unsubscribe\",\"email_open\"]",
        server.ok("/event-types").replace("Page-View", "Page View"));
    assertEquals(1, total("/events?event_type=page_view"));
  }

  @Test
  void hiddenTypesAreLeftOutOfListsAndFigures() throws Exception {
    server.event("a", "Webinar", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.change(setup -> setup.hiddenEventTypes(Set.of("Webinar", "Page View")));
    assertEquals("[\"Form Submit\",\"Unsubscribe\"]", server.ok("/event-types"));
    assertEquals(
        "{\"total_events\":1,\"total_leads\":2,\"events_today\":1,\"events_this_week\":1,"
            + "\"top_event_types\":[{\"event_type\":\"Form Submit\",\"count\":1}]}",
        server.ok("/event-stats"));
    assertTrue(
        server
            .ok("/events-analytics?range=today")
            .startsWith(
                "{\"total_events\":1,\"unique_leads\":1,\"events_by_type\":{\"Form Submit\":1}"));
    assertEquals(2, total("/events"));
  }

  @Test
  void propertiesAreTheKeysSeen() throws Exception {
    server.event("a", "Webinar", "2026-03-10T11:00:00Z", "{\"path\":\"/\",\"a.b\":{\"c\":1}}");
    server.event("a", "Webinar", "2026-03-10T11:00:00Z", "{\"utm_source\":\"x\",\"path\":null}");
    server.event("a", "Other", "2026-03-10T11:00:00Z", "{\"else\":1}");
    assertEquals(
        "{\"event_type\":\"Webinar\",\"properties\":[\"a.b\",\"path\",\"utm_source\"]}",
        server.ok("/event-types/Webinar/properties"));
    assertEquals(
        "{\"event_type\":\"Form Submit\",\"properties\":[]}",
        server.ok("/event-types/Form%20Submit/properties"));
    Refused.by(server.get("/event-types/webinar/properties"))
        .is(404, "not_found", null)
        .says("no such event type");
    String inB = server.cookie(TestServer.DEV, "unit_b");
    Refused.by(
            server.send(
                "GET",
                "/event-types/Webinar/properties",
                null,
                "Authorization",
                TestServer.DEV,
                "Cookie",
                inB))
        .is(404, "not_found", null);
  }

  @Test
  void statsCountByWhenEventsHappened() throws Exception {
    assertEquals(
        "{\"total_events\":0,\"total_leads\":0,\"events_today\":0,\"events_this_week\":0,"
            + "\"top_event_types\":[]}",
        server.ok("/event-stats"));
    server.event("a", "Page View", "2026-03-10T00:00:00Z", "{}");
    server.event("a", "Page View", "2026-03-09T23:59:59.999Z", "{}");
    server.event("b", "Webinar", "2026-03-09T00:00:00Z", "{}");
    server.event("b", "Page View", "2026-03-08T23:59:59.999Z", "{}");
    server.event("b", "Page View", "1969-12-31T23:59:59Z", "{}");
    // Monday was the 9th.
    assertEquals(
        "{\"total_events\":5,\"total_leads\":2,\"events_today\":1,\"events_this_week\":3,"
            + "\"top_event_types\":[{\"event_type\":\"Page View\",\"count\":4},"
            + "{\"event_type\":\"Webinar\",\"count\":1}]}",
        server.ok("/event-stats"));
    assertEquals(
        "{\"total_events\":2,\"total_leads\":2,\"events_today\":1,\"events_this_week\":3,"
            + "\"top_event_types\":[{\"event_type\":\"Page View\",\"count\":1},"
            + "{\"event_type\":\"Webinar\",\"count\":1}]}",
        server.ok("/event-stats?range=yesterday"));
    Refused.by(server.get("/event-stats?range=ever")).is(400, "invalid_field", "range");
  }

  @Test
  void analyticsHaveARowForEachDayNewestFirst() throws Exception {
    server.event("a", "Page View", "2026-03-10T00:00:00Z", "{}");
    server.event("a", "Page View", "2026-03-08T12:00:00Z", "{}");
    server.event("b", "Webinar", "2026-03-04T00:00:00Z", "{}");
    server.event("c", "Webinar", "2026-03-03T23:59:59.999Z", "{}");
    assertEquals(
        "{\"total_events\":3,\"unique_leads\":2,"
            + "\"events_by_type\":{\"Page View\":2,\"Webinar\":1},\"daily_counts\":["
            + "{\"date\":\"2026-03-10\",\"count\":1},{\"date\":\"2026-03-09\",\"count\":0},"
            + "{\"date\":\"2026-03-08\",\"count\":1},{\"date\":\"2026-03-07\",\"count\":0},"
            + "{\"date\":\"2026-03-06\",\"count\":0},{\"date\":\"2026-03-05\",\"count\":0},"
            + "{\"date\":\"2026-03-04\",\"count\":1}]}",
        server.ok("/events-analytics?range=last_7d"));
    assertEquals(
        "{\"total_events\":1,\"unique_leads\":1,\"events_by_type\":{\"Page View\":1},"
            + "\"daily_counts\":[{\"date\":\"2026-03-10\",\"count\":1}]}",
        server.ok("/events-analytics?range=today&event_type=Page+View"));
    assertEquals(
        "{\"total_events\":0,\"unique_leads\":0,\"events_by_type\":{},"
            + "\"daily_counts\":[{\"date\":\"2026-03-09\",\"count\":0}]}",
        server.ok("/events-analytics?range=yesterday&event_type=Nothing"));
    assertTrue(server.ok("/events-analytics").contains("\"date\":\"2026-02-09\""));
    Refused.by(server.get("/events-analytics?range=last_8d")).is(400, "invalid_field", "range");
  }

  @Test
  void suppressedEventsAreFoundByTheirReason() throws Exception {
    MetadataFilter bots =
        new MetadataFilter(
            1,
            "mf_1",
            "Bots",
            "",
            List.of(new Condition("agent", Operator.CONTAINS, "bot")),
            true,
            0,
            0,
            "dev",
            "dev");
    VelocityFilter fast = new VelocityFilter(1, "vf_1", "Click", 1, 60_000, false, true, 0, 0);
    server.change(setup -> setup.metadataFilters(List.of(bots)).velocityFilters(List.of(fast)));
    server.event("a", "Page View", "2026-03-10T11:00:00Z", "{}");
    server.event("a", "Page View", "2026-03-10T11:00:01Z", "{\"agent\":\"a bot\"}");
    server.event("nobody", "Page View", "2026-03-10T11:00:02Z", "{\"agent\":\"bot\"}");
    server.event("a", "Click", "2026-03-10T11:00:03Z", "{}");
    server.event("a", "Click", "2026-03-10T11:00:04Z", "{}");
    assertEquals(5, total("/events"));
    assertEquals(2, total("/events?suppression_reason=none"));
    assertEquals(2, total("/events?suppression_reason=metadata_filter"));
    assertEquals(1, total("/events?suppression_reason=inorganic"));
    assertEquals(0, total("/events?suppression_reason=inorganic_grouped"));
    assertEquals(1, total("/events?suppression_reason=metadata_filter&lead_id=a"));
    assertEquals(2, total("/events/a?suppression_reason=none&range=today"));
    assertEquals(0, total("/events?original_lead_id=a"));
    assertTrue(
        server
            .ok("/events?suppression_reason=metadata_filter&limit=1")
            .startsWith(
                "{\"events\":[{\"id\":\"evt_0000000000003\",\"lead_id\":null,"
                    + "\"event_type\":\"Page View\",\"metadata\":{\"agent\":\"bot\"},"
                    + "\"suppression_reason\":\"metadata_filter\",\"original_lead_id\":null,"
                    + "\"created_at\":\"2026-03-10T11:00:02Z\"}],\"total\":2"));
    Refused.by(server.get("/events?suppression_reason=spam"))
        .is(400, "invalid_field", "suppression_reason")
        .says(
            "suppression_reason is none of none, inorganic, inorganic_grouped, metadata_filter:"
                + " spam");
    assertTrue(server.ok("/lead/a/score-explain").contains("\"inorganic_count\":1"));
  }

  private long total(String path) throws Exception {
    String body = server.ok(path);
    int at = body.indexOf("\"total\":") + 8;
    return Long.parseLong(body, at, body.indexOf(',', at), 10);
  }
}
