package io.kenbun.lite.http.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.ScoringSettings;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trying out a rule. */
class RuleTestTest {
  private static final String PATH = "/engagement-scoring/test";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.event("a", "Page View", "2026-03-10T11:00:00Z", "{\"path\":\"/pricing\"}");
    server.event("a", "Page View", "2026-03-10T11:01:00Z", "{\"path\":\"/pricing/eu\"}");
    server.event("a", "Page View", "2026-03-10T11:02:00Z", "{\"path\":\"/\"}");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void ofMoreEventsThanAreLookedAtTheNewestCount() throws Exception {
    for (String time : List.of("11:00:01", "11:00:03", "11:00:02")) {
      server.event("ld_many", "Page View", "2026-03-10T" + time + "Z", "{}");
    }
    long unit = server.setup().unit().key();
    long lead = Objects.requireNonNull(server.storage.reads().lead(unit, "ld_many")).key();
    List<Long> seconds = new ArrayList<>();
    for (int max : List.of(2, 3, 4)) {
      server
          .storage
          .reads()
          .events()
          .visit(
              lead,
              "Page View",
              Long.MIN_VALUE,
              max,
              (millis, metadata) -> seconds.add(millis / 1_000 % 60));
    }
    assertEquals(List.of(3L, 2L, 3L, 2L, 1L, 3L, 2L, 1L), seconds);
  }

