package io.kenbun.lite.http.json;

import org.jspecify.annotations.Nullable;

/**
 * Finds in one pass over the bytes what Moshi's reader lets pass although RFC 8259 or UTF-8 forbid
 * it, or what would be lost on the way through a Java string: bytes that are not UTF-8, half a
 * surrogate pair, raw control characters, escapes JSON does not know, literals in capitals.
 * Metadata is kept and given out again as it was sent, so what is let in here comes out of every
 * later answer. The grammar itself is left to Moshi.
 */
public final class JsonText {
  /** The deepest nesting of objects and arrays, the outermost one counted, if nothing is said. */
  public static final int MAX_DEPTH = 100;

  /** What is wrong with a text. */
  enum Fault {
    NOT_JSON,
    NOT_UTF8,
    HALF_SURROGATE,
    TOO_DEEP
  }

  /**
   * The first fault of a text.
   *
   * @param at the byte it begins with, from 0
   */
  record Finding(Fault fault, int at) {}

  private final byte[] text;
  private final int maxDepth;
  private int at;

  private JsonText(byte[] text, int maxDepth) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  /** Returns the first fault of {@code text}, or null when there is none of those above. */
  static @Nullable Finding check(byte[] text) {
    return check(text, MAX_DEPTH);
  }

  /** The same, with {@code maxDepth} for the deepest nesting. */
  static @Nullable Finding check(byte[] text, int maxDepth) {
    return new JsonText(text, maxDepth).check();
  }

  private @Nullable Finding check() {
    int depth = 0;
    while (at < text.length) {
      int start = at;
      byte c = text[at++];
      switch (c) {
        case '"' -> {
          Finding finding = string(start);
          if (finding != null) {
            return finding;
          }
        }
        case '{', '[' -> {
          if (++depth > maxDepth) {
            return new Finding(Fault.TOO_DEEP, start);
          }
        }
        case '}', ']' -> depth--;
        case ' ', '\t', '\n', '\r', ',', ':', '-', '+', '.' -> {}
        case 'E' -> {
          if (start == 0 || !isDigit(text[start - 1])) {
            return new Finding(Fault.NOT_JSON, start);
          }
        }
        default -> {
          if (!isDigit(c) && (c < 'a' || c > 'z')) {
            return new Finding(c < 0 ? outside(start) : Fault.NOT_JSON, start);
          }
        }
      }
    }
    return null;
  }

  /** Reads on to behind the closing quote. */
  private @Nullable Finding string(int start) {
    while (at < text.length) {
      byte c = text[at];
      if (c == '"') {
        at++;
        return null;
      }
      if (c == '\\') {
        Finding finding = escape();
        if (finding != null) {
          return finding;
        }
      } else if (c >= ' ') {
        at++;
      } else if (c >= 0) {
        return new Finding(Fault.NOT_JSON, at); // A raw control character.
      } else {
        int length = sequenceLength(at);
        if (length == 0) {
          return new Finding(Fault.NOT_UTF8, at);
        }
        at += length;
      }
    }
    return new Finding(Fault.NOT_JSON, start); // Never closed.
  }

  private @Nullable Finding escape() {
    int start = at;
    int code = unicodeEscape(start);
    if (code >= 0) {
      at += 6;
      if (Character.isHighSurrogate((char) code)) {
        int low = unicodeEscape(at);
        if (low < 0 || !Character.isLowSurrogate((char) low)) {
          return new Finding(Fault.HALF_SURROGATE, start);
        }
        at += 6;
      } else if (Character.isLowSurrogate((char) code)) {
        return new Finding(Fault.HALF_SURROGATE, start);
      }
      return null;
    }
    if (start + 1 < text.length && "\"\\/bfnrt".indexOf(text[start + 1]) >= 0) {
      at += 2;
      return null;
    }
    return new Finding(Fault.NOT_JSON, start);
  }

  /** Returns what a backslash, u and four hex digits at {@code from} stand for, or -1. */
  private int unicodeEscape(int from) {
    if (from + 6 > text.length || text[from] != '\\' || text[from + 1] != 'u') {
      return -1;
    }
    int code = 0;
    for (int i = from + 2; i < from + 6; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        return -1;
      }
      code = (code << 4) | digit;
    }
    return code;
  }

  private Fault outside(int from) {
    return sequenceLength(from) == 0 ? Fault.NOT_UTF8 : Fault.NOT_JSON;
  }

  /**
   * Returns how many bytes the character at {@code from} takes, or 0 when it is not UTF-8: too
   * short, longer than it need be, a surrogate, or beyond U+10FFFF (RFC 3629, section 4).
   */
  private int sequenceLength(int from) {
    int lead = text[from] & 0xff;
    if (lead >= 0xc2 && lead <= 0xdf) {
      return isBetween(from + 1, 0x80, 0xbf) ? 2 : 0;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
      int low = lead == 0xe0 ? 0xa0 : 0x80;
      int high = lead == 0xed ? 0x9f : 0xbf;
      return isBetween(from + 1, low, high) && isBetween(from + 2, 0x80, 0xbf) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
      int low = lead == 0xf0 ? 0x90 : 0x80;
      int high = lead == 0xf4 ? 0x8f : 0xbf;
      return isBetween(from + 1, low, high)
              && isBetween(from + 2, 0x80, 0xbf)
              && isBetween(from + 3, 0x80, 0xbf)
          ? 4
          : 0;
    }
    return 0;
  }

  private boolean isBetween(int index, int low, int high) {
    return index < text.length && (text[index] & 0xff) >= low && (text[index] & 0xff) <= high;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }
}
