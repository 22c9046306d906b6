package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is killed while a change is made that is larger than one transaction, or large within
 * one: what is left is exact, and goes on to its end, or was never begun.
 *
 * <p>Whether the blow falls in the middle is up to the machine; what must hold does not depend on
 * it.
 */
class KillDuringChangesTest {
  private static final int LEADS = 40;
  private static final int EVENTS_OF_LEAD = 1_000; // Half of them of each type.
  private static final long VIEWS = LEADS * EVENTS_OF_LEAD / 2;
  private static final String SCORE_RESETS = "/events?event_type=score_reset&limit=1";

  @TempDir Path data;

  private interface Change {
    HttpResponse<String> ask(Api api) throws IOException, InterruptedException;
  }

  private interface Reached {
    boolean isReached(Api api) throws IOException, InterruptedException;
  }

  /** Asks for a change, kills the server once {@code reached}, and returns the next server. */
  private ServerProcess killed(ServerProcess server, Change change, Reached reached)
      throws Exception {
    Api asking = api(server);
    Thread asks =
        new Thread(
            () -> {
              try {
                change.ask(asking);
              } catch (IOException e) {
                // The server is gone, as meant.
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Api watching = api(server);
    asks.start();
    while (!reached.isReached(watching)) {
      Thread.onSpinWait();
    }
    server.kill();
    asks.join();
    return ServerProcess.start(data);
  }

  private static Api api(ServerProcess server) throws Exception {
    return new Api(server.url()).activate("unit_default");
  }

  private ServerProcess filled() throws Exception {
    ServerProcess server = ServerProcess.start(data);
    Api api = api(server);
    for (int lead = 0; lead < LEADS; lead++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < EVENTS_OF_LEAD; i++) {
        lines
            .append("{\"lead_id\":\"lead-")
            .append(lead)
            .append("\",\"event_type\":\"")
            .append(i % 2 == 0 ? "Page View" : "Form Submit") // 1 and 10 points.
            .append("\"}\n");
      }
      HttpResponse<String> answer =
          api.send(
              api.request("/ingest/batch")
                  .header("Content-Type", "application/x-ndjson")
                  .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                  .build());
      assertEquals(202, answer.statusCode(), answer.body());
    }
    api.drain();
    assertScores(api, 5_500);
    return server;
  }

  /** Every lead, in the list and asked for alone. */
  private static void assertScores(Api api, long score) throws Exception {
    Map<Object, Object> listed = new HashMap<>();
    api.all("/leads", "leads").forEach(lead -> listed.put(lead.get("lead_id"), lead.get("score")));
    assertEquals(LEADS, listed.size());
    for (int lead = 0; lead < LEADS; lead++) {
      assertEquals(score, listed.get("lead-" + lead), "lead-" + lead);
      assertEquals(score, score(api, "lead-" + lead), "lead-" + lead);
    }
  }

  private static Object score(Api api, String lead) throws IOException, InterruptedException {
    return api.object("/score/" + lead).get("score");
  }

  private static long total(Api api, String path) throws IOException, InterruptedException {
    return (Long) api.object(path).get("total");
  }

  @Test
  void aDeletionOfATypeGoesOnWhereItWas() throws Exception {
    String views = "/events?event_type=Page%20View&limit=1";
    try (ServerProcess first = filled()) {
      long[] seen = new long[1];
      try (ServerProcess next =
          killed(
              first,
              api ->
                  api.send(
                      api.request("/event-types/Page%20View/events?confirm=true").DELETE().build()),
              api -> {
                seen[0] = total(api, views);
                return seen[0] < VIEWS;
              })) {
        System.out.printf("killed with %d of %d events left%n", seen[0], VIEWS);
        Api api = api(next);
        api.drain();
        assertEquals(0, total(api, views));
        assertEquals(VIEWS, total(api, "/events?event_type=Form%20Submit&limit=1"));
        assertEquals(VIEWS, total(api, "/events?limit=1"));
        assertScores(api, 5_000);
      }
    }
  }

  @Test
  void aRescoreGoesOnWhereItWas() throws Exception {
    try (ServerProcess first = filled()) {
      HttpResponse<String> changed =
          api(first)
              .send(
                  api(first)
                      .request("/rules/rule_form_submit")
                      .header("Content-Type", "application/json")
                      .PUT(HttpRequest.BodyPublishers.ofString("{\"weight\":20}"))
                      .build());
      assertEquals(200, changed.statusCode(), changed.body());
      assertScores(api(first), 5_500); // Not by itself.
      try (ServerProcess next =
          killed(
              first,
              api -> api.post("/api/v1/ou/unit_default/scoring/rescore", ""),
              api -> score(api, "lead-0").equals(10_500L))) {
        Api api = api(next);
        System.out.printf("killed with the last lead at %s%n", score(api, "lead-" + (LEADS - 1)));
        api.drain();
        assertScores(api, 10_500);
        assertEquals(2 * VIEWS, total(api, "/events?limit=1"));
      }
    }
  }

  @Test
  void aMergeIsDoneOrWasNeverBegun() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    StringBuilder sources = new StringBuilder();
    for (int lead = 1; lead < LEADS; lead++) {
      sources.append(lead == 1 ? "\"lead-" : ",\"lead-").append(lead).append('"');
    }
    String body = "{\"targetLeadId\":\"lead-0\",\"sourceLeadIds\":[" + sources + "]}";
    try (ServerProcess first = filled()) {
      try (ServerProcess next =
          killed(first, api -> api.post("/leads/merge", body), polls(random.nextInt(40)))) {
        Api api = api(next);
        api.drain();
        long leads = total(api, "/leads?limit=1");
        System.out.printf("seed %d: %d leads after the kill%n", seed, leads);
        if (leads == LEADS) {
          assertScores(api, 5_500);
          assertEquals(2 * VIEWS, total(api, "/events?limit=1"));
          HttpResponse<String> merged = api.post("/leads/merge", body);
          assertEquals(200, merged.statusCode(), merged.body());
        }
        assertEquals(1, total(api, "/leads?limit=1"));
        assertEquals(LEADS * 5_500L, score(api, "lead-0"));
        assertEquals(2 * VIEWS + 1, total(api, "/events/lead-0?limit=1"));
        for (int lead = 1; lead < LEADS; lead++) {
          assertEquals(404, api.get("/score/lead-" + lead).statusCode());
        }
      }
    }
  }

  @Test
  void aResetIsDoneOrWasNeverBegun() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (ServerProcess first = filled()) {
      try (ServerProcess next =
          killed(
              first, api -> api.post("/leads/lead-7/reset-scores", ""), polls(random.nextInt(8)))) {
        Api api = api(next);
        boolean done = total(api, SCORE_RESETS) == 1;
        System.out.printf("seed %d: reset %b%n", seed, done);
        assertEquals(done ? 0L : 5_500L, score(api, "lead-7"));
        HttpResponse<String> rescore = api.post("/api/v1/ou/unit_default/scoring/rescore", "");
        assertEquals(202, rescore.statusCode(), rescore.body());
        api.drain();
        assertEquals(done ? 0L : 5_500L, score(api, "lead-7")); // No contribution came back.
        assertTrue(total(api, SCORE_RESETS) <= 1);
      }
    }
  }

  /** Reached after so many calls, whatever has happened by then. */
  private static Reached polls(int count) {
    int[] left = {count};
    return api -> {
      assertEquals(200, api.get("/healthz").statusCode());
      return left[0]-- == 0;
    };
  }
}
