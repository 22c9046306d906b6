package io.kenbun.lite.command;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server that a command calls. What goes wrong is an {@link IOException} with a sentence that
 * says what to do, and never a credential. Not thread-safe.
 */
final class Remote {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_SHOWN_CHARS = 200;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String url;
  private final String authorization;
  private @Nullable String cookie;

  /**
   * Makes one; nothing is called yet.
   *
   * @throws IllegalArgumentException when {@code url} is none
   */
  Remote(String url, String clientId, String clientSecret) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--url is no URL: \"" + url + '"', e);
    }
    if (uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        || uri.getUserInfo() != null
        || uri.getQuery() != null) {
      throw new IllegalArgumentException(
          "--url is not http://HOST:PORT or https://HOST, without user, password and query");
    }
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
  }

  String url() {
    return url;
  }

  /** Returns what a GET answers with. */
  @Nullable Object get(String path) throws IOException {
    return json(send(request(path).GET().timeout(CONNECT_TIMEOUT.multipliedBy(3)).build()));
  }

  /** Makes {@code unitId} the active unit of the calls that follow. */
  void activate(String unitId) throws IOException {
    HttpResponse<String> answer =
        send(
            request("/org-units/active")
                .header("Content-Type", "application/json")
                .timeout(CONNECT_TIMEOUT.multipliedBy(3))
                .POST(HttpRequest.BodyPublishers.ofString(Json.with("{}", "ouId", unitId)))
                .build());
    String set =
        answer
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow(() -> new IOException(url + " gave no cookie for the unit"));
    int end = set.indexOf(';');
    cookie = end < 0 ? set : set.substring(0, end);
  }

  /**
   * Posts a body, asking first whether it is wanted, so that a refusal does not cost its transfer.
   *
   * @param headers name, value, name, value, …
   */
  @Nullable Object post(String path, BodyPublisher body, Duration timeout, String... headers)
      throws IOException {
    return json(
        send(
            request(path)
                .headers(headers)
                .expectContinue(true)
                .timeout(timeout)
                .POST(body)
                .build()));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", authorization);
    return cookie == null ? request : request.header("Cookie", cookie);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    HttpResponse<String> answer;
    try {
      answer = http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + url + " was called", e);
    } catch (IOException e) {
      throw new IOException(
          url + " does not answer (" + reason(e) + "); is the server running, and --url right?", e);
    }
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(refusal(request.uri().getPath(), answer));
    }
    return answer;
  }

  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    return e.getClass().getSimpleName();
  }

  private String refusal(String path, HttpResponse<String> answer) {
    String sentence = url + path + " answered " + answer.statusCode();
    try {
      if (json(answer) instanceof Map<?, ?> body && body.get("error") instanceof String error) {
        sentence += ": " + error;
      }
    } catch (IOException e) {
      sentence += ", and not as kenbun does: " + shown(answer.body());
    }
    return switch (answer.statusCode()) {
      case 401 ->
          sentence
              + "; give --client-id and --client-secret, or KENBUN_CLIENT_ID and KENBUN_CLIENT_SECRET";
      case 403, 404 -> sentence + "; does --ou name a unit that the credentials may use?";
      case 413 ->
          sentence + "; start the server with a larger --max-import-bytes, or split the file";
      case 503 ->
          sentence + "; some rows may be in: with --key the same file can be sent again safely";
      default -> sentence;
    };
  }

  private @Nullable Object json(HttpResponse<String> answer) throws IOException {
    try {
      return Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw new IOException(url + " answered what is not JSON: " + shown(answer.body()), e);
    }
  }

  private static String shown(String body) {
    String line = body.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > MAX_SHOWN_CHARS ? line.substring(0, MAX_SHOWN_CHARS) + "…" : line;
  }
}
