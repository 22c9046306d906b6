package io.kenbun.lite.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests drawn from the OpenAPI document: each operation, its parameters and bodies partly as
 * they should be and partly as nobody should send them. The same seed draws the same.
 */
final class HostileRequests {
  private static final List<String> HOSTILE_TEXTS =
      List.of(
          "",
          "%20",
          "%00",
          "%ff%fe",
          "%ED%A0%80",
          "%zz",
          "%",
          "..",
          "..%2f..%2fetc%2fpasswd",
          "%2e%2e",
          "'%3B%20DROP%20TABLE%20leads%3B--",
          "%25s%25n",
          "-1",
          "0",
          "2147483648",
          "9223372036854775808",
          "1e309",
          "NaN",
          "null",
          "true",
          "%F0%9F%A6%8A",
          "a%0D%0ASet-Cookie:%20x=y",
          "x".repeat(3_000),
          "1".repeat(400));

  private static final List<String> HOSTILE_JSON =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1.5",
          "1e400",
          "-0",
          "9223372036854775808",
          "1".repeat(2_000),
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\\u202e\"",
          "\"" + "y".repeat(20_000) + "\"",
          "[]",
          "[[]]",
          "[null]",
          "[1,\"a\",{}]",
          "{}",
          "{\"\":{}}",
          "{\"a\":1,\"a\":2}",
          "[".repeat(200) + "]".repeat(200),
          "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000),
          "nul",
          "\"2026-02-30T25:61:61Z\"",
          "\"9999-12-31T23:59:59.999999999Z\"",
          "\"-P99999999999D\"",
          "\"(a+)+$\"");

  private static final List<String> BROKEN_BODIES =
      List.of(
          "",
          "null",
          "[]",
          "\"text\"",
          "1",
          "{",
          "{\"a\":1,}",
          "{'a':1}",
          "\u0000",
          "\ufeff{}",
          "{} {}",
          "[".repeat(20_000),
          "{\"" + "k".repeat(70_000) + "\":1}");

  private static final List<String> HOSTILE_HEADERS =
      List.of(
          "Idempotency-Key: " + "k".repeat(300),
          "Idempotency-Key: \u0001",
          "Content-Encoding: gzip",
          "Content-Encoding: br",
          "Accept: */*;q=x",
          "Accept-Encoding: gzip;q=0, *;q=nothing",
          "If-None-Match: \"",
          "If-None-Match: *",
          "Origin: null",
          "Origin: http://evil.example",
          "Cookie: activeOu=%00; activeOu=..",
          "Authorization: Bearer kbn_pat_" + "A".repeat(500),
          "Authorization: Basic !!!",
          "X-Request-Id: " + "z".repeat(500),
          "Range: bytes=0-0",
          "X-HTTP-Method-Override: DELETE");

  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Random random;
  private final Map<String, List<String>> knownIds;
  private final List<Map.Entry<String, JsonNode>> served = new ArrayList<>();
  private final List<Map.Entry<String, JsonNode>> notServed = new ArrayList<>();

  /**
   * Draws requests.
   *
   * @param knownIds by path variable, and by {@code /first/part variable} where that is apart
   */
  HostileRequests(long seed, Map<String, List<String>> knownIds) {
    this.random = new Random(seed);
    this.knownIds = knownIds;
    Documented.operations().entrySet().stream()
        .filter(one -> !one.getKey().equals("GET /lite/stream")) // It has no end.
        .forEach(one -> (one.getValue().get("responses").has("501") ? notServed : served).add(one));
  }

  /** One request, without what says who calls. */
  record Request(
      String method, String target, List<String> headers, String contentType, String body) {
    /** Returns it as it goes out, for {@code host}, with the lines {@code caller}. */
    byte[] bytes(String host, String caller) {
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      StringBuilder head = new StringBuilder();
      head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ").append(host);
      head.append("\r\n").append(caller);
      headers.forEach(line -> head.append(line).append("\r\n"));
      if (!contentType.isEmpty()) {
        head.append("Content-Type: ").append(contentType).append("\r\n");
      }
      head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      whole.writeBytes(content);
      return whole.toByteArray();
    }

    String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public String toString() {
      String shown = method + " " + target + " " + headers + " " + contentType + " " + body;
      return shown.length() > 700 ? shown.substring(0, 700) + "…" : shown;
    }
  }

  /** Draws the {@code number}th request; each operation has its turn. */
  Request next(int number) {
    List<Map.Entry<String, JsonNode>> operations = number % 10 == 9 ? notServed : served;
    Map.Entry<String, JsonNode> entry = operations.get((number - number / 10) % operations.size());
    int blank = entry.getKey().indexOf(' ');
    String method = entry.getKey().substring(0, blank);
    String template = entry.getKey().substring(blank + 1);
    JsonNode operation = entry.getValue();
    List<String> headers = new ArrayList<>();
    if (chance(10)) {
      headers.add(one(HOSTILE_HEADERS));
    }
    String contentType = "";
    String body = "";
    JsonNode content = operation.path("requestBody").path("content");
    if (content.isObject()) {
      contentType = content.fieldNames().next();
      body = body(contentType, content.get(contentType));
      if (contentType.startsWith("multipart/")) {
        contentType += "; boundary=b";
      }
      if (chance(3)) {
        contentType =
            one(List.of("", "text/plain", "application/json; charset=utf-16", "a/b/c", ";"));
      }
    } else if (chance(5)) {
      contentType = "application/json";
      body = one(BROKEN_BODIES);
    }
    return new Request(method, path(template) + query(operation), headers, contentType, body);
  }

  private String path(String template) {
    Matcher variable = VARIABLE.matcher(template);
    StringBuilder path = new StringBuilder();
    while (variable.find()) {
      String name = variable.group(1);
      List<String> ids =
          knownIds.getOrDefault(
              template.substring(0, variable.start()) + name,
              knownIds.getOrDefault(name, List.of("nothing")));
      String value = chance(65) ? one(ids) : one(HOSTILE_TEXTS);
      variable.appendReplacement(path, Matcher.quoteReplacement(value));
    }
    return variable.appendTail(path).toString();
  }

  private String query(JsonNode operation) {
    List<String> pairs = new ArrayList<>();
    for (JsonNode parameter : Documented.parameters(operation)) {
      String name = parameter.get("name").asText();
      // A drain waits as long as it is told to, which nobody scores here.
      boolean always = name.equals("timeout_ms") || parameter.path("required").asBoolean();
      if (parameter.get("in").asText().equals("query") && (always || chance(35))) {
        pairs.add(name + "=" + (name.equals("timeout_ms") ? "1" : value(parameter.get("schema"))));
        if (chance(3)) {
          pairs.add(name + "=" + one(HOSTILE_TEXTS));
        }
      }
    }
    if (chance(5)) {
      pairs.add(one(HOSTILE_TEXTS) + "=" + one(HOSTILE_TEXTS));
    }
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private String value(JsonNode schema) {
    if (chance(40)) {
      return one(HOSTILE_TEXTS);
    }
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size())).asText();
    }
    return switch (schema.path("type").asText()) {
      case "integer" -> String.valueOf(1 + random.nextInt(100));
      case "boolean" -> String.valueOf(random.nextBoolean());
      default ->
          schema.path("format").asText().equals("date-time")
              ? "2026-03-10T12:00:00Z"
              : one(List.of("ada@example.com", "Page%20View", "ld_1", "rs_main"));
    };
  }

  private String body(String contentType, JsonNode content) {
    if (chance(10)) {
      return one(BROKEN_BODIES);
    }
    if (contentType.equals("application/x-ndjson")) {
      return event() + "\n" + event() + (chance(50) ? "\n" : "\r\n\n") + one(BROKEN_BODIES);
    }
    if (contentType.startsWith("multipart/")) {
      return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.csv\"\r\n\r\n"
          + one(List.of("event_type,lead_id\r\n", "event_type\n", "a,b\n\"", "\"", "", "email,x\n"))
          + one(List.of("Page View,ld_1\r\n", "Page View\r\n", "\"\n\n\"\"x\",\u0000", ","))
          + "\r\n"
          + one(List.of("--b--\r\n", "--b", "--c--\r\n"));
    }
    ObjectNode example = content.get("example").deepCopy();
    if (chance(15)) {
      return example.toString();
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      spoil(example);
    }
    String text = example.toString();
    // The same name twice: who wins must not matter to what is checked.
    return chance(5) ? text.replaceFirst("\\{\"(\\w+)\"", "{\"$1\":1,\"$1\"") : text;
  }

  private String event() {
    return chance(60)
        ? "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}"
        : "{\"lead_id\":" + one(HOSTILE_JSON) + ",\"event_type\":" + one(HOSTILE_JSON) + "}";
  }

  /** Puts something else where a value was, at any depth; or takes it away, or adds one. */
  private void spoil(JsonNode node) {
    if (node instanceof ArrayNode list && !list.isEmpty()) {
      int at = random.nextInt(list.size());
      if (list.get(at).isContainerNode() && chance(60)) {
        spoil(list.get(at));
      } else if (chance(20)) {
        for (int i = 0; i < 120; i++) {
          list.add(list.get(at).deepCopy());
        }
      } else {
        list.set(at, raw());
      }
    } else if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.isEmpty() ? "more" : one(names);
      if (object.path(name).isContainerNode() && chance(60)) {
        spoil(object.get(name));
      } else if (chance(15)) {
        object.remove(name);
      } else if (chance(10)) {
        object.set(one(List.of("", "unit_id", "\u0000", "__proto__", "k".repeat(300))), raw());
      } else {
        object.set(name, raw());
      }
    }
  }

  private JsonNode raw() {
    return NODES.rawValueNode(new RawValue(one(HOSTILE_JSON)));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
