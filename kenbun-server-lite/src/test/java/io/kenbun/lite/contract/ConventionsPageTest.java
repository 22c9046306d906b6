package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What holds for all calls: {@code api.md} 9, {@code lite.md} 1. */
class ConventionsPageTest extends Page {
  @Test
  @Tag("O")
  void theseListsAreBareArrays() throws Exception {
    for (String path :
        List.of(
            "/org-units",
            "/secrets",
            "/event-types",
            "/settings/ou/event-types",
            "/notification-channels",
            "/metadata-filters")) {
      assertTrue(get(path).isArray(), path);
    }
  }

  @Test
  @Tag("O")
  void theseListsAreWrapped() throws Exception {
    for (List<String> one :
        List.of(
            List.of("/leads", "leads"),
            List.of("/events", "events"),
            List.of("/rulesets", "rulesets"),
            List.of("/rulesets/rs_main/rules", "rules"),
            List.of("/engagement-levels", "levels"),
            List.of("/triggers", "triggers"),
            List.of("/sequences", "sequences"),
            List.of("/profile-mappings", "profile_mappings"),
            List.of("/decays", "decays"),
            List.of("/watched-leads", "watched_leads"))) {
      assertTrue(get(one.get(0)).get(one.get(1)).isArray(), one.get(0));
    }
  }

  @Test
  @Tag("N")
  void rulesAreServedUnderBothGenerationsOfPaths() throws Exception {
    assertEquals(get("/rulesets"), get("/engagement-scoring/rulesets"));
    assertEquals(get("/rulesets/rs_main/rules"), get("/engagement-scoring/rulesets/rs_main/rules"));
  }

  @Test
  @Tag("O")
  void createdIs201ChangedIs200DeletedIs204() throws Exception {
    String id = answer(201, "POST", "/rulesets", "{'name':'Trial'}").get("id").asText();
    answer(200, "PUT", "/rulesets/" + id, "{'name':'Other'}");
    answer(204, "DELETE", "/rulesets/" + id, null);
  }

  @Test
  @Tag("N")
  void surgeTriggersAreChangedBy204() throws Exception {
    String id =
        answer(201, "POST", "/surge-triggers", "{'name':'Rush','threshold':3,'window_seconds':60}")
            .get("id")
            .asText();
    answer(204, "PUT", "/surge-triggers/" + id, "{'threshold':4}");
  }

  @Test
  @Tag("N")
  void timesAreUtcWithAZToTheSecond() throws Exception {
    pageView("ld_1");
    assertEquals("2026-03-10T11:00:00Z", get("/lead/ld_1").get("last_event_at").asText());
  }

  @Test
  @Tag("O")
  void duplicatesAre409() throws Exception {
    answer(409, "POST", "/rules", "{'ruleset_id':'rs_main','event_type':'Form Submit','weight':1}");
    answer(
        201,
        "POST",
        "/rules",
        "{'ruleset_id':'rs_main','event_type':'Form Submit','weight':1,'attribute_filters':[{'field':'form','operator':'equals','value':'demo'}]}");
  }

  @Test
  @Tag("ours")
  void everyErrorHasOneShape() throws Exception {
    for (JsonNode refused :
        List.of(
            answer(400, "POST", "/ingest", "{}"),
            answer(404, "GET", "/nothing", null),
            answer(405, "DELETE", "/leads", null),
            answer(
                409,
                "POST",
                "/rules",
                "{'ruleset_id':'rs_main','event_type':'Form Submit','weight':1}"),
            answer(501, "GET", "/segments", null))) {
      assertTrue(
          refused.get("error").isTextual() && refused.get("code").isTextual(), refused.toString());
      assertTrue(
          Set.of("error", "code", "field", "hint").containsAll(names(refused)), refused.toString());
    }
  }

  @Test
  @Tag("ours")
  void unknownParametersAreIgnoredAndBadOnesRefused() throws Exception {
    get("/leads?nothing=such");
    answer(400, "GET", "/leads?page=0", null);
  }

  @Test
  @Tag("ours")
  void whatIsNotServedSaysSo() throws Exception {
    for (String path :
        List.of("/accounts", "/accounts/by-domain", "/members", "/segments", "/deals")) {
      assertEquals("not_supported", answer(501, "GET", path, null).get("code").asText(), path);
    }
  }
}
