package io.kenbun.client;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes idempotency keys: unique, and in the order they were made when compared as text.
 *
 * <pre>
 * 019a3b5c7d20-9f8e7d6c5b4a39281706-000000002a
 * |            |                    +-- counter, 10 hex digits
 * |            +-- random, once per client, 80 bits
 * +-- wall clock at the client's first event, milliseconds, 12 hex digits
 * </pre>
 *
 * <p>The worker's. The random source is opened at the first key and not in the constructor, because
 * it may read a device, and the constructor runs on the application's thread.
 */
final class KeySequence {
  private static final String HEX = "0123456789abcdef";

  private final Clock clock;
  private @Nullable String prefix;
  private long count;

  KeySequence(Clock clock) {
    this.clock = clock;
  }

  String next() {
    if (prefix == null) {
      byte[] random = new byte[10];
      new SecureRandom().nextBytes(random);
      StringBuilder text = new StringBuilder(34);
      hex(text, clock.epochMillis(), 12);
      text.append('-');
      for (byte b : random) {
        hex(text, b & 0xff, 2);
      }
      prefix = text.append('-').toString();
    }
    StringBuilder key = new StringBuilder(prefix.length() + 10).append(prefix);
    hex(key, count++, 10);
    return key.toString();
  }

  private static void hex(StringBuilder out, long value, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      out.append(HEX.charAt((int) (value >>> shift) & 15));
    }
  }
}
