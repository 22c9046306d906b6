package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * The hash of a personal access token ({@code api.md} 8.2).
 *
 * @param owner the client id of who made it; it may do what they may, as long as they may
 * @param hash of the token's secret part, salted and slow
 * @param expiresAtMillis from when on it is refused, or null for never
 */
public record AccessToken(
    String id,
    String owner,
    String name,
    String hash,
    @Nullable Long expiresAtMillis,
    long createdAtMillis) {

  public static final int MAX_NAME_LENGTH = 100;

  /** Returns the ids and the name; no hash. */
  @Override
  public String toString() {
    return "AccessToken[" + id + ", " + owner + ", " + name + "]";
  }
}
