package io.kenbun.lite.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signatures by the rules of Standard Webhooks 1.0, symmetric. Stateless; any thread.
 *
 * <pre>
 *   secret     whsec_ base64(key)              key of 24 to 64 bytes
 *   signature  v1, base64(HMAC-SHA256(key, id "." seconds "." body))
 * </pre>
 */
public final class Signature {
  private static final String PREFIX = "whsec_";
  private static final int MIN_BYTES = 24;
  private static final int MAX_BYTES = 64;

  private Signature() {}

  /** Returns a new secret of 32 random bytes. */
  public static String newSecret(SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  /** Returns what rule {@code secret} breaks, null when it may be used; says nothing of it. */
  public static @Nullable String fault(String secret) {
    if (!secret.startsWith(PREFIX)) {
      return "does not start with whsec_";
    }
    try {
      int length = key(secret).length;
      return length < MIN_BYTES || length > MAX_BYTES
          ? "has less than " + MIN_BYTES + " or more than " + MAX_BYTES + " bytes: " + length
          : null;
    } catch (IllegalArgumentException e) {
      return "is not base64 after whsec_";
    }
  }

  /** Returns the value of {@code webhook-signature}. */
  static String of(String secret, String id, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] key(String secret) {
    return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
  }
}
