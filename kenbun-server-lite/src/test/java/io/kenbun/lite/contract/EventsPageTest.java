package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events and event types: {@code api.md} 5. */
class EventsPageTest extends Page {
  @Test
  @Tag("N")
  void eventsComeInPagesOf25() throws Exception {
    pageView("ld_1");
    JsonNode page = get("/events");
    assertEquals(List.of("events", "total", "page", "limit"), names(page));
    assertEquals(1, page.get("page").asInt());
    assertEquals(25, page.get("limit").asInt());
    assertEquals(100, get("/events?limit=100").get("limit").asInt());
    answer(400, "GET", "/events?limit=101", null);
  }

  @Test
  @Tag("N")
  void anEventTellsWhetherItWasScoredAndWhoseItWas() throws Exception {
    pageView("ld_1");
    assertEquals(
        List.of(
            "id",
            "lead_id",
            "event_type",
            "metadata",
            "suppression_reason",
            "original_lead_id",
            "created_at"),
        names(get("/events").at("/events/0")));
    assertTrue(get("/events").at("/events/0/suppression_reason").isNull());
  }

  @Test
  @Tag("N")
  void eventsAreFilteredByTypeLeadAndRange() throws Exception {
    pageView("ld_1");
    pageView("ld_2");
    assertEquals(1, get("/events?lead_id=ld_1").get("total").asInt());
    assertEquals(2, get("/events?event_type=Page%20View").get("total").asInt());
    assertEquals(0, get("/events?event_type=page%20view").get("total").asInt());
    for (String range : List.of("today", "yesterday", "last_7d", "last_30d", "last_90d")) {
      get("/events?range=" + range);
    }
    answer(400, "GET", "/events?range=ever", null);
  }

  @Test
  @Tag("N")
  void theEventsOfALeadAreTheNewestFirst() throws Exception {
    server.event("ld_1", "Page View", "2026-03-10T11:00:00Z", "{}");
    server.event("ld_1", "Page View", "2026-03-10T10:00:00Z", "{}");
    assertEquals("2026-03-10T11:00:00Z", get("/events/ld_1").at("/events/0/created_at").asText());
    answer(404, "GET", "/events/nobody", null);
  }

  @Test
  @Tag("N")
  void aPageHas100EventsAtMost() throws Exception {
    get("/events?limit=100");
    answer(400, "GET", "/events?limit=101", null);
    pageView("ld_1");
    get("/events/ld_1?limit=100");
    answer(400, "GET", "/events/ld_1?limit=101", null);
  }

  @Test
  @Tag("N")
  void theseRangesAreKnown() throws Exception {
    for (String range : List.of("today", "yesterday", "last_7d", "last_30d", "last_90d")) {
      get("/events?range=" + range);
    }
    answer(400, "GET", "/events?range=last_year", null);
  }

  @Test
  @Tag("N")
  void aSuppressedEventIsStoredAndMakesNoLead() throws Exception {
    answer(
        201,
        "POST",
        "/metadata-filters",
        "{'name':'Bots','conditions':[{'key':'ua','operator':'contains','value':'bot'}]}");
    answer(
        202,
        "POST",
        "/ingest",
        "{'alias_kind':'email','alias':'bot@example.com','event_type':'Page"
            + " View','metadata':{'ua':'a bot'}}");
    server.score();
    JsonNode event = get("/events").at("/events/0");
    assertEquals("metadata_filter", event.get("suppression_reason").asText());
    assertTrue(event.get("lead_id").isNull());
    answer(404, "GET", "/lead/by-alias?value=bot@example.com", null);
  }

  @Test
  @Tag("O")
  void aNewTypeIsThereWithItsFirstEvent() throws Exception {
    server.event("ld_1", "Webinar", "2026-03-10T11:00:00Z", "{}");
    assertTrue(get("/event-types").toString().contains("\"Webinar\""));
  }

  @Test
  @Tag("O")
  void eventsAreDeletedByTheirIds() throws Exception {
    pageView("ld_1");
    String id = get("/events").at("/events/0/id").asText();
    answer(200, "DELETE", "/events/batch", "{'event_ids':['" + id + "']}");
    assertEquals(0, get("/events").get("total").asInt());
    answer(400, "DELETE", "/events/batch", "{'event_ids':'" + id + "'}");
  }

  @Test
  @Tag("O")
  void eventTypesAreABareArrayOfNames() throws Exception {
    pageView("ld_1");
    // Form Submit and Unsubscribe have rules, and naming a type in a rule registers it.
    assertEquals(tree("['Form Submit','Page View','Unsubscribe']"), get("/event-types"));
  }

  @Test
  @Tag("O")
  void aTypeTellsTheMetadataSeenWithIt() throws Exception {
    pageView("ld_1");
    assertEquals(
        tree("{'event_type':'Page View','properties':['path']}"),
        get("/event-types/Page%20View/properties"));
    answer(404, "GET", "/event-types/Nothing/properties", null);
  }

  @Test
  @Tag("O")
  void theSettingsListHiddenTypesToo() throws Exception {
    pageView("ld_1");
    answer(204, "PUT", "/settings/ou/event-types/Page%20View", "{'hidden':true}");
    assertEquals(tree("['Form Submit','Unsubscribe']"), get("/event-types"));
    JsonNode settings = get("/settings/ou/event-types");
    assertEquals(
        List.of("name", "hidden", "ou_event_count", "protected", "deletable"),
        names(settings.get(0)));
    assertEquals(List.of("false", "true", "false"), settings.findValuesAsText("hidden"));
  }

  @Test
  @Tag("N")
  void allEventsOfATypeAreDeletedAfterADryRun() throws Exception {
    pageView("ld_1");
    JsonNode tried = answer(200, "DELETE", "/event-types/Page%20View/events", null);
    assertTrue(tried.get("dry_run").asBoolean());
    assertEquals(1, get("/events").get("total").asInt());
    answer(200, "DELETE", "/event-types/Page%20View/events?confirm=true", null);
    assertEquals(0, get("/events").get("total").asInt());
    assertEquals("ld_1", get("/lead/ld_1").get("lead_id").asText());
  }

  @Test
  @Tag("O")
  void statsCountEventsAndLeads() throws Exception {
    pageView("ld_1");
    JsonNode stats = get("/event-stats");
    assertEquals(1, stats.get("total_events").asInt());
    assertEquals(1, stats.get("total_leads").asInt());
    assertEquals(tree("[{'event_type':'Page View','count':1}]"), stats.get("top_event_types"));
  }

  @Test
  @Tag("O")
  void analyticsCountByTypeAndByDay() throws Exception {
    pageView("ld_1");
    JsonNode analytics = get("/events-analytics?range=today");
    assertEquals(tree("{'Page View':1}"), analytics.get("events_by_type"));
    assertEquals("2026-03-10", analytics.at("/daily_counts/0/date").asText());
  }
}
