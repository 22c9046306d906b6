package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Score reads: {@code api.md} 7. */
class ScoresPageTest extends Page {
  @Test
  @Tag("O")
  void theScoreIsReadUnderBothPaths() throws Exception {
    pageView("ld_1");
    JsonNode score = get("/score/ld_1");
    assertEquals(
        tree(
            "{'lead_id':'ld_1','score':11,'ruleset_id':'rs_main','engagement_scores':{'rs_main':11},'profile_scores':{}}"),
        score);
    assertEquals(score, get("/leads/ld_1/score"));
    answer(404, "GET", "/score/nobody", null);
  }

  @Test
  @Tag("N")
  void theExplanationNamesRulesTheLargestFirst() throws Exception {
    pageView("ld_1");
    JsonNode explanation = get("/lead/ld_1/score-explain");
    assertEquals(24, explanation.get("range_hours").asInt());
    assertEquals("rl_pricing", explanation.at("/top_drivers/0/rule_id").asText());
    assertEquals(10, explanation.at("/top_drivers/0/total").asInt());
    assertTrue(explanation.at("/top_drivers/0").has("filter_label"));
    assertFalse(explanation.at("/top_drivers/1").has("filter_label"));
    assertEquals(20, explanation.at("/snapshot/0/weight").asInt());
    assertEquals(2, get("/lead/ld_1/score-explain?hours=2").get("range_hours").asInt());
  }

  @Test
  @Tag("N")
  void anExplanationIsSharedForSevenDays() throws Exception {
    pageView("ld_1");
    JsonNode share = answer(201, "POST", "/leads/ld_1/share-explain", null);
    assertTrue(share.get("token").asText().startsWith("sxp_"));
    assertEquals("2026-03-17T12:00:00Z", share.get("expires_at").asText());
    assertTrue(share.get("share_url").asText().endsWith(share.get("token").asText()));
  }

  @Test
  @Tag("O")
  void theHistoryIsAskedForByDaysOrByDates() throws Exception {
    pageView("ld_1");
    JsonNode month = get("/lead/ld_1/score-history");
    assertEquals(
        tree("{'start':'2026-02-08T12:00:00Z','end':'2026-03-10T12:00:00Z'}"), month.get("period"));
    get("/lead/ld_1/score-history?days=90&ruleset_id=rs_main");
    JsonNode day =
        get(
            "/lead/ld_1/score-history?start_date=2026-03-09T12:00:00Z&end_date=2026-03-10T12:00:00Z");
    assertEquals("2026-03-09T12:00:00Z", day.at("/period/start").asText());
  }

  @Test
  @Tag("O")
  void gainsAreOfARange() throws Exception {
    pageView("ld_1");
    for (String range : List.of("today", "last_7d", "last_30d")) {
      assertEquals(1, get("/score-gains?range=" + range).get("leads").size());
    }
    assertEquals(get("/score-gains"), get("/score-gains?range=last_7d&limit=10"));
  }

  @Test
  @Tag("O")
  void theHistoryIsHourlyTheOldestFirst() throws Exception {
    pageView("ld_1");
    JsonNode history = get("/lead/ld_1/score-history?days=1");
    assertEquals(List.of("lead_id", "snapshots", "count", "period"), names(history));
    assertEquals(history.get("snapshots").size(), history.get("count").asInt());
    answer(400, "GET", "/lead/ld_1/score-history?days=91", null);
  }

  @Test
  @Tag("O")
  void gainsAndTopLeadsAreWrapped() throws Exception {
    pageView("ld_1");
    assertEquals(11, get("/score-gains").at("/leads/0/score_gain").asInt());
    assertEquals(11, get("/top-leads?limit=1").at("/leads/0/score").asInt());
    answer(400, "GET", "/score-gains?range=last_90d", null);
  }

  @Test
  @Tag("N")
  void aResetZeroesEveryRulesetAndKeepsTheEvents() throws Exception {
    pageView("ld_1");
    JsonNode reset = answer(200, "POST", "/leads/ld_1/reset-scores", null);
    assertEquals("ok", reset.get("status").asText());
    assertEquals(11, reset.at("/previous_scores/rs_main").asInt());
    server.score();
    assertEquals(0, get("/score/ld_1").get("score").asInt());
    assertEquals(1, get("/events/ld_1?event_type=score_reset").get("total").asInt());
    assertEquals(1, get("/events/ld_1?event_type=Page%20View").get("total").asInt());
  }

  @Test
  @Tag("N")
  void rescoringIsPreviewedInCamelCase() throws Exception {
    pageView("ld_1");
    for (String surface : List.of("scoring", "profile-scoring")) {
      JsonNode preview =
          answer(200, "POST", "/api/v1/ou/unit_default/" + surface + "/rescore-preview", null);
      assertEquals(
          List.of(
              "totalLeads",
              "affectedLeads",
              "estimatedIncreases",
              "estimatedDecreases",
              "estimatedUnchanged",
              "averageScoreChange",
              "executionTimeEstimate"),
          names(preview));
    }
  }
}
