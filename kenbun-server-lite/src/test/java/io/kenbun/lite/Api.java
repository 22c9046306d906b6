package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.openapi.Documented;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Calls a server as an application would that has no SDK: Basic credentials, a cookie jar, JSON.
 */
public final class Api {
  private static final Duration PATIENCE = Duration.ofMinutes(2); // On a slow machine, too.

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI url;
  private final String authorization;

  public Api(URI url) {
    this(url, "dev", "dev");
  }

  public Api(URI url, String clientId, String clientSecret) {
    this.url = url;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
  }

  /** Activates the unit; the cookie goes along from then on. */
  public Api activate(String unitId) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/org-units/active", "{\"ouId\":\"" + unitId + "\"}");
    assertEquals(200, answer.statusCode(), answer.body());
    return this;
  }

  public HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", authorization);
  }

  public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return Documented.answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
  }

  /** Returns the object that a GET answers with 200. */
  public Map<?, ?> object(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    return (Map<?, ?>) tree(answer.body());
  }

  /** Waits until everything that was accepted is scored. */
  public void drain() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HttpResponse<String> answer;
    do { // Each time for less than a request may take.
      answer = post("/lite/drain?timeout_ms=15000", "");
    } while (answer.statusCode() == 504 && System.nanoTime() < deadline);
    assertEquals(200, answer.statusCode(), answer.body());
  }

  /** Returns every item of a paged list. */
  public List<Map<?, ?>> all(String path, String key) throws IOException, InterruptedException {
    List<Map<?, ?>> items = new ArrayList<>();
    for (int page = 1; ; page++) {
      String separator = path.indexOf('?') < 0 ? "?" : "&";
      Map<?, ?> answer = object(path + separator + "limit=100&page=" + page);
      List<?> part = (List<?>) answer.get(key);
      part.forEach(item -> items.add((Map<?, ?>) item));
      if (part.isEmpty()) {
        assertEquals((long) items.size(), answer.get("total"));
        return items;
      }
    }
  }

  public static Object tree(String json) throws IOException {
    return Json.readTree(json.getBytes(StandardCharsets.UTF_8));
  }
}
