package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.configuration.SetupCaller;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Profiles that are scored anew with the rules of now. */
class ProfileRescoreTest {
  private static final String PATH = "/api/v1/ou/unit_default/profile-scoring/";

  private TestServer server;
  private SetupCaller dev;
  private String ruleset = "";

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    dev = new SetupCaller(server);
    dev.made("/profile-mappings", "{'metadata_key':'title','profile_field':'job'}");
    ruleset = dev.madeId("/profile-scoring/rulesets", "{'name':'Fit'}");
    server.event("ld_vp", "Form Submit", "2026-03-10T11:00:00Z", "{\"title\":\"VP\"}");
    server.event("ld_cto", "Form Submit", "2026-03-10T11:00:00Z", "{\"title\":\"CTO\"}");
    server.event("ld_none", "Form Submit", "2026-03-10T11:00:00Z", "{}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Object score(String leadId) throws Exception {
    return ((Map<?, ?>) dev.object("/score/" + leadId).get("profile_scores")).get(ruleset);
  }

  @Test
  void aNewRuleCountsForOldProfilesOnceTheyAreScoredAnew() throws Exception {
    dev.made(
        "/profile-scoring/rulesets/" + ruleset + "/rules",
        "{'profile_field':'job','operator':'equals','value':'VP','weight':20}");
    assertEquals(0L, score("ld_vp"));
    HttpResponse<String> preview = dev.send("POST", PATH + "rescore-preview", null);
    assertEquals(
        "{\"totalLeads\":3,\"affectedLeads\":2,\"estimatedIncreases\":1,\"estimatedDecreases\":0,"
            + "\"estimatedUnchanged\":1,\"averageScoreChange\":10,"
            + "\"executionTimeEstimate\":\"~1 second\"}",
        preview.body());
    assertEquals(200, preview.statusCode());
    assertEquals(0L, score("ld_vp"));
    HttpResponse<String> rescore = dev.send("POST", PATH + "rescore", null);
    assertEquals("{\"message\":\"rescore done\"}", rescore.body());
    assertEquals(202, rescore.statusCode());
    assertEquals(20L, score("ld_vp"));
    assertEquals(0L, score("ld_cto"));
    assertEquals(null, score("ld_none"));
  }

  @Test
  void aRulesetThatIsNotInForceKeepsItsScores() throws Exception {
    dev.made(
        "/profile-scoring/rulesets/" + ruleset + "/rules",
        "{'profile_field':'job','operator':'equals','value':'VP','weight':20}");
    dev.send("POST", PATH + "rescore", null);
    dev.changed("/profile-scoring/rulesets/" + ruleset, "{'active':false}");
    dev.send("POST", PATH + "rescore", null);
    assertEquals(20L, score("ld_vp"));
  }

  @Test
  void aUnitThatTheCallerMayNotUseIsNotThere() throws Exception {
    SetupCaller narrow = new SetupCaller(server, TestServer.NARROW, "unit_b");
    for (String call : new String[] {"rescore", "rescore-preview"}) {
      narrow.refused("POST", PATH + call, null).is(404, "not_found", "ouId").says("no such OU");
    }
  }
}
