package io.kenbun.lite.http;

import io.kenbun.lite.http.call.Problem;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.Locale;

/**
 * What a request line asks for. Mostly a path; whoever believes to speak to a proxy names the host
 * too, and a server must take that (RFC 9112, section 3.2.2).
 *
 * <pre>
 *   POST /ingest HTTP/1.1
 *   POST http://127.0.0.1:8080/ingest HTTP/1.1     the same
 * </pre>
 *
 * <p>A {@code Host} header that names another host is refused, though the RFC would have it
 * ignored: {@link Origins} decides by the header, and a proxy before us may have decided by the
 * line.
 */
final class Target {
  private static final String MARK = "://";

  private Target() {}

  /** Returns the path as it was sent, without the query, or refuses the request. */
  static String path(HttpServerExchange exchange) {
    String uri = exchange.getRequestURI();
    if (!exchange.isHostIncludedInRequestURI()) {
      return uri;
    }
    int mark = uri.indexOf(MARK);
    String scheme = mark < 0 ? "" : uri.substring(0, mark).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw Problem.notFound("no such path");
    }
    int from = mark + MARK.length();
    int slash = uri.indexOf('/', from);
    String host = slash < 0 ? uri.substring(from) : uri.substring(from, slash);
    if (!host.equalsIgnoreCase(exchange.getRequestHeaders().getFirst(Headers.HOST))) {
      throw Problem.invalidField("Host", "Host is not the host of the request line");
    }
    return slash < 0 ? "/" : uri.substring(slash);
  }
}