  @Test
  void countsTheEventsThatWouldHaveMatched() throws Exception {
    // 2 * (10 + 1) + 1 = 23
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 2 Page View events matching filters\","
            + "\"current_score\":23,\"projected_score\":43,\"matching_events\":2}",
        ok(
            PATH,
            asked(
                "\"event_type\":\"Page View\",\"weight\":10,\"attribute_filters\":"
                    + "[{\"field\":\"path\",\"operator\":\"starts_with\",\"value\":\"/pricing\"}]")));
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 3 Page View events\","
            + "\"current_score\":23,\"projected_score\":20,\"matching_events\":3}",
        ok(PATH, asked("\"event_type\":\"Page View\",\"weight\":-1")));
    assertEquals(
        "{\"matches\":false,\"reason\":\"Lead has no Demo Request events\","
            + "\"current_score\":23,\"projected_score\":23,\"matching_events\":0}",
        ok(PATH, asked("\"event_type\":\"Demo Request\",\"weight\":5")));
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 1 Page View event matching filters\","
            + "\"current_score\":23,\"projected_score\":23,\"matching_events\":1}",
        ok(
            PATH,
            asked(
                "\"event_type\":\"Page View\",\"weight\":0,\"attribute_filters\":"
                    + "[{\"field\":\"path\",\"operator\":\"equals\",\"value\":\"/\"}]")));
  }

  @Test
  void theContractsArithmeticHolds() throws Exception {
    // 50 + 3 * 10 = 80, as in the contract's example; 50 by two forms and ten plain views.
    server.event("b", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    server.event("b", "Form Submit", "2026-03-10T11:00:00Z", "{}");
    for (int i = 0; i < 10; i++) {
      server.event("b", "Page View", "2026-03-10T11:00:00Z", i < 3 ? "{\"p\":1}" : "{}");
    }
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 3 Page View events matching filters\","
            + "\"current_score\":50,\"projected_score\":80,\"matching_events\":3}",
        ok(
            PATH,
            "{\"lead_id\":\"b\",\"rule\":{\"event_type\":\"Page View\",\"weight\":10,"
                + "\"attribute_filters\":[{\"field\":\"p\",\"operator\":\"equals\",\"value\":\"1\"}]}}"));
  }

  @Test
  void theOlderFormAnswersInCamelCase() throws Exception {
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 3 Page View events\","
            + "\"currentScore\":23,\"projectedScore\":38,\"matchingEvents\":3}",
        ok(
            "/api/v1/ou/unit_default/scoring-rules/test",
            asked("\"event_type\":\"Page View\",\"weight\":5")));
    Refused.by(
            server.call(
                "POST",
                "/api/v1/ou/unit_x/scoring-rules/test",
                asked("\"event_type\":\"Page View\",\"weight\":5")))
        .is(404, "not_found", "ouId")
        .says("no such OU");
    Refused.by(
            server.send(
                "POST",
                "/api/v1/ou/unit_default/scoring-rules/test",
                asked("\"event_type\":\"Page View\",\"weight\":5"),
                "Authorization",
                TestServer.NARROW))
        .is(404, "not_found", "ouId");
    Refused.by(
            server.call(
                "POST",
                "/api/v1/ou/unit_b/scoring-rules/test",
                asked("\"event_type\":\"Page View\",\"weight\":5")))
        .is(404, "not_found", "lead_id");
  }

  @Test
  void whatARuleEarnsHasFadedByNowAndCountsOnItsDaysAlone() throws Exception {
    server.event("c", "Webinar", "2026-03-08T12:00:00Z", "{}");
    server.event("c", "Webinar", "2026-03-06T12:00:00Z", "{}");
    String rule = "{\"lead_id\":\"c\",\"rule\":{\"event_type\":\"Webinar\",\"weight\":-16";
    server.change(setup -> setup.settings(new ScoringSettings(true, false, 30, 0)));
    String fading = rule.replace("-16", "16") + ",\"half_life_days\":2";
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 2 Webinar events\","
            + "\"current_score\":0,\"projected_score\":12,\"matching_events\":2}",
        ok(PATH, fading + "}}"));
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 1 Webinar event\","
            + "\"current_score\":0,\"projected_score\":4,\"matching_events\":1}",
        ok(PATH, fading + ",\"start_date\":\"2026-03-01\",\"end_date\":\"2026-03-07\"}}"));
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 1 Webinar event\","
            + "\"current_score\":0,\"projected_score\":-16,\"matching_events\":1}",
        ok(PATH, rule + ",\"start_date\":\"2026-03-07\",\"end_date\":null}}"));
  }

  @Test
  void aProjectionStopsAtZeroUnlessScoresMayBeNegative() throws Exception {
    String asked = asked("\"event_type\":\"Page View\",\"weight\":-10");
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 3 Page View events\","
            + "\"current_score\":23,\"projected_score\":0,\"matching_events\":3}",
        ok(PATH, asked));
    server.change(setup -> setup.settings(new ScoringSettings(true, false, 30, 0)));
    assertEquals(
        "{\"matches\":true,\"reason\":\"Lead has 3 Page View events\","
            + "\"current_score\":23,\"projected_score\":-7,\"matching_events\":3}",
        ok(PATH, asked));
  }

  @Test
  void aProfileRuleIsTriedOnTheProfileAsItIs() throws Exception {
    ProfileMapping size =
        new ProfileMapping(
            1, "pm_1", "employees", "company_employee_count", UpdateBehavior.ALWAYS_LATEST, 0);
    ProfileRule big =
        new ProfileRule(
            1,
            "pr_1",
            new Condition("company_employee_count", Operator.GREATER_THAN, "100"),
            30,
            true,
            0,
            0);
    ProfileRuleset fit = new ProfileRuleset(7, "ps_1", "Fit", "", true, true, 0, 0, List.of(big));
    server.change(setup -> setup.profileMappings(List.of(size)).profileRulesets(List.of(fit)));
    server.event("a", "Form Submit", "2026-03-10T11:00:00Z", "{\"employees\":250}");
    assertTrue(server.ok("/score/a").contains("\"profile_scores\":{\"ps_1\":30}"));
    assertTrue(server.ok("/lead/a").endsWith("\"metadata\":{\"company_employee_count\":\"250\"}}"));
    String lead = server.ok("/leads");
    assertTrue(
        lead.contains(
            "\"ruleset_names\":{\"rs_main\":\"Main\",\"rs_other\":\"Other\",\"ps_1\":\"Fit\"}"),
        lead);
    assertTrue(lead.contains("\"profile_primary_ruleset_name\":\"Fit\""), lead);
    String path = "/profile-scoring/test";
    assertEquals(
        "{\"matches\":true,"
            + "\"reason\":\"Lead's company_employee_count matches company_employee_count lt 300\","
            + "\"current_score\":30,\"projected_score\":45}",
        ok(path, profile("\"less_than\",\"value\":\"300\"")));
    assertEquals(
        "{\"matches\":false,\"reason\":"
            + "\"Lead's company_employee_count does not match company_employee_count is_empty\","
            + "\"current_score\":30,\"projected_score\":30}",
        ok(path, profile("\"is_empty\"")));
    Refused.by(server.call("POST", path, profile("\"less_than\"")))
        .is(400, "missing_field", "rule.value");
    Refused.by(server.call("POST", path, profile("\"regex\",\"value\":\"(\"")))
        .is(400, "invalid_field", "rule.value");
    Refused.by(
            server.call(
                "POST", path, asked("\"operator\":\"equals\",\"value\":\"x\",\"weight\":1")))
        .is(400, "missing_field", "rule.profile_field");
  }

  private static String profile(String operator) {
    return asked(
        "\"profile_field\":\"company_employee_count\",\"weight\":15,\"operator\":" + operator);
  }

  @Test
  void nothingIsKept() throws Exception {
    ok(PATH, asked("\"event_type\":\"Page View\",\"weight\":5"));
    assertEquals(23, scoreOfA());
    server.event("a", "Page View", "2026-03-10T11:03:00Z", "{}");
    assertEquals(24, scoreOfA());
  }

  @Test
  void saysWhichFieldIsWrong() throws Exception {
    refused("{}", "missing_field", "lead_id", "lead_id is required");
    refused("{\"lead_id\":\"a\"}", "missing_field", "rule", "rule is required");
    refused(
        "{\"lead_id\":\"a\",\"rule\":5}",
        "invalid_field",
        "rule",
        "rule is not an object: a number");
    refused(
        asked("\"weight\":5"), "missing_field", "rule.event_type", "rule.event_type is required");
    refused(
        asked("\"event_type\":\"x\""), "missing_field", "rule.weight", "rule.weight is required");
    refused(
        asked("\"event_type\":\"x\",\"weight\":1.5"),
        "invalid_field",
        "rule.weight",
        "rule.weight is no whole number: 1.5");
    refused(
        asked("\"event_type\":\"x\",\"weight\":\"5\""),
        "invalid_field",
        "rule.weight",
        "rule.weight is not a number: a string");
    refused(
        asked(
            "\"event_type\":\"x\",\"weight\":1,\"attribute_filters\":[{\"operator\":\"equals\"}]"),
        "missing_field",
        "rule.attribute_filters[0].field",
        "rule.attribute_filters[0].field is required");
    refused(
        asked(
            "\"event_type\":\"x\",\"weight\":1,\"attribute_filters\":"
                + "[{\"field\":\"f\",\"operator\":\"like\",\"value\":\"v\"}]"),
        "invalid_field",
        "rule.attribute_filters[0].operator",
        "rule.attribute_filters[0].operator is none of equals, not_equals, contains, not_contains,"
            + " starts_with, ends_with, gt, greater_than, gte, lt, less_than, lte, is_empty,"
            + " is_not_empty, regex: \"like\"");
    Refused.by(server.call("POST", PATH, "[]")).is(400, "invalid_json", null);
    server.event("a", "Long", "2026-03-10T11:00:00Z", "{\"f\":\"" + "a".repeat(40) + "!\"}");
    Refused.by(
            server.call(
                "POST",
                PATH,
                asked(
                    "\"event_type\":\"Long\",\"weight\":1,\"attribute_filters\":"
                        + "[{\"field\":\"f\",\"operator\":\"regex\",\"value\":\"(.*a){12}b\"}]")))
        .is(400, "invalid_field", "rule.attribute_filters")
        .says(
            "rule.attribute_filters: regex took more than 2000000 steps on 41 characters:"
                + " (.*a){12}b");
    refused(
        asked(
            "\"event_type\":\"Long\",\"weight\":1,\"attribute_filters\":"
                + "[{\"field\":\"f\",\"operator\":\"regex\",\"value\":\"a{999}{999}\"}]"),
        "invalid_field",
        "rule.attribute_filters[0].value",
        "rule.attribute_filters[0].value: regex repeats > 10000, multiplied: a{999}{999}");
    Refused.by(
            server.call(
                "POST",
                PATH,
                "{\"lead_id\":\"x\",\"rule\":{\"event_type\":\"Page View\",\"weight\":1}}"))
        .is(404, "not_found", "lead_id")
        .says("no such lead");
  }

  private void refused(String body, String code, String field, String error) throws Exception {
    Refused.by(server.call("POST", PATH, body)).is(400, code, field).says(error);
  }

  private static String asked(String rule) {
    return "{\"lead_id\":\"a\",\"rule\":{" + rule + "}}";
  }

  private String ok(String path, String body) throws Exception {
    HttpResponse<String> answer = server.call("POST", path, body);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  private int scoreOfA() throws Exception {
    String body = server.ok("/score/a");
    int at = body.indexOf("\"score\":") + 8;
    return Integer.parseInt(body, at, body.indexOf(',', at), 10);
  }
}
