package io.kenbun.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test for each row of the failure table in docs/delivery.md, over real sockets. */
final class FailureTableTest {
  private static final RetryPolicy QUICK =
      RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).jitter(0).build();

  private final RecordingListener listener = new RecordingListener();
  private KenbunServer kenbun;

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer();
  }

  @AfterEach
  void stop() throws Exception {
    kenbun.close();
  }

  private KenbunClient.Builder client() {
    return kenbun.client().listener(listener).retryPolicy(QUICK).linger(0, TimeUnit.MILLISECONDS);
  }

  /** With time-outs that a test can wait for. */
  private KenbunClient.Builder impatientClient() {
    return client()
        .httpClient(
            new OkHttpClient.Builder()
                .readTimeout(500, TimeUnit.MILLISECONDS)
                .callTimeout(1000, TimeUnit.MILLISECONDS)
                .build());
  }

  private static Event event(String lead) {
    return Event.builder("Page View").leadId(lead).build();
  }

  private void failOnceWith(Supplier<MockResponse> response) {
    AtomicInteger left = new AtomicInteger(1);
    kenbun.script = request -> left.getAndDecrement() > 0 ? response.get() : null;
  }

  /**
   * Sends one event through a failure and expects it to arrive once, with the key it had before.
   */
  private void arrivesAfterOneFailure(KenbunClient.Builder builder) {
    try (KenbunClient client = builder.build()) {
      assertTrue(client.track(event("a")));
      FlushResult result = client.flush(10, TimeUnit.SECONDS);
      assertEquals(1, result.delivered(), () -> client.stats() + " " + listener.told);
      assertEquals(0, client.stats().dropped());
    }
    assertEquals(1, kenbun.events.size());
  }

  private void keysAgree(int requests) {
    assertEquals(requests, kenbun.requests.size());
    assertEquals(
        kenbun.requests.get(0).getHeader("Idempotency-Key"),
        kenbun.requests.get(requests - 1).getHeader("Idempotency-Key"));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        300, 301, 302, 303, 307, 308, 404, 405, 421, 425, 429, 500, 501, 502, 503, 504, 505, 507,
        511, 520, 599
      })
  void isSentAgainAfter(int status) {
    failOnceWith(
        () -> KenbunServer.error(status, "not now", "code").setHeader("Location", kenbun.url()));
    arrivesAfterOneFailure(client());
    keysAgree(2);
    assertEquals("retrying 1: " + status + " not now (code), after 1 ms", listener.told.get(0));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        400, 402, 406, 409, 410, 411, 412, 414, 415, 416, 417, 418, 422, 423, 424, 426, 428, 431,
        451
      })
  void isDroppedAndToldAfter(int status) {
    failOnceWith(
        () ->
            new MockResponse()
                .setResponseCode(status)
                .setBody("{\"error\":\"no\",\"code\":\"invalid_field\",\"field\":\"timestamp\"}"));
    try (KenbunClient client = client().build()) {
      client.track(event("a"));
      client.track(event("a"));
      client.flush(10, TimeUnit.SECONDS);
      assertEquals(1, client.stats().dropped(DropReason.REFUSED));
      assertEquals(1, client.stats().delivered());
    }
    assertTrue(
        listener.told.contains("dropped a REFUSED: " + status + " no (invalid_field) at timestamp"),
        listener.told::toString);
  }

  /** OkHttp takes a 407 that no proxy sent for a broken answer. */
  @Test
  void isSentAgainAfterA407ThatNoProxySent() {
    failOnceWith(() -> KenbunServer.error(407, "who are you", "code"));
    arrivesAfterOneFailure(client());
    keysAgree(2);
  }

  @Test
  void isDroppedAsTooLargeAfter413() {
    failOnceWith(() -> KenbunServer.error(413, "metadata too large", "metadata_too_large"));
    try (KenbunClient client = client().build()) {
      client.track(event("a"));
      client.flush(10, TimeUnit.SECONDS);
      assertEquals(1, client.stats().dropped(DropReason.TOO_LARGE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void isKeptAndToldOnceAfter(int status) {
    kenbun.script = request -> KenbunServer.error(status, "no entry", "unauthorized");
    try (KenbunClient client = client().build()) {
      client.track(event("a"));
      client.track(event("b"));
      FlushResult result = client.flush(10, TimeUnit.SECONDS);
      assertEquals(2, result.queued());
      assertEquals(0, result.dropped());
      client.close(0, TimeUnit.SECONDS);
      assertEquals("refused: " + status + " no entry (unauthorized)", listener.told.get(0));
      assertEquals(3, listener.told.size(), listener.told::toString);
      assertEquals(2, client.stats().dropped(DropReason.ABANDONED));
    }
  }

  @Test
  void asksTheSourceAgainAfter401() {
    AtomicInteger asked = new AtomicInteger();
    kenbun.script =
        request ->
            "Bearer new".equals(request.getHeader("Authorization"))
                ? null
                : KenbunServer.error(401, "no", "unauthorized");
    Credentials rotating =
        Credentials.rotating(
            () -> Credentials.bearer(asked.getAndIncrement() == 0 ? "old" : "new"));
    arrivesAfterOneFailure(client().credentials(rotating));
    assertEquals(2, asked.get());
  }

  @Test
  void isSentAgainWhenTheConnectionIsRefused() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (KenbunClient client = client().baseUrl("http://127.0.0.1:" + port).build()) {
      client.track(event("a"));
      FlushResult result = client.flush(200, TimeUnit.MILLISECONDS);
      client.close(0, TimeUnit.SECONDS);
      assertEquals(1, result.queued());
      assertEquals(0, result.dropped());
      assertTrue(
          listener.told.get(0).startsWith("retrying 0: ConnectException"), listener.told::toString);
    }
  }

  @Test
  void isSentAgainWhenTheConnectionBreaksBeforeTheAnswer() {
    failOnceWith(() -> new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST));
    arrivesAfterOneFailure(client());
  }

  @Test
  void isSentAgainAfter408WhichOkHttpDoesByItself() {
    failOnceWith(() -> KenbunServer.error(408, "too slow", "timeout"));
    arrivesAfterOneFailure(client());
    keysAgree(2);
  }

  @Test
  void isSentAgainWhenTheAnswerToABatchBreaksOff() {
    kenbun.withBatches();
    failOnceWith(
        () ->
            new MockResponse()
                .setResponseCode(202)
                .setBody("{\"accepted\":1,\"rejected\":[]}" + " ".repeat(100_000))
                .setSocketPolicy(SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY));
    arrivesAfterOneFailure(client());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "hello", "{\"accepted\":7,\"rejected\":[]}"})
  void isSentAgainWhenTheAnswerToABatchIsNotKenbuns(String answer) {
    kenbun.withBatches();
    failOnceWith(() -> new MockResponse().setResponseCode(202).setBody(answer));
    arrivesAfterOneFailure(client());
  }

  @Test
  void isSentAgainWhenAWebPageAnswersInsteadOfKenbun() {
    failOnceWith(
        () ->
            new MockResponse()
                .setResponseCode(200)
                .setHeader("Content-Type", "text/html; charset=utf-8")
                .setBody("<html>Welcome to our hotel"));
    arrivesAfterOneFailure(client());
  }

  @Test
  void isRecognisedAsADuplicateWhenThe202WasLostAfterTheServerHadTheEvent() {
    AtomicInteger left = new AtomicInteger(1);
    kenbun.script =
        request -> {
          if (left.getAndDecrement() <= 0) {
            return null;
          }
          kenbun.accept(
              "unit_default", request.getHeader("Idempotency-Key"), KenbunServer.body(request));
          return new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST);
        };
    arrivesAfterOneFailure(client());
    assertEquals(1, kenbun.duplicates.size());
  }

  @Test
  void isSentAgainWhenTheServerSaysNothing() {
    failOnceWith(() -> new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
    arrivesAfterOneFailure(impatientClient());
  }

  @Test
  void isSentAgainWhenTheServerDripsItsAnswer() {
    kenbun.withBatches();
    failOnceWith(
        () ->
            new MockResponse()
                .setResponseCode(202)
                .setBody(" ".repeat(1000))
                .throttleBody(1, 100, TimeUnit.MILLISECONDS));
    arrivesAfterOneFailure(impatientClient());
  }

  @Test
  void isSentAgainWhenTlsFails() throws Exception {
    try (ServerSocket noTls = new ServerSocket(0)) {
      Thread server =
          new Thread(
              () -> {
                try {
                  while (true) {
                    try (Socket socket = noTls.accept()) {
                      socket.getOutputStream().write("no TLS here\r\n".getBytes(US_ASCII));
                      socket.getInputStream().readNBytes(100);
                    }
                  }
                } catch (IOException e) {
                  listener.told.add("the server has ended");
                }
              });
      server.setDaemon(true);
      server.start();
      try (KenbunClient client =
          client().baseUrl("https://127.0.0.1:" + noTls.getLocalPort()).build()) {
        client.track(event("a"));
        FlushResult result = client.flush(1, TimeUnit.SECONDS);
        assertEquals(1, result.queued());
        assertTrue(listener.told.get(0).contains("SSL"), listener.told::toString);
        client.close(0, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void isSentAgainWhenTheNameCannotBeResolved() {
    AtomicInteger left = new AtomicInteger(2);
    OkHttpClient http =
        new OkHttpClient.Builder()
            .dns(
                host -> {
                  if (left.getAndDecrement() > 0) {
                    throw new UnknownHostException(host);
                  }
                  return List.of(InetAddress.getLoopbackAddress());
                })
            .build();
    arrivesAfterOneFailure(
        client().httpClient(http).baseUrl("http://kenbun.test:" + kenbun.server.getPort()));
    assertTrue(listener.told.get(0).contains("UnknownHostException"), listener.told::toString);
  }

  @Test
  void isSentAgainWhenAnInterceptorOfTheApplicationThrows() {
    AtomicInteger left = new AtomicInteger(1);
    OkHttpClient http =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  if (left.getAndDecrement() > 0) {
                    throw new IllegalStateException("on purpose");
                  }
                  return chain.proceed(chain.request());
                })
            .build();
    arrivesAfterOneFailure(client().httpClient(http));
  }

  @Test
  void waitsAsLongAsRetryAfterSaysInSeconds() {
    failOnceWith(() -> KenbunServer.error(503, "no", "overloaded").setHeader("Retry-After", "1"));
    arrivesAfterOneFailure(client());
    assertEquals("retrying 1: 503 no (overloaded), after 1000 ms", listener.told.get(0));
  }

  @Test
  void waitsAsLongAsRetryAfterSaysAsADateByTheServersOwnClock() {
    failOnceWith(
        () ->
            KenbunServer.error(429, "no", "rate_limited")
                .setHeader("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
                .setHeader("Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT"));
    arrivesAfterOneFailure(client());
    assertEquals("retrying 1: 429 no (rate_limited), after 1000 ms", listener.told.get(0));
  }

  @Test
  void halvesABatchThatIsTooLargeOverTheWire() {
    kenbun.withBatches();
    kenbun.script =
        request ->
            request.getPath().endsWith("batch") && KenbunServer.body(request).lines().count() > 3
                ? KenbunServer.error(413, "body too large", "body_too_large")
                : null;
    try (KenbunClient client = client().build()) {
      for (int i = 0; i < 50; i++) {
        client.track(event("l" + i));
      }
      assertEquals(50, client.flush(10, TimeUnit.SECONDS).delivered());
      assertEquals(0, client.stats().dropped());
    }
  }

  @Test
  void compressesBatches() {
    kenbun.withBatches();
    try (KenbunClient client = client().linger(50, TimeUnit.MILLISECONDS).build()) {
      for (int i = 0; i < 300; i++) {
        client.track(event("lead-" + i));
      }
      assertEquals(300, client.flush(10, TimeUnit.SECONDS).delivered());
    }
    List<String> encodings = new ArrayList<>();
    long bytes = 0;
    for (var request : kenbun.requests) {
      encodings.add(request.getHeader("Content-Encoding"));
      bytes += request.getBodySize();
    }
    assertTrue(encodings.contains("gzip"), encodings::toString);
    assertTrue(bytes < 60 * 300, "bytes for 300 events: " + bytes);
    assertNotEquals(0, bytes);
  }
}
