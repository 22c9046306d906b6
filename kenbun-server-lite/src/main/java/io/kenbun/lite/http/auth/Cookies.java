package io.kenbun.lite.http.auth;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import org.jspecify.annotations.Nullable;

/** Finds a cookie in a request; by hand, since nearly every call needs one or two and no more. */
final class Cookies {
  private Cookies() {}

  /** Returns the value of the first cookie called {@code name}, or null. */
  static @Nullable String first(HeaderMap headers, String name) {
    HeaderValues values = headers.get(Headers.COOKIE);
    if (values == null) {
      return null;
    }
    for (String header : values) {
      int from = 0;
      while (from < header.length()) {
        int end = header.indexOf(';', from);
        if (end < 0) {
          end = header.length();
        }
        int start = from;
        while (start < end && header.charAt(start) == ' ') {
          start++;
        }
        int value = start + name.length() + 1;
        if (value <= end && header.startsWith(name, start) && header.charAt(value - 1) == '=') {
          return header.substring(value, end).trim();
        }
        from = end + 1;
      }
    }
    return null;
  }
}
