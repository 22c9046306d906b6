package io.kenbun.lite.http.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.call.Routes.Needs;
import io.kenbun.lite.http.call.Routes.On;
import io.kenbun.lite.http.call.Routes.Route;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The document says what is served, all of it and nothing else. */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SOURCES = Path.of("src/main/java/io/kenbun/lite/http");

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
  void theDocumentIsForAnybodyAndKeptByBrowsers() throws Exception {
    HttpResponse<String> answer = server.send("GET", "/openapi.json", null);
    assertEquals("3.1.0", JSON.readTree(answer.body()).get("openapi").asText());
    assertEquals("1.2.3", JSON.readTree(answer.body()).at("/info/version").asText());
    String etag = answer.headers().firstValue("ETag").orElseThrow();
    assertEquals(
        304, server.send("GET", "/openapi.json", null, "If-None-Match", etag).statusCode());
  }

  @Test
  void aRouteWithoutAnOperationIsRefused() {
    List<Route> table = new ArrayList<>(server.table());
    table.add(new Route("GET", "/new", Needs.UNIT, On.WORKER, call -> {}));
    assertEquals(
        "route without an operation: GET /new",
        assertThrows(IllegalStateException.class, () -> Document.of(table, "1")).getMessage());
  }

  @Test
  void anOperationWithoutARouteIsRefused() {
    List<Route> table = new ArrayList<>(server.table());
    table.removeIf(route -> route.template().equals("/healthz"));
    assertEquals(
        "operations without a route: [GET /healthz]",
        assertThrows(IllegalStateException.class, () -> Document.of(table, "1")).getMessage());
  }

  @Test
  void eachOperationIsToldInFull() {
    Set<String> ids = new HashSet<>();
    Documented.operations()
        .forEach(
            (key, operation) -> {
              assertTrue(ids.add(operation.path("operationId").asText()), key);
              assertFalse(operation.path("summary").asText().isEmpty(), key);
              assertEquals(1, operation.path("tags").size(), key);
              assertTrue(
                  Set.of("PRIMARY", "N", "O", "INFERRED", "ours")
                      .contains(operation.path("x-source").asText()),
                  key);
              for (JsonNode parameter : Documented.parameters(operation)) {
                assertTrue(parameter.path("schema").has("type"), key + parameter);
              }
            });
  }

  @Test
  void eachRouteNeedsWhatTheDocumentSays() throws Exception {
    for (Route route : server.table()) {
      JsonNode operation = Documented.operations().get(route.method() + " " + route.template());
      if (operation != null) {
        assertEquals(
            switch (route.needs()) {
              case NOTHING -> "[]";
              case CREDENTIAL -> "[{\"basic\":[]},{\"token\":[]}]";
              case UNIT -> "[{\"basic\":[],\"activeOu\":[]},{\"token\":[],\"activeOu\":[]}]";
            },
            operation.get("security").toString(),
            route.template());
      }
    }
  }

  @Test
  void eachJsonThatIsDescribedHasAnExampleThatFits() {
    Documented.operations()
        .forEach(
            (key, operation) -> {
              operation.get("responses").forEach(response -> checkExample(key, response));
              checkExample(key, operation.path("requestBody"));
            });
  }

  private static void checkExample(String key, JsonNode holder) {
    JsonNode told =
        holder.has("$ref")
            ? Documented.document().at(holder.get("$ref").asText().substring(1))
            : holder;
    JsonNode content = told.path("content").path("application/json");
    if (!content.isMissingNode() && !content.at("/schema/properties/drained").isObject()) {
      assertTrue(content.has("example"), key);
    }
    if (content.has("example")) {
      assertNull(Documented.faultOf(content.get("schema"), content.get("example")), key);
    }
  }

  @Test
  void eachReferenceLeadsSomewhereAndEachSchemaIsUsed() {
    Set<String> used = new TreeSet<>();
    for (JsonNode reference : Documented.document().findValues("$ref")) {
      assertFalse(
          Documented.document().at(reference.asText().substring(1)).isMissingNode(),
          reference.asText());
      used.add(reference.asText());
    }
    Documented.document()
        .at("/components/schemas")
        .fieldNames()
        .forEachRemaining(name -> assertTrue(used.contains("#/components/schemas/" + name), name));
  }

  @Test
  void eachCodeOfAProblemIsListed() throws IOException {
    Set<String> listed = new TreeSet<>();
    Documented.document()
        .at("/components/schemas/Code/enum")
        .forEach(code -> listed.add(code.asText()));
    Matcher made =
        Pattern.compile("\\b(?:\\d{3}|status),\\s*\"([a-z_]+)\"")
            .matcher(Files.readString(SOURCES.resolve("call/Problem.java")));
    Set<String> inCode = new TreeSet<>();
    while (made.find()) {
      inCode.add(made.group(1));
    }
    assertEquals(inCode, listed);
  }

  @Test
  void theParametersThatAreReadAreThoseThatAreTold() throws IOException {
    Set<String> read = new TreeSet<>(Set.of("page", "limit"));
    Pattern reading =
        Pattern.compile("(?:query(?:\\(\\))?\\s*\\.(?:text|whole|bool)|bands)\\(\\s*\"(\\w+)\"");
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        Matcher matcher = reading.matcher(Files.readString(source));
        while (matcher.find()) {
          read.add(matcher.group(1));
        }
      }
    }
    // Named by what fires: FiringApi puts _id behind it.
    read.addAll(Set.of("trigger_id", "sequence_id", "surge_trigger_id"));
    Set<String> told = new TreeSet<>();
    queryParameters((key, name, schema) -> told.add(name));
    assertEquals(read, told);
  }

  private interface OfQuery {
    void see(String operation, String name, JsonNode schema) throws Exception;
  }

  private static void queryParameters(OfQuery each) {
    Documented.operations()
        .forEach(
            (key, operation) -> {
              for (JsonNode parameter : Documented.parameters(operation)) {
                if (parameter.get("in").asText().equals("query")) {
                  try {
                    each.see(key, parameter.get("name").asText(), parameter.get("schema"));
                  } catch (Exception e) {
                    throw new AssertionError(key, e);
                  }
                }
              }
            });
  }

  @Test
  void eachParameterIsHeldToItsTypeAndRange() throws Exception {
    server.event("ld_1", "Page View", "2026-03-10T11:00:00Z", "{}");
    String token =
        JSON.readTree(server.call("POST", "/leads/ld_1/share-explain", null).body())
            .get("token")
            .asText();
    queryParameters(
        (key, name, schema) -> {
          if (key.equals("POST /lite/reset")) {
            return; // 404 here, since this server was not started with it.
          }
          String path =
              key.substring(key.indexOf(' ') + 1)
                  .replace("{leadID}", "ld_1")
                  .replace("{eventType}", "Page%20View")
                  .replace("{token}", token);
          String call = key.substring(0, key.indexOf(' ')) + " " + path + "?" + name + "=";
          String type = schema.get("type").asText();
          if (type.equals("integer")) {
            assertRefused(call + "x", name);
            assertRefused(call + "1.5", name);
            if (schema.has("minimum")) {
              assertRefused(call + (schema.get("minimum").asLong() - 1), name);
              assertTaken(call + schema.get("minimum").asLong(), name);
              assertRefused(call + (schema.get("maximum").asLong() + 1), name);
              assertTaken(call + schema.get("maximum").asLong(), name);
            }
          } else if (type.equals("boolean")) {
            assertRefused(call + "maybe", name);
            assertTaken(call + "false", name);
          } else if (schema.has("enum")) {
            assertRefused(call + "nothing_such", name);
            for (JsonNode value : schema.get("enum")) {
              assertTaken(call + value.asText(), name);
            }
          }
        });
  }

  private void assertRefused(String call, String field) throws Exception {
    HttpResponse<String> answer = answer(call);
    assertTrue(
        answer.statusCode() == 400
            && JSON.readTree(answer.body()).path("field").asText().equals(field),
        call + ": " + answer.statusCode() + " " + answer.body());
  }

  private void assertTaken(String call, String field) throws Exception {
    HttpResponse<String> answer = answer(call);
    assertFalse(
        answer.statusCode() >= 400
            && JSON.readTree(answer.body()).path("field").asText().equals(field),
        call + ": " + answer.statusCode() + " " + answer.body());
  }

  private HttpResponse<String> answer(String call) throws Exception {
    int blank = call.indexOf(' ');
    String method = call.substring(0, blank);
    return server.call(method, call.substring(blank + 1), method.equals("PATCH") ? "{}" : null);
  }

  @Test
  void anAnswerThatTheDocumentDoesNotDescribeIsSeen() throws Exception {
    String fits = "{\"message\":\"event queued\",\"event_id\":\"evt_1\"}";
    assertNull(fault("POST", "/ingest", 202, fits));
    assertSeen("more", fault("POST", "/ingest", 202, fits.replace("}", ",\"more\":1}")));
    assertSeen("event_id", fault("POST", "/ingest", 202, "{\"message\":\"event queued\"}"));
    assertSeen("integer", fault("POST", "/ingest", 202, fits.replace("\"evt_1\"", "1")));
    assertSeen("no status 200", fault("POST", "/ingest", 200, fits));
    assertSeen("no such operation", fault("GET", "/nothing", 200, fits));
    assertSeen("no JSON", fault("POST", "/ingest", 202, "event queued"));
    assertSeen("there is no body", fault("DELETE", "/decays/d_1", 204, fits));
    assertSeen(
        "enumeration",
        fault("POST", "/ingest", 400, "{\"error\":\"no\",\"code\":\"nothing_such\"}"));
    assertSeen("text/html", Documented.faultOf("POST", "/ingest", 202, "text/html", fits));
    String lead =
        server.ok("/leads").isEmpty()
            ? ""
            : "{\"leads\":[],\"count\":0,\"period\":{\"start\":\"yesterday\",\"end\":\"2026-03-10T12:00:00Z\"}}";
    assertSeen(
        "date-time",
        fault(
            "GET",
            "/lead/ld_1/score-history",
            200,
            lead.replace("\"leads\"", "\"lead_id\":\"ld_1\",\"snapshots\"")));
    assertSeen(
        "more",
        fault(
            "GET",
            "/top-leads",
            200,
            "{\"leads\":[{\"lead_id\":\"a\",\"score\":1,\"last_event_at\":null,\"more\":1}]}"));
  }

  private static @Nullable String fault(String method, String path, int status, String body) {
    return Documented.faultOf(method, path, status, "application/json", body);
  }

  @Test
  void aBodyThatIsTakenThoughTheDocumentDoesNotDescribeItIsSeen() throws Exception {
    String event = "{\"lead_id\":\"a\",\"event_type\":\"Page View\",\"unknown\":1}";
    String more = event.replace("unknown", "more");
    assertEquals(202, server.ingest(event).statusCode());
    assertSeen(
        "this was sent, and [: property 'more'",
        assertThrows(AssertionError.class, () -> server.ingest(more)).getMessage());
    byte[] lines = (event + "\n\n{}\n" + more).getBytes(StandardCharsets.UTF_8);
    assertSeen(
        "this was sent, and line 4: [: property 'more'",
        assertThrows(AssertionError.class, () -> server.batch(lines)).getMessage());
  }

  private static void assertSeen(String what, @Nullable String fault) {
    assertNotNull(fault, what);
    assertTrue(fault.contains(what), fault);
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = server.send("GET", "/docs", null);
    assertEquals(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        page.headers().firstValue("Content-Security-Policy").orElseThrow());
    Matcher links = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page.body());
    int files = 0;
    while (links.find()) {
      assertTrue(
          server.table().stream().anyMatch(any -> any.template().equals("/" + links.group(1))));
      files++;
    }
    assertEquals(5, files);
    Refused.by(server.send("GET", "/docs/swagger-ui.js", null)).is(404, "not_found", null);
  }

  @Test
  void theDocumentIsSmallToSend() throws Exception {
    int bytes =
        server.send("GET", "/openapi.json", null).body().getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 400_000, String.valueOf(bytes));
  }
}
