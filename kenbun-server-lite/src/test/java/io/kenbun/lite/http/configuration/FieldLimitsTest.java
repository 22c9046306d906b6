package io.kenbun.lite.http.configuration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every field of everything that can be set up with every value that its kind refuses, each
 * answered with its name, and with those on the edge, which are taken. The words of the answers are
 * in {@link SetupRefusalsTest}.
 */
class FieldLimitsTest {
  private static final Map<String, String> ids = new HashMap<>();
  private static TestServer server;
  private static SetupCaller dev;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    dev = new SetupCaller(server);
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
    ids.put("$level", dev.madeId("/engagement-levels", "{'name':'Cold','min_score':0}"));
    ids.put("$fit", dev.madeId("/profile-levels", "{'name':'Fit','min_score':0}"));
    ids.put(
        "$mapping",
        dev.madeId("/profile-mappings", "{'metadata_key':'title','profile_field':'job'}"));
    ids.put("$profile", dev.madeId("/profile-scoring/rulesets", "{'name':'ICP'}"));
    ids.put(
        "$rule",
        dev.madeId(
            "/profile-scoring/rulesets/" + ids.get("$profile") + "/rules",
            "{'profile_field':'job','operator':'contains','value':'VP','weight':20}"));
  }

  @AfterAll
  static void close() {
    server.close();
  }

  /** A limit of {@code -} is one that another field decides about. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /rulesets/rs_other           | name            | text  | 1 | 200
          /rulesets/rs_other           | description     | text  | 0 | 2000
          /rulesets/rs_other           | score_field     | text  | 1 | 200
          /rulesets/rs_other           | active          | bool  | - | -
          /rulesets/rs_other           | is_primary      | bool  | - | -
          /rulesets/rs_other           | start_date      | day   | - | -
          /rulesets/rs_other           | end_date        | day   | - | -
          /rules/rl_other              | event_type      | text  | 1 | 200
          /rules/rl_other              | weight          | whole | -2147483648 | 2147483647
          /rules/rl_other              | half_life_days  | whole | 1 | 36500
          /rules/rl_other              | active          | bool  | - | -
          /rules/rl_other              | start_date      | day   | - | -
          /rules/rl_other              | end_date        | day   | - | -
          /decays/$decay               | name            | text  | 1 | 200
          /decays/$decay               | points          | whole | -1000000 | 1000000
          /decays/$decay               | interval_days   | whole | 1 | 36500
          /decays/$decay               | active          | bool  | - | -
          /metadata-filters/$filter    | name            | text  | 1 | 200
          /metadata-filters/$filter    | event_type      | text  | 0 | 200
          /metadata-filters/$filter    | enabled         | bool  | - | -
          /inorganic-filters/$velocity | event_type      | text  | 1 | 200
          /inorganic-filters/$velocity | count_threshold | whole | 0 | 1000000
          /inorganic-filters/$velocity | window_ms       | whole | 1 | 31536000000
          /inorganic-filters/$velocity | keep_first      | bool  | - | -
          /inorganic-filters/$velocity | enabled         | bool  | - | -
          /engagement-levels/$level    | name            | text  | 1 | 200
          /engagement-levels/$level    | color           | text  | 1 | 20
          /engagement-levels/$level    | order           | whole | 0 | 1000000
          /engagement-levels/$level    | max_score       | whole | - | 2147483647
          /engagement-levels/$level    | min_score       | whole | -2147483648 | 2147483647
          /profile-levels/$fit         | name            | text  | 1 | 200
          /profile-levels/$fit         | color           | text  | 1 | 20
          /profile-levels/$fit         | min_score       | whole | -2147483648 | 2147483647
          /profile-mappings/$mapping   | metadata_key    | text  | 1 | 200
          /profile-mappings/$mapping   | profile_field   | text  | 1 | 200
          /profile-scoring/rulesets/$profile | name        | text | 1 | 200
          /profile-scoring/rulesets/$profile | description | text | 0 | 2000
          /profile-scoring/rulesets/$profile | active      | bool | - | -
          /profile-scoring/rulesets/$profile | is_primary  | bool | - | -
          /profile-scoring/rulesets/$profile/rules/$rule | value  | text  | 0 | 1000
          /profile-scoring/rulesets/$profile/rules/$rule | weight | whole | -2147483648 | 2147483647
          /profile-scoring/rulesets/$profile/rules/$rule | active | bool  | - | -
          /settings/scoring | allow_negative_scores   | bool  | - | -
          /settings/scoring | abm_enabled             | bool  | - | -
          /settings/scoring | session_timeout_minutes | whole | 1 | 1440
          /settings/scoring | fan_out_window_ms       | whole | 0 | 86400000
          """)
  void eachFieldHasTwoSides(String path, String field, String kind, String least, String most)
      throws Exception {
    for (String wrong : wrong(kind, least, most)) {
      Refused.by(put(path, field, wrong)).is(400, "invalid_field", field);
    }
    for (String right : right(kind, least, most)) {
      HttpResponse<String> answer = put(path, field, right);
      assertTrue(answer.statusCode() / 100 == 2, () -> right + ": " + answer.body());
    }
  }

  private static List<String> wrong(String kind, String least, String most) {
    return switch (kind) {
      case "bool" -> List.of("'true'", "0", "1", "[]", "{}", "1.0");
      case "day" ->
          List.of(
              "'2026-02-30'",
              "'2026-2-1'",
              "'1.2.2026'",
              "''",
              "20260201",
              "true",
              "[]",
              "'2026-02-01T00:00:00Z'");
      case "whole" -> {
        List<String> wrong = new ArrayList<>(List.of("1.5", "1.0", "1e1", "'1'", "true", "[1]"));
        wrong.add("99999999999999999999");
        if (!least.equals("-")) {
          wrong.add(String.valueOf(Long.parseLong(least) - 1));
        }
        wrong.add(String.valueOf(Long.parseLong(most) + 1));
        yield wrong;
      }
      default -> {
        List<String> wrong = new ArrayList<>(List.of("7", "true", "[]", "{}", "'a\\u0000'"));
        wrong.add(letters(Integer.parseInt(most) + 1));
        if (least.equals("1")) {
          wrong.add("''");
        }
        yield wrong;
      }
    };
  }

  private static List<String> right(String kind, String least, String most) {
    return switch (kind) {
      case "bool" -> List.of("true", "false");
      case "day" -> List.of("'2028-02-29'", "null");
      case "whole" -> least.equals("-") ? List.of(most) : List.of(most, least);
      default ->
          List.of(
              letters(Integer.parseInt(most)), least.equals("0") ? "''" : "'\u00e4 \ud83d\ude00'");
    };
  }

  private static String letters(int count) {
    return "'" + "x".repeat(count) + "'";
  }

  private static HttpResponse<String> put(String path, String field, String value)
      throws Exception {
    String called = path;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      called = called.replace(id.getKey(), id.getValue());
    }
    return dev.send("PUT", called, "{'" + field + "':" + value + "}");
  }
}
