package io.kenbun.examples;

import com.squareup.moshi.Json;
import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a kenbun server knows of one organizational unit; the SDK only sends.
 *
 * <p>Safe for use by several threads. The records hold what the examples use of each answer.
 */
public final class KenbunReader {
  /** One lead of {@code GET /leads}. */
  public record Lead(@Json(name = "lead_id") String leadId, int score) {}

  /** A page of {@code GET /leads}; {@code total} counts all pages. */
  public record Leads(List<Lead> leads, int total) {}

  /** One event of {@code GET /events}; {@code createdAt} is when it occurred. */
  public record Event(
      @Json(name = "event_type") String eventType,
      Map<String, @Nullable Object> metadata,
      @Json(name = "created_at") String createdAt) {
    /** Returns when the event occurred. */
    public Instant time() {
      return Instant.parse(createdAt);
    }
  }

  /** A page of {@code GET /events}; {@code total} counts all pages. */
  public record Events(List<Event> events, int total) {}

  /** What one rule gave: {@code count} times {@code weight} is {@code total}. */
  public record Driver(
      @Json(name = "event_type") String eventType,
      int count,
      int weight,
      int total,
      @Json(name = "filter_label") @Nullable String filterLabel) {}

  /** {@code GET /lead/{id}/score-explain}; the largest drivers come first. */
  public record Explanation(@Json(name = "top_drivers") List<Driver> topDrivers) {}

  private final Moshi moshi = new Moshi.Builder().build();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI url;
  private final String authorization;
  private final String orgUnitCookie;

  /** Signs in at {@code url} and chooses {@code orgUnit}. */
  public KenbunReader(URI url, String clientId, String clientSecret, String orgUnit)
      throws IOException, InterruptedException {
    this.url = url;
    byte[] pair = (clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(pair);
    String body = moshi.adapter(Object.class).toJson(Map.of("ouId", orgUnit));
    HttpResponse<String> answer = send(request("/org-units/active"), body);
    // "activeOu=...; HttpOnly; Path=/": name and value are what is to be sent back.
    String cookie = answer.headers().firstValue("set-cookie").orElse("");
    this.orgUnitCookie = cookie.replaceFirst(";.*", "");
  }

  /** Returns leads, those with the highest score first: pages from 1, at most 100 leads each. */
  public Leads leads(int page, int limit) throws IOException, InterruptedException {
    return get("/leads?sort=score&page=" + page + "&limit=" + limit, Leads.class);
  }

  /** Returns the id of the lead that has the alias. */
  public String leadId(String kind, String value) throws IOException, InterruptedException {
    String query = "?kind=" + encoded(kind) + "&value=" + encoded(value);
    return get("/lead/by-alias" + query, LeadId.class).leadId();
  }

  /** Returns which rules made the score of the last {@code hours}. */
  public Explanation explain(String leadId, int hours) throws IOException, InterruptedException {
    return get("/lead/" + encoded(leadId) + "/score-explain?hours=" + hours, Explanation.class);
  }

  /** Returns the lead's score in the primary ruleset. */
  public int score(String leadId) throws IOException, InterruptedException {
    return get("/score/" + encoded(leadId), Lead.class).score();
  }

  /** Returns events that match {@code filter} such as {@code lead_id=...}, newest first. */
  public Events events(String filter, int page, int limit)
      throws IOException, InterruptedException {
    return get("/events?" + filter + "&page=" + page + "&limit=" + limit, Events.class);
  }

  /** Waits until the lite server has scored what it accepted so far. */
  public void drain(Duration timeout) throws IOException, InterruptedException {
    HttpRequest.Builder request = request("/lite/drain?timeout_ms=" + timeout.toMillis());
    send(request.header("Cookie", orgUnitCookie).timeout(timeout.plusSeconds(10)), "");
  }

  /** Stops the clock of a lite server that was started with {@code --test-clock}. */
  public void stopClock(Instant now) throws IOException, InterruptedException {
    String body = moshi.adapter(Object.class).toJson(Map.of("now", now.toString(), "frozen", true));
    HttpRequest.Builder request = request("/lite/clock").header("Content-Type", "application/json");
    send(request.PUT(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  /** Returns {@code text} as it may stand in a query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private <T> T get(String path, Class<T> type) throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).header("Cookie", orgUnitCookie);
    JsonAdapter<T> adapter = moshi.adapter(type);
    T answer = adapter.fromJson(send(request, null).body());
    if (answer == null) {
      throw new IOException(path + " answered null");
    }
    return answer;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).header("Authorization", authorization);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, @Nullable String json)
      throws IOException, InterruptedException {
    if (json != null) {
      request.header("Content-Type", "application/json");
      request.POST(HttpRequest.BodyPublishers.ofString(json));
    }
    return send(request.build());
  }

  private HttpResponse<String> send(HttpRequest sent) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(sent, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(
          sent.uri().getPath() + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer;
  }

  /** The answer of {@code GET /lead/by-alias}. */
  public record LeadId(@Json(name = "lead_id") String leadId) {}
}
