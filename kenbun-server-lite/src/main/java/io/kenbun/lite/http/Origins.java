package io.kenbun.lite.http;

import io.kenbun.lite.http.call.Problem;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of others from using a browser to reach this server. On a loopback address the
 * browser stands inside: a page whose name was pointed at 127.0.0.1 (DNS rebinding) shows in {@code
 * Host}, one that posts across origins shows in {@code Origin}; both must name the loopback. On any
 * other address {@code Origin}, if there is one, must be the {@code Host} that is called.
 */
final class Origins {
  private final boolean loopback;

  Origins(String bindHost) {
    this.loopback = isLoopback(bindHost);
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
