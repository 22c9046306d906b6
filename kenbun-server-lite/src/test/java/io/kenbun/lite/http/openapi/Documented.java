package io.kenbun.lite.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kenbun.lite.http.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds answers to the OpenAPI document, and what was sent where the answer is 2xx: an answer whose
 * status, type or body it does not describe, and a body that was taken though it does not describe
 * it, fail the test. What tests call servers with has every answer pass here, so no test has to ask
 * for it. An object may have no property but those that are described, wherever its schema does not
 * open it.
 */
public final class Documented {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Documented DOCUMENT = load();

  private final JsonNode document;
  private final ObjectNode components;
  private final Map<String, Map<String, JsonNode>> paths = new TreeMap<>();
  private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private Documented(JsonNode document) {
    this.document = document;
    this.components = JSON.createObjectNode();
    components.set("$defs", closed(document.at("/components/schemas").deepCopy()));
    refer(components);
    document
        .get("paths")
        .properties()
        .forEach(
            path -> {
              Map<String, JsonNode> methods = new TreeMap<>();
              path.getValue()
                  .properties()
                  .forEach(method -> methods.put(method.getKey(), method.getValue()));
              paths.put(path.getKey(), methods);
            });
  }

  /** Returns {@code answer}, or fails. */
  public static HttpResponse<String> answer(HttpResponse<String> answer) {
    HttpRequest request = answer.request();
    if (answer.headers().firstValue("Content-Security-Policy").isPresent()
        && DOCUMENT.operation("get", request.uri().getRawPath()) == null) {
      return answer; // A file of a page, which is no call.
    }
    String fault =
        DOCUMENT.fault(
            request.method(),
            request.uri().getRawPath(),
            answer.statusCode(),
            answer.headers().firstValue("Content-Type").orElse(null),
            answer.body());
    if (fault == null && answer.statusCode() / 100 == 2) {
      String sent = DOCUMENT.faultOfAccepted(request, answer.body());
      fault = sent == null ? null : "this was sent, and " + sent;
    }
    if (fault != null) {
      throw new AssertionError(
          request.method()
              + " "
              + request.uri().getRawPath()
              + " was answered with "
              + answer.statusCode()
              + " "
              + answer.body()
              + "\nand /openapi.json says otherwise: "
              + fault);
    }
    return answer;
  }

  /** Returns the document that answers are held to. */
  static JsonNode document() {
    return DOCUMENT.document;
  }

  /** Returns what is wrong with an answer, or null. */
  static @Nullable String faultOf(
      String method, String path, int status, @Nullable String contentType, String body) {
    return DOCUMENT.fault(method, path, status, contentType, body);
  }

  /** Returns what is wrong with {@code value} by a schema of the document, or null. */
  static @Nullable String faultOf(JsonNode schema, JsonNode value) {
    return DOCUMENT.schemaFault(schema, value);
  }

