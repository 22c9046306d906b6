package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Timestamps;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decay rules, filters, levels, profile scoring and settings: made, changed in part, removed. */
class SetupApiTest {
  private static final String NOON = "2026-03-10T12:00:00Z";
  private static final String LATER = "2026-03-10T12:01:00Z";

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
  void decayRulesTakeEitherSign() throws Exception {
    String body = "{'name':'Idle','points':5,'interval_days':7}";
    HttpResponse<String> made = dev.send("POST", "/decays", body);
    String id = String.valueOf(dev.each("/decays", "decays", "id").get(0));
    is(
        201,
        "{'id':'"
            + id
            + "','name':'Idle','points':-5,'interval_days':7,'active':true,"
            + "'ruleset_id':null,'created_at':'"
            + NOON
            + "'}",
        made);
    Map<?, ?> changed = dev.changed("/decays/" + id, "{'ruleset_id':'rs_other','active':false}");
    assertEquals("rs_other", changed.get("ruleset_id"));
    assertEquals(-5L, changed.get("points"));
    assertEquals("rs_other", dev.changed("/decays/" + id, "{'points':-6}").get("ruleset_id"));
    assertEquals(null, dev.changed("/decays/" + id, "{'ruleset_id':null}").get("ruleset_id"));
    dev.done("DELETE", "/decays/" + id, null);
    is(200, "{'decays':[]}", dev.send("GET", "/decays", null));
  }

  @Test
  void aRulesetTakesItsDecayRulesAlong() throws Exception {
    dev.made("/decays", "{'name':'One','points':1,'interval_days':1,'ruleset_id':'rs_other'}");
    dev.made("/decays", "{'name':'All','points':1,'interval_days':1}");
    dev.done("DELETE", "/rulesets/rs_other", null);
    assertEquals(List.of("All"), dev.each("/decays", "decays", "name"));
  }

  @Test
  void metadataFiltersAreABareArray() throws Exception {
    String body = "{'name':'Bots','conditions':[{'key':'ua','operator':'contains','value':'bot'}]}";
    HttpResponse<String> made = dev.send("POST", "/metadata-filters", body);
    String id = String.valueOf(dev.each("/metadata-filters", null, "id").get(0));
    is(
        201,
        "{'id':'"
            + id
            + "','name':'Bots','event_type':'','conditions':[{'key':'ua',"
            + "'operator':'contains','value':'bot'}],'enabled':true,'suppressed_count':0,"
            + "'created_at':'"
            + NOON
            + "','updated_at':'"
            + NOON
            + "',"
            + "'created_by':'dev','updated_by':'dev'}",
        made);
    assertEquals("[" + made.body() + "]", dev.send("GET", "/metadata-filters", null).body());
  }

  @Test
  void enabledMetadataFiltersComeFirstThenTheLastChanged() throws Exception {
    String filter = "'conditions':[{'key':'ua','operator':'is_empty'}]}";
    String first = dev.madeId("/metadata-filters", "{'name':'first'," + filter);
    dev.made("/metadata-filters", "{'name':'off','enabled':false," + filter);
    dev.made("/metadata-filters", "{'name':'second'," + filter);
    assertEquals(List.of("second", "first", "off"), dev.each("/metadata-filters", null, "name"));
    server.clock.advance(Duration.ofMinutes(1));
    Map<?, ?> changed = dev.changed("/metadata-filters/" + first, "{'event_type':'Page View'}");
    assertEquals(LATER, changed.get("updated_at"));
    assertEquals("first", changed.get("name"));
    assertEquals(1, ((List<?>) changed.get("conditions")).size());
    assertEquals(List.of("first", "second", "off"), dev.each("/metadata-filters", null, "name"));
    dev.done("DELETE", "/metadata-filters/" + first, null);
    assertEquals(List.of("second", "off"), dev.each("/metadata-filters", null, "name"));
  }

