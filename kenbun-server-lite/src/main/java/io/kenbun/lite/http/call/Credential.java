package io.kenbun.lite.http.call;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may call: a service account of HTTP Basic. Keeps a salted SHA-256 of the secret, never the
 * secret itself. Immutable.
 */
public final class Credential {
  /** The caller of a server that needs no credentials. */
  public static final Credential ANYONE = issued("", "anyone", Set.of());

  private static final int SALT_BYTES = 16;
  private static final SecureRandom random = new SecureRandom();

  private final String clientId;
  private final String name;
  private final byte[] salt;
  private final byte[] hash;
  private final Set<String> unitIds;
  private final @Nullable Long expiresAtMillis;

  private Credential(
      String clientId,
      String name,
      byte[] salt,
      byte[] hash,
      Set<String> unitIds,
      @Nullable Long expiresAtMillis) {
    this.clientId = clientId;
    this.name = name;
    this.salt = salt;
    this.hash = hash;
    this.unitIds = Set.copyOf(unitIds);
    this.expiresAtMillis = expiresAtMillis;
  }

  /** Makes the credential of a caller who has proved elsewhere to be it; no secret is its own. */
  public static Credential issued(String clientId, String name, Set<String> unitIds) {
    return new Credential(clientId, name, new byte[0], new byte[0], unitIds, null);
  }

  /**
   * Returns the same caller, as a token that ends at {@code newExpiresAtMillis}, null for never.
   */
  public Credential until(@Nullable Long newExpiresAtMillis) {
    return new Credential(clientId, name, salt, hash, unitIds, newExpiresAtMillis);
  }

  /** Returns when the token that this call came with ends, or null. */
  public @Nullable Long expiresAtMillis() {
    return expiresAtMillis;
  }

  /** Says whether it may use every unit there is or will be. */
  public boolean mayUseAll() {
    return unitIds.isEmpty();
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
    return new Credential(clientId, name, salt, hash, unitIds, null);
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
  public boolean isSecret(byte[] sent, int from) {
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
