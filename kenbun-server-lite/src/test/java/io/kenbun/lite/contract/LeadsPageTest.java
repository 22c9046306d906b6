package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.kenbun.lite.http.TestServer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leads: {@code api.md} 6. */
class LeadsPageTest extends Page {
  @Test
  @Tag("O")
  void leadsComeInPagesWithTheirScores() throws Exception {
    pageView("ld_1");
    JsonNode page = get("/leads?page=1&limit=25");
    assertEquals(List.of("leads", "total", "page", "limit"), names(page));
    JsonNode lead = page.at("/leads/0");
    assertEquals(11, lead.get("score").asInt());
    assertEquals("rs_main", lead.get("ruleset_id").asText());
    assertEquals("Main", lead.get("engagement_primary_ruleset_name").asText());
    assertEquals(tree("{'rs_main':11}"), lead.get("engagement_scores"));
  }

  @Test
  @Tag("O")
  void leadsAreFilteredByScoreTypeAndActivity() throws Exception {
    pageView("ld_1");
    assertEquals(1, get("/leads?min_score=11&max_score=11").get("total").asInt());
    assertEquals(0, get("/leads?min_score=12").get("total").asInt());
    assertEquals(1, get("/leads?event_type=Page%20View").get("total").asInt());
    assertEquals(1, get("/leads?last_active=7d&range=today").get("total").asInt());
    answer(400, "GET", "/leads?last_active=1d", null);
  }

  @Test
  @Tag("O")
  void aLeadIsReadUnderBothPaths() throws Exception {
    pageView("ld_1");
    assertEquals(get("/lead/ld_1"), get("/leads/ld_1"));
    answer(404, "GET", "/lead/nobody", null);
  }

  @Test
  @Tag("O")
  void aLeadOfAnotherUnitLooksLikeNone() throws Exception {
    pageView("ld_1");
    String cookie = server.cookie(TestServer.DEV, "unit_b");
    body(
        404,
        server.send("GET", "/lead/ld_1", null, "Authorization", TestServer.DEV, "Cookie", cookie));
  }

  @Test
  @Tag("O")
  void aLeadIsChangedByPut() throws Exception {
    pageView("ld_1");
    JsonNode lead = answer(200, "PUT", "/lead/ld_1", "{'owner_name':'Jane Smith'}");
    assertEquals("Jane Smith", lead.get("owner_name").asText());
    answer(404, "PUT", "/lead/nobody", "{'owner_name':'Jane Smith'}");
  }

  @Test
  @Tag("O")
  void aLeadIsDeletedWithABody() throws Exception {
    pageView("ld_1");
    assertEquals(
        tree("{'message':'Lead deletion initiated','lead_id':'ld_1'}"),
        answer(200, "DELETE", "/lead/ld_1", null));
    answer(404, "GET", "/lead/ld_1", null);
  }

  @Test
  @Tag("O")
  void metadataAreMergedAndNullRemoves() throws Exception {
    pageView("ld_1");
    answer(200, "PATCH", "/lead/ld_1/metadata", "{'title':'CTO','company':'Acme'}");
    JsonNode lead = answer(200, "PATCH", "/lead/ld_1/metadata", "{'title':null,'city':'Bonn'}");
    assertEquals(tree("{'company':'Acme','city':'Bonn'}"), lead.get("metadata"));
    answer(400, "PATCH", "/lead/ld_1/metadata", "[]");
    answer(404, "PATCH", "/lead/nobody/metadata", "{}");
  }

  @Test
  @Tag("N")
  void aLeadIsFoundByAlias() throws Exception {
    answer(
        202,
        "POST",
        "/ingest",
        "{'lead_id':'ld_1','alias_kind':'email','alias':'alex@example.com','event_type':'Page"
            + " View'}");
    server.score();
    assertEquals(
        tree("{'lead_id':'ld_1','email':'alex@example.com','metadata':{}}"),
        get("/lead/by-alias?value=alex@example.com"));
    answer(400, "GET", "/lead/by-alias", null);
    answer(404, "GET", "/lead/by-alias?kind=phone&value=1", null);
    answer(200, "PATCH", "/lead/by-alias/metadata?value=alex@example.com", "{'title':'CTO'}");
  }

  @Test
  @Tag("O")
  void whatIsNewOfAKnownLeadBecomesItsAlias() throws Exception {
    for (String kind : List.of("email", "phone")) {
      answer(
          202,
          "POST",
          "/ingest",
          "{'lead_id':'ld_1','alias_kind':'" + kind + "','alias':'1','event_type':'Page View'}");
    }
    server.score();
    assertEquals(List.of("email", "phone"), get("/lead/ld_1/aliases").findValuesAsText("kind"));
  }

  @Test
  @Tag("O")
  void leadsAreFilteredByWhenTheyWereMade() throws Exception {
    pageView("ld_1");
    for (String range : List.of("today", "last_7d", "last_30d", "last_90d")) {
      assertEquals(1, get("/leads?range=" + range).get("total").asInt());
    }
    assertEquals(0, get("/leads?range=yesterday").get("total").asInt());
  }

  @Test
  @Tag("O")
  void aliasesAreReadAsKindAndValue() throws Exception {
    answer(
        202,
        "POST",
        "/ingest",
        "{'lead_id':'ld_1','alias_kind':'email','alias':'alex@example.com','event_type':'Page"
            + " View'}");
    server.score();
    JsonNode alias = get("/lead/ld_1/aliases").at("/aliases/0");
    assertEquals(List.of("id", "kind", "value", "created_at"), names(alias));
    assertEquals("alex@example.com", alias.get("value").asText());
  }

  @Test
  @Tag("N")
  void aMergeIsPreviewedInCamelCaseAndAnsweredInSnakeCase() throws Exception {
    pageView("a");
    pageView("b");
    JsonNode preview =
        answer(200, "POST", "/leads/merge/preview", "{'targetLeadId':'a','sourceLeadIds':['b']}");
    assertEquals("a", preview.get("target_lead_id").asText());
    assertEquals(tree("{'b':11}"), preview.get("source_scores"));
    get("/lead/b");
  }

  @Test
  @Tag("INFERRED")
  void aMergeMovesEventsAndRemovesTheSources() throws Exception {
    pageView("a");
    pageView("b");
    answer(200, "POST", "/leads/merge", "{'targetLeadId':'a','sourceLeadIds':['b']}");
    server.score();
    answer(404, "GET", "/lead/b", null);
    List<String> originals = get("/events/a").findValuesAsText("original_lead_id");
    assertTrue(originals.contains("b"), originals.toString());
    assertEquals(1, get("/events/a?event_type=lead_merged").get("total").asInt());
  }

  @Test
  @Tag("O")
  void leadsAreWatchedByTheCaller() throws Exception {
    pageView("ld_1");
    JsonNode made = answer(201, "POST", "/leads/ld_1/watch", "{'prediction':'converts'}");
    assertEquals("Lead added to watch list", made.get("message").asText());
    JsonNode watched = get("/watched-leads").at("/watched_leads/0");
    assertEquals("pending", watched.get("outcome").asText());
    assertEquals(made.get("watch_id"), watched.get("watch_id"));
    answer(204, "DELETE", "/leads/ld_1/watch", null);
    answer(404, "POST", "/leads/nobody/watch", "{}");
  }
}
