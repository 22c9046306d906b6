package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is there already, what is not there, and who may not have it; tables as in {@link
 * SetupThings}.
 */
class SetupConflictsTest {
  private static SetupThings things;

  @BeforeAll
  static void start() throws Exception {
    things = new SetupThings();
  }

  @AfterAll
  static void close() {
    things.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST /rules | {'ruleset_id':'rs_main','event_type':'Form Submit','weight':9} | event_type | a rule of the ruleset has the same event_type and attribute_filters: rl_form
          PUT /rules/rl_bye | {'event_type':'Form Submit'} | event_type | a rule of the ruleset has the same event_type and attribute_filters: rl_form
          PUT /rules/rl_pricing | {'attribute_filters':[]} | event_type | a rule of the ruleset has the same event_type and attribute_filters: rl_view
          POST /profile-scoring/rulesets | {'name':' Taken '} | name | another profile ruleset has that name: TAKEN
          PUT /profile-scoring/rulesets/$profile | {'name':'Taken'} | name | another profile ruleset has that name: TAKEN
          POST /profile-mappings | {'metadata_key':'title','profile_field':'job'} | metadata_key | metadata_key is mapped to that profile_field: $mapping
          """)
  void whatIsThereAlreadyConflicts(
      String call, @Nullable String body, @Nullable String field, String error) throws Exception {
    List<?> rulesets = (List<?>) things.dev().object("/profile-scoring/rulesets").get("rulesets");
    String taken = String.valueOf(((Map<?, ?>) rulesets.get(1)).get("id"));
    Refused.by(things.send(call, body))
        .is(409, "conflict", field)
        .says(things.put(error).replace("TAKEN", taken));
  }

  @Test
  void sameFiltersInAnotherOrderConflict() throws Exception {
    Refused.by(
            things.send(
                "POST /rules",
                "{'ruleset_id':'rs_main','event_type':'Webinar','weight':9,'attribute_filters':["
                    + "{'field':'b','operator':'is_empty'},"
                    + "{'field':'a','operator':'equals','value':'1'}]}"))
        .is(409, "conflict", "event_type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PUT /rulesets/no | {}                 |            | no such ruleset
          GET /rulesets/no |                    |            | no such ruleset
          DELETE /rulesets/no |                 |            | no such ruleset
          GET /rulesets/no/rules |              |            | no such ruleset
          PUT /rulesets/no/reorder | {'rule_ids':[]} |       | no such ruleset
          POST /rules | {'ruleset_id':'no','event_type':'a','weight':1} | ruleset_id | no such ruleset
          PUT /rules/no | {}                    |            | no such rule
          DELETE /rules/no |                    |            | no such rule
          PUT /decays/no | {}                   |            | no such decay rule
          PUT /decays/$decay | {'ruleset_id':'no'} | ruleset_id | no such ruleset
          DELETE /decays/no |                   |            | no such decay rule
          PUT /metadata-filters/no | {}         |            | no such metadata filter
          DELETE /metadata-filters/no |         |            | no such metadata filter
          PUT /inorganic-filters/no | {}        |            | no such inorganic filter
          DELETE /inorganic-filters/no |        |            | no such inorganic filter
          PUT /engagement-levels/$fit | {}      |            | no such level
          DELETE /profile-levels/$cold |        |            | no such level
          PUT /profile-mappings/no | {}         |            | no such profile mapping
          DELETE /profile-mappings/no |         |            | no such profile mapping
          GET /profile-scoring/rulesets/no |    |            | no such profile ruleset
          PUT /profile-scoring/rulesets/rs_main | {} |       | no such profile ruleset
          DELETE /profile-scoring/rulesets/no | |            | no such profile ruleset
          GET /profile-scoring/rulesets/no/rules | |         | no such profile ruleset
          PUT /profile-scoring/rulesets/$profile/rules/no | {} | | no such profile rule
          DELETE /profile-scoring/rulesets/$profile/rules/no | | | no such profile rule
          PUT /settings/ou/event-types/page%20view | {'hidden':true} | | no such event type
          POST /scoring/half-life-suggestions/apply | {'rule_ids':['no']} | rule_ids[0] | no such rule
          """)
  void whatIsNotThereIsNotFound(
      String call, @Nullable String body, @Nullable String field, String error) throws Exception {
    Refused.by(things.send(call, body)).is(404, "not_found", field).says(error);
  }

  @Test
  void callersAreAsEverywhere() throws Exception {
    for (String path :
        List.of(
            "/rulesets",
            "/engagement-scoring/rules",
            "/decays",
            "/metadata-filters",
            "/inorganic-filters",
            "/engagement-levels",
            "/profile-mappings",
            "/profile-scoring/rulesets",
            "/settings/scoring",
            "/settings/ou/event-types",
            "/scoring/half-life-suggestions")) {
      Refused.by(things.server().send("GET", path, null)).is(401, "unauthorized", null);
      Refused.by(things.server().send("GET", path, null, "Authorization", TestServer.DEV))
          .is(400, "active_ou_not_set", null)
          .says("active OU not set");
    }
    things.dev().refused("PATCH", "/rules", "{}").is(405, "method_not_allowed", null);
    HttpResponse<String> form =
        things
            .server()
            .send(
                "POST",
                "/rulesets",
                "name=a",
                "Authorization",
                TestServer.DEV,
                "Cookie",
                things.server().cookie(TestServer.DEV, "unit_default"),
                "Content-Type",
                "application/x-www-form-urlencoded");
    Refused.by(form).is(415, "unsupported_media_type", null);
  }

  @Test
  void anotherUnitsThingsAreNotThere() throws Exception {
    SetupCaller other = new SetupCaller(things.server(), TestServer.NARROW, "unit_b");
    for (String path :
        List.of(
            "/rulesets/rs_main",
            "/engagement-scoring/rulesets/rs_main",
            "/rules/rl_view",
            "/engagement-scoring/rules/rl_view",
            "/decays/$decay",
            "/metadata-filters/$filter",
            "/inorganic-filters/$velocity",
            "/engagement-levels/$cold",
            "/profile-levels/$fit",
            "/profile-mappings/$mapping",
            "/profile-scoring/rulesets/$profile",
            "/profile-scoring/rulesets/$profile/rules/$fitrule")) {
      other.refused("PUT", things.put(path), "{}").is(404, "not_found", null);
      other.refused("DELETE", things.put(path), null).is(404, "not_found", null);
    }
    assertTrue(((List<?>) other.object("/rulesets").get("rulesets")).isEmpty());
    assertTrue(other.array("/metadata-filters").isEmpty());
  }

  @Test
  void refusalsAreShownWithTheirBody() throws Exception {
    things
        .dev()
        .refused("POST", "/rulesets", "{'name':'','mark':'seen'}")
        .is(400, "invalid_field", "name");
    assertTrue(things.server().get("/lite/rejected").body().contains("\\\"mark\\\":\\\"seen\\\""));
  }
}
