package io.kenbun.lite.http.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server tells about itself and about what it refused. */
class MetricsTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\"}";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void everySampleFollowsItsHelpAndType() throws Exception {
    server.ingest(EVENT);
    HttpResponse<String> answer = server.send("GET", "/metrics", null);
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("Content-Type").orElseThrow());
    Pattern sample =
        Pattern.compile(
            "([a-z_]+?)(_bucket|_sum|_count)?(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [-+0-9.eE]+");
    String name = "";
    for (String line : answer.body().lines().toList()) {
      if (line.startsWith("# HELP ")) {
        name = List.of(line.split(" ", -1)).get(2);
      } else if (line.startsWith("# TYPE ")) {
        assertTrue(line.startsWith("# TYPE " + name + " "), line);
      } else {
        assertTrue(sample.matcher(line).matches(), line);
        assertTrue(line.startsWith(name), line);
      }
    }
  }

  @Test
  void theContractsNamesHaveTheContractsWords() throws Exception {
    String text = metrics();
    assertTrue(
        text.contains(
            """
            # HELP events_ingested_total Total number of events ingested (accepted).
            # TYPE events_ingested_total counter
            events_ingested_total 0
            """));
    assertTrue(
        text.contains(
            """
            # HELP queue_depth Current depth of the async processing queue.
            # TYPE queue_depth gauge
            queue_depth 0
            """));
    assertTrue(
        text.contains(
            """
            # HELP http_requests_total Total number of HTTP requests by status code and method.
            # TYPE http_requests_total counter
            """));
  }

  @Test
  void whatHappensIsCounted() throws Exception {
    server.ingest(EVENT);
    server.batch((EVENT + "\n{}\n" + EVENT).getBytes(StandardCharsets.UTF_8));
    server.ingest("{}");
    server.send("GET", "/org-units", null);
    server.send("BREW", "/healthz", null);
    server.clock.advance(Duration.ofMillis(2_500));
    String waiting = metrics();
    assertSample(waiting, "events_ingested_total 3");
    assertSample(waiting, "queue_depth 3");
    assertSample(waiting, "kenbun_queue_oldest_age_seconds 2.5");
    assertSample(waiting, "kenbun_ingest_duration_seconds_count 2");
    assertSample(waiting, "kenbun_commit_events_count 2");
    assertSample(waiting, "kenbun_commit_events_sum 3");
    assertSample(waiting, "kenbun_commit_duration_seconds_count 2");
    assertSample(waiting, "kenbun_commit_failures_total 0");
    assertSample(waiting, "kenbun_rejected_total{code=\"missing_field\"} 2");
    assertSample(waiting, "kenbun_rejected_total{code=\"unauthorized\"} 1");
    server.awaitSample("http_requests_total{code=\"202\",method=\"POST\"} 2");
    server.awaitSample("http_requests_total{code=\"401\",method=\"GET\"} 1");
    server.awaitSample("http_requests_total{code=\"405\",method=\"other\"} 1");
    server.awaitSample("kenbun_requests_in_flight 1");
    server.score();
    String scored = metrics();
    assertSample(scored, "queue_depth 0");
    assertSample(scored, "kenbun_queue_oldest_age_seconds 0");
    assertSample(scored, "kenbun_events_scored_total 3");
    assertSample(scored, "kenbun_events_suppressed_total 0");
    assertSample(scored, "kenbun_events_failed_total 0");
  }

  @Test
  void countsWhatAFilterKeptFromBeingScored() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    String filter =
        "{\"name\":\"Bots\",\"conditions\":[{\"key\":\"ua\",\"operator\":\"contains\",\"value\":\"bot\"}]}";
    assertEquals(
        201,
        server
            .send(
                "POST",
                "/metadata-filters",
                filter,
                "Authorization",
                TestServer.DEV,
                "Cookie",
                cookie)
            .statusCode());
    server.ingest(EVENT);
    server.ingest(EVENT.replaceFirst("}$", ",\"metadata\":{\"ua\":\"a bot\"}}"));
    server.score();
    String scored = metrics();
    assertSample(scored, "kenbun_events_scored_total 1");
    assertSample(scored, "kenbun_events_suppressed_total 1");
  }

  @Test
  void aHistogramCountsAValueInItsBucketAndAllLargerOnes() {
    Histogram histogram = new Histogram(10, 20);
    for (long value : new long[] {1, 10, 11, 20, 21}) {
      histogram.add(value);
    }
    StringBuilder out = new StringBuilder();
    histogram.write("h", 10, out);
    assertEquals(
        "h_bucket{le=\"1\"} 2\nh_bucket{le=\"2\"} 4\nh_bucket{le=\"+Inf\"} 5\nh_sum 6.3\nh_count 5\n",
        out.toString());
  }

  @Test
  void theLastRefusedRequestsAreShownWithTheirBodies() throws Exception {
    server.ingest("{\"event_type\":\"x\"}");
    server.batch((EVENT + "\n{\"event_type\":7}").getBytes(StandardCharsets.UTF_8));
    List<?> entries = rejected(TestServer.DEV);
    assertEquals(2, entries.size());
    Map<?, ?> line = (Map<?, ?>) entries.get(0);
    assertEquals("/ingest/batch", line.get("path"));
    assertEquals(2L, line.get("line"));
    assertEquals("invalid_field", line.get("code"));
    assertEquals("event_type", line.get("field"));
    assertEquals("{\"event_type\":7}", line.get("body"));
    Map<?, ?> single = (Map<?, ?>) entries.get(1);
    assertEquals(
        "[at, method, path, status, code, error, field, body, credential_id, unit_id]",
        single.keySet().toString());
    assertEquals("2026-03-10T12:00:00Z", single.get("at"));
    assertEquals(400L, single.get("status"));
    assertEquals("missing_identity", single.get("code"));
    assertEquals("{\"event_type\":\"x\"}", single.get("body"));
    assertEquals("dev", single.get("credential_id"));
    assertEquals("unit_default", single.get("unit_id"));
  }

  @Test
  void aRefusedBodyIsCutAt2KiB() throws Exception {
    server.ingest("x".repeat(2_048));
    server.ingest("y".repeat(2_049));
    List<?> entries = rejected(TestServer.DEV);
    assertEquals("y".repeat(2_048), ((Map<?, ?>) entries.get(0)).get("body"));
    assertEquals("x".repeat(2_048), ((Map<?, ?>) entries.get(1)).get("body"));
  }

  @Test
  void onlyTheLast200RefusalsAreKept() throws Exception {
    String lines = "{}\n".repeat(201) + "{\"event_type\":7}";
    server.batch(lines.getBytes(StandardCharsets.UTF_8));
    RejectedRequests kept = new RejectedRequests();
    for (int i = 0; i < 201; i++) {
      kept.add(new RejectedRequests.Entry(i, "", "", 400, "", "", null, 0, null, "dev", null));
    }
    List<RejectedRequests.Entry> last = kept.last(Credential.ANYONE, 1_000);
    assertEquals(200, last.size());
    assertEquals(200, last.get(0).atMillis());
    assertEquals(1, last.get(199).atMillis());
    assertEquals(25, rejected(TestServer.DEV).size());
  }

  @Test
  void refusalsOfOtherUnitsAndWrongCredentialsAreNotShown() throws Exception {
    server.ingest("{}");
    server.send("POST", "/ingest", EVENT, "Authorization", TestServer.DEV); // No active OU.
    server.send("POST", "/ingest", "secret", "Authorization", TestServer.basic("dev", "wrong"));
    assertEquals(List.of(), rejected(TestServer.NARROW));
    server.send("POST", "/ingest", EVENT, "Authorization", TestServer.NARROW);
    assertEquals(1, rejected(TestServer.NARROW).size());
    List<?> all = rejected(TestServer.DEV);
    assertEquals(3, all.size());
    assertEquals("active_ou_not_set", ((Map<?, ?>) all.get(0)).get("code"));
  }

  @Test
  void whatTheInspectorsPageIsRefusedIsNotShown() throws Exception {
    server.send(
        "GET", "/lead/nobody", null, "Authorization", TestServer.DEV, "Kenbun-Inspector", "1");
    server.send("GET", "/lead/nobody", null, "Authorization", TestServer.DEV);
    assertEquals(1, rejected(TestServer.DEV).size());
  }

  private List<?> rejected(String auth) throws Exception {
    HttpResponse<String> answer = server.send("GET", "/lite/rejected", null, "Authorization", auth);
    assertEquals(200, answer.statusCode(), answer.body());
    Map<?, ?> object = (Map<?, ?>) Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
    return (List<?>) object.get("rejected");
  }

  private String metrics() throws Exception {
    return server.send("GET", "/metrics", null).body();
  }

  private static void assertSample(String text, String sample) {
    assertTrue(text.lines().anyMatch(sample::equals), sample + " in\n" + text);
  }
}
