package io.kenbun.lite.model;

/**
 * An event's public name, {@code evt_} and thirteen characters that spell its {@code seq} in base
 * 32 (Crockford's alphabet, lower case). Derived, so that it takes no column, no index and no
 * random number, and the answer to a repeated request names the same event.
 *
 * <pre>
 *   seq ≥ 1                 events that came in, numbered by the queue
 *   seq from -2^62          events that the server made ({@code DECAY}, {@code score_reset}, {@code
 *   up to -1                lead_merged}), numbered by the store: they sort before what came in, so
 *                           that of two events of one moment decay comes first
 * </pre>
 */
public record EventId(long seq) {
  private static final String PREFIX = "evt_";
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int DIGITS = 13;

  /** Says whether the server itself made the event. */
  public static boolean isSystem(long seq) {
    return seq < 0;
  }

  /** Returns the seq that {@code text} spells, or -1 when it is not an event id. */
  public static long seqOf(String text) {
    if (text.length() != PREFIX.length() + DIGITS || !text.startsWith(PREFIX)) {
      return -1;
    }
    long seq = 0;
    for (int i = PREFIX.length(); i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return -1;
      }
      seq = (seq << 5) | digit;
    }
    return seq;
  }

  @Override
  public String toString() {
    char[] chars = new char[PREFIX.length() + DIGITS];
    PREFIX.getChars(0, PREFIX.length(), chars, 0);
    long rest = seq;
    for (int i = chars.length - 1; i >= PREFIX.length(); i--) {
      chars[i] = ALPHABET.charAt((int) (rest & 31));
      rest >>>= 5;
    }
    return new String(chars);
  }
}
