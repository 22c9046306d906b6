package io.kenbun.lite.model;

/**
 * A client id and the hash of its secret, good for one unit ({@code api.md} 8.1).
 *
 * @param secretId names the record, not the secret itself
 * @param unit the unit's key
 * @param hash of the secret, salted and slow
 */
public record ServiceAccount(
    String secretId,
    long unit,
    String clientId,
    String name,
    boolean trustUpstreamConsent,
    String hash,
    long createdAtMillis) {

  public static final int MAX_NAME_LENGTH = 50;

  /** Returns the ids and the name; no hash. */
  @Override
  public String toString() {
    return "ServiceAccount[" + secretId + ", " + clientId + ", " + name + "]";
  }
}