  @Test
  void suppressedEventsAreCountedForTheWholeUnit() throws Exception {
    dev.made(
        "/metadata-filters",
        "{'name':'Bots','conditions':[{'key':'ua','operator':'contains','value':'bot'}]}");
    String other =
        dev.madeId(
            "/metadata-filters",
            "{'name':'Idle','conditions':[{'key':'x','operator':'is_not_empty'}]}");
    for (String agent : List.of("a bot", "Firefox", "robot")) {
      server.ingest(
          "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\",\"metadata\":{\"ua\":\""
              + agent
              + "\"}}");
    }
    server.score();
    assertEquals(List.of(2L, 2L), dev.each("/metadata-filters", null, "suppressed_count"));
    assertEquals(2L, dev.changed("/metadata-filters/" + other, "{}").get("suppressed_count"));
    assertEquals(20L, dev.object("/score/ld_1").get("score"));
  }

  @Test
  void velocityFiltersAreMadeChangedAndRemoved() throws Exception {
    HttpResponse<String> made =
        dev.send(
            "POST",
            "/inorganic-filters",
            "{'event_type':'Form Submit','count_threshold':1,'window_ms':300000}");
    String id = String.valueOf(dev.each("/inorganic-filters", "inorganic_filters", "id").get(0));
    is(
        201,
        "{'id':'"
            + id
            + "','event_type':'Form Submit','count_threshold':1,'window_ms':300000,"
            + "'keep_first':false,'enabled':true,'created_at':'"
            + NOON
            + "','updated_at':'"
            + NOON
            + "'}",
        made);
    submit("ld_1");
    submit("ld_1");
    assertEquals(20L, dev.object("/score/ld_1").get("score"));
    server.clock.advance(Duration.ofMinutes(1));
    Map<?, ?> changed = dev.changed("/inorganic-filters/" + id, "{'enabled':false}");
    assertEquals(300000L, changed.get("window_ms"));
    assertEquals(LATER, changed.get("updated_at"));
    submit("ld_1");
    assertEquals(40L, dev.object("/score/ld_1").get("score"));
    dev.done("DELETE", "/inorganic-filters/" + id, null);
    is(200, "{'inorganic_filters':[]}", dev.send("GET", "/inorganic-filters", null));
  }

  @Test
  void levelsOfBothSurfacesStandApart() throws Exception {
    for (String path : List.of("/engagement-levels", "/profile-levels")) {
      HttpResponse<String> made = dev.send("POST", path, "{'name':'Top','min_score':75}");
      String top = String.valueOf(dev.each(path, "levels", "id").get(0));
      String shown =
          "{'id':'"
              + top
              + "','name':'Top','min_score':75,'max_score':null,"
              + "'color':'#64748b','order':0";
      is(201, shown + "}", made);
      String low =
          dev.madeId(path, "{'name':'Low','min_score':0,'max_score':74,'color':'#fff','order':5}");
      assertEquals(List.of(0L, 5L), dev.each(path, "levels", "order"));
      server.clock.advance(Duration.ofMinutes(1));
      Map<?, ?> changed = dev.changed(path + "/" + low, "{'max_score':50}");
      assertEquals("#fff", changed.get("color"));
      assertEquals(Timestamps.format(server.clock.millis()), changed.get("updated_at"));
      assertEquals(60L, dev.changed(path + "/" + top, "{'min_score':60}").get("min_score"));
      dev.done("DELETE", path + "/" + low, null);
      dev.refused("DELETE", path + "/" + top, null)
          .is(400, "last_level", null)
          .says("the last level cannot be deleted");
    }
  }

