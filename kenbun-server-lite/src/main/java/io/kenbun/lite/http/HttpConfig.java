package io.kenbun.lite.http;

import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.ingest.IngestLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the server is reached and by whom.
 *
 * @param host the address to bind, such as {@code 127.0.0.1}
 * @param port 0 for any free one
 * @param credentials who may call; empty only on a loopback address, and then anyone there may
 * @param defaultOu the {@code unit_id} used for calls that carry no {@code activeOu} cookie, or
 *     null
 * @param corsOrigins the origins whose pages may call and read answers, such as {@code
 *     https://app.example}; none by default
 * @param version what {@code /lite/status} shows
 */
public record HttpConfig(
    String host,
    int port,
    List<Credential> credentials,
    @Nullable String defaultOu,
    List<String> corsOrigins,
    HttpLimits limits,
    IngestLimits ingestLimits,
    String version) {

  public HttpConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port < 0 or > 65535: " + port);
    }
    corsOrigins = List.copyOf(corsOrigins);
    corsOrigins.forEach(Origins::requireOrigin);
    credentials = List.copyOf(credentials);
    if (credentials.isEmpty() && !Origins.isLoopback(host)) {
      throw new IllegalArgumentException("no credentials, and not a loopback address: " + host);
    }
    Set<String> clientIds = new HashSet<>();
    for (Credential credential : credentials) {
      if (!clientIds.add(credential.clientId())) {
        throw new IllegalArgumentException("client_id twice: " + credential.clientId());
      }
    }
  }
}
