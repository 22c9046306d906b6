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
  public record Route(String method, String template, Needs needs, On on, Handler handler) {
    /**
     * Says whether a caller may keep what it reads there and ask later whether it still holds. What
     * is of a moment, and what anybody may ask, is not kept.
     */
    public boolean isKept() {
      return needs != Needs.NOTHING && !template.startsWith("/lite/");
    }
  }

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
    String served = method.equals("HEAD") ? "GET" : method;
    Map<String, Route> exact = literal.get(rawPath);
    Route route = exact == null ? null : exact.get(served);
    if (route != null) {
      return new Match(route, Map.of());
    }
    List<String> segments = segments(rawPath);
    for (Template template : templates) {
      // A lead may be called as a literal path is: GET /leads/merge is a lead, POST is not.
      route = template.methods.get(served);
      Map<String, String> values = route == null ? null : template.match(segments);
      if (route != null && values != null) {
        return new Match(route, values);
      }
    }
    throw Problem.methodNotAllowed(allowed(rawPath));
  }

  /**
   * Returns the methods that a path takes, as {@code Allow} has them, or throws 404. {@code *} is
   * the server as a whole (RFC 9110, section 9.3.7).
   */
  public String allowed(String rawPath) {
    boolean whole = rawPath.equals("*");
    TreeSet<String> names = new TreeSet<>();
    if (whole) {
      literal.values().forEach(methods -> names.addAll(methods.keySet()));
    } else {
      names.addAll(literal.getOrDefault(rawPath, Map.of()).keySet());
    }
    List<String> segments = segments(rawPath);
    for (Template template : templates) {
      if (whole || template.match(segments) != null) {
        names.addAll(template.methods.keySet());
      }
    }
    if (names.isEmpty()) {
      throw Problem.notFound("no such path");
    }
    if (names.contains("GET")) {
      names.add("HEAD");
    }
    names.add("OPTIONS");
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
