package io.kenbun.lite.http.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.configuration.SetupCaller;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.pipeline.Upkeep;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Trying a change before it is made. At the start a has 23: 2 * (10 + 1) for pricing pages, 1 for
 * another; b has 20 for a form, and 7 in another ruleset.
 */
class TrialApiTest {
  private TestServer server;
  private SetupCaller api;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    api = new SetupCaller(server);
    fill(server);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static void fill(TestServer server) throws Exception {
    server.event(
        "a", "Page View", "2026-03-09T11:00:00Z", "{\"path\":\"/pricing\",\"org\":\"Acme\"}");
    server.event("a", "Page View", "2026-03-09T11:00:01Z", "{\"path\":\"/pricing/eu\"}");
    server.event("a", "Page View", "2026-03-09T11:00:02Z", "{\"path\":\"/\",\"org\":\"Bond\"}");
    server.event("b", "Form Submit", "2026-03-01T11:00:00Z", "{}");
  }

  private Map<?, ?> tried(String method, String path, @Nullable String body) throws Exception {
    return tree(200, sent(method, path, body));
  }

  private HttpResponse<String> sent(String method, String path, @Nullable String body)
      throws Exception {
    return api.send(
        "POST",
        "/lite/try",
        "{'method':'%s','path':'%s'%s}"
            .formatted(method, path, body == null ? "" : ",'body':" + body));
  }

  private static Map<?, ?> tree(int status, HttpResponse<String> answer) throws Exception {
    assertEquals(status, answer.statusCode(), answer.body());
    Object tree = Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
    return (Map<?, ?>) Objects.requireNonNull(tree);
  }

  /** Returns {@code now -> then} of each lead that would change. */
  private static Map<String, String> changes(Map<?, ?> tried, String score) {
    Map<String, String> changes = new TreeMap<>();
    for (Object one : (List<?>) tried.get("changed")) {
      Map<?, ?> lead = (Map<?, ?>) one;
      Object before = ((Map<?, ?>) lead.get("before")).get(score);
      Object after = ((Map<?, ?>) lead.get("after")).get(score);
      changes.put(String.valueOf(lead.get("lead_id")), before + " -> " + after);
    }
    return changes;
  }

  private String score(String lead) throws Exception {
    return String.valueOf(api.object("/score/" + lead).get("score"));
  }

  @Test
  void aRuleIsTriedAndNothingOfItKept() throws Exception {
    String before = server.ok("/rules") + server.ok("/leads");
    String rule =
        "{'ruleset_id':'rs_main','event_type':'Form Submit','weight':7,'attribute_filters':[{'field':'x','operator':'is_empty'}]}";
    Map<?, ?> tried = tried("POST", "/rules", rule);
    assertEquals(Map.of("b", "20 -> 27"), changes(tried, "score"));
    assertEquals("2", String.valueOf(tried.get("leads")));
    assertEquals("2", String.valueOf(tried.get("leads_tried")));
    assertEquals("1", String.valueOf(tried.get("leads_changed")));
    assertEquals("4", String.valueOf(tried.get("events")));
    assertEquals(true, tried.get("complete"));
    assertEquals(before, server.ok("/rules") + server.ok("/leads"));
  }

  @Test
  void whatWasTriedComesTrueAfterScoringAnew() throws Exception {
    for (String body :
        List.of("{'weight':-3}", "{'weight':10,'half_life_days':1}", "{'active':false}")) {
      Map<?, ?> tried = tried("PUT", "/rules/rl_pricing", body);
      api.changed("/rules/rl_pricing", body);
      server.call("POST", "/api/v1/ou/unit_default/scoring/rescore", null);
      new Upkeep(server.storage, server.rules, Json::readMetadata, server.clock).catchUp();
      String after = changes(tried, "score").getOrDefault("a", "> none");
      assertEquals(after.substring(after.indexOf("> ") + 2), score("a"), body);
    }
  }

