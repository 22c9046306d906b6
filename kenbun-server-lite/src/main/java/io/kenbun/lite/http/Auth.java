package io.kenbun.lite.http;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells who is calling. Absent, malformed and wrong credentials get one and the same answer, and an
 * id that nobody has costs what a wrong secret costs. Any thread.
 */
final class Auth {
  private static final String SCHEME = "Basic ";

  /** Compared with where there is no such id. */
  private static final Credential NOBODY =
      Credential.of("nobody", "nobody", "no secret matches this one's hash on purpose", Set.of());

  private final Map<String, Credential> byClientId = new HashMap<>();

  Auth(List<Credential> credentials) {
    for (Credential credential : credentials) {
      byClientId.put(credential.clientId(), credential);
    }
  }

  /** Returns whose credentials the request carries, or refuses it. */
  Credential authenticate(HeaderMap headers) {
    if (byClientId.isEmpty()) {
      return Credential.ANYONE; // HttpConfig allows this on a loopback address only.
    }
    HeaderValues values = headers.get(Headers.AUTHORIZATION);
    if (values == null || values.size() != 1) {
      throw Problem.unauthorized();
    }
    String header = values.getFirst();
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw Problem.unauthorized();
    }
    byte[] sent;
    try {
      sent = Base64.getDecoder().decode(header.substring(SCHEME.length()).trim());
    } catch (IllegalArgumentException e) {
      throw Problem.unauthorized();
    }
    int colon = 0;
    while (colon < sent.length && sent[colon] != ':') {
      colon++;
    }
    if (colon == sent.length) {
      throw Problem.unauthorized();
    }
    Credential known = byClientId.get(new String(sent, 0, colon, StandardCharsets.UTF_8));
    boolean right = (known == null ? NOBODY : known).isSecret(sent, colon + 1);
    if (known == null || !right) {
      throw Problem.unauthorized();
    }
    return known;
  }
}
