package io.kenbun.lite;

import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may call a server from its start on: those given as options, those of the configuration file,
 * and with neither, on a loopback address only, {@code dev}.
 */
final class Callers {
  private static final String COOKIE_KEY = "active_ou_cookie_key";
  private static final int COOKIE_KEY_BYTES = 32;

  private final List<Credential> credentials;
  private final boolean given;

  Callers(String host, List<Credential> options, @Nullable ConfigFile file) {
    credentials = new ArrayList<>(options);
    if (file != null) {
      credentials.addAll(file.credentials());
    }
    given = !credentials.isEmpty();
    if (!given) {
      if (!isLoopback(host)) {
        throw new ConfigException(
            "refusing to listen on "
                + host
                + " with the built-in credentials: give --client-id and"
                + " --client-secret, or credentials in --config");
      }
      credentials.add(ofAllUnits("dev", "dev"));
    }
  }

  static Credential ofAllUnits(String clientId, String clientSecret) {
    return Credential.of(clientId, clientId, clientSecret, Set.of());
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigException("no such address: " + host, e);
    }
  }

  /** Returns what their {@code activeOu} cookies are signed with; made once and kept. */
  static byte[] cookieKey(Configuration configuration) throws StorageException {
    return configuration.setting(
        COOKIE_KEY,
        () -> {
          byte[] key = new byte[COOKIE_KEY_BYTES];
          new SecureRandom().nextBytes(key);
          return key;
        });
  }

  List<Credential> credentials() {
    return credentials;
  }

  /** Says who it is in a few words, and no secret but the built-in one. */
  String described() {
    if (!given) {
      return "client id dev with secret dev, since none were given";
    }
    String first = "client id " + credentials.get(0).clientId() + " with the secret that was given";
    return credentials.size() == 1 ? first : first + ", and " + (credentials.size() - 1) + " more";
  }
}