  @Test
  void aRulesetIsSwitched() throws Exception {
    String path = "/rulesets/rs_main";
    assertEquals(
        Map.of("a", "23 -> 0", "b", "20 -> 0"),
        changes(tried("PUT", path, "{'active':false}"), "score"));
    assertEquals(
        Map.of("a", "23 -> 0", "b", "20 -> 0"),
        changes(tried("PUT", path, "{'start_date':'2026-03-10'}"), "score"));
    assertEquals(
        Map.of("a", "23 -> 0"), changes(tried("PUT", path, "{'end_date':'2026-03-01'}"), "score"));
    assertEquals(
        Map.of("a", "23 -> 0", "b", "20 -> 7"),
        changes(tried("PUT", "/rulesets/rs_other", "{'is_primary':true}"), "score"));
    Map<?, ?> off = tried("PUT", "/rulesets/rs_other", "{'active':false}");
    assertEquals(Map.of("b", "20 -> 20"), changes(off, "score"));
    assertTrue(off.toString().contains("engagement_scores={rs_main=20, rs_other=7}"));
    assertTrue(off.toString().contains("engagement_scores={rs_main=20}"), off.toString());
  }

  @Test
  void aDecayRuleIsTriedAsIfThereHadAlwaysBeenOne() throws Exception {
    String decay = "{'name':'Idle','points':10,'interval_days':4}";
    // b has been idle for nine days, a for one.
    assertEquals(Map.of("b", "20 -> 0"), changes(tried("POST", "/decays", decay), "score"));
    String id = api.madeId("/decays", decay);
    assertEquals(Map.of(), changes(tried("PUT", "/decays/" + id, "{'name':'Else'}"), "score"));
    assertEquals(Map.of(), changes(tried("DELETE", "/decays/" + id, null), "score"));
    assertEquals("20", score("b"));
  }

  @Test
  void mappingsAndFitRulesAreTriedOnProfiles() throws Exception {
    Map<?, ?> mapped =
        tried("POST", "/profile-mappings", "{'metadata_key':'org','profile_field':'company'}");
    assertTrue(
        mapped.toString().contains("{field=company, before=null, after=Bond}"), mapped.toString());
    Map<?, ?> first =
        tried(
            "POST",
            "/profile-mappings",
            "{'metadata_key':'org','profile_field':'company','update_behavior':'only_if_empty'}");
    assertTrue(
        first.toString().contains("{field=company, before=null, after=Acme}"), first.toString());
    String rules = "/profile-scoring/rulesets";
    String fit = api.madeId(rules, "{'name':'Fit','is_primary':true}");
    String mapping =
        api.madeId("/profile-mappings", "{'metadata_key':'org','profile_field':'company'}");
    server.event("a", "Page View", "2026-03-09T11:00:03Z", "{\"org\":\"Acme\"}");
    String rule = "{'profile_field':'company','operator':'equals','value':'Acme','weight':30}";
    Map<?, ?> tried = tried("POST", rules + "/" + fit + "/rules", rule);
    assertEquals(Map.of("a", "0 -> 30"), changes(tried, "profile_score"));
    String id = api.madeId(rules + "/" + fit + "/rules", rule);
    server.event("a", "Page View", "2026-03-09T11:00:04Z", "{\"org\":\"Bond\"}");
    server.event("a", "Page View", "2026-03-09T11:00:05Z", "{\"org\":\"Acme\"}");
    assertEquals(
        Map.of("a", "30 -> 0"),
        changes(
            tried("PUT", rules + "/" + fit + "/rules/" + id, "{'active':false}"), "profile_score"));
    Map<?, ?> gone = tried("DELETE", "/profile-mappings/" + mapping, null);
    assertTrue(
        gone.toString().contains("{field=company, before=Acme, after=null}"), gone.toString());
  }

