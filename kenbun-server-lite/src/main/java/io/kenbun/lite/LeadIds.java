package io.kenbun.lite;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Ids of leads that come without one: {@code ld_} and 26 characters in base 32 (Crockford's
 * alphabet, lower case), 48 bits of time before 80 bits of chance. The time keeps neighbours in the
 * index together; the chance keeps them apart from the ids that callers choose.
 */
final class LeadIds {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private final InstantSource clock;
  private final SecureRandom random;

  LeadIds(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  String next() {
    StringBuilder id = new StringBuilder("ld_");
    long millis = clock.millis();
    for (int shift = 45; shift >= 0; shift -= 5) {
      id.append(ALPHABET.charAt((int) (millis >>> shift) & 31));
    }
    byte[] chance = new byte[10];
    random.nextBytes(chance); // At once: each call to the generator takes its lock.
    appendDigits(id, chance, 0);
    appendDigits(id, chance, 5);
    return id.toString();
  }

  /** Spells five bytes as eight characters. */
  private static void appendDigits(StringBuilder id, byte[] bytes, int from) {
    long bits = 0;
    for (int i = from; i < from + 5; i++) {
      bits = (bits << 8) | (bytes[i] & 0xff);
    }
    for (int shift = 35; shift >= 0; shift -= 5) {
      id.append(ALPHABET.charAt((int) (bits >>> shift) & 31));
    }
  }
}
