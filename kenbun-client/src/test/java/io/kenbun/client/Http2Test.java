package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttp;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that speaks TLS and offers h2 by ALPN: everything goes over HTTP/2. */
final class Http2Test {
  private static final Pattern EVENT = Pattern.compile("\"lead_id\":\"([^\"]+)\".*\"n\":([0-9]+)");

  private final RecordingListener listener = new RecordingListener();
  private final Set<Protocol> protocols = ConcurrentHashMap.newKeySet();
  private final Set<Object> connections = ConcurrentHashMap.newKeySet();
  private KenbunServer kenbun;
  private OkHttpClient http;

  @BeforeEach
  void start() throws Exception {
    String name = InetAddress.getLoopbackAddress().getHostName();
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName(name).build();
    kenbun = new KenbunServer();
    kenbun.server.useHttps(
        new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslSocketFactory(),
        false);
    HandshakeCertificates trusted =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(certificate.certificate())
            .build();
    http =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
            .readTimeout(500, TimeUnit.MILLISECONDS)
            .callTimeout(1000, TimeUnit.MILLISECONDS)
            .addNetworkInterceptor(
                chain -> {
                  protocols.add(chain.connection().protocol());
                  connections.add(chain.connection());
                  return chain.proceed(chain.request());
                })
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    kenbun.close();
  }

  private KenbunClient client() {
    return kenbun
        .client()
        .baseUrl("https://" + kenbun.server.getHostName() + ":" + kenbun.server.getPort())
        .httpClient(http)
        .listener(listener)
        .linger(0, TimeUnit.MILLISECONDS)
        .retryPolicy(RetryPolicy.builder().firstPause(1, TimeUnit.MILLISECONDS).jitter(0).build())
        .build();
  }

  /** Tracks events of ten leads and expects each to arrive once, in its lead's order. */
  private void deliversInOrder(int count) {
    try (KenbunClient client = client()) {
      for (int i = 0; i < count; i++) {
        assertTrue(
            client.track(Event.builder("T").leadId("ld_" + i % 10).metadata("n", i).build()));
      }
      FlushResult result = client.flush(30, TimeUnit.SECONDS);
      assertEquals(count, result.delivered(), () -> client.stats() + " " + listener.told);
    }
    assertEquals(count, kenbun.events.size());
    Map<String, List<Integer>> byLead = new LinkedHashMap<>();
    for (String body : kenbun.events) {
      Matcher event = EVENT.matcher(body);
      assertTrue(event.find(), body);
      byLead
          .computeIfAbsent(event.group(1), lead -> new ArrayList<>())
          .add(Integer.valueOf(event.group(2)));
    }
    assertEquals(10, byLead.size());
    byLead.forEach(
        (lead, numbers) -> assertEquals(numbers.stream().sorted().toList(), numbers, lead));
    assertEquals(Set.of(Protocol.HTTP_2), protocols);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void carriesEventsInOrderOverOneConnection(boolean batches) {
    kenbun.batches = batches;
    deliversInOrder(200);
    assertEquals(1, connections.size());
    assertEquals(List.of(), kenbun.duplicates);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsTheOrderThroughFailures(boolean batches) {
    kenbun.batches = batches;
    AtomicInteger requests = new AtomicInteger();
    kenbun.script =
        request ->
            requests.incrementAndGet() % (batches ? 2 : 7) == 1
                ? KenbunServer.error(503, "overloaded", "overloaded")
                : null;
    deliversInOrder(100);
    assertTrue(listener.told.stream().anyMatch(line -> line.contains("503")));
  }

  @Test
  void sendsAgainWhatWasAskedForOnAStreamThatIsReset() {
    AtomicInteger requests = new AtomicInteger();
    kenbun.script =
        request -> {
          kenbun.resetNextStream.compareAndSet(false, requests.incrementAndGet() == 3);
          return null;
        };
    deliversInOrder(50);
    assertFalse(kenbun.resetNextStream.get()); // OkHttp may have sent it again by itself.
  }

  @Test
  void sendsAgainWithTheSameKeyWhenTheConnectionIsGoneBeforeTheAnswer() {
    onlyOnMockWebServer4();
    AtomicInteger requests = new AtomicInteger();
    kenbun.script =
        request -> {
          if (requests.incrementAndGet() != 3) {
            return null;
          }
          kenbun.accept("unit_default", key(request), KenbunServer.body(request));
          return new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST);
        };
    deliversInOrder(50);
    assertTrue(kenbun.duplicates.size() >= 1); // The others in flight may be among them.
  }

  /** MockWebServer 5 answers where it was told to end the connection. */
  private static void onlyOnMockWebServer4() {
    assumeTrue(OkHttp.VERSION.startsWith("4."));
  }

  private static String key(RecordedRequest request) {
    return String.valueOf(request.getHeader("Idempotency-Key"));
  }

  @Test
  void goesOnOverAnotherConnectionWhenTheServerSaysGoAway() {
    onlyOnMockWebServer4();
    AtomicInteger requests = new AtomicInteger();
    kenbun.script =
        request -> {
          if (requests.incrementAndGet() == 5) {
            kenbun.accept("unit_default", key(request), KenbunServer.body(request));
            return new MockResponse()
                .setResponseCode(202)
                .setSocketPolicy(SocketPolicy.DISCONNECT_AT_END);
          }
          return null;
        };
    deliversInOrder(50);
    assertTrue(connections.size() > 1, connections::toString);
  }

  @Test
  void doesNotHangOnAStreamThatDrips() {
    kenbun.withBatches();
    AtomicInteger left = new AtomicInteger(1);
    kenbun.script =
        request ->
            left.getAndDecrement() > 0
                ? new MockResponse()
                    .setResponseCode(202)
                    .setBody(" ".repeat(1000))
                    .throttleBody(1, 100, TimeUnit.MILLISECONDS)
                : null;
    deliversInOrder(10);
  }
}