  @Test
  void aLevelSaysHowManyLeadsItWouldHave() throws Exception {
    api.made("/engagement-levels", "{'name':'Cold','min_score':0,'max_score':21}");
    String warm = api.madeId("/engagement-levels", "{'name':'Warm','min_score':22}");
    Map<?, ?> tried = tried("PUT", "/engagement-levels/" + warm, "{'min_score':24}");
    assertEquals(Map.of("a", "Warm -> Unclassified"), changes(tried, "engagement_level"));
    assertEquals(
        "[{name=Cold, color=#64748b, before=1, after=1}, {name=Warm, color=#64748b, before=1, after=0},"
            + " {name=Unclassified, color=#64748b, before=0, after=1}]",
        String.valueOf(tried.get("engagement_levels")));
    assertEquals(
        "400",
        String.valueOf(sent("PUT", "/engagement-levels/" + warm, "{'min_score':21}").statusCode()));
  }

  @Test
  void filtersAreTriedAsAServerWithThemWouldHaveDone() throws Exception {
    Map<String, String> filters =
        Map.of(
            "/metadata-filters",
            "{'name':'Home','conditions':[{'key':'path','operator':'equals','value':'/'}]}",
            "/inorganic-filters",
            "{'event_type':'Page View','count_threshold':1,'window_ms':1500}");
    for (Map.Entry<String, String> filter : filters.entrySet()) {
      Map<?, ?> tried = tried("POST", filter.getKey(), filter.getValue());
      try (TestServer fresh = new TestServer()) {
        SetupCaller other = new SetupCaller(fresh);
        other.made(filter.getKey(), filter.getValue());
        fill(fresh);
        assertEquals(
            Map.of("a", "23 -> " + other.object("/score/a").get("score")),
            changes(tried, "score"),
            filter.getKey());
      }
    }
    assertEquals(
        List.of(), api.object("/inorganic-filters").get("inorganic_filters"), "nothing is kept");
  }

  @Test
  void aFilterThatGoesLetsThroughWhatItKeptOut() throws Exception {
    String id =
        api.madeId(
            "/metadata-filters",
            "{'name':'Forms','event_type':'Form Submit','conditions':[{'key':'bot','operator':'equals','value':'true'}]}");
    server.event("b", "Form Submit", "2026-03-02T11:00:00Z", "{\"bot\":true}");
    assertEquals("20", score("b"));
    Map<?, ?> tried = tried("PUT", "/metadata-filters/" + id, "{'enabled':false}");
    assertEquals(Map.of("b", "20 -> 40"), changes(tried, "score"));
    assertEquals("1", String.valueOf(tried.get("events_released")));
  }

  @Test
  void aSequenceOrSurgeTellsWhatItWouldHaveFired() throws Exception {
    Map<?, ?> sequence =
        tried(
            "POST",
            "/sequences",
            "{'name':'Twice','event_types':['Page View','Page View'],'window_seconds':60}");
    assertTrue(
        String.valueOf(sequence.get("firings")).contains("firings=1, leads=1"),
        sequence.toString());
    String id = api.madeId("/surge-triggers", "{'name':'Keen','threshold':4,'window_seconds':60}");
    assertTrue(
        String.valueOf(tried("PUT", "/surge-triggers/" + id, "{}").get("firings"))
            .contains("firings=0"));
    assertTrue(
        String.valueOf(tried("PUT", "/surge-triggers/" + id, "{'threshold':3}").get("firings"))
            .contains("sample_leads=[{lead_id=a, firings=1}]"));
  }

  @Test
  void refusesWhatTheCallItselfWouldRefuse() throws Exception {
    assertEquals(
        "{\"error\":\"body.points is required\",\"code\":\"missing_field\",\"field\":\"body.points\"}",
        sent("POST", "/decays", "{'name':'Idle','interval_days':4}").body());
    assertEquals(404, sent("PUT", "/decays/none", "{}").statusCode());
    for (String path : List.of("/ingest", "/rules/x/y/z", "nothing")) {
      assertEquals(
          "{\"error\":\"path names nothing that can be tried: \\\"%s\\\"\",\"code\":\"invalid_field\",\"field\":\"path\"}"
              .formatted(path),
          sent("POST", path, "{}").body());
    }
    assertEquals(400, sent("GET", "/decays", null).statusCode());
  }
}
