package io.kenbun.lite.http.call;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters behind the question mark, decoded strictly; unknown ones are ignored, an empty one
 * counts as absent, one given twice is refused.
 */
public final class Query {
  private static final int DEFAULT_LIMIT = 25;

  /** The most items of a list. */
  public static final int MAX_LIMIT = 100;

  private static final int MAX_PAGE = 10_000_000;

  private final Map<String, String> values = new HashMap<>();

  Query(String queryString) {
    int from = 0;
    while (from < queryString.length()) {
      int end = queryString.indexOf('&', from);
      if (end < 0) {
        end = queryString.length();
      }
      String pair = queryString.substring(from, end);
      int equals = pair.indexOf('=');
      String name = decoded("query", equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : decoded(name, pair.substring(equals + 1), true);
      if (!value.isEmpty() && values.put(name, value) != null) {
        throw Problem.invalidField(name, name + " is given twice");
      }
      from = end + 1;
    }
  }

  /** Returns the value of {@code name}, or null. */
  public @Nullable String text(String name) {
    return values.get(name);
  }

  /** Returns which page is asked for, 1 when none is. */
  public int page() {
    return whole("page", 1, 1, MAX_PAGE);
  }

  /** Returns how many items a page may have, 25 when nothing is said. */
  public int limit() {
    return whole("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
  }

  /** Returns the whole number that {@code name} names, or {@code absent} when it is not given. */
  public int whole(String name, int absent, int min, int max) {
    Long value = whole(name);
    if (value == null) {
      return absent;
    }
    if (value < min || value > max) {
      throw Problem.invalidField(name, name + " < " + min + " or > " + max + ": " + value);
    }
    return value.intValue();
  }

  /** Returns the whole number that {@code name} names, or null when it is not given. */
  public @Nullable Long whole(String name) {
    String text = values.get(name);
    if (text == null) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw Problem.invalidField(name, name + " is no whole number: \"" + text + "\"");
    }
  }

  /** Says whether {@code name} is {@code true}; false when it is not given. */
  public boolean bool(String name) {
    String text = values.get(name);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw Problem.invalidField(name, name + " is none of true, false: \"" + text + "\"");
    }
    return "true".equals(text);
  }

  /** Returns {@code encoded} without its percent signs; {@code field} is what to blame. */
  static String decoded(String field, String encoded, boolean plusIsSpace) {
    if (encoded.indexOf('%') < 0
        && (!plusIsSpace || encoded.indexOf('+') < 0)
        && isAscii(encoded)) {
      return encoded;
    }
    ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        int high = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 1), 16) : -1;
        int low = i + 2 < encoded.length() ? Character.digit(encoded.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw Problem.invalidField(field, field + " has a percent sign without two hex digits");
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes.put((byte) ' ');
      } else {
        bytes.put((byte) c); // Undertow hands the bytes of a path through as characters.
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Problem.invalidField(field, field + " is not UTF-8");
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
