package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.model.VelocityFilter;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each field of what can be set up, on the wrong side of its limit and on the right one; tables as
 * in {@link SetupThings}.
 */
class SetupRefusalsTest {
  private static final String OPERATORS =
      "equals, not_equals, contains, not_contains, starts_with, ends_with, gt, greater_than, gte,"
          + " lt, less_than, lte, is_empty, is_not_empty, regex";
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
          POST /rulesets | {}               | missing_field | name | name is required
          POST /rulesets | {'name':null}    | missing_field | name | name is required
          POST /rulesets | {'name':' '}     | invalid_field | name | name has less than 1 or more than 200 characters: 0
          POST /rulesets | {'name':'#201'}  | invalid_field | name | name has less than 1 or more than 200 characters: 201
          POST /rulesets | {'name':7}       | invalid_field | name | name is not a string: a number
          POST /rulesets | {'name':'a\\u0000'} | invalid_field | name | name holds the character U+0000
          POST /rulesets | {'name':'a','description':'#2001'}  | invalid_field | description | description has more than 2000 characters: 2001
          POST /rulesets | {'name':'a','score_field':''}       | invalid_field | score_field | score_field has less than 1 or more than 200 characters: 0
          POST /rulesets | {'name':'a','active':'true'}        | invalid_field | active | active is not a boolean: a string
          POST /rulesets | {'name':'a','is_primary':1}         | invalid_field | is_primary | is_primary is not a boolean: a number
          POST /rulesets | {'name':'a','start_date':'2026-02-30'} | invalid_field | start_date | start_date is no day like 2026-03-10: "2026-02-30"
          POST /rulesets | {'name':'a','start_date':'2026-02-01T00:00:00Z'} | invalid_field | start_date | start_date is no day like 2026-03-10: "2026-02-01T00:00:00Z"
          POST /rulesets | {'name':'a','end_date':20260210}    | invalid_field | end_date | end_date is not a string: a number
          POST /rulesets | {'name':'a','start_date':'2026-02-02','end_date':'2026-02-01'} | invalid_field | end_date | end_date is before start_date: 2026-02-01 < 2026-02-02
          PUT /rulesets/rs_main | {'name':''}   | invalid_field | name | name has less than 1 or more than 200 characters: 0
          PUT /rulesets/rs_main | []            | invalid_json  |      | body must be a JSON object: an array
          PUT /rulesets/rs_main | {             | invalid_json  |      | body is not JSON near byte 1
          PUT /rulesets/rs_main | {'name':'a','name':'b'} | invalid_field | name | name: key repeated
          PUT /engagement-scoring/rulesets/rs_main/reorder | {}               | missing_field | rule_ids | rule_ids is required
          PUT /engagement-scoring/rulesets/rs_main/reorder | {'rule_ids':'a'} | invalid_field | rule_ids | rule_ids is not an array: a string
          PUT /engagement-scoring/rulesets/rs_main/reorder | {'rule_ids':[1]} | invalid_field | rule_ids[0] | rule_ids[0] is not a string: a number
          PUT /engagement-scoring/rulesets/rs_main/reorder | {'rule_ids':['rl_view']} | invalid_field | rule_ids | rule_ids lacks rules of the ruleset: 4
          PUT /rulesets/rs_main/reorder | {'rule_ids':['rl_view','rl_other']} | invalid_field | rule_ids[1] | rule_ids[1] is no rule of the ruleset, or named twice: "rl_other"
          PUT /rulesets/rs_main/reorder | {'rule_ids':['rl_view','rl_view']}  | invalid_field | rule_ids[1] | rule_ids[1] is no rule of the ruleset, or named twice: "rl_view"
          """)
  void rulesetsRefuse(
      String call, @Nullable String body, String code, @Nullable String field, String error)
      throws Exception {
    refuses(call, body, code, field, error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST /rules | {'event_type':'a','weight':1}                            | missing_field | ruleset_id | ruleset_id is required
          POST /rules | {'ruleset_id':'rs_main','weight':1}                      | missing_field | event_type | event_type is required
          POST /rules | {'ruleset_id':'rs_main','event_type':'a'}                | missing_field | weight | weight is required
          POST /rules | {'ruleset_id':'rs_main','event_type':'#201','weight':1}  | invalid_field | event_type | event_type has less than 1 or more than 200 characters: 201
          POST /rules | {'ruleset_id':'rs_main','event_type':'a','weight':1.5}   | invalid_field | weight | weight is no whole number: 1.5
          POST /rules | {'ruleset_id':'rs_main','event_type':'a','weight':1.0}   | invalid_field | weight | weight is no whole number: 1.0
          PUT /rules/rl_view | {'attribute_filters':[{'field':'a','operator':'regex','value':'((a{1000}){11})'}]} | invalid_field | attribute_filters[0].value | attribute_filters[0].value: regex repeats > 10000, multiplied: ((a{1000}){11})
          POST /rules | {'ruleset_id':'rs_main','event_type':'a','weight':1e3}   | invalid_field | weight | weight is no whole number: 1E+3
          POST /rules | {'ruleset_id':'rs_main','event_type':'a','weight':'1'}   | invalid_field | weight | weight is not a number: a string
          POST /rules | {'ruleset_id':'rs_main','event_type':'a','weight':2147483648}  | invalid_field | weight | weight < -2147483648 or > 2147483647: 2147483648
          POST /rules | {'ruleset_id':'rs_main','event_type':'a','weight':-2147483649} | invalid_field | weight | weight < -2147483648 or > 2147483647: -2147483649
          PUT /rules/rl_view | {'half_life_days':0}      | invalid_field | half_life_days | half_life_days < 1 or > 36500: 0
          PUT /rules/rl_view | {'half_life_days':36501}  | invalid_field | half_life_days | half_life_days < 1 or > 36500: 36501
          PUT /rules/rl_view | {'half_life_days':1.5}    | invalid_field | half_life_days | half_life_days is no whole number: 1.5
          PUT /rules/rl_view | {'active':null,'weight':true} | invalid_field | weight | weight is not a number: a boolean
          PUT /rules/rl_view | {'start_date':'2026-02-02','end_date':'2026-02-01'} | invalid_field | end_date | end_date is before start_date: 2026-02-01 < 2026-02-02
          PUT /rules/rl_view | {'ruleset_id':'rs_other'} | invalid_field | ruleset_id | ruleset_id cannot change: rs_main
          PUT /rules/rl_view | {'attribute_filters':{}}  | invalid_field | attribute_filters | attribute_filters is not an array: an object
          PUT /rules/rl_view | {'attribute_filters':[1]} | invalid_field | attribute_filters[0] | attribute_filters[0] is not an object: a number
          PUT /rules/rl_view | {'attribute_filters':[*field51]} | invalid_field | attribute_filters | attribute_filters has less than 0 or more than 50 elements: 51
          PUT /rules/rl_view | {'attribute_filters':[{'operator':'equals','value':'1'}]} | missing_field | attribute_filters[0].field | attribute_filters[0].field is required
          PUT /rules/rl_view | {'attribute_filters':[{'field':'#201','operator':'equals','value':'1'}]} | invalid_field | attribute_filters[0].field | attribute_filters[0].field has less than 1 or more than 200 characters: 201
          PUT /rules/rl_view | {'attribute_filters':[{'field':'a','value':'1'}]}        | missing_field | attribute_filters[0].operator | attribute_filters[0].operator is required
          PUT /rules/rl_view | {'attribute_filters':[{'field':'a','operator':'equals'}]} | missing_field | attribute_filters[0].value | attribute_filters[0].value is required
          PUT /rules/rl_view | {'attribute_filters':[{'field':'a','operator':'equals','value':1}]} | invalid_field | attribute_filters[0].value | attribute_filters[0].value is not a string: a number
          PUT /rules/rl_view | {'attribute_filters':[{'field':'a','operator':'regex','value':'#1001'}]} | invalid_field | attribute_filters[0].value | attribute_filters[0].value has more than 1000 characters: 1001
          PUT /rules/rl_view | {'attribute_filters':[{'field':'a','operator':'is_empty'},{'field':'a','operator':'regex','value':'a('}]} | invalid_field | attribute_filters[1].value | attribute_filters[1].value: no regex: Unclosed group: a(
          """)
  void rulesRefuse(
      String call, @Nullable String body, String code, @Nullable String field, String error)
      throws Exception {
    refuses(call, body, code, field, error);
  }

