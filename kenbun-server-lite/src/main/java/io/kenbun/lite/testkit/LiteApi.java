package io.kenbun.lite.testkit;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonException;
import io.kenbun.lite.http.json.JsonOut;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls the server as any application would. One connection for each call, and no thread: nothing
 * of it is left when the test is over. Any thread.
 */
final class LiteApi {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final URI url;
  private final String authorization;
  private final String cookie;

  /** An answer and, of JSON, what it says. */
  record Answer(int status, @Nullable Object body) {}

  /** Activates the unit. */
  LiteApi(URI url, String clientId, String secret, String unitId) {
    this.url = url;
    String pair = clientId + ':' + secret;
    this.authorization =
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    this.cookie = activate(unitId);
  }

  private String activate(String unitId) {
    try {
      HttpURLConnection connection =
          open(
              "POST",
              "/org-units/active",
              new JsonOut().beginObject().field("ouId", unitId).endObject().text(),
              "");
      Answer answer = answer(connection);
      String set = connection.getHeaderField("Set-Cookie");
      if (answer.status() != 200 || set == null) {
        throw new IllegalArgumentException(
            "the server has no unit \"" + unitId + "\", which the kit works in: " + answer);
      }
      return set.substring(0, set.indexOf(';'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns {@code text} as it stands in a path or a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Answer call(String method, String path, @Nullable String body) {
    try {
      return answer(open(method, path, body, cookie));
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
    }
  }

  /** Returns the object that is answered with 2xx. */
  Map<?, ?> object(String method, String path, @Nullable String body) {
    Answer answer = call(method, path, body);
    if (answer.status() / 100 != 2) {
      throw new IllegalStateException(method + " " + path + ": " + answer);
    }
    return answer.body() instanceof Map<?, ?> map ? map : Map.of();
  }

  Map<?, ?> get(String path) {
    return object("GET", path, null);
  }

  /** Returns the list {@code name} of what a GET answers. */
  List<Map<?, ?>> list(String path, String name) {
    return maps(get(path).get(name));
  }

  /** Returns all items of a list that comes in pages. */
  List<Map<?, ?>> all(String path, String name) {
    List<Map<?, ?>> items = new ArrayList<>();
    String separator = path.indexOf('?') < 0 ? "?" : "&";
    for (int page = 1; ; page++) {
      List<Map<?, ?>> next = list(path + separator + "limit=100&page=" + page, name);
      items.addAll(next);
      if (next.size() < 100) {
        return items;
      }
    }
  }

  static List<Map<?, ?>> maps(@Nullable Object list) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (list instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }

  private HttpURLConnection open(
      String method, String path, @Nullable String body, String withCookie) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.resolve(path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setRequestProperty("Authorization", authorization);
    connection.setRequestProperty("Connection", "close");
    if (!withCookie.isEmpty()) {
      connection.setRequestProperty("Cookie", withCookie);
    }
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    return connection;
  }

  private static Answer answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
      return new Answer(status, bytes.length == 0 ? null : Json.readTree(bytes));
    } catch (JsonException e) {
      throw new IOException("answer is no JSON: " + e.getMessage(), e);
    }
  }
}
