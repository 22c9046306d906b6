package io.kenbun.lite.http.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.call.Credential;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The cookie of those who are signed in to the inspector. */
class SessionsTest {
  private static final String AUTHORIZATION = "Authorization";
  private static final String SHOP = TestServer.basic("shop", "geheim");

  private static TestServer.Setup ownCredentials() {
    TestServer.Setup setup = new TestServer.Setup();
    setup.credentials = List.of(Credential.of("shop", "Shop", "geheim", Set.of()));
    return setup;
  }

  private static String origin(TestServer server) {
    return "http://127.0.0.1:" + server.port();
  }

  private static HttpResponse<String> signIn(TestServer server, String... headers)
      throws Exception {
    return server.send("POST", "/lite/session", "", headers);
  }

  private static String session(TestServer server) throws Exception {
    return cookie(signIn(server, AUTHORIZATION, SHOP, "Origin", origin(server)));
  }

  private static String cookie(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.endsWith("; Path=/; HttpOnly; SameSite=Strict"), cookie);
    return cookie.substring(0, cookie.indexOf(';'));
  }

  @Test
  void standsForTheSecretUntilSigningOut() throws Exception {
    try (TestServer server = new TestServer(ownCredentials())) {
      String session = session(server);
      assertEquals(200, server.send("GET", "/org-units", null, "Cookie", session).statusCode());
      assertEquals(
          "{\"signed_in\":true,\"client_id\":\"shop\",\"open\":false,\"automatic\":false}",
          server.send("GET", "/lite/session", null, "Cookie", session).body());
      HttpResponse<String> out =
          server.send("DELETE", "/lite/session", null, "Cookie", session, "Origin", origin(server));
      assertEquals(204, out.statusCode());
      assertEquals(
          "kenbunSession=ended; Path=/; HttpOnly; SameSite=Strict",
          out.headers().firstValue("Set-Cookie").orElseThrow());
      assertEquals(401, server.send("GET", "/org-units", null, "Cookie", session).statusCode());
    }
  }

  @Test
  void endsAfterTwelveHours() throws Exception {
    try (TestServer server = new TestServer(ownCredentials())) {
      String session = session(server);
      server.clock.advance(Sessions.LIFETIME.minusMillis(1));
      assertEquals(200, server.send("GET", "/org-units", null, "Cookie", session).statusCode());
      server.clock.advance(Duration.ofMillis(1));
      assertEquals(401, server.send("GET", "/org-units", null, "Cookie", session).statusCode());
    }
  }

  @Test
  void changesNothingFromAnyOtherOrigin() throws Exception {
    try (TestServer server = new TestServer(ownCredentials())) {
      String session = session(server);
      String body = "{\"ouId\":\"unit_default\"}";
      for (String origin :
          List.of("http://127.0.0.1:1", "http://localhost:" + server.port(), "null")) {
        assertEquals(
            403,
            server
                .send("POST", "/org-units/active", body, "Cookie", session, "Origin", origin)
                .statusCode(),
            origin);
      }
      HttpResponse<String> without =
          server.send("POST", "/org-units/active", body, "Cookie", session);
      assertEquals(403, without.statusCode());
      assertEquals(
          "{\"error\":\"Origin is not this server's page\",\"code\":\"forbidden\"}",
          without.body());
      assertEquals(
          200,
          server
              .send("POST", "/org-units/active", body, "Cookie", session, "Origin", origin(server))
              .statusCode());
    }
  }

  @Test
  void noOriginMeansNoSession() throws Exception {
    try (TestServer server = new TestServer(ownCredentials())) {
      assertEquals(403, signIn(server, AUTHORIZATION, SHOP).statusCode());
      assertEquals(
          403, signIn(server, AUTHORIZATION, SHOP, "Origin", "http://127.0.0.1:1").statusCode());
    }
  }

  @Test
  void wrongSecretsBeginNothing() throws Exception {
    try (TestServer server = new TestServer(ownCredentials())) {
      for (String wrong : List.of(TestServer.basic("shop", "x"), TestServer.DEV, "Basic %")) {
        HttpResponse<String> answer =
            signIn(server, AUTHORIZATION, wrong, "Origin", origin(server));
        assertEquals(401, answer.statusCode(), wrong);
        assertTrue(answer.headers().firstValue("Set-Cookie").isEmpty());
      }
      assertEquals(401, signIn(server, "Origin", origin(server)).statusCode());
    }
  }

  @Test
  void aPageIsAskedInASchemeForWhichNoBrowserOpensAWindow() throws Exception {
    try (TestServer server = new TestServer(ownCredentials())) {
      assertEquals("Basic realm=\"kenbun\"", challenge(server.send("GET", "/org-units", null)));
      assertEquals(
          "Session realm=\"kenbun\"",
          challenge(server.send("GET", "/org-units", null, "Cookie", "kenbunSession=x")));
      assertEquals(
          "Session realm=\"kenbun\"",
          challenge(
              server.send(
                  "GET",
                  "/org-units",
                  null,
                  "Kenbun-Inspector",
                  "1",
                  AUTHORIZATION,
                  "Basic eA==")));
    }
  }

  private static String challenge(HttpResponse<String> answer) {
    assertEquals(401, answer.statusCode());
    return answer.headers().firstValue("WWW-Authenticate").orElseThrow();
  }

  @Test
  void theBuiltInPairNeedsNoAsking() throws Exception {
    try (TestServer server = new TestServer()) {
      String session = cookie(signIn(server, "Origin", origin(server)));
      assertEquals(200, server.send("GET", "/org-units", null, "Cookie", session).statusCode());
      assertEquals(403, signIn(server).statusCode());
      assertEquals(403, signIn(server, "Origin", "http://localhost:3000").statusCode());
    }
  }

  @Test
  void beyondALoopbackAddressEvenTheBuiltInPairIsAskedFor() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.host = "0.0.0.0";
    try (TestServer server = new TestServer(setup)) {
      assertEquals(401, signIn(server, "Origin", origin(server)).statusCode());
    }
  }

  @Test
  void theOldestGivesWay() throws Exception {
    try (TestServer server = new TestServer(ownCredentials())) {
      String first = session(server);
      String second = session(server);
      for (int i = 2; i < Sessions.MAX_SESSIONS; i++) {
        session(server);
      }
      assertEquals(200, server.send("GET", "/org-units", null, "Cookie", first).statusCode());
      session(server);
      assertEquals(401, server.send("GET", "/org-units", null, "Cookie", first).statusCode());
      assertEquals(200, server.send("GET", "/org-units", null, "Cookie", second).statusCode());
    }
  }
}