  @Test
  void anUnknownOperatorIsToldWhatThereIs() throws Exception {
    String condition = "[{'field':'a','key':'a','operator':'Equals','value':'1'}]";
    for (String call :
        List.of(
            "PUT /rules/rl_view | attribute_filters",
            "PUT /metadata-filters/$filter | conditions")) {
      String name = call.substring(call.indexOf('|') + 2);
      String field = name + "[0].operator";
      refuses(
          call.substring(0, call.indexOf('|') - 1),
          "{'" + name + "':" + condition + "}",
          "invalid_field",
          field,
          field + " is none of " + OPERATORS + ": \"Equals\"");
    }
    refuses(
        "PUT /profile-scoring/rulesets/$profile/rules/$fitrule",
        "{'operator':'like'}",
        "invalid_field",
        "operator",
        "operator is none of " + OPERATORS + ": \"like\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST /decays | {'points':1,'interval_days':1}              | missing_field | name | name is required
          POST /decays | {'name':'a','interval_days':1}              | missing_field | points | points is required
          POST /decays | {'name':'a','points':1}                     | missing_field | interval_days | interval_days is required
          POST /decays | {'name':'a','points':0,'interval_days':1}   | invalid_field | points | points is 0, which takes nothing
          PUT /decays/$decay | {'points':1000001}      | invalid_field | points | points < -1000000 or > 1000000: 1000001
          PUT /decays/$decay | {'points':-1000001}     | invalid_field | points | points < -1000000 or > 1000000: -1000001
          PUT /decays/$decay | {'points':-0.5}         | invalid_field | points | points is no whole number: -0.5
          PUT /decays/$decay | {'interval_days':0}     | invalid_field | interval_days | interval_days < 1 or > 36500: 0
          PUT /decays/$decay | {'interval_days':36501} | invalid_field | interval_days | interval_days < 1 or > 36500: 36501
          PUT /decays/$decay | {'active':'no'}         | invalid_field | active | active is not a boolean: a string
          PUT /decays/$decay | {'ruleset_id':5}        | invalid_field | ruleset_id | ruleset_id is not a string: a number
          POST /metadata-filters | {'conditions':[*key1]} | missing_field | name | name is required
          POST /metadata-filters | {'name':'a'}        | missing_field | conditions | conditions is required
          POST /metadata-filters | {'name':'a','conditions':[]}    | invalid_field | conditions | conditions has less than 1 or more than 50 elements: 0
          POST /metadata-filters | {'name':'a','conditions':[*key51]} | invalid_field | conditions | conditions has less than 1 or more than 50 elements: 51
          POST /metadata-filters | {'name':'a','conditions':[{'field':'a','operator':'is_empty'}]} | missing_field | conditions[0].key | conditions[0].key is required
          PUT /metadata-filters/$filter | {'event_type':'#201'}    | invalid_field | event_type | event_type has more than 200 characters: 201
          PUT /metadata-filters/$filter | {'enabled':0}            | invalid_field | enabled | enabled is not a boolean: a number
          POST /inorganic-filters | {'count_threshold':1,'window_ms':1}      | missing_field | event_type | event_type is required
          POST /inorganic-filters | {'event_type':'a','window_ms':1}         | missing_field | count_threshold | count_threshold is required
          POST /inorganic-filters | {'event_type':'a','count_threshold':1}   | missing_field | window_ms | window_ms is required
          PUT /inorganic-filters/$velocity | {'event_type':''}         | invalid_field | event_type | event_type has less than 1 or more than 200 characters: 0
          PUT /inorganic-filters/$velocity | {'count_threshold':-1}    | invalid_field | count_threshold | count_threshold < 0 or > MAX_COUNT: -1
          PUT /inorganic-filters/$velocity | {'window_ms':0}           | invalid_field | window_ms | window_ms < 1 or > MAX_WINDOW: 0
          PUT /inorganic-filters/$velocity | {'window_ms':99999999999} | invalid_field | window_ms | window_ms < 1 or > MAX_WINDOW: 99999999999
          PUT /inorganic-filters/$velocity | {'keep_first':'yes'}      | invalid_field | keep_first | keep_first is not a boolean: a string
          """)
  void decayRulesAndFiltersRefuse(
      String call, @Nullable String body, String code, @Nullable String field, String error)
      throws Exception {
    String limits =
        error
            .replace("MAX_COUNT", String.valueOf(VelocityFilter.MAX_COUNT_THRESHOLD))
            .replace("MAX_WINDOW", String.valueOf(VelocityFilter.MAX_WINDOW_MILLIS));
    refuses(call, body, code, field, limits);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST /engagement-levels | {'min_score':1}             | missing_field | name | name is required
          POST /engagement-levels | {'name':'a'}                | missing_field | min_score | min_score is required
          POST /engagement-levels | {'name':'a','min_score':30,'max_score':29} | invalid_field | max_score | max_score is below min_score: 29 < 30
          POST /engagement-levels | {'name':'a','min_score':24,'max_score':30} | invalid_field | min_score | min_score overlaps the level Cold: 0 to 24
          POST /engagement-levels | {'name':'a','min_score':-5,'max_score':0}  | invalid_field | min_score | min_score overlaps the level Cold: 0 to 24
          POST /engagement-levels | {'name':'a','min_score':25,'max_score':50} | invalid_field | min_score | min_score overlaps the level Hot: 50 and up
          POST /engagement-levels | {'name':'a','min_score':25}  | invalid_field | min_score | min_score overlaps the level Hot: 50 and up
          POST /engagement-levels | {'name':'a','min_score':0.5} | invalid_field | min_score | min_score is no whole number: 0.5
          PUT /engagement-levels/$cold | {'max_score':50}   | invalid_field | min_score | min_score overlaps the level Hot: 50 and up
          PUT /engagement-levels/$cold | {'max_score':null} | invalid_field | min_score | min_score overlaps the level Hot: 50 and up
          PUT /engagement-levels/$cold | {'max_score':-1}   | invalid_field | max_score | max_score is below min_score: -1 < 0
          PUT /engagement-levels/$cold | {'color':'#21'}    | invalid_field | color | color has less than 1 or more than 20 characters: 21
          PUT /engagement-levels/$cold | {'order':-1}       | invalid_field | order | order < 0 or > 1000000: -1
          PUT /profile-levels/$fit     | {'max_score':-1}   | invalid_field | max_score | max_score is below min_score: -1 < 0
          DELETE /profile-levels/$fit  |                    | last_level    |           | the last level cannot be deleted
          """)
  void levelsRefuse(
      String call, @Nullable String body, String code, @Nullable String field, String error)
      throws Exception {
    refuses(call, body, code, field, error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST /profile-mappings | {'profile_field':'a'} | missing_field | metadata_key | metadata_key is required
          POST /profile-mappings | {'metadata_key':'a'}  | missing_field | profile_field | profile_field is required
          PUT /profile-mappings/$mapping | {'metadata_key':''}       | invalid_field | metadata_key | metadata_key has less than 1 or more than 200 characters: 0
          PUT /profile-mappings/$mapping | {'profile_field':'#201'}  | invalid_field | profile_field | profile_field has less than 1 or more than 200 characters: 201
          PUT /profile-mappings/$mapping | {'update_behavior':'max'} | invalid_field | update_behavior | update_behavior is none of always_latest, only_if_empty: "max"
          POST /profile-scoring/rulesets | {}                       | missing_field | name | name is required
          PUT /profile-scoring/rulesets/$profile | {'active':1}     | invalid_field | active | active is not a boolean: a number
          POST /profile-scoring/rulesets/$profile/rules | {'operator':'equals','value':'a','weight':1} | missing_field | profile_field | profile_field is required
          POST /profile-scoring/rulesets/$profile/rules | {'profile_field':'job','value':'a','weight':1} | missing_field | operator | operator is required
          POST /profile-scoring/rulesets/$profile/rules | {'profile_field':'job','operator':'equals','weight':1} | missing_field | value | value is required
          POST /profile-scoring/rulesets/$profile/rules | {'profile_field':'job','operator':'equals','value':'a'} | missing_field | weight | weight is required
          POST /profile-scoring/rulesets/$profile/rules | {'profile_field':'x','operator':'equals','value':'a','weight':1} | invalid_field | profile_field | profile_field is not mapped: "x"
          PUT /profile-scoring/rulesets/$profile/rules/$fitrule | {'weight':2.5} | invalid_field | weight | weight is no whole number: 2.5
          PUT /profile-scoring/rulesets/$profile/rules/$fitrule | {'value':'#1001'} | invalid_field | value | value has more than 1000 characters: 1001
          PUT /profile-scoring/rulesets/$profile/rules/$fitrule | {'operator':'regex','value':'['} | invalid_field | value | value: no regex: Unclosed character class: [
          PUT /settings/scoring | {'allow_negative_scores':'true'} | invalid_field | allow_negative_scores | allow_negative_scores is not a boolean: a string
          PUT /settings/scoring | {'abm_enabled':[]}               | invalid_field | abm_enabled | abm_enabled is not a boolean: an array
          PUT /settings/scoring | {'session_timeout_minutes':0}    | invalid_field | session_timeout_minutes | session_timeout_minutes < 1 or > 1440: 0
          PUT /settings/scoring | {'session_timeout_minutes':1441} | invalid_field | session_timeout_minutes | session_timeout_minutes < 1 or > 1440: 1441
          PUT /settings/scoring | {'fan_out_window_ms':-1}         | invalid_field | fan_out_window_ms | fan_out_window_ms < 0 or > 86400000: -1
          PUT /settings/scoring | {'fan_out_window_ms':86400001}   | invalid_field | fan_out_window_ms | fan_out_window_ms < 0 or > 86400000: 86400001
          PUT /settings/ou/event-types/Page%20View | {}            | missing_field | hidden | hidden is required
          PUT /settings/ou/event-types/Page%20View | {'hidden':1}  | invalid_field | hidden | hidden is not a boolean: a number
          GET /scoring/half-life-suggestions?dimension=profile |   | invalid_field | dimension | dimension is none of engagement, all: "profile"
          POST /scoring/half-life-suggestions/apply | {}           | missing_field | rule_ids | rule_ids is required
          POST /scoring/half-life-suggestions/apply | {'rule_ids':[]} | invalid_field | rule_ids | rule_ids has less than 1 or more than 10000 elements: 0
          POST /scoring/half-life-suggestions/apply | {'rule_ids':['rl_view','rl_form']} | invalid_field | rule_ids[1] | rule_ids[1] has no suggestion: "Form Submit"
          """)
  void profileAndSettingsRefuse(
      String call, @Nullable String body, String code, @Nullable String field, String error)
      throws Exception {
    refuses(call, body, code, field, error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PUT /rulesets/rs_other | {'name':'#200','description':'#2000','start_date':'2026-02-01','end_date':'2026-02-01','unknown':{'a':[1]}}
          PUT /rulesets/rs_other | {'name':'x','description':'','start_date':null,'end_date':null}
          PUT /rules/rl_other | {'weight':2147483647,'half_life_days':36500}
          PUT /rules/rl_other | {'weight':-2147483648,'half_life_days':1}
          PUT /rules/rl_other | {'weight':0,'event_type':'#200','attribute_filters':[*field50]}
          PUT /rules/rl_other | {'attribute_filters':[{'field':'#200','operator':'regex','value':'#1000'}]}
          PUT /rules/rl_other | {'attribute_filters':[{'field':'a','operator':'equals','value':''}]}
          PUT /decays/$decay | {'points':1000000,'interval_days':36500,'ruleset_id':'rs_main'}
          PUT /decays/$decay | {'points':-1000000,'interval_days':1,'ruleset_id':null}
          PUT /metadata-filters/$filter | {'name':'#200','event_type':'','conditions':[*key50]}
          PUT /metadata-filters/$filter | {'event_type':'#200','conditions':[*key1]}
          PUT /inorganic-filters/$velocity | {'count_threshold':0,'window_ms':1}
          PUT /inorganic-filters/$velocity | {'event_type':'#200','window_ms':86400000}
          PUT /engagement-levels/$cold | {'min_score':-2147483648,'max_score':49,'color':'#20','order':1000000}
          PUT /engagement-levels/$cold | {'min_score':0,'max_score':24,'order':0}
          PUT /engagement-levels/$hot | {'min_score':25,'max_score':25}
          PUT /engagement-levels/$hot | {'min_score':50,'max_score':null}
          PUT /profile-mappings/$mapping | {'metadata_key':'#200','update_behavior':'only_if_empty'}
          PUT /profile-mappings/$mapping | {'metadata_key':'title'}
          PUT /profile-scoring/rulesets/$profile | {'name':'ICP','description':'#2000'}
          PUT /profile-scoring/rulesets/$profile/rules/$fitrule | {'operator':'is_empty','weight':2147483647}
          PUT /profile-scoring/rulesets/$profile/rules/$fitrule | {'operator':'contains','value':'#1000'}
          """)
  void takesTheOtherSideOfEachLimit(String call, String body) throws Exception {
    HttpResponse<String> answer = things.send(call, body);
    assertEquals(200, answer.statusCode(), answer.body());
  }

  @Test
  void settingsTakeTheOtherSideOfEachLimit() throws Exception {
    things
        .dev()
        .done(
            "PUT",
            "/settings/scoring",
            "{'session_timeout_minutes':1,'fan_out_window_ms':86400000}");
    things
        .dev()
        .done("PUT", "/settings/scoring", "{'session_timeout_minutes':1440,'fan_out_window_ms':0}");
  }

  @Test
  void bodiesHaveALimit() throws Exception {
    String start = "{'name':'a','unknown':'";
    String fits = start + "x".repeat((256 << 10) - start.length() - 2) + "'}";
    HttpResponse<String> answer = things.dev().send("PUT", "/rulesets/rs_other", fits);
    assertEquals(200, answer.statusCode(), answer.body());
    things
        .dev()
        .refused("PUT", "/rulesets/rs_other", fits + " ")
        .is(413, "body_too_large", null)
        .says("body takes more than 262144 bytes");
    things
        .dev()
        .refused("POST", "/rulesets", start + "x".repeat(10 << 20) + "'}")
        .is(413, "body_too_large", null);
    things
        .dev()
        .refused("POST", "/rules", "{'weight':" + "1".repeat(1001) + "}")
        .is(400, "invalid_field", "weight")
        .says("weight: number of more than 1000 characters");
  }

  private static void refuses(
      String call, @Nullable String body, String code, @Nullable String field, String error)
      throws Exception {
    Refused.by(things.send(call, body)).is(400, code, field).says(things.put(error));
  }
}
