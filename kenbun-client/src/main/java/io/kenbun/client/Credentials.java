package io.kenbun.client;

import java.util.Objects;
import okio.ByteString;

/**
 * What the client proves itself with: a service account, or a token.
 *
 * <p>Secrets appear in no message, log or {@link #toString}. Safe for use by several threads.
 */
public abstract class Credentials {
  private Credentials() {}

  /**
   * A service account's id and secret, sent as HTTP Basic.
   *
   * @param clientId not empty, without a colon, which Basic cannot carry
   * @param clientSecret not empty
   * @throws IllegalArgumentException if they are not so; the message holds neither
   */
  public static Credentials basic(String clientId, String clientSecret) {
    Objects.requireNonNull(clientId, "clientId == null");
    Objects.requireNonNull(clientSecret, "clientSecret == null");
    if (clientId.isEmpty() || clientId.indexOf(':') >= 0) {
      throw new IllegalArgumentException("clientId is empty or holds a colon");
    }
    if (clientSecret.isEmpty()) {
      throw new IllegalArgumentException("clientSecret is empty");
    }
    return new Fixed(
        "Basic " + ByteString.encodeUtf8(clientId + ":" + clientSecret).base64(),
        "Credentials.basic(" + clientId + ", ***)");
  }

  /**
   * A personal access token ({@code kbn_pat_...}) or another bearer token.
   *
   * @param token visible ASCII, not empty
   * @throws IllegalArgumentException if it is not so; the message does not hold it
   */
  public static Credentials bearer(String token) {
    Objects.requireNonNull(token, "token == null");
    if (token.isEmpty()) {
      throw new IllegalArgumentException("token is empty");
    }
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) <= ' ' || token.charAt(i) > '~') {
        throw new IllegalArgumentException("token holds a character that no header may at " + i);
      }
    }
    return new Fixed("Bearer " + token, "Credentials.bearer(***)");
  }

  /**
   * Credentials that change while the program runs, such as a rotated secret: {@code source} is
   * asked before the first request, and again whenever the server has answered 401 or 403.
   */
  public static Credentials rotating(Source source) {
    return new Rotating(Objects.requireNonNull(source, "source == null"));
  }

  /** The value of the {@code Authorization} header. Called on the client's own threads only. */
  abstract String authorization() throws Exception;

  /** The server refused {@code authorization}: forget it, if there is a source to ask again. */
  void refused(String authorization) {}

  /** Where rotating credentials come from. */
  public interface Source {
    /**
     * Returns the credentials to use from now on. Called on a thread of the client, one call at a
     * time; it may block, which delays deliveries and nothing else.
     *
     * @throws Exception if there are none at the moment; the client waits and asks again
     */
    Credentials credentials() throws Exception;
  }

  private static final class Fixed extends Credentials {
    private final String authorization;
    private final String shown;

    Fixed(String authorization, String shown) {
      this.authorization = authorization;
      this.shown = shown;
    }

    @Override
    String authorization() {
      return authorization;
    }

    @Override
    public String toString() {
      return shown;
    }
  }

  private static final class Rotating extends Credentials {
    private final Source source;
    private String known = ""; // Guarded by this; empty: ask.

    Rotating(Source source) {
      this.source = source;
    }

    /** Holds the lock while it asks, on purpose: the other senders wait for the same answer. */
    @Override
    synchronized String authorization() throws Exception {
      if (known.isEmpty()) {
        known = source.credentials().authorization();
      }
      return known;
    }

    @Override
    synchronized void refused(String authorization) {
      if (known.equals(authorization)) {
        known = "";
      }
    }

    @Override
    public String toString() {
      return "Credentials.rotating(***)";
    }
  }
}
