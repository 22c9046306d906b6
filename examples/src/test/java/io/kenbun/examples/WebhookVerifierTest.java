package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.kenbun.lite.KenbunLite;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WebhookVerifierTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
  private static final long SENT = 1_614_265_330;

  private static boolean isGenuine(String id, long now, String signatures, byte[] body)
      throws GeneralSecurityException {
    InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(now));
    return new WebhookVerifier(SECRET, clock).isGenuine(id, String.valueOf(SENT), signatures, body);
  }

  @Test
  void takesThePublishedExampleOfStandardWebhooks() throws Exception {
    String id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    assertTrue(isGenuine(id, SENT, SIGNATURE, BODY));
    assertTrue(isGenuine(id, SENT, "v1,b2xk " + SIGNATURE, BODY));
    assertFalse(isGenuine("msg_other", SENT, SIGNATURE, BODY));
    assertFalse(isGenuine(id, SENT, "", BODY));
    assertFalse(isGenuine(id, SENT, SIGNATURE, "{}".getBytes(StandardCharsets.UTF_8)));
    assertTrue(isGenuine(id, SENT + 300, SIGNATURE, BODY));
    assertFalse(isGenuine(id, SENT + 301, SIGNATURE, BODY));
    assertTrue(isGenuine(id, SENT - 300, SIGNATURE, BODY));
    assertFalse(isGenuine(id, SENT - 301, SIGNATURE, BODY));
    assertFalse(
        new WebhookVerifier(SECRET, InstantSource.system()).isGenuine(id, "now", SIGNATURE, BODY));
  }

  @Test
  void takesWhatTheLiteServerSends() throws Exception {
    CompletableFuture<Boolean> genuine = new CompletableFuture<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          try {
            genuine.complete(
                new WebhookVerifier(SECRET, InstantSource.system())
                    .isGenuine(
                        exchange.getRequestHeaders().getFirst("webhook-id"),
                        exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                        exchange.getRequestHeaders().getFirst("webhook-signature"),
                        exchange.getRequestBody().readAllBytes()));
          } catch (GeneralSecurityException e) {
            genuine.completeExceptionally(e);
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    try (KenbunLite server = KenbunLite.builder().port(0).inMemory().start()) {
      HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
      assertEquals(200, post(http, server, "/org-units/active", "{\"ouId\":\"unit_default\"}"));
      String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
      String channel =
          "{\"name\":\"Sales\",\"type\":\"webhook\",\"config\":{\"url\":\""
              + url
              + "\",\"signing_secret\":\""
              + SECRET
              + "\"}}";
      assertEquals(201, post(http, server, "/notification-channels", channel));
      String test = "/notification-channels/notification_channel_1/test";
      assertEquals(202, post(http, server, test, ""));
      assertTrue(genuine.get(20, TimeUnit.SECONDS));
    } finally {
      receiver.stop(0);
    }
  }

  private static int post(HttpClient http, KenbunLite server, String path, String body)
      throws Exception {
    String basic = Base64.getEncoder().encodeToString("dev:dev".getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }
}
