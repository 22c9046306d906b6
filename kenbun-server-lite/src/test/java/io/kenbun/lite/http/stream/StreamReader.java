package io.kenbun.lite.http.stream;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Listens as a page would: what it is sent, message by message. */
final class StreamReader implements AutoCloseable {
  /** One message; the last id stays where one has none. */
  record Message(@Nullable String id, String event, String data) {
    /** Returns a field of the data, as text. */
    String field(String name) throws Exception {
      return String.valueOf(
          ((Map<?, ?>) Json.readTree(data.getBytes(StandardCharsets.UTF_8))).get(name));
    }
  }

  private final HttpURLConnection connection;
  private final BufferedReader lines;

  private StreamReader(HttpURLConnection connection) throws IOException {
    this.connection = connection;
    this.lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Listens as {@code auth} in a unit; the stream has begun when this returns. */
  static StreamReader openAs(
      TestServer server, String auth, String unitId, String query, String... headers)
      throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + server.port() + "/lite/stream" + query)
                .toURL()
                .openConnection();
    connection.setReadTimeout(10_000);
    connection.setRequestProperty("Authorization", auth);
    connection.setRequestProperty("Cookie", server.cookie(auth, unitId));
    for (int i = 0; i < headers.length; i += 2) {
      connection.setRequestProperty(headers[i], headers[i + 1]);
    }
    return new StreamReader(connection);
  }

  static StreamReader open(TestServer server, String query, String... headers) throws Exception {
    return openAs(server, TestServer.DEV, "unit_default", query, headers);
  }

  /** Returns the next line that is not empty. */
  @Nullable String line() throws IOException {
    String line = lines.readLine();
    while (line != null && line.isEmpty()) {
      line = lines.readLine();
    }
    return line;
  }

  /** Returns the next message; comments are passed over. Null at the end. */
  @Nullable Message next() throws IOException {
    String id = null;
    String event = null;
    String data = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty() && event != null && data != null) {
        return new Message(id, event, data);
      }
    }
    return null;
  }

  HttpURLConnection connection() {
    return connection;
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
