package io.kenbun.lite.http.inspector;

import io.kenbun.lite.Api;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;

/** Forty days of some leads' doings on a server with a test clock, which ends at the real time. */
final class Days {
  private static final int DAYS = 40;
  private static final List<String> NAMES =
      List.of(
          "ada",
          "grace",
          "alan",
          "edsger",
          "barbara",
          "donald",
          "margaret",
          "radia",
          "ken",
          "hedy",
          "frances",
          "katherine");

  private static final List<String> EVENTS =
      List.of(
          "\"Page View\",\"metadata\":{\"path\":\"/pricing\",\"referrer\":\"search\"}",
          "\"Page View\",\"metadata\":{\"path\":\"/docs/start\"}",
          "\"Page View\",\"metadata\":{\"path\":\"/blog/queues\"}",
          "\"Email Open\",\"metadata\":{\"campaign\":\"autumn\"}",
          "\"Email Click\",\"metadata\":{\"campaign\":\"autumn\"}",
          "\"Content Download\",\"metadata\":{\"asset\":\"whitepaper.pdf\"}",
          "\"Form Submit\",\"metadata\":{\"form\":\"contact\"}",
          "\"Page View\",\"metadata\":{\"path\":\"/\",\"agent\":\"examplebot/2.1\"}",
          "\"Webinar Attended\"",
          "\"Demo Request\",\"metadata\":{\"plan\":\"team\"}");

  private final Api api;
  private final Random random = new Random(11);

  Days(Api api) {
    this.api = api;
  }

  /** Sets up rules, a filter and triggers that tell {@code webhookUrl}, then lives the days. */
  void live(String webhookUrl) throws Exception {
    put("/rules/rule_pricing_view", "{\"half_life_days\":14}");
    put("/rules/rule_demo_request", "{\"half_life_days\":45}");
    post(
        "/metadata-filters",
        "{\"name\":\"Robots\",\"conditions\":[{\"key\":\"agent\",\"operator\":\"contains\",\"value\":\"bot\"}]}");
    post(
        "/triggers",
        "{\"name\":\"Hot lead\",\"score_threshold\":50,\"signing\":true,\"webhook_url\":\""
            + webhookUrl
            + "\"}");
    post(
        "/surge-triggers",
        "{\"name\":\"Keen\",\"threshold\":4,\"window_seconds\":86400,\"emails\":[\"sales@example.com\"]}");
    Instant now = Instant.now();
    put("/lite/clock", "{\"now\":\"" + now.minus(DAYS, ChronoUnit.DAYS) + "\"}");
    for (int day = 0; day < DAYS; day++) {
      StringBuilder lines = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        lines.append(line()).append('\n');
      }
      batch(lines.toString());
      post("/lite/drain", "");
      put("/lite/clock", "{\"advance\":\"P1D\"}");
    }
    put("/lite/clock", "{\"now\":\"" + Instant.now() + "\"}");
    batch(line() + '\n' + line() + '\n' + line());
    batch(
        "{\"alias_kind\":\"email\",\"alias\":\"anita@example.com\",\"event_type\":\"Demo Request\"}");
    post("/lite/drain", "");
  }

  private String line() {
    int who = Math.min(random.nextInt(NAMES.size()), random.nextInt(NAMES.size()));
    String name = NAMES.get(who);
    String cookie =
        who % 3 == 0
            ? ",{\"alias_kind\":\"cookie\",\"raw_value\":\"c_" + (4000 + who * 77) + "\"}"
            : "";
    int what = Math.min(random.nextInt(EVENTS.size()), random.nextInt(EVENTS.size() + 4));
    return "{\"aliases\":[{\"alias_kind\":\"email\",\"raw_value\":\""
        + name
        + "@example.com\"}"
        + cookie
        + "],\"event_type\":"
        + EVENTS.get(what)
        + "}";
  }

  void batch(String lines) throws Exception {
    check(
        api.send(
            api.request("/ingest/batch")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines))
                .build()));
  }

  void post(String path, String body) throws Exception {
    check(api.post(path, body));
  }

  void put(String path, String body) throws Exception {
    check(
        api.send(
            api.request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build()));
  }

  private static void check(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.request().uri() + " " + answer.body());
    }
  }
}
