package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.model.VelocityFilter;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each field of what can be set up, on the wrong side of its limit and on the right one. In the
 * tables ' stands for ", {@code #200} for two hundred letters, {@code $level} for the id of one
 * that is there, {@code *field50} or {@code *key50} for fifty conditions.
 */
class SetupRefusalsTest {
  private static final String OPERATORS =
      "equals, not_equals, contains, not_contains, starts_with, ends_with, gt, greater_than, gte,"
          + " lt, less_than, lte, is_empty, is_not_empty, regex";
  private static final Pattern LETTERS = Pattern.compile("#(\\d+)");
  private static final Pattern CONDITIONS = Pattern.compile("\\*(field|key)(\\d+)");

  private static final Map<String, String> ids = new HashMap<>();
  private static TestServer server;
  private static SetupCaller dev;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    dev = new SetupCaller(server);
    dev.made(
        "/rules",
        "{'ruleset_id':'rs_main','event_type':'Webinar','weight':3,'start_date':'2026-02-01',"
            + "'attribute_filters':[{'field':'a','operator':'equals','value':'1'},"
            + "{'field':'b','operator':'is_empty'}]}");
    ids.put("$decay", dev.madeId("/decays", "{'name':'Idle','points':-5,'interval_days':7}"));
    ids.put(
        "$filter",
        dev.madeId(
            "/metadata-filters",
            "{'name':'Bots','conditions':[{'key':'ua','operator':'contains','value':'bot'}]}"));
    ids.put(
        "$velocity",
        dev.madeId(
            "/inorganic-filters",
            "{'event_type':'Page View','count_threshold':5,'window_ms':1000}"));
    ids.put(
        "$cold", dev.madeId("/engagement-levels", "{'name':'Cold','min_score':0,'max_score':24}"));
    ids.put("$hot", dev.madeId("/engagement-levels", "{'name':'Hot','min_score':50}"));
    ids.put("$fit", dev.madeId("/profile-levels", "{'name':'Fit','min_score':0}"));
    ids.put(
        "$mapping",
        dev.madeId("/profile-mappings", "{'metadata_key':'title','profile_field':'job'}"));
    ids.put("$profile", dev.madeId("/profile-scoring/rulesets", "{'name':'ICP'}"));
    dev.made("/profile-scoring/rulesets", "{'name':'Taken','active':false}");
    ids.put(
        "$fitrule",
        dev.madeId(
            put("/profile-scoring/rulesets/$profile/rules"),
            "{'profile_field':'job','operator':'contains','value':'VP','weight':20}"));
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String put(String text) {
    String result = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      result = result.replace(id.getKey(), id.getValue());
    }
    result = LETTERS.matcher(result).replaceAll(m -> "x".repeat(Integer.parseInt(m.group(1))));
    return CONDITIONS
        .matcher(result)
        .replaceAll(
            m -> {
              String one = "{'" + m.group(1) + "':'a','operator':'is_empty'}";
              List<String> all = Collections.nCopies(Integer.parseInt(m.group(2)), one);
              return Matcher.quoteReplacement(String.join(",", all));
            });
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
          POST /rules | {'ruleset_id':'rs_main','event_type':'Form Submit','weight':9} | event_type | a rule of the ruleset has the same event_type and attribute_filters: rl_form
          PUT /rules/rl_bye | {'event_type':'Form Submit'} | event_type | a rule of the ruleset has the same event_type and attribute_filters: rl_form
          PUT /rules/rl_pricing | {'attribute_filters':[]} | event_type | a rule of the ruleset has the same event_type and attribute_filters: rl_view
          POST /profile-scoring/rulesets | {'name':' Taken '} | name | another profile ruleset has that name: TAKEN
          PUT /profile-scoring/rulesets/$profile | {'name':'Taken'} | name | another profile ruleset has that name: TAKEN
          POST /profile-mappings | {'metadata_key':'title','profile_field':'job'} | metadata_key | metadata_key is mapped to that profile_field: $mapping
          """)
  void whatIsThereAlreadyConflicts(
      String call, @Nullable String body, @Nullable String field, String error) throws Exception {
    List<?> rulesets = (List<?>) dev.object("/profile-scoring/rulesets").get("rulesets");
    String taken = String.valueOf(((Map<?, ?>) rulesets.get(1)).get("id"));
    Refused.by(send(call, body))
        .is(409, "conflict", field)
        .says(put(error).replace("TAKEN", taken));
  }

  @Test
  void sameFiltersInAnotherOrderConflict() throws Exception {
    Refused.by(
            send(
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
    Refused.by(send(call, body)).is(404, "not_found", field).says(error);
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
    HttpResponse<String> answer = send(call, body);
    assertEquals(200, answer.statusCode(), answer.body());
  }

  @Test
  void settingsTakeTheOtherSideOfEachLimit() throws Exception {
    dev.done(
        "PUT", "/settings/scoring", "{'session_timeout_minutes':1,'fan_out_window_ms':86400000}");
    dev.done("PUT", "/settings/scoring", "{'session_timeout_minutes':1440,'fan_out_window_ms':0}");
  }

  @Test
  void bodiesHaveALimit() throws Exception {
    String start = "{'name':'a','unknown':'";
    String fits = start + "x".repeat((256 << 10) - start.length() - 2) + "'}";
    HttpResponse<String> answer = dev.send("PUT", "/rulesets/rs_other", fits);
    assertEquals(200, answer.statusCode(), answer.body());
    dev.refused("PUT", "/rulesets/rs_other", fits + " ")
        .is(413, "body_too_large", null)
        .says("body takes more than 262144 bytes");
    dev.refused("POST", "/rulesets", start + "x".repeat(10 << 20) + "'}")
        .is(413, "body_too_large", null);
    dev.refused("POST", "/rules", "{'weight':" + "1".repeat(1001) + "}")
        .is(400, "invalid_field", "weight")
        .says("weight: number of more than 1000 characters");
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
      Refused.by(server.send("GET", path, null)).is(401, "unauthorized", null);
      Refused.by(server.send("GET", path, null, "Authorization", TestServer.DEV))
          .is(400, "active_ou_not_set", null)
          .says("active OU not set");
    }
    dev.refused("PATCH", "/rules", "{}").is(405, "method_not_allowed", null);
    HttpResponse<String> form =
        server.send(
            "POST",
            "/rulesets",
            "name=a",
            "Authorization",
            TestServer.DEV,
            "Cookie",
            server.cookie(TestServer.DEV, "unit_default"),
            "Content-Type",
            "application/x-www-form-urlencoded");
    Refused.by(form).is(415, "unsupported_media_type", null);
  }

  @Test
  void anotherUnitsThingsAreNotThere() throws Exception {
    SetupCaller other = new SetupCaller(server, TestServer.NARROW, "unit_b");
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
      other.refused("PUT", put(path), "{}").is(404, "not_found", null);
      other.refused("DELETE", put(path), null).is(404, "not_found", null);
    }
    assertTrue(((List<?>) other.object("/rulesets").get("rulesets")).isEmpty());
    assertTrue(other.array("/metadata-filters").isEmpty());
  }

  @Test
  void refusalsAreShownWithTheirBody() throws Exception {
    dev.refused("POST", "/rulesets", "{'name':'','mark':'seen'}").is(400, "invalid_field", "name");
    assertTrue(server.get("/lite/rejected").body().contains("\\\"mark\\\":\\\"seen\\\""));
  }

  private static void refuses(
      String call, @Nullable String body, String code, @Nullable String field, String error)
      throws Exception {
    Refused.by(send(call, body)).is(400, code, field).says(put(error));
  }

  private static HttpResponse<String> send(String call, @Nullable String body) throws Exception {
    int blank = call.indexOf(' ');
    String path = put(call.substring(blank + 1));
    return dev.send(call.substring(0, blank), path, body == null ? null : put(body));
  }
}
