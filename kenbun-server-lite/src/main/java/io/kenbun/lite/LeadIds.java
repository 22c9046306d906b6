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
    for (int bit = 0; bit < 80; bit += 5) {
      int pair = (chance[bit / 8] & 0xff) << 8 | (bit / 8 < 9 ? chance[bit / 8 + 1] & 0xff : 0);
      id.append(ALPHABET.charAt(pair >>> 11 - bit % 8 & 31));
    }
    return id.toString();
  }
}
