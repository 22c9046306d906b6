package io.kenbun.lite.http;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of others from using a browser to reach this server. On a loopback address the
 * browser stands inside: a page whose name was pointed at 127.0.0.1 (DNS rebinding) shows in {@code
 * Host}, one that posts across origins shows in {@code Origin}; both must name the loopback. On any
 * other address {@code Origin}, if there is one, must be the {@code Host} that is called.
 *
 * <p>Origins that are listed may call besides, and their pages read the answers (CORS, as <a
 * href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch</a> has it). None is by default.
 */
final class Origins {
  /** What a page of a listed origin may send along. */
  private static final String REQUEST_HEADERS =
      "Authorization, Content-Encoding, Content-Type, Idempotency-Key, If-None-Match,"
          + " Kenbun-Client-Sent-At, Last-Event-ID, X-Request-Id";

  /** What it may see besides what every page may. */
  private static final String ANSWER_HEADERS =
      "Allow, ETag, Kenbun-Capabilities, Retry-After, X-Request-Id";

  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

  private static final String PREFLIGHT_SECONDS = "600";
  private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
  private static final HttpString ALLOW_CREDENTIALS =
      new HttpString("Access-Control-Allow-Credentials");
  private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
  private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
  private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
  private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");
  private static final HttpString REQUEST_METHOD = new HttpString("Access-Control-Request-Method");

  private final boolean loopback;
  private final Set<String> listed;

  /**
   * Makes the rules of a server.
   *
   * @param listed the origins whose pages may read answers, as browsers spell them
   */
  Origins(String bindHost, List<String> listed) {
    this.loopback = isLoopback(bindHost);
    this.listed = Set.copyOf(listed);
  }

  /**
   * Refuses what no browser sends as an origin: it would never match.
   *
   * @throws IllegalArgumentException that names it
   */
  static void requireOrigin(String origin) {
    if (!ORIGIN.matcher(origin).matches()) {
      throw new IllegalArgumentException(
          "corsOrigin is not scheme://host or scheme://host:port in small letters, without a path"
              + " and not *: \""
              + origin
              + '"');
    }
  }

  /** Tells the browser, if the call comes from a page of a listed origin, that it may read it. */
  void share(Call call) {
    if (listed.isEmpty()) {
      return;
    }
    call.exchange().getResponseHeaders().add(Headers.VARY, Headers.ORIGIN_STRING);
    String origin = call.requestHeaders().getFirst(Headers.ORIGIN);
    if (origin != null && listed.contains(origin)) {
      call.header(ALLOW_ORIGIN, origin);
      call.header(ALLOW_CREDENTIALS, "true");
      call.header(EXPOSE_HEADERS, ANSWER_HEADERS);
    }
  }

  /** Answers the question of a browser whether a page of a listed origin may call. */
  void allow(Call call, String methods) {
    HeaderMap headers = call.requestHeaders();
    String origin = headers.getFirst(Headers.ORIGIN);
    if (origin != null && listed.contains(origin) && headers.contains(REQUEST_METHOD)) {
      call.header(ALLOW_METHODS, methods);
      call.header(ALLOW_HEADERS, REQUEST_HEADERS);
      call.header(MAX_AGE, PREFLIGHT_SECONDS);
    }
  }

  /** Refuses a request that comes from where it must not. */
  void check(HeaderMap headers) {
    HeaderValues hosts = headers.get(Headers.HOST);
    String host = hosts == null || hosts.size() != 1 ? null : hosts.getFirst();
    if (loopback && (host == null || !isLoopbackName(hostname(host)))) {
      throw Problem.forbidden("Host is not a name of this computer's loopback");
    }
    HeaderValues origins = headers.get(Headers.ORIGIN);
    if (origins != null && (origins.size() != 1 || !isAllowed(origins.getFirst(), host))) {
      throw Problem.forbidden("Origin is not allowed");
    }
  }

  /**
   * Says whether {@code host}, a name or an address to bind, is reached from this computer only.
   */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // The bind will fail and say so.
    }
  }

  private boolean isAllowed(String origin, @Nullable String host) {
    if (listed.contains(origin)) {
      return true;
    }
    int scheme = origin.indexOf("://");
    if (scheme < 0) {
      return false; // "null": a sandboxed page or a file.
    }
    String authority = origin.substring(scheme + 3);
    return loopback
        ? isLoopbackName(hostname(authority))
        : authority.toLowerCase(Locale.ROOT).equals(lowerCase(host));
  }

  private static @Nullable String lowerCase(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  /** Returns {@code authority} without its port; empty when the port is none. */
  private static String hostname(String authority) {
    int bracket = authority.indexOf(']');
    int colon = authority.indexOf(':', Math.max(bracket, 0));
    if (colon < 0) {
      return authority;
    }
    for (int i = colon + 1; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c < '0' || c > '9') {
        return "";
      }
    }
    return authority.substring(0, colon);
  }

  private static boolean isLoopbackName(String name) {
    return name.equals("127.0.0.1")
        || name.equalsIgnoreCase("localhost")
        || name.equals("[::1]")
        || isLoopbackAddress(name);
  }

  /** Says whether {@code name} is four numbers that start with 127; 127.evil.example is not. */
  private static boolean isLoopbackAddress(String name) {
    int parts = 0;
    int value = -1;
    for (int i = 0; i <= name.length(); i++) {
      char c = i == name.length() ? '.' : name.charAt(i);
      if (c == '.') {
        if (value < 0 || value > 255 || (parts == 0 && value != 127)) {
          return false;
        }
        parts++;
        value = -1;
      } else if (c >= '0' && c <= '9' && value <= 255) {
        value = Math.max(value, 0) * 10 + (c - '0');
      } else {
        return false;
      }
    }
    return parts == 4;
  }
}
