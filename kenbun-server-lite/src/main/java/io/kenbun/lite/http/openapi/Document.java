package io.kenbun.lite.http.openapi;

import io.kenbun.lite.http.call.NotSupported;
import io.kenbun.lite.http.call.Routes.Needs;
import io.kenbun.lite.http.call.Routes.Route;
import io.kenbun.lite.http.call.StaticFiles;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonOut;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI 3.1 document of a routing table. What the table knows comes from it: paths, methods,
 * variables, what a call needs, and the refusals that follow from these. The rest, which is what
 * goes in and what comes out, is written by hand, one resource a tag:
 *
 * <pre>
 *   {"tag":        {"name", "description"},
 *    "operations": {"GET /leads": an operation object, or {"as": another one's key, and what differs}},
 *    "schemas":    {"Lead": a schema}}           into components/schemas
 * </pre>
 *
 * <p>A route without an operation or an operation without a route is a defect and refused.
 */
final class Document {
  /** Without their ending, in the order in which they are shown. */
  static final List<String> PARTS =
      List.of(
          "ingest",
          "org-units",
          "credentials",
          "events",
          "leads",
          "scores",
          "engagement-rules",
          "profile-rules",
          "levels",
          "filters",
          "triggers",
          "firings",
          "notifications",
          "settings",
          "lite");

  /** The tag of what the real service has and this one has not. */
  private static final String NOT_SERVED = "Not served";

  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

  private final List<Object> tags = new ArrayList<>();
  private final Map<String, Map<String, Object>> operations = new LinkedHashMap<>();
  private final Map<String, Object> schemas = new TreeMap<>();

  private Document() throws IOException {
    for (String name : PARTS) {
      Map<String, Object> part = read(name + ".json");
      Object tag = object(part.get("tag"));
      tags.add(tag);
      object(part.get("operations"))
          .forEach(
              (key, written) -> {
                Map<String, Object> operation = object(written);
                operation.put("tags", List.of(String.valueOf(object(tag).get("name"))));
                if (operations.put(key, operation) != null) {
                  throw new IllegalStateException("operation twice: " + key);
                }
              });
      object(part.get("schemas"))
          .forEach(
              (key, schema) -> {
                if (schemas.put(key, schema) != null) {
                  throw new IllegalStateException("schema twice: " + key);
                }
              });
    }
  }

  /**
   * Writes the document.
   *
   * @param version of the server
   * @throws IllegalStateException when the table and the operations do not match
   */
  static byte[] of(List<Route> table, String version) throws IOException {
    Document document = new Document();
    Map<String, Object> paths = new TreeMap<>();
    List<String> left = new ArrayList<>(document.operations.keySet());
    for (Route route : table) {
      String key = route.method() + " " + route.template();
      if (left.remove(key)) {
        at(paths, route, document.operation(key, route));
      } else if (route.handler() instanceof NotSupported) {
        at(paths, route, document.notSupported(route));
      } else if (!StaticFiles.isFile(route)) {
        throw new IllegalStateException("route without an operation: " + key);
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalStateException("operations without a route: " + left);
    }
    return document.assembled(paths, version);
  }

  private static void at(Map<String, Object> paths, Route route, Map<String, Object> operation) {
    object(paths.computeIfAbsent(route.template(), any -> new LinkedHashMap<>()))
        .put(route.method().toLowerCase(Locale.ROOT), operation);
  }

  private byte[] assembled(Map<String, Object> paths, String version) throws IOException {
    Map<String, Object> head = read("document.json");
    object(head.get("info")).put("version", version);
    schemas.putAll(object(object(head.get("components")).get("schemas")));
    object(head.get("components")).put("schemas", schemas);
    Map<String, Object> whole = new LinkedHashMap<>(head);
    whole.remove("components"); // To the end, behind what people look for.
    tags.add(Map.of("name", NOT_SERVED, "description", "What the real service has: 501 here."));
    whole.put("tags", tags);
    whole.put("paths", paths);
    whole.put("components", head.get("components"));
    return new JsonOut().value(whole).bytes();
  }

  private Map<String, Object> operation(String key, Route route) {
    Map<String, Object> written = written(key);
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("tags", written.get("tags"));
    whole.putAll(written);
    List<Object> parameters = variables(route);
    if (written.get("parameters") instanceof List<?> more) {
      parameters.addAll(more);
    }
    whole.put("parameters", parameters);
    whole.put("security", security(route.needs()));
    Map<String, Object> responses = new TreeMap<>(object(written.get("responses")));
    implied(route, written.containsKey("requestBody"))
        .forEach((status, name) -> responses.putIfAbsent(status, reference(name)));
    whole.put("responses", responses);
    return whole;
  }

  /** Returns the operation of a route of which there is nothing to say but that it is refused. */
  private Map<String, Object> notSupported(Route route) {
    NotSupported handler = (NotSupported) route.handler();
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("tags", List.of(NOT_SERVED));
    String name = route.method() + route.template();
    whole.put("operationId", "notServed_" + name.replaceAll("\\W+", "_"));
    whole.put("summary", handler.what() + " are not served here");
    whole.put("x-source", "O");
    whole.put("parameters", variables(route));
    whole.put("security", security(route.needs()));
    Map<String, Object> responses = new TreeMap<>();
    for (String status : List.of("400", "401", "403", "503")) {
      responses.put(status, reference(implied(route, false).getOrDefault(status, "")));
    }
    responses.put("501", reference("NotSupported"));
    whole.put("responses", responses);
    return whole;
  }

  private static List<Object> variables(Route route) {
    List<Object> parameters = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(route.template());
    while (variable.find()) {
      Map<String, Object> parameter = new LinkedHashMap<>();
      parameter.put("name", variable.group(1));
      parameter.put("in", "path");
      parameter.put("required", true);
      parameter.put("schema", Map.of("type", "string"));
      parameters.add(parameter);
    }
    return parameters;
  }

  /** Returns what is written of an operation, by way of the one that it is like. */
  private Map<String, Object> written(String key) {
    Map<String, Object> operation = object(operations.get(key));
    if (!(operation.get("as") instanceof String like)) {
      return operation;
    }
    Map<String, Object> whole = new LinkedHashMap<>(written(like));
    whole.putAll(operation);
    whole.remove("as");
    return whole;
  }

  private static List<Object> security(Needs needs) {
    return switch (needs) {
      case NOTHING -> List.of();
      case CREDENTIAL -> List.of(scheme("basic"), scheme("token"));
      case UNIT -> List.of(scheme("basic", "activeOu"), scheme("token", "activeOu"));
    };
  }

  private static Map<String, Object> scheme(String... names) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (String name : names) {
      all.put(name, List.of());
    }
    return all;
  }

  /** Returns the answers that any route of its kind may give besides those that are written. */
  private static Map<String, String> implied(Route route, boolean takesBody) {
    Map<String, String> names = new TreeMap<>();
    names.put("400", "BadRequest");
    names.put("403", "Forbidden");
    names.put("500", "Internal");
    if (route.needs() != Needs.NOTHING) {
      names.put("401", "Unauthorized");
      names.put("503", "Unavailable");
    }
    if (route.method().equals("GET") && route.isKept()) {
      names.put("304", "NotModified");
    }
    if (route.template().indexOf('{') >= 0) {
      names.put("404", "NotFound");
    }
    if (takesBody) {
      names.put("413", "TooLarge");
      names.put("415", "UnsupportedMediaType");
    }
    return names;
  }

  private static Map<String, Object> reference(String name) {
    return Map.of("$ref", "#/components/responses/" + name);
  }

  private static Map<String, Object> read(String name) throws IOException {
    try (InputStream in = Document.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no such part: " + name);
      }
      return object(Json.readTree(in.readAllBytes()));
    }
  }

  @SuppressWarnings("unchecked") // What JSON objects are read into.
  private static Map<String, Object> object(@Nullable Object tree) {
    if (!(tree instanceof Map<?, ?>)) {
      throw new IllegalStateException("not an object: " + tree);
    }
    return (Map<String, Object>) tree;
  }
}
