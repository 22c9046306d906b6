package io.kenbun.lite.model;

import java.util.Locale;

/**
 * One name of a lead, as it was sent.
 *
 * @param value the spelling that was sent, 1 to {@value #MAX_LENGTH} characters
 */
public record Alias(AliasKind kind, String value) {
  /** The longest {@code alias} or {@code raw_value}, in characters ({@code lite.md} 2). */
  public static final int MAX_LENGTH = 512;

  /** The most aliases one event may name ({@code lite.md} 2). */
  public static final int MAX_PER_EVENT = 16;

  /**
   * Returns what two spellings of one alias have in common: an email trimmed and in lower case, a
   * phone's digits with a leading {@code +} kept, anything else byte for byte ({@code lite.md} 2).
   * A phone without any digit is compared as it was sent, else all of those would be one lead.
   */
  public String key() {
    return switch (kind) {
      case EMAIL -> value.strip().toLowerCase(Locale.ROOT);
      case PHONE -> phoneKey(value);
      case EXTERNAL_ID, COOKIE, SOCIAL -> value;
    };
  }

  private static String phoneKey(String value) {
    StringBuilder digits = new StringBuilder(value.length());
    String stripped = value.strip();
    if (stripped.startsWith("+")) {
      digits.append('+');
    }
    for (int i = 0; i < stripped.length(); i++) {
      char c = stripped.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
      }
    }
    boolean anyDigit = digits.length() > (stripped.startsWith("+") ? 1 : 0);
    return anyDigit ? digits.toString() : value;
  }
}
