package io.kenbun.lite.http.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A credential that was issued here, of whose secret only a slow hash is kept. Once the right
 * secret has come, a fast hash of it is remembered, in memory and salted anew by each process: the
 * slow one is worked out once, and a wrong secret costs next to nothing from then on. Any thread.
 */
final class Issued {
  private static final SecureRandom random = new SecureRandom();

  private final String hash;
  private final byte[] salt = new byte[16];
  private volatile byte @Nullable [] fastHash;

  Issued(String hash) {
    this.hash = hash;
    random.nextBytes(salt);
  }

  /** What can be said at once. */
  enum Verdict {
    RIGHT,
    WRONG,
    /** Only {@link #verify} can tell. */
    UNKNOWN
  }

  /** Says of the bytes of {@code sent} from {@code from} on what can be said at once. */
  Verdict quick(byte[] sent, int from) {
    byte[] known = fastHash;
    if (known == null) {
      return Verdict.UNKNOWN;
    }
    return MessageDigest.isEqual(known, fast(sent, from)) ? Verdict.RIGHT : Verdict.WRONG;
  }

  /** Says whether they are the secret; takes about a tenth of a second the first time. */
  boolean verify(byte[] sent, int from) {
    Verdict verdict = quick(sent, from);
    if (verdict != Verdict.UNKNOWN) {
      return verdict == Verdict.RIGHT;
    }
    boolean right = SecretHash.matches(hash, sent, from);
    if (right) {
      fastHash = fast(sent, from);
    }
    return right;
  }

  private byte[] fast(byte[] sent, int from) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      digest.update(sent, from, sent.length - from);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
