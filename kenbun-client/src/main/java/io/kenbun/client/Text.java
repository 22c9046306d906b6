package io.kenbun.client;

/** The rules for texts that name something: leads, aliases, event types, units. */
final class Text {
  private Text() {}

  /**
   * Returns {@code value} if it may name a lead or a unit. Such a text is never repaired: a changed
   * character would silently name somebody else.
   */
  static String identity(String what, String value, int maxLength) {
    if (value == null) { // No requireNonNull: it would have the message made each time.
      throw new NullPointerException(what + " == null");
    }
    if (value.trim().isEmpty()) {
      throw new IllegalArgumentException(what + " is blank");
    }
    if (value.length() > maxLength) {
      throw new IllegalArgumentException(
          what + " longer than " + maxLength + " characters: " + value.length());
    }
    int at = unpairedSurrogate(value);
    if (at >= 0) {
      throw new IllegalArgumentException(
          what + " has an unpaired surrogate at index " + at + ", which is no Unicode text");
    }
    return value;
  }

  /** The index of the first surrogate without its other half, or -1. */
  static int unpairedSurrogate(String value) {
    int i = 0;
    while (i < value.length()) {
      char c = value.charAt(i);
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        i++;
        continue;
      }
      boolean paired =
          Character.isHighSurrogate(c)
              && i + 1 < value.length()
              && Character.isLowSurrogate(value.charAt(i + 1));
      if (!paired) {
        return i;
      }
      i += 2;
    }
    return -1;
  }
}