  @Test
  void profileScoringIsSetUp() throws Exception {
    HttpResponse<String> made =
        dev.send("POST", "/profile-mappings", "{'metadata_key':'title','profile_field':'job'}");
    String mapping = String.valueOf(dev.each("/profile-mappings", "profile_mappings", "id").get(0));
    is(
        201,
        "{'id':'"
            + mapping
            + "','metadata_key':'title','profile_field':'job',"
            + "'update_behavior':'always_latest','created_at':'"
            + NOON
            + "'}",
        made);
    String rulesets = "/profile-scoring/rulesets";
    HttpResponse<String> ruleset = dev.send("POST", rulesets, "{'name':'ICP'}");
    String id = String.valueOf(dev.each(rulesets, "rulesets", "id").get(0));
    is(
        201,
        "{'id':'"
            + id
            + "','name':'ICP','description':'','active':true,'is_primary':false,"
            + "'created_at':'"
            + NOON
            + "','updated_at':'"
            + NOON
            + "'}",
        ruleset);
    assertEquals(ruleset.body(), dev.send("GET", rulesets + "/" + id, null).body());
    String rules = rulesets + "/" + id + "/rules";
    HttpResponse<String> rule =
        dev.send(
            "POST",
            rules,
            "{'profile_field':'job','operator':'contains','value':'VP','weight':20}");
    String ruleId = String.valueOf(dev.each(rules, "rules", "id").get(0));
    is(
        201,
        "{'id':'"
            + ruleId
            + "','ruleset_id':'"
            + id
            + "','profile_field':'job',"
            + "'operator':'contains','value':'VP','weight':20,'active':true,'created_at':'"
            + NOON
            + "','updated_at':'"
            + NOON
            + "'}",
        rule);
    server.clock.advance(Duration.ofMinutes(1));
    Map<?, ?> changed = dev.changed(rules + "/" + ruleId, "{'operator':'equals'}");
    assertEquals("VP", changed.get("value"));
    assertEquals(LATER, changed.get("updated_at"));
    assertEquals("", dev.changed(rules + "/" + ruleId, "{'operator':'is_empty'}").get("value"));
    dev.done("DELETE", "/profile-mappings/" + mapping, null);
    // The rule is kept without its mapping, and can be changed, but not to another such field.
    assertEquals(5L, dev.changed(rules + "/" + ruleId, "{'weight':5}").get("weight"));
    dev.refused("PUT", rules + "/" + ruleId, "{'profile_field':'job'}")
        .is(400, "invalid_field", "profile_field")
        .says("profile_field is not mapped: \"job\"");
    assertEquals(false, dev.changed(rulesets + "/" + id, "{'active':false}").get("active"));
    dev.done("DELETE", rules + "/" + ruleId, null);
    is(200, "{'rules':[]}", dev.send("GET", rules, null));
    dev.done("DELETE", rulesets + "/" + id, null);
    is(200, "{'rulesets':[]}", dev.send("GET", rulesets, null));
  }

