package io.kenbun.lite.http.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a secret at rest: salted, slow, and with how slow written beside it, so that it
 * can be made slower later on.
 *
 * <pre>
 *   pbkdf2-sha256:210000:b64(salt):b64(hash)
 * </pre>
 *
 * <p>The secrets it is used for are 256 random bits made here, which nobody finds by trying,
 * however fast each try is. The count is for what should not happen, a poor source of randomness;
 * it costs about a tenth of a second once for each credential and start of the server.
 */
final class SecretHash {
  private static final String NAME = "pbkdf2-sha256";
  private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
  private static final int ITERATIONS = 210_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private SecretHash() {}

  /** Returns the hash of {@code secret}; takes about a tenth of a second. */
  static String of(String secret, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    Base64.Encoder base64 = Base64.getEncoder();
    byte[] hash = hash(secret.getBytes(StandardCharsets.US_ASCII), 0, salt, ITERATIONS);
    return String.join(
        ":",
        NAME,
        String.valueOf(ITERATIONS),
        base64.encodeToString(salt),
        base64.encodeToString(hash));
  }

  /**
   * Says whether the bytes of {@code sent} from {@code from} on are the secret of {@code kept};
   * takes about a tenth of a second.
   */
  static boolean matches(String kept, byte[] sent, int from) {
    List<String> parts = List.of(kept.split(":", -1));
    if (parts.size() != 4 || !parts.get(0).equals(NAME)) {
      throw new IllegalStateException("a hash of a kind unknown to this version: " + parts.get(0));
    }
    byte[] salt = Base64.getDecoder().decode(parts.get(2));
    byte[] hash = Base64.getDecoder().decode(parts.get(3));
    return MessageDigest.isEqual(hash, hash(sent, from, salt, Integer.parseInt(parts.get(1))));
  }

  private static byte[] hash(byte[] secret, int from, byte[] salt, int iterations) {
    char[] chars =
        new String(secret, from, secret.length - from, StandardCharsets.ISO_8859_1).toCharArray();
    PBEKeySpec spec = new PBEKeySpec(chars, salt, iterations, 8 * HASH_BYTES);
    try {
      return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    } finally {
      spec.clearPassword();
    }
  }
}
