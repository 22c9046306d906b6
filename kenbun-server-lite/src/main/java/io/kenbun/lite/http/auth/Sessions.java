package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Watch;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in to the inspector's page. A session is 256 random bits in a cookie that scripts
 * cannot read and other sites cannot have sent; here is kept only its hash, by which it is looked
 * up, so that the time a look-up takes tells nothing about the bits. In memory: at most {@value
 * #MAX_SESSIONS}, the oldest goes first; they end with the server, after 12 hours, or by signing
 * out. Any thread.
 *
 * <pre>
 *   kenbunSession=4fQ…; Path=/; HttpOnly; SameSite=Strict
 * </pre>
 */
public final class Sessions {
  static final int MAX_SESSIONS = 1_024;
  static final Duration LIFETIME = Duration.ofHours(12);

  private static final String COOKIE = "kenbunSession";
  private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";
  private static final int TOKEN_BYTES = 32;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  // Guarded by this.
  private final Map<String, Session> byHash =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  /**
   * One of them.
   *
   * @param tokenExpiresAtMillis the end of the token that it began with, null for none
   */
  record Session(String clientId, long endsAtMillis, @Nullable Long tokenExpiresAtMillis) {}

  /** Makes it; {@code clock} is the real one, since a test clock must sign nobody out or in. */
  public Sessions(InstantSource clock) {
    this.clock = clock;
  }

  /** Begins a session of {@code caller}; returns its {@code Set-Cookie}. */
  synchronized String begin(Credential caller) {
    byte[] bits = new byte[TOKEN_BYTES];
    random.nextBytes(bits);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    Long tokenEnds = caller.expiresAtMillis();
    long ends = clock.millis() + LIFETIME.toMillis();
    byHash.put(
        hash(token),
        new Session(
            caller.clientId(), tokenEnds == null ? ends : Math.min(ends, tokenEnds), tokenEnds));
    return COOKIE + "=" + token + ATTRIBUTES;
  }

  /** Ends the session that the request's cookie names; returns the {@code Set-Cookie} for that. */
  synchronized String end(HeaderMap headers) {
    String token = Cookies.first(headers, COOKIE);
    if (token != null) {
      byHash.remove(hash(token));
    }
    // Not taken away: by it the calls of other tabs are known as the page's, see isFromPage.
    return COOKIE + "=ended" + ATTRIBUTES;
  }

  /** Returns the session that the request's cookie names, or null. */
  synchronized @Nullable Session find(HeaderMap headers) {
    String token = Cookies.first(headers, COOKIE);
    if (token == null) {
      return null;
    }
    String hash = hash(token);
    Session session = byHash.get(hash);
    if (session != null && clock.millis() >= session.endsAtMillis()) {
      byHash.remove(hash);
      return null;
    }
    return session;
  }

  /** Says whether the inspector's page asks; anybody may say so, it only shapes a 401. */
  static boolean isFromPage(HeaderMap headers) {
    return headers.contains(Watch.INSPECTOR) || Cookies.first(headers, COOKIE) != null;
  }

  /**
   * Refuses what changes something unless {@code Origin} is the very host that is called, port and
   * all. A cookie comes along by itself, and a page on another port of this computer counts as the
   * same site.
   */
  static void checkOrigin(Call call) {
    String method = call.exchange().getRequestMethod().toString();
    if (!method.equals("GET") && !method.equals("HEAD") && !isOwn(call.requestHeaders())) {
      throw Problem.forbidden("Origin is not this server's page");
    }
  }

  private static boolean isOwn(HeaderMap headers) {
    String origin = headers.getFirst(Headers.ORIGIN);
    String host = headers.getFirst(Headers.HOST);
    return origin != null
        && host != null
        && (origin.equalsIgnoreCase("http://" + host)
            || origin.equalsIgnoreCase("https://" + host));
  }

  private static String hash(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(token.getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