  @Test
  void fourProfileRulesetsAreActiveAtMost() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      dev.made("/profile-scoring/rulesets", "{'name':'" + name + "'}");
    }
    dev.refused("POST", "/profile-scoring/rulesets", "{'name':'e'}")
        .is(409, "conflict", "active")
        .says("at most 4 rulesets can be active at once");
    dev.made("/profile-scoring/rulesets", "{'name':'e','active':false}");
  }

  @Test
  void settingsKeepWhatIsNotGiven() throws Exception {
    is(
        200,
        "{'allow_negative_scores':false,'abm_enabled':false,'session_timeout_minutes':30,"
            + "'fan_out_window_ms':0}",
        dev.send("GET", "/settings/scoring", null));
    dev.done("PUT", "/settings/scoring", "{'allow_negative_scores':true}");
    dev.done(
        "PUT",
        "/settings/scoring",
        "{'abm_enabled':true,'session_timeout_minutes':60,'fan_out_window_ms':1000}");
    dev.done("PUT", "/settings/scoring", "{}");
    is(
        200,
        "{'allow_negative_scores':true,'abm_enabled':true,'session_timeout_minutes':60,"
            + "'fan_out_window_ms':1000}",
        dev.send("GET", "/settings/scoring", null));
    server.ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"Unsubscribe\"}");
    server.score();
    assertEquals(-15L, dev.object("/score/ld_1").get("score"));
  }

  @Test
  void allUnitsHaveTheSameSettingsButForTheSessionTimeout() throws Exception {
    dev.done(
        "PUT",
        "/settings/scoring",
        "{'allow_negative_scores':true,'abm_enabled':true,'session_timeout_minutes':60,"
            + "'fan_out_window_ms':1000}");
    SetupCaller other = new SetupCaller(server, TestServer.NARROW, "unit_b");
    is(
        200,
        "{'allow_negative_scores':true,'abm_enabled':true,'session_timeout_minutes':30,"
            + "'fan_out_window_ms':1000}",
        other.send("GET", "/settings/scoring", null));
    other.done(
        "PUT", "/settings/scoring", "{'allow_negative_scores':true,'session_timeout_minutes':5}");
    assertEquals(60L, dev.object("/settings/scoring").get("session_timeout_minutes"));
    for (String change :
        List.of("'allow_negative_scores':false", "'abm_enabled':false", "'fan_out_window_ms':0")) {
      other
          .refused("PUT", "/settings/scoring", "{'session_timeout_minutes':6," + change + "}")
          .is(403, "forbidden", null)
          .says("credential may not use every OU of the organization");
    }
    assertEquals(5L, other.object("/settings/scoring").get("session_timeout_minutes"));
    assertEquals(1_000L, dev.object("/settings/scoring").get("fan_out_window_ms"));
  }

  @Test
  void eventTypesAreHiddenAndShownAgain() throws Exception {
    submit("ld_1");
    String types = "/settings/ou/event-types";
    is(
        200,
        "[{'name':'Form Submit','hidden':false,'ou_event_count':1,'protected':false,"
            + "'deletable':true},{'name':'Page View','hidden':false,'ou_event_count':0,"
            + "'protected':false,'deletable':true},{'name':'Unsubscribe','hidden':false,"
            + "'ou_event_count':0,'protected':false,'deletable':true}]",
        dev.send("GET", types, null));
    dev.done("PUT", types + "/Form%20Submit", "{'hidden':true}");
    dev.done("PUT", types + "/Form%20Submit", "{'hidden':true}");
    assertEquals(List.of(true, false, false), dev.each(types, null, "hidden"));
    submit("ld_2");
    assertEquals(0L, dev.object("/score/ld_2").get("score"));
    dev.done("PUT", types + "/Form%20Submit", "{'hidden':false}");
    submit("ld_2");
    assertEquals(20L, dev.object("/score/ld_2").get("score"));
  }

  @Test
  void theServersOwnEventTypesAreProtected() throws Exception {
    server.ingest("{\"lead_id\":\"ld_1\",\"event_type\":\"DECAY\"}");
    server.score();
    List<?> names = dev.each("/settings/ou/event-types", null, "name");
    int at = names.indexOf("DECAY");
    assertEquals(true, dev.each("/settings/ou/event-types", null, "protected").get(at));
    assertEquals(false, dev.each("/settings/ou/event-types", null, "deletable").get(at));
  }

  @Test
  void everySpellingOfAnOperatorIsTaken() throws Exception {
    String spellings =
        "equals not_equals contains not_contains starts_with ends_with gt greater_than gte lt"
            + " less_than lte is_empty is_not_empty regex";
    for (String spelling : Arrays.asList(spellings.split(" ", -1))) {
      String body =
          "{'attribute_filters':[{'field':'a','operator':'" + spelling + "','value':'1'}]}";
      HttpResponse<String> answer = dev.send("PUT", "/rules/rl_other", body);
      assertEquals(200, answer.statusCode(), spelling + ": " + answer.body());
    }
  }

  private static void is(int status, String body, HttpResponse<String> answer) {
    assertEquals(body.replace('\'', '"'), answer.body());
    assertEquals(status, answer.statusCode());
  }

  private void submit(String lead) throws Exception {
    server.ingest("{\"lead_id\":\"" + lead + "\",\"event_type\":\"Form Submit\"}");
    server.score();
  }
}
