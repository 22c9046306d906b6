package io.kenbun.lite.http.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The table of everything that is served: which method on which path, what it takes to call it, and
 * where it runs. A literal path wins over one with a variable. HEAD is served as GET. Immutable
 * once made; any thread.
 */
public final class Routes {
  /** What a call must bring along. */
  public enum Needs {
    NOTHING,
    CREDENTIAL,
    /** A credential and an active OU. */
    UNIT
  }

  /** Where a handler runs. */
  public enum On {
    /** On the connection's I/O thread, which it must not hold up. */
    IO_THREAD,
    /** On a worker, which may wait for the store. */
    WORKER
  }

  /** Serves one route; answers the call, now or later, or throws. */
  public interface Handler {
    void handle(Call call) throws Exception;
  }

  /** One line of the table. */
  public record Route(String method, String template, Needs needs, On on, Handler handler) {}

  /** A route and what its variables stand for. */
  public record Match(Route route, Map<String, String> pathValues) {}

  private final List<Route> table;
  private final Map<String, Map<String, Route>> literal = new HashMap<>();
  private final List<Template> templates = new ArrayList<>();

  public Routes(List<Route> table) {
    this.table = List.copyOf(table);
    for (Route route : table) {
      methods(route.template()).merge(route.method(), route, Routes::twice);
    }
  }

  /** Returns all of it. */
  public List<Route> table() {
    return table;
  }

  /** Returns the route for a request, or throws 404 or 405. */
  public Match match(String method, String rawPath) {
    Map<String, Route> exact = literal.get(rawPath);
    if (exact != null && serves(exact, method)) {
      return new Match(route(method, exact), Map.of());
    }
    List<String> segments = segments(rawPath);
    for (Template template : templates) {
      Map<String, String> values = template.match(segments);
      // A lead may be called as a literal path is: GET /leads/merge is a lead, POST is not.
      if (values != null && (exact == null || serves(template.methods, method))) {
        return new Match(route(method, template.methods), values);
      }
    }
    if (exact != null) {
      return new Match(route(method, exact), Map.of());
    }
    throw Problem.notFound("no such path");
  }

  private static boolean serves(Map<String, Route> methods, String method) {
    return methods.containsKey(method.equals("HEAD") ? "GET" : method);
  }

  private static Route route(String method, Map<String, Route> methods) {
    Route route = methods.get(method.equals("HEAD") ? "GET" : method);
    if (route == null) {
      throw Problem.methodNotAllowed(allowed(methods));
    }
    return route;
  }

  /** Returns the value of {@code Allow}. */
  private static String allowed(Map<String, Route> methods) {
    TreeSet<String> names = new TreeSet<>(methods.keySet());
    if (names.contains("GET")) {
      names.add("HEAD");
    }
    return String.join(", ", names);
  }

  private Map<String, Route> methods(String path) {
    if (path.indexOf('{') < 0) {
      return literal.computeIfAbsent(path, any -> new HashMap<>());
    }
    for (Template template : templates) {
      if (template.path.equals(path)) {
        return template.methods;
      }
    }
    Template template = new Template(path);
    templates.add(template);
    return template.methods;
  }

  private static Route twice(Route first, Route second) {
    throw new IllegalArgumentException("route twice: " + second.method() + " " + second.template());
  }

  private static List<String> segments(String rawPath) {
    List<String> segments = new ArrayList<>();
    int from = 1;
    while (from <= rawPath.length()) {
      int end = rawPath.indexOf('/', from);
      if (end < 0) {
        end = rawPath.length();
      }
      segments.add(rawPath.substring(from, end));
      from = end + 1;
    }
    return segments;
  }

  private static final class Template {
    final String path;
    final List<String> segments;
    final Map<String, Route> methods = new HashMap<>();

    Template(String path) {
      this.path = path;
      this.segments = segments(path);
    }

    @Nullable Map<String, String> match(List<String> actual) {
      if (actual.size() != segments.size()) {
        return null;
      }
      for (int i = 0; i < actual.size(); i++) {
        if (isVariable(segments.get(i))
            ? actual.get(i).isEmpty()
            : !segments.get(i).equals(actual.get(i))) {
          return null;
        }
      }
      Map<String, String> values = new LinkedHashMap<>(4);
      for (int i = 0; i < actual.size(); i++) {
        if (isVariable(segments.get(i))) {
          String name = segments.get(i).substring(1, segments.get(i).length() - 1);
          values.put(name, Query.decoded(name, actual.get(i), false));
        }
      }
      return values;
    }

    private static boolean isVariable(String segment) {
      return segment.startsWith("{");
    }
  }
}
