package io.kenbun.lite.http.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kenbun.lite.http.RawConnection;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.openapi.HostileRequests.Request;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Hostile requests to every operation: 1,000 of them, or {@code -Dkenbun.fuzz=20000}, drawn by
 * {@code -Dkenbun.fuzz.seed}. None may be answered with a 5xx, late, with a stack trace or with
 * what the document does not describe; and those that are refused leave everything as it was.
 */
class FuzzTest {
  private static final int REQUESTS = Integer.getInteger("kenbun.fuzz", 1_000);
  private static final long SEED = Long.getLong("kenbun.fuzz.seed", 7);
  private static final int PART = 5_000;
  private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Pattern STACK_TRACE =
      Pattern.compile("\\bat [a-z]+(\\.\\w+)+\\(|\\w+Exception");
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("^content-type: *(.*)$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> faults = new ArrayList<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();

  @Test
  void noRequestBreaksTheServerAndNoRefusedOneChangesIt() throws Exception {
    int refused = 0;
    for (int sent = 0; sent < REQUESTS; sent += PART) {
      refused += refusedOf(SEED + sent, Math.min(PART, REQUESTS - sent));
    }
    System.out.println(
        "seed "
            + SEED
            + ", "
            + REQUESTS
            + " requests, "
            + refused
            + " writes refused, by status "
            + statuses);
    assertEquals(List.of(), faults.subList(0, Math.min(20, faults.size())));
  }

  /**
   * Sends requests that {@code seed} draws, then those that are refused to a server of their own,
   * which they must leave as it was. What is refused after others were accepted may be accepted
   * without them: so long as any is, the rest is sent to one more.
   */
  private int refusedOf(long seed, int count) throws Exception {
    List<Request> refused = null;
    Map<String, String> before;
    Map<String, String> after;
    List<Request> left;
    do {
      left = refused;
      try (World world = new World()) {
        before = world.read();
        refused = world.send(left, seed, count);
        after = world.read();
      }
    } while (left == null || refused.size() < left.size());
    assertEquals(before, after, "seed " + seed);
    return refused.size();
  }

  /** A server with something of everything. */
  private final class World implements AutoCloseable {
    private final TestServer server;
    private final Map<String, List<String>> ids = new LinkedHashMap<>();
    private final String caller;
    private @Nullable RawConnection connection;

    World() throws Exception {
      TestServer.Setup setup = new TestServer.Setup();
      setup.testClock = true;
      server = new TestServer(setup);
      caller =
          "Authorization: "
              + TestServer.DEV
              + "\r\nCookie: "
              + server.cookie(TestServer.DEV, "unit_default")
              + "\r\n";
      for (String lead : List.of("ld_1", "ld_2", "ld_3")) {
        server.event(lead, "Page View", "2026-03-10T11:00:00Z", "{\"path\":\"/pricing\"}");
        server.event(lead, "Form Submit", "2026-03-10T11:30:00Z", "{}");
      }
      server.ingest(
          "{\"lead_id\":\"ld_1\",\"alias_kind\":\"email\",\"alias\":\"ada@example.com\",\"event_type\":\"Page"
              + " View\"}");
      server.score();
      ids.put("leadID", List.of("ld_1", "ld_2", "ld_3"));
      ids.put("eventType", List.of("Page%20View", "Form%20Submit"));
      ids.put("name", List.of("Page%20View", "Form%20Submit"));
      ids.put("ouId", List.of("unit_default", "unit_b"));
      ids.put("/org-units/id", List.of("unit_default", "unit_b"));
      ids.put("/rulesets/id", List.of("rs_main", "rs_other"));
      ids.put("/engagement-scoring/rulesets/id", List.of("rs_main", "rs_other"));
      ids.put("/rules/id", List.of("rl_view", "rl_form"));
      ids.put("/engagement-scoring/rules/id", List.of("rl_view", "rl_form"));
      ids.put("token", List.of(made("/leads/ld_1/share-explain", null, "token")));
      String mapping =
          made("/profile-mappings", "{\"metadata_key\":\"path\",\"profile_field\":\"path\"}", "id");
      ids.put("/profile-mappings/id", List.of(mapping));
      String profile = made("/profile-scoring/rulesets", "{\"name\":\"Fit\"}", "id");
      ids.put("/profile-scoring/rulesets/id", List.of(profile));
      ids.put(
          "ruleId",
          List.of(
              made(
                  "/profile-scoring/rulesets/" + profile + "/rules",
                  "{\"profile_field\":\"path\",\"operator\":\"contains\",\"value\":\"a\",\"weight\":1}",
                  "id")));
      for (Map.Entry<String, JsonNode> one : Documented.operations().entrySet()) {
        String path = one.getKey().substring(one.getKey().indexOf(' ') + 1);
        JsonNode example = one.getValue().at("/requestBody/content/application~1json/example");
        if (one.getKey().startsWith("POST ")
            && path.indexOf('{') < 0
            && !ids.containsKey(path + "/id")
            && Documented.operations().containsKey("DELETE " + path + "/{id}")) {
          HttpResponse<String> answer = server.call("POST", path, example.toString());
          JsonNode kept = JSON.readTree(answer.body());
          String id = kept.has("id") ? kept.get("id").asText() : kept.path("secret_id").asText();
          ids.put(path + "/id", List.of(id.isEmpty() ? "nothing" : id));
        }
      }
    }

    private String made(String path, @Nullable String body, String field) throws Exception {
      return JSON.readTree(server.call("POST", path, body).body()).get(field).asText();
    }

    /** Returns what everything reads as. */
    Map<String, String> read() throws Exception {
      Map<String, String> all = new TreeMap<>();
      for (Map.Entry<String, JsonNode> one : Documented.operations().entrySet()) {
        String path = one.getKey().substring(one.getKey().indexOf(' ') + 1);
        // Those tell of requests and not of what is kept, or have no end.
        boolean told =
            List.of("/metrics", "/lite/rejected", "/lite/status", "/lite/stream").contains(path);
        if (one.getKey().startsWith("GET ") && !told) {
          Matcher variable = Pattern.compile("\\{(\\w+)}").matcher(path);
          String known =
              variable.replaceAll(
                  match -> {
                    String name = match.group(1);
                    String apart = path.substring(0, match.start()) + name;
                    return ids.getOrDefault(apart, ids.getOrDefault(name, List.of("x"))).get(0);
                  });
          all.put(known, server.call("GET", known, null).body());
        }
      }
      JsonNode status = JSON.readTree(server.call("GET", "/lite/status", null).body());
      all.put("queue_depth", status.get("queue_depth").toString());
      all.put("counts", status.get("counts").toString());
      return all;
    }

    /** Sends requests, {@code given} or else newly drawn ones; returns those that are refused. */
    List<Request> send(@Nullable List<Request> given, long seed, int count) throws IOException {
      HostileRequests drawn = new HostileRequests(seed, ids);
      List<Request> refused = new ArrayList<>();
      int sent = given == null ? count : given.size();
      for (int i = 0; i < sent; i++) {
        Request request = given == null ? drawn.next(i) : given.get(i);
        // A read changes nothing, refused or not; leaving it out spares the later rounds the time.
        if (send(request, given == null) && !request.method().equals("GET")) {
          refused.add(request);
        }
      }
      return refused;
    }

    /** Sends a request and looks at its answer; says whether it is refused. */
    private boolean send(Request request, boolean counts) throws IOException {
      long start = System.nanoTime();
      String answer;
      try {
        if (connection == null) {
          connection = new RawConnection(server.port());
        }
        answer = connection.write(request.bytes("127.0.0.1", caller)).readAnswer();
      } catch (IOException e) {
        // What cannot be parsed is refused before its body is read, and the connection ends: what
        // is
        // still under way then resets it, and may take the refusal along (RFC 9112 9.6).
        if (!(e instanceof SocketException) || !request.target().contains("%zz")) {
          faults.add("no answer, " + e + ": " + request);
        }
        close(connection);
        return true;
      }
      if (System.nanoTime() - start > LATE_NANOS) {
        faults.add("late: " + request);
      }
      int status = Integer.parseInt(answer.substring(9, 12));
      if (counts) {
        statuses.merge(status, 1, Integer::sum);
      }
      int end = answer.indexOf("\r\n\r\n") + 4;
      String head = answer.substring(0, end);
      String fault = fault(request, status, head, answer.substring(end));
      if (fault != null) {
        faults.add(status + " " + fault + ": " + request + " -> " + answer.substring(end));
      }
      if (head.toLowerCase(Locale.ROOT).contains("connection: close")) {
        close(connection);
      }
      return status >= 400;
    }

    private @Nullable String fault(Request request, int status, String head, String body) {
      boolean says501 = status == 501 && body.contains("\"not_supported\"");
      boolean drainIsLate = status == 504 && request.path().equals("/lite/drain");
      if (status >= 500 && !says501 && !drainIsLate) {
        return "5xx";
      }
      if (status >= 400 && STACK_TRACE.matcher(body).find()) {
        return "stack trace";
      }
      // Undertow's own refusals, of what it cannot even parse, have no body.
      if (head.contains("Content-Encoding: gzip") || !head.contains("Kenbun-Capabilities")) {
        return null;
      }
      Matcher type = CONTENT_TYPE.matcher(head);
      return Documented.faultOf(
          request.method(), request.path(), status, type.find() ? type.group(1) : null, body);
    }

    private void close(@Nullable RawConnection ended) throws IOException {
      connection = null;
      if (ended != null) {
        ended.close();
      }
    }

    @Override
    public void close() throws IOException {
      close(connection);
      server.close();
    }
  }
}
