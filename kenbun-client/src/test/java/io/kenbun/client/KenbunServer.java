package io.kenbun.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import okio.Buffer;
import okio.GzipSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * A kenbun over real sockets: sessions by cookie, singles, batches if it is told to announce them,
 * and idempotency keys. Answers can be scripted.
 */
final class KenbunServer implements AutoCloseable {
  private static final Pattern KEY = Pattern.compile("\"idempotency_key\":\"([^\"]+)\",?");

  final MockWebServer server = new MockWebServer();

  /** The bodies of accepted events in the order of arrival, each key once. */
  final List<String> events = new CopyOnWriteArrayList<>();

  /** The unit of each of {@link #events}. */
  final List<String> units = new CopyOnWriteArrayList<>();

  /** Every request but activations. */
  final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

  final List<RecordedRequest> activations = new CopyOnWriteArrayList<>();

  /** Events that came again with a key that was known. */
  final List<String> duplicates = new CopyOnWriteArrayList<>();

  private final Map<String, String> keys = new LinkedHashMap<>(); // Guarded by this.
  private final List<String> sessions = new ArrayList<>(); // Guarded by this.

  /** Asked before each request but activations; null: go on as usual. */
  volatile Function<RecordedRequest, @Nullable MockResponse> script = request -> null;

  /** Asked before each activation. */
  volatile Function<RecordedRequest, @Nullable MockResponse> activationScript = request -> null;

  volatile boolean batches;

  /** Whether the next stream of HTTP/2 is reset before its request is read. */
  final AtomicBoolean resetNextStream = new AtomicBoolean();

  /** How long each answer waits before it goes out. */
  volatile long delayMillis;

  KenbunServer() throws IOException {
    this(0);
  }

  /** At a certain port, as a server that comes back. */
  KenbunServer(int port) throws IOException {
    server.setServerSocketFactory(new NoDelayServerSockets());
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }

          @Override
          public MockResponse peek() {
            return resetNextStream.getAndSet(false)
                ? new MockResponse()
                    .setSocketPolicy(SocketPolicy.RESET_STREAM_AT_START)
                    .setHttp2ErrorCode(2) // INTERNAL_ERROR
                : super.peek();
          }
        });
    server.start(port);
  }

  KenbunServer withBatches() {
    batches = true;
    return this;
  }

  String url() {
    return server.url("/").toString();
  }

  KenbunClient.Builder client() {
    return KenbunClient.builder()
        .baseUrl(url())
        .credentials(Credentials.basic("dev", "dev"))
        .orgUnit("unit_default");
  }

  /** From now on no cookie of an earlier activation counts. */
  synchronized void forgetSessions() {
    sessions.clear();
  }

  private MockResponse answer(RecordedRequest request) {
    if (request.getFailure() != null || isCut(request)) {
      return new MockResponse(); // The connection broke before all of it was here.
    }
    MockResponse response = route(request);
    if (batches && response.getHeaders().get("Kenbun-Capabilities") == null) {
      response.setHeader("Kenbun-Capabilities", "ingest-batch, idempotency-key");
    }
    return response.setHeadersDelay(delayMillis, TimeUnit.MILLISECONDS);
  }

  /**
   * Says whether the body ends early: a stream that is cancelled by its connection's end is told as
   * read.
   */
  private static boolean isCut(RecordedRequest request) {
    String length = request.getHeader("Content-Length");
    return length != null && request.getBodySize() < Long.parseLong(length);
  }

  private MockResponse route(RecordedRequest request) {
    if ("/org-units/active".equals(request.getPath())) {
      activations.add(request);
      MockResponse scripted = activationScript.apply(request);
      return scripted != null ? scripted : activate(request);
    }
    requests.add(request);
    MockResponse scripted = script.apply(request);
    if (scripted != null) {
      return scripted;
    }
    String unit = unit(request);
    if (unit == null) {
      return error(400, "active OU not set", "active_ou_not_set");
    }
    if ("/ingest".equals(request.getPath())) {
      accept(unit, String.valueOf(request.getHeader("Idempotency-Key")), body(request));
      return new MockResponse().setResponseCode(202).setBody("{\"message\":\"event queued\"}");
    }
    if ("/ingest/batch".equals(request.getPath()) && batches) {
      int accepted = 0;
      for (String line : body(request).lines().toList()) {
        Matcher key = KEY.matcher(line);
        if (!key.find()) {
          return error(400, "no key", "invalid_field");
        }
        accept(unit, key.group(1), KEY.matcher(line).replaceFirst(""));
        accepted++;
      }
      return new MockResponse()
          .setResponseCode(202)
          .setBody("{\"accepted\":" + accepted + ",\"rejected\":[]}");
    }
    return error(404, "not found", "not_found");
  }

  private synchronized MockResponse activate(RecordedRequest request) {
    String json = request.getBody().clone().readUtf8();
    String unit = json.substring(json.indexOf(":\"") + 2, json.lastIndexOf('"'));
    String session = unit + "." + sessions.size();
    sessions.add(session);
    return new MockResponse()
        .setResponseCode(204)
        .setHeader("Set-Cookie", "activeOu=" + session + "; Path=/; HttpOnly; SameSite=Lax");
  }

  private synchronized @Nullable String unit(RecordedRequest request) {
    String cookie = request.getHeader("Cookie");
    if (cookie == null || !cookie.startsWith("activeOu=")) {
      return null;
    }
    String session = cookie.substring("activeOu=".length());
    return sessions.contains(session) ? session.substring(0, session.lastIndexOf('.')) : null;
  }

  /** Takes an event as the server does before it answers. */
  synchronized void accept(String unit, String key, String body) {
    if (keys.put(key, body) != null) {
      duplicates.add(key);
      return;
    }
    events.add(body);
    units.add(unit);
  }

  static String body(RecordedRequest request) {
    try {
      Buffer body = request.getBody().clone();
      if ("gzip".equals(request.getHeader("Content-Encoding"))) {
        return Okio.buffer(new GzipSource(body)).readUtf8();
      }
      return body.readUtf8();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static MockResponse error(int status, String error, String code) {
    return new MockResponse()
        .setResponseCode(status)
        .setHeader("Content-Type", "application/json")
        .setBody("{\"error\":\"" + error + "\",\"code\":\"" + code + "\"}");
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
