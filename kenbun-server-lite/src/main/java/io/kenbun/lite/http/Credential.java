package io.kenbun.lite.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Set;

/**
 * Who may call: a service account of HTTP Basic. Keeps a salted SHA-256 of the secret, never the
 * secret itself. Immutable.
 */
public final class Credential {
  /** The caller of a server that needs no credentials. */
  static final Credential ANYONE = new Credential("", "anyone", new byte[0], new byte[0], Set.of());

  private static final int SALT_BYTES = 16;
  private static final SecureRandom random = new SecureRandom();

  private final String clientId;
  private final String name;
  private final byte[] salt;
  private final byte[] hash;
  private final Set<String> unitIds;

  private Credential(String clientId, String name, byte[] salt, byte[] hash, Set<String> unitIds) {
    this.clientId = clientId;
    this.name = name;
    this.salt = salt;
    this.hash = hash;
    this.unitIds = Set.copyOf(unitIds);
  }

  /**
   * Makes a credential.
   *
   * @param clientId without a colon, since Basic ends the id at the first one
   * @param secret not kept
   * @param unitIds the units it may use; empty for all of them
   */
  public static Credential of(String clientId, String name, String secret, Set<String> unitIds) {
    if (clientId.isEmpty() || clientId.indexOf(':') >= 0) {
      throw new IllegalArgumentException("client_id is empty or holds a colon: " + clientId);
    }
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("client_secret of " + clientId + " is empty");
    }
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] hash = hash(salt, secret.getBytes(StandardCharsets.UTF_8), 0);
    return new Credential(clientId, name, salt, hash, unitIds);
  }

  public String clientId() {
    return clientId;
  }

  public String name() {
    return name;
  }

  /** Says whether it may use the unit of that {@code unit_id}. */
  public boolean mayUse(String unitId) {
    return unitIds.isEmpty() || unitIds.contains(unitId);
  }

  /**
   * Says whether the bytes of {@code sent} from {@code from} on are the secret, in a time that does
   * not tell how much of it is right.
   */
  boolean isSecret(byte[] sent, int from) {
    return MessageDigest.isEqual(hash, hash(salt, sent, from));
  }

  /** Returns the id and the name; no secret, no hash. */
  @Override
  public String toString() {
    return "Credential[" + clientId + ", " + name + "]";
  }

  private static byte[] hash(byte[] salt, byte[] secret, int from) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      digest.update(secret, from, secret.length - from);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
