package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.kenbun.client.KenbunClient;
import io.kenbun.examples.PricingInterestTest.Shop;
import io.kenbun.lite.testkit.KenbunLiteKit;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.time.Instant;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** The short pieces of code in the documentation that are part of no example. */
final class SnippetsTest {
  @Test
  void theKitWithoutJUnit() throws Exception {
    try (KenbunLiteKit kenbun = KenbunLiteKit.start()) {
      new Shop(kenbun.client()).signedUp("ada@example.com");
      kenbun.leads().email("ada@example.com").hasScore(50);
    }
  }

  @Test
  void theKitsClock() throws Exception {
    try (KenbunLiteKit kenbun = KenbunLiteKit.start()) {
      kenbun.clock().set(Instant.parse("2026-03-01T12:00:00Z"));
      kenbun.clock().advance(Duration.ofDays(30)); // half-life, decay, windows and snapshots follow
      kenbun.clock().freeze();
      assertEquals("2026-03-31", kenbun.clock().now().toString().substring(0, 10));
    }
  }

  @Test
  @SuppressWarnings("AddressSelection") // A proxy is named by its address in the docs.
  void aProxyThatAsksWhoIsThere() {
    OkHttpClient http =
        new OkHttpClient.Builder()
            .proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 3128)))
            .proxyAuthenticator(
                (route, response) ->
                    response
                        .request()
                        .newBuilder()
                        .header("Proxy-Authorization", okhttp3.Credentials.basic("user", "secret"))
                        .build())
            .build();
    assertNotNull(KenbunClient.builder().httpClient(http));
  }
}
