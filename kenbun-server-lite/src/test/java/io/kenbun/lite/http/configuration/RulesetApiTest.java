package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Engagement rulesets and rules under their older and newer paths, and what they do to scores. */
class RulesetApiTest {
  private TestServer server;
  private SetupCaller dev;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    dev = new SetupCaller(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aRulesetIsMadeWithItsDefaults() throws Exception {
    HttpResponse<String> made = dev.send("POST", "/rulesets", "{'name':' Trial '}");
    assertEquals(201, made.statusCode());
    String id = String.valueOf(lastId("/rulesets"));
    assertEquals(
        ("{'id':'"
                + id
                + "','name':'Trial','description':'','score_field':'engagement_score',"
                + "'active':true,'is_primary':false,'start_date':null,'end_date':null,"
                + "'created_at':'2026-03-10T12:00:00Z'}")
            .replace('\'', '"'),
        made.body());
    assertEquals(made.body(), dev.send("GET", "/engagement-scoring/rulesets/" + id, null).body());
  }

  @Test
  void bothGenerationsOfPathsAreOneThing() throws Exception {
    String id = dev.madeId("/engagement-scoring/rulesets", "{'name':'New'}");
    assertEquals(dev.object("/rulesets"), dev.object("/engagement-scoring/rulesets"));
    String rule =
        dev.madeId(
            "/engagement-scoring/rules",
            "{'ruleset_id':'" + id + "','event_type':'Page View','weight':5}");
    assertEquals(dev.object("/rules"), dev.object("/engagement-scoring/rules"));
    assertEquals(List.of(rule), dev.each("/rulesets/" + id + "/rules", "rules", "id"));
    assertEquals(
        List.of(rule), dev.each("/engagement-scoring/rulesets/" + id + "/rules", "rules", "id"));
    assertEquals(6L, dev.changed("/rules/" + rule, "{'weight':6}").get("weight"));
    dev.done("DELETE", "/engagement-scoring/rules/" + rule, null);
    dev.done("DELETE", "/rulesets/" + id, null);
    dev.refused("GET", "/engagement-scoring/rulesets/" + id, null).is(404, "not_found", null);
  }

  @Test
  void aPartialUpdateKeepsTheRest() throws Exception {
    String id =
        dev.madeId(
            "/rulesets",
            "{'name':'Trial','description':'d','score_field':'f','active':false,"
                + "'start_date':'2026-01-01','end_date':'2026-12-31'}");
    Map<?, ?> before = dev.object("/rulesets/" + id);
    assertEquals(before, dev.changed("/rulesets/" + id, "{}"));
    assertEquals(before, dev.changed("/rulesets/" + id, "{'name':null,'active':null}"));
    Map<?, ?> after = dev.changed("/rulesets/" + id, "{'end_date':null,'description':''}");
    assertEquals("2026-01-01", after.get("start_date"));
    assertEquals(null, after.get("end_date"));
    assertEquals("", after.get("description"));
    assertEquals("f", after.get("score_field"));
    assertEquals(false, after.get("active"));
  }

  @Test
  void fourRulesetsAreActiveAtMost() throws Exception {
    dev.made("/rulesets", "{'name':'third'}");
    dev.made("/rulesets", "{'name':'fourth'}");
    dev.refused("POST", "/rulesets", "{'name':'fifth'}")
        .is(409, "conflict", "active")
        .says("at most 4 rulesets can be active at once");
    String idle = dev.madeId("/rulesets", "{'name':'idle','active':false}");
    dev.refused("PUT", "/rulesets/" + idle, "{'active':true}").is(409, "conflict", "active");
    dev.changed("/rulesets/rs_other", "{'active':false}");
    assertEquals(true, dev.changed("/rulesets/" + idle, "{'active':true}").get("active"));
  }

  @Test
  void primaryMovesAndActsAtOnce() throws Exception {
    submit("ld_1");
    assertEquals(20L, score("ld_1").get("score"));
    dev.changed("/rulesets/rs_other", "{'is_primary':true}");
    assertEquals(false, dev.object("/rulesets/rs_main").get("is_primary"));
    assertEquals(7L, score("ld_1").get("score"));
    assertEquals("rs_other", score("ld_1").get("ruleset_id"));
  }

  @Test
  void aRuleIsMadeLastInOrderWithItsDefaults() throws Exception {
    HttpResponse<String> made =
        dev.send("POST", "/rules", "{'ruleset_id':'rs_main','event_type':' Webinar ','weight':-3}");
    assertEquals(201, made.statusCode());
    assertEquals(
        ("{'id':'"
                + lastId("/rulesets/rs_main/rules")
                + "','ruleset_id':'rs_main',"
                + "'event_type':'Webinar','weight':-3,'active':true,'attribute_filters':[],"
                + "'half_life_days':null,'start_date':null,'end_date':null,'priority':1,"
                + "'created_at':'2026-03-10T12:00:00Z','updated_at':'2026-03-10T12:00:00Z'}")
            .replace('\'', '"'),
        made.body());
  }

  @Test
  void aRuleKeepsWhatIsNotGiven() throws Exception {
    String id =
        dev.madeId(
            "/rules",
            "{'ruleset_id':'rs_main','event_type':'Webinar','weight':3,'half_life_days':14,"
                + "'start_date':'2026-01-01','attribute_filters':["
                + "{'field':'plan','operator':'greater_than','value':'5'}]}");
    server.clock.advance(Duration.ofMinutes(1));
    Map<?, ?> after = dev.changed("/rules/" + id, "{'weight':4,'ruleset_id':'rs_main'}");
    assertEquals(4L, after.get("weight"));
    assertEquals(14L, after.get("half_life_days"));
    assertEquals("2026-01-01", after.get("start_date"));
    assertEquals(
        List.of(Map.of("field", "plan", "operator", "gt", "value", "5")),
        after.get("attribute_filters"));
    assertEquals("2026-03-10T12:00:00Z", after.get("created_at"));
    assertEquals("2026-03-10T12:01:00Z", after.get("updated_at"));
    assertEquals(
        null, dev.changed("/rules/" + id, "{'half_life_days':null}").get("half_life_days"));
    assertEquals(
        List.of(),
        dev.changed("/rules/" + id, "{'attribute_filters':[]}").get("attribute_filters"));
  }

  @Test
  void differentFiltersOfOneTypeAreTwoRules() throws Exception {
    dev.made(
        "/rules",
        "{'ruleset_id':'rs_main','event_type':'Page View','weight':2,'attribute_filters':["
            + "{'field':'path','operator':'contains','value':'/docs'}]}");
    dev.made("/rules", "{'ruleset_id':'rs_other','event_type':'Page View','weight':2}");
  }

  @Test
  void changesCountForLaterEventsAlone() throws Exception {
    submit("ld_1");
    dev.changed("/rules/rl_form", "{'weight':100}");
    assertEquals(20L, score("ld_1").get("score"));
    submit("ld_2");
    assertEquals(100L, score("ld_2").get("score"));
    dev.done("DELETE", "/rules/rl_form", null);
    submit("ld_3");
    assertEquals(0L, score("ld_3").get("score"));
    assertEquals(100L, score("ld_2").get("score"));
  }

  @Test
  void reorderGivesPriorities() throws Exception {
    List<String> order = List.of("rl_bye", "rl_form", "rl_view", "rl_pricing");
    String body = "{'rule_ids':['" + String.join("','", order) + "']}";
    dev.done("PUT", "/engagement-scoring/rulesets/rs_main/reorder", body);
    assertEquals(order, dev.each("/rulesets/rs_main/rules", "rules", "id"));
    assertEquals(List.of(0L, 1L, 2L, 3L), dev.each("/rulesets/rs_main/rules", "rules", "priority"));
    dev.done("DELETE", "/rulesets/rs_main", null);
    assertEquals(List.of("rl_other"), dev.each("/rules", "rules", "id"));
  }

  @Test
  void halfLivesAreSuggestedAndApplied() throws Exception {
    String demo =
        dev.madeId("/rules", "{'ruleset_id':'rs_other','event_type':'demo_request','weight':9}");
    String click =
        dev.madeId("/rules", "{'ruleset_id':'rs_other','event_type':'Email Click','weight':9}");
    dev.changed("/rules/" + click, "{'half_life_days':3}");
    HttpResponse<String> all = dev.send("GET", "/scoring/half-life-suggestions", null);
    assertEquals(
        ("{'eligible_count':3,'rules':["
                + suggestion("rl_pricing", "rs_main", "Page View", 14)
                + ","
                + suggestion("rl_view", "rs_main", "Page View", 14)
                + ","
                + suggestion(demo, "rs_other", "demo_request", 90)
                + "]}")
            .replace('\'', '"'),
        all.body());
    assertEquals(
        all.body(),
        dev.send("GET", "/scoring/half-life-suggestions?dimension=engagement", null).body());
    String body = "{'rule_ids':['rl_view','" + demo + "','" + click + "']}";
    HttpResponse<String> applied = dev.send("POST", "/scoring/half-life-suggestions/apply", body);
    assertEquals("{\"applied\":2}", applied.body());
    assertEquals(
        List.of(90L, 3L),
        dev.each("/rulesets/rs_other/rules", "rules", "half_life_days").subList(1, 3));
    assertEquals(1L, dev.object("/scoring/half-life-suggestions").get("eligible_count"));
  }

  private static String suggestion(String id, String ruleset, String type, int days) {
    return "{'rule_id':'"
        + id
        + "','ruleset_id':'"
        + ruleset
        + "','dimension':'engagement',"
        + "'event_type':'"
        + type
        + "','current_half_life_days':null,"
        + "'suggested_half_life_days':"
        + days
        + ",'source':'research'}";
  }

  private Object lastId(String path) throws Exception {
    List<?> ids = dev.each(path, path.substring(path.lastIndexOf('/') + 1), "id");
    return ids.get(ids.size() - 1);
  }

  private void submit(String lead) throws Exception {
    server.ingest("{\"lead_id\":\"" + lead + "\",\"event_type\":\"Form Submit\"}");
    server.score();
  }

  private Map<?, ?> score(String lead) throws Exception {
    return dev.object("/score/" + lead);
  }
}