  private @Nullable String fault(
      String method, String path, int status, @Nullable String contentType, String body) {
    JsonNode operation =
        operation(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT), path);
    if (operation == null && method.equals("OPTIONS") && status == 204) {
      return body.isEmpty() ? null : "there is no body"; // The table's own, not an operation's.
    }
    if (operation == null) {
      // Refused before there was a call: a path or a method that is not served.
      return status < 400
          ? "no such operation"
          : method.equals("HEAD") ? null : jsonFault(problem(), contentType, body);
    }
    if (status >= 400 && body.contains("\"code\":\"chaos\"")) {
      return jsonFault(problem(), contentType, body); // Of whatever status a test has chosen.
    }
    JsonNode response = operation.get("responses").get(String.valueOf(status));
    if (response == null) {
      return operation.get("operationId").asText() + " has no status " + status;
    }
    if (response.has("$ref")) {
      response = document.at(response.get("$ref").asText().substring(1));
    }
    if (method.equals("HEAD") || !response.has("content")) {
      return body.isEmpty() ? null : "there is no body";
    }
    String type = contentType == null ? "" : List.of(contentType.split(";", -1)).get(0);
    JsonNode content = response.get("content").get(type);
    if (content == null) {
      return "the type is one of " + names(response.get("content")) + ": " + contentType;
    }
    return type.equals("application/json")
        ? jsonFault(content.get("schema"), contentType, body)
        : null;
  }

  /** Returns what is wrong with the body of a request that was accepted, or null. */
  private @Nullable String faultOfAccepted(HttpRequest request, String answer) {
    JsonNode operation =
        operation(request.method().toLowerCase(Locale.ROOT), request.uri().getRawPath());
    JsonNode told = operation == null ? null : operation.get("requestBody");
    if (told == null) {
      return null; // Nobody looks at it.
    }
    byte[] body = SentBody.of(request);
    if (body.length == 0) {
      return told.path("required").asBoolean() ? "there is a body" : null;
    }
    String type =
        request
            .headers()
            .firstValue("Content-Type")
            .orElse("application/json")
            .split(";", -1)[0]
            .toLowerCase(Locale.ROOT);
    JsonNode content = told.get("content").get(type);
    if (content == null) {
      return "the type is one of " + names(told.get("content")) + ": " + type;
    }
    try {
      return switch (type) {
        case "application/json" -> schemaFault(content.get("schema"), told(JSON.readTree(body)));
        case "application/x-ndjson" ->
            lineFault(new String(body, StandardCharsets.UTF_8), JSON.readTree(answer));
        default -> null; // A form, of which the document says little.
      };
    } catch (IOException e) {
      return "no JSON: " + e.getMessage();
    }
  }

  /**
   * Leaves out what tests call {@code unknown} when they send what nobody asks for, and what a line
   * of a batch has more than a request, for which it is unknown.
   */
  private static JsonNode told(JsonNode sent) {
    if (sent instanceof ObjectNode fields) {
      fields.remove(List.of("unknown", "idempotency_key"));
    }
    return sent;
  }

  /** Looks at the lines of a batch that were accepted. */
  private @Nullable String lineFault(String body, JsonNode answer) throws IOException {
    List<Integer> refused = new ArrayList<>();
    answer.get("rejected").forEach(one -> refused.add(one.get("line").asInt()));
    String[] lines = body.split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank() && !refused.contains(i + 1)) {
        JsonNode event = told(JSON.readTree(lines[i]));
        String fault = schemaFault(document.at("/components/schemas/NewEvent"), event);
        if (fault != null) {
          return "line " + (i + 1) + ": " + fault;
        }
      }
    }
    return null;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private JsonNode problem() {
    return document.at("/components/schemas/Problem");
  }

  private @Nullable String jsonFault(JsonNode schema, @Nullable String contentType, String body) {
    if (!"application/json".equals(contentType)) {
      return "the type is application/json: " + contentType;
    }
    try {
      return schemaFault(schema, JSON.readTree(body));
    } catch (IOException e) {
      return "no JSON: " + e.getMessage();
    }
  }

  private @Nullable String schemaFault(JsonNode schema, JsonNode value) {
    Schema closed =
        schemas.computeIfAbsent(
            schema,
            open -> {
              ObjectNode root = closed(open.deepCopy());
              refer(root);
              root.setAll(components);
              return registry.getSchema(root);
            });
    List<Error> errors =
        closed.validate(
            value,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    return errors.isEmpty() ? null : errors.toString();
  }

  private @Nullable JsonNode operation(String method, String path) {
    Map<String, JsonNode> exact = paths.get(path);
    if (exact != null && exact.containsKey(method)) {
      return exact.get(method);
    }
    List<String> segments = List.of(path.split("/", -1));
    for (Map.Entry<String, Map<String, JsonNode>> template : paths.entrySet()) {
      if (template.getValue().containsKey(method)
          && matches(List.of(template.getKey().split("/", -1)), segments)) {
        return template.getValue().get(method);
      }
    }
    return null;
  }

  private static boolean matches(List<String> template, List<String> path) {
    if (template.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (template.get(i).startsWith("{")
          ? path.get(i).isEmpty()
          : !template.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Closes each object that lists its properties and does not say what else it may have. */
  private static ObjectNode closed(JsonNode schema) {
    for (JsonNode child : schema) {
      if (child.isContainerNode()) {
        closeAll(child);
      }
    }
    return close((ObjectNode) schema);
  }

  private static void closeAll(JsonNode node) {
    if (node.isObject()) {
      closed(node);
    } else {
      node.forEach(
          child -> {
            if (child.isContainerNode()) {
              closeAll(child);
            }
          });
    }
  }

  private static ObjectNode close(ObjectNode schema) {
    if (schema.path("properties").isObject()
        && schema.path("type").toString().contains("\"object\"")
        && !schema.has("additionalProperties")) {
      schema.put("additionalProperties", false);
    }
    return schema;
  }

  /** Has references lead into {@code $defs}, where JSON Schema keeps what is shared. */
  private static void refer(JsonNode node) {
    if (node.path("$ref").isTextual()) {
      String to = node.get("$ref").asText().replace("#/components/schemas/", "#/$defs/");
      ((ObjectNode) node).put("$ref", to);
    }
    node.forEach(Documented::refer);
  }

  /** Asks a server of its own, so that none under test sees a call that its test did not make. */
  private static Documented load() {
    try (TestServer server = new TestServer()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/openapi.json");
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError(answer.body());
      }
      return new Documented(JSON.readTree(answer.body()));
    } catch (Exception e) {
      throw new AssertionError("/openapi.json could not be read", e);
    }
  }

  /** Returns all operations, by {@code GET /leads} and the like. */
  static Map<String, JsonNode> operations() {
    Map<String, JsonNode> all = new TreeMap<>();
    DOCUMENT.paths.forEach(
        (path, methods) ->
            methods.forEach(
                (method, operation) ->
                    all.put(method.toUpperCase(Locale.ROOT) + " " + path, operation)));
    return all;
  }

  /** Returns the parameters of an operation, each as it is and not by reference. */
  static List<JsonNode> parameters(JsonNode operation) {
    List<JsonNode> all = new ArrayList<>();
    operation
        .path("parameters")
        .forEach(
            one ->
                all.add(
                    one.has("$ref") ? document().at(one.get("$ref").asText().substring(1)) : one));
    return all;
  }
}
