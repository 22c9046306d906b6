package io.kenbun.lite.http.auth;

import io.kenbun.lite.http.call.Credential;
import io.undertow.util.HeaderMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that remembers the active OU. It is signed for the unit and for the credential that
 * activated it, so it can neither be made up nor handed to another caller; one that is wrong in any
 * way counts as none. Any thread.
 *
 * <pre>
 *   activeOu=dW5pdF9kZWZhdWx0.u1Zk…
 *            unit_id          HMAC-SHA256 over (length of client_id, client_id, unit_id)     base64url both
 * </pre>
 */
public final class ActiveOu {
  static final String COOKIE = "activeOu";

  private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAX_VERIFIED = 1024;

  private final SecretKey key;

  /** Cookies found right before; only those enter, so guesses cannot fill it. */
  private final Map<Presented, String> verified = new ConcurrentHashMap<>();

  public ActiveOu(SecretKey key) {
    this.key = key;
  }

  /** Returns the {@code Set-Cookie} that makes {@code unitId} the active unit of {@code caller}. */
  String setCookie(Credential caller, String unitId) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String name = base64.encodeToString(unitId.getBytes(StandardCharsets.UTF_8));
    String signature = base64.encodeToString(sign(caller, unitId));
    return COOKIE + "=" + name + "." + signature + ATTRIBUTES;
  }

  /** Returns the {@code unit_id} that the request's cookie names, or null without a right one. */
  public @Nullable String unitId(Credential caller, HeaderMap headers) {
    String value = Cookies.first(headers, COOKIE);
    if (value == null) {
      return null;
    }
    Presented presented = new Presented(caller.clientId(), value);
    String known = verified.get(presented);
    if (known != null) {
      return known;
    }
    String unitId = verify(caller, value);
    if (unitId != null) {
      if (verified.size() >= MAX_VERIFIED) {
        verified.clear();
      }
      verified.put(presented, unitId);
    }
    return unitId;
  }

  private @Nullable String verify(Credential caller, String value) {
    int dot = value.indexOf('.');
    if (dot < 0) {
      return null;
    }
    try {
      byte[] name = Base64.getUrlDecoder().decode(value.substring(0, dot));
      byte[] signature = Base64.getUrlDecoder().decode(value.substring(dot + 1));
      String unitId = new String(name, StandardCharsets.UTF_8);
      return MessageDigest.isEqual(sign(caller, unitId), signature) ? unitId : null;
    } catch (IllegalArgumentException e) {
      return null; // Not base64.
    }
  }

  private byte[] sign(Credential caller, String unitId) {
    byte[] clientId = caller.clientId().getBytes(StandardCharsets.UTF_8);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, clientId.length));
      mac.update(clientId);
      return mac.doFinal(unitId.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign the activeOu cookie", e);
    }
  }

  private record Presented(String clientId, String value) {}
}
