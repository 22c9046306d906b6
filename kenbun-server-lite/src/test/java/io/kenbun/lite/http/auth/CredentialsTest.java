package io.kenbun.lite.http.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.HttpServer;
import io.kenbun.lite.http.RawConnection;
import io.kenbun.lite.http.Refused;
import io.kenbun.lite.http.ServerFacts;
import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.AccessToken;
import io.kenbun.lite.model.ServiceAccount;
import io.kenbun.lite.store.DiskUse;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Service accounts and tokens: shown once, good at once, gone at once, each in its own unit. */
class CredentialsTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\"}";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aSecretIsShownOnceAndWorksAtOnce() throws Exception {
    HttpResponse<String> made = server.call("POST", "/secrets", "{\"name\":\" CI \"}");
    assertEquals(200, made.statusCode(), made.body());
    Map<?, ?> secret = object(made);
    assertEquals(
        List.of(
            "secret_id",
            "unit_id",
            "client_id",
            "name",
            "trust_upstream_consent",
            "created_at",
            "client_secret"),
        List.copyOf(secret.keySet()));
    assertEquals("unit_default", secret.get("unit_id"));
    assertEquals("CI", secret.get("name"));
    assertEquals(false, secret.get("trust_upstream_consent"));
    assertEquals("2026-03-10T12:00:00Z", secret.get("created_at"));
    assertEquals(202, ingest(basic(secret), "unit_default").statusCode());
    HttpResponse<String> list = server.get("/secrets");
    assertTrue(list.body().startsWith("[{\"secret_id\":\"" + secret.get("secret_id") + "\""));
    assertFalse(list.body().contains("client_secret"), list.body());
  }

  @Test
  void aSecretIsGoodForItsOwnUnitAlone() throws Exception {
    Map<?, ?> secret = makeSecret();
    assertEquals(
        "[{\"unit_id\":\"unit_default\",\"org_id\":\"org_default\",\"name\":\"Default\",\"slug\":\"default\","
            + "\"external_ref\":null,\"is_default\":true}]",
        server.send("GET", "/org-units", null, "Authorization", basic(secret)).body());
    Refused.by(
            server.send(
                "POST",
                "/org-units/active",
                "{\"ouId\":\"unit_b\"}",
                "Authorization",
                basic(secret)))
        .is(403, "forbidden", null);
    Refused.by(
            server.send("POST", "/org-units", "{\"name\":\"New\"}", "Authorization", basic(secret)))
        .is(403, "forbidden", null);
  }

  @Test
  void aWrongSecretOfARightIdIsRefusedBeforeAndAfterTheRightOne() throws Exception {
    Map<?, ?> secret = makeSecret();
    String wrong = TestServer.basic((String) secret.get("client_id"), "kbn_cs_wrong");
    assertUnauthorized(wrong); // The slow way.
    assertEquals(202, ingest(basic(secret), "unit_default").statusCode());
    assertUnauthorized(wrong); // The fast way.
    assertEquals(202, ingest(basic(secret), "unit_default").statusCode());
  }

  @Test
  void aDeletedSecretIsRefusedAtOnceWithItsTokens() throws Exception {
    Map<?, ?> secret = makeSecret();
    String basic = basic(secret);
    String token =
        bearer(
            object(
                server.send(
                    "POST", "/settings/tokens", "{\"name\":\"t\"}", "Authorization", basic)));
    assertEquals(202, ingest(basic, "unit_default").statusCode());
    assertEquals(202, ingest(token, "unit_default").statusCode());
    HttpResponse<String> deleted =
        server.call("DELETE", "/secrets/" + secret.get("secret_id"), null);
    assertEquals(204, deleted.statusCode());
    assertEquals("", deleted.body());
    assertTrue(deleted.headers().firstValue("Content-Type").isEmpty());
    assertUnauthorized(basic);
    assertUnauthorized(token);
    assertEquals("[]", server.get("/secrets").body());
    Refused.by(server.call("DELETE", "/secrets/" + secret.get("secret_id"), null))
        .is(404, "not_found", null);
  }

  @Test
  void fromAnotherUnitASecretLooksAsIfItWereNotThere() throws Exception {
    String path = "/secrets/" + makeSecret().get("secret_id");
    String[] other = {
      "Authorization", TestServer.DEV, "Cookie", server.cookie(TestServer.DEV, "unit_b")
    };
    assertEquals("[]", server.send("GET", "/secrets", null, other).body());
    Refused.by(server.send("DELETE", path, null, other)).is(404, "not_found", null);
    Refused.by(server.send("PUT", path, "{\"trust_upstream_consent\":true}", other))
        .is(404, "not_found", null);
    assertEquals(204, server.call("PUT", path, "{\"trust_upstream_consent\":true}").statusCode());
    assertTrue(server.get("/secrets").body().contains("\"trust_upstream_consent\":true"));
    Refused.by(server.send("GET", "/secrets", null, "Authorization", TestServer.DEV))
        .is(400, "active_ou_not_set", null);
  }

  @Test
  void whatASecretNeedsIsChecked() throws Exception {
    assertEquals(
        200, server.call("POST", "/secrets", "{\"name\":\"" + "n".repeat(50) + "\"}").statusCode());
    Refused.by(server.call("POST", "/secrets", "{\"name\":\"" + "n".repeat(51) + "\"}"))
        .is(400, "invalid_field", "name")
        .says("name has less than 1 or more than 50 characters: 51");
    Refused.by(server.call("POST", "/secrets", "{\"name\":\" \"}"))
        .is(400, "invalid_field", "name");
    Refused.by(server.call("POST", "/secrets", "{\"name\":7}"))
        .is(400, "invalid_field", "name")
        .says("name is not a string: a number");
    Refused.by(server.call("POST", "/secrets", "{}")).is(400, "missing_field", "name");
    String path = "/secrets/" + makeSecret().get("secret_id");
    Refused.by(server.call("PUT", path, "{}")).is(400, "missing_field", "trust_upstream_consent");
    Refused.by(server.call("PUT", path, "{\"trust_upstream_consent\":\"yes\"}"))
        .is(400, "invalid_field", "trust_upstream_consent")
        .says("trust_upstream_consent is not a boolean: a string");
  }

  @Test
  void atRestThereIsAHashAlone() throws Exception {
    Map<?, ?> secret = makeSecret();
    Map<?, ?> token = object(server.call("POST", "/settings/tokens", "{\"name\":\"laptop\"}"));
    ServiceAccount account = server.storage.accounts().secrets().get(0);
    assertTrue(account.hash().startsWith("pbkdf2-sha256:210000:"), account.hash());
    byte[] sent = ((String) secret.get("client_secret")).getBytes(StandardCharsets.US_ASCII);
    assertTrue(SecretHash.matches(account.hash(), sent, 0));
    sent[10]++;
    assertFalse(SecretHash.matches(account.hash(), sent, 0));
    AccessToken kept = server.storage.accounts().tokens().get(0);
    String text = (String) token.get("token");
    assertFalse((kept + kept.hash()).contains(text.substring(24)));
    assertNotEquals(account.hash().substring(21, 45), kept.hash().substring(21, 45));
    assertFalse(account.toString().contains("pbkdf2"));
  }

  @Test
  void credentialsAreKnownAgainAfterARestart() throws Exception {
    Map<?, ?> secret = makeSecret();
    IssuedCredentials again = new IssuedCredentials(server.storage.accounts());
    IssuedCredentials.Account account = again.account((String) secret.get("client_id"));
    byte[] sent = ((String) secret.get("client_secret")).getBytes(StandardCharsets.US_ASCII);
    assertEquals(Issued.Verdict.UNKNOWN, account.issued().quick(sent, 0));
    assertTrue(account.issued().verify(sent, 0));
    assertEquals(Issued.Verdict.RIGHT, account.issued().quick(sent, 0));
    sent[8]++;
    assertEquals(Issued.Verdict.WRONG, account.issued().quick(sent, 0));
  }

  @Test
  void aHashThatThisVersionCannotReadHoldsUpNoOtherCredential() throws Exception {
    server
        .storage
        .accounts()
        .add(new ServiceAccount("sec_1", 1, "kbn_ci_new", "New", false, "argon9:1:a:b", 0));
    Map<?, ?> secret = makeSecret();
    HttpServer again = server.secondHttp();
    try {
      again.start();
      assertEquals(500, statusAt(again, TestServer.basic("kbn_ci_new", "x")));
      assertEquals(200, statusAt(again, basic(secret)));
    } finally {
      again.close();
    }
  }

  /** With every worker held, a verification that needs a tenth of a second has nobody to run it. */
  @Test
  void theSlowHashIsWorkedOutByAWorker() throws Exception {
    String auth = basic(makeSecret());
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(4);
    HttpServer second = server.secondHttp(); // Nobody has proved anything to it.
    server.facts =
        () -> {
          held.countDown();
          await(released);
          return new ServerFacts("sqlite", "/data", new DiskUse(Map.of(), -1), 0);
        };
    second.start();
    try (RawConnection connection = new RawConnection(second.port());
        RawConnection other = new RawConnection(second.port())) {
      List<RawConnection> workers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        RawConnection worker = new RawConnection(second.port());
        workers.add(worker.write(request("/lite/status", TestServer.DEV)));
      }
      await(held);
      connection.write(request("/org-units", auth));
      assertTrue(other.write(request("/healthz", auth)).readAnswer().startsWith("HTTP/1.1 200 "));
      assertTrue(connection.isSilentFor(500), "verified on an I/O thread");
      released.countDown();
      assertTrue(connection.readAnswer().startsWith("HTTP/1.1 200 "));
      for (RawConnection worker : workers) {
        worker.readAnswer();
        worker.close();
      }
    } finally {
      released.countDown();
      second.close();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS), "nothing within 10 s");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String request(String path, String auth) {
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + auth + "\r\n\r\n";
  }

  @Test
  void aTokenIsGoodWhereItsOwnerIs() throws Exception {
    HttpResponse<String> made =
        server.send(
            "POST",
            "/settings/tokens",
            "{\"name\":\"laptop\",\"expires_at\":\"2026-03-10T13:00:00+00:00\"}",
            "Authorization",
            TestServer.NARROW);
    assertEquals(201, made.statusCode(), made.body());
    Map<?, ?> token = object(made);
    assertEquals(
        List.of("id", "name", "token", "expires_at", "created_at"), List.copyOf(token.keySet()));
    assertEquals("2026-03-10T13:00:00Z", token.get("expires_at"));
    assertTrue(((String) token.get("token")).startsWith("kbn_pat_"));
    assertEquals(202, ingest(bearer(token), "unit_b").statusCode());
    Refused.by(
            server.send(
                "POST",
                "/org-units/active",
                "{\"ouId\":\"unit_default\"}",
                "Authorization",
                bearer(token)))
        .is(403, "forbidden", null);
    String list =
        server.send("GET", "/settings/tokens", null, "Authorization", TestServer.NARROW).body();
    assertTrue(list.startsWith("[{\"id\":\"" + token.get("id") + "\",\"name\":\"laptop\","), list);
    assertFalse(list.contains("kbn_pat_"), list);
    assertEquals(
        "[]", server.send("GET", "/settings/tokens", null, "Authorization", TestServer.DEV).body());
  }

  @Test
  void aTokenEndsWhenItSaysToTheMillisecond() throws Exception {
    Map<?, ?> token =
        object(
            server.call(
                "POST",
                "/settings/tokens",
                "{\"name\":\"t\",\"expires_at\":\"2026-03-10T12:00:10Z\"}"));
    server.clock.advance(Duration.ofMillis(9_999));
    assertEquals(200, status(bearer(token)));
    server.clock.advance(Duration.ofMillis(1));
    assertUnauthorized(bearer(token));
  }

  @Test
  void aRevokedTokenIsRefusedAtOnce() throws Exception {
    Map<?, ?> token = object(server.call("POST", "/settings/tokens", "{\"name\":\"t\"}"));
    assertEquals(200, status(bearer(token)));
    String path = "/settings/tokens/" + token.get("id");
    Refused.by(server.send("DELETE", path, null, "Authorization", TestServer.NARROW))
        .is(404, "not_found", null);
    assertEquals(204, server.call("DELETE", path, null).statusCode());
    assertUnauthorized(bearer(token));
  }

  @Test
  void aTokenMakesNoneThatOutlivesIt() throws Exception {
    String bearer =
        bearer(
            object(
                server.call(
                    "POST",
                    "/settings/tokens",
                    "{\"name\":\"t\",\"expires_at\":\"2026-03-10T13:00:00Z\"}")));
    for (String body :
        List.of("{\"name\":\"x\"}", "{\"name\":\"x\",\"expires_at\":\"2026-03-10T13:00:01Z\"}")) {
      Refused.by(server.send("POST", "/settings/tokens", body, "Authorization", bearer))
          .is(400, "invalid_field", "expires_at");
    }
    String same = "{\"name\":\"x\",\"expires_at\":\"2026-03-10T13:00:00Z\"}";
    assertEquals(
        201, server.send("POST", "/settings/tokens", same, "Authorization", bearer).statusCode());
  }

  @Test
  void whatATokenNeedsIsChecked() throws Exception {
    String path = "/settings/tokens";
    assertEquals(
        201, server.call("POST", path, "{\"name\":\"" + "n".repeat(100) + "\"}").statusCode());
    Refused.by(server.call("POST", path, "{\"name\":\"" + "n".repeat(101) + "\"}"))
        .is(400, "invalid_field", "name");
    String body = "{\"name\":\"x\",\"expires_at\":\"%s\"}";
    Refused.by(server.call("POST", path, body.formatted("tomorrow")))
        .is(400, "invalid_field", "expires_at");
    Refused.by(server.call("POST", path, body.formatted("2026-03-10T12:00:00Z")))
        .is(400, "invalid_field", "expires_at")
        .says("expires_at is not in the future: 2026-03-10T12:00:00Z");
    assertEquals(
        201, server.call("POST", path, body.formatted("2026-03-10T12:00:00.001Z")).statusCode());
  }

  @Test
  void tokensThatAreNoneAreRefused() throws Exception {
    String right = bearer(object(server.call("POST", "/settings/tokens", "{\"name\":\"t\"}")));
    for (String wrong :
        List.of(
            "Bearer",
            "Bearer ",
            "Bearer kbn_pat_",
            "Bearer eyJhbGciOiJub25lIn0.e30.",
            right.substring(0, right.length() - 1),
            right + "x",
            right.replace("Bearer", "Basic"))) {
      assertUnauthorized(wrong);
    }
    assertEquals(200, status(right.replace("Bearer", "bEARER")));
  }

  @Test
  void aNewUnitIsServedAtOnceAndRenamed() throws Exception {
    HttpResponse<String> made = server.call("POST", "/org-units", "{\"name\":\"APAC Sales\"}");
    assertEquals(201, made.statusCode(), made.body());
    Map<?, ?> unit = object(made);
    assertEquals("apac-sales", unit.get("slug"));
    assertEquals("org_default", unit.get("org_id"));
    assertEquals(false, unit.get("is_default"));
    String unitId = (String) unit.get("unit_id");
    assertEquals(202, ingest(TestServer.DEV, unitId).statusCode());
    server.score();
    HttpResponse<String> renamed =
        server.call("PUT", "/org-units/" + unitId, "{\"name\":\"Asia\"}");
    assertEquals(200, renamed.statusCode());
    assertEquals(
        made.body().replace("APAC Sales", "Asia").replace("apac-sales", "asia"), renamed.body());
    assertTrue(server.get("/org-units").body().contains(renamed.body()));
    Refused.by(server.call("PUT", "/org-units/unit_x", "{\"name\":\"A\"}"))
        .is(404, "not_found", null);
    Refused.by(
            server.send(
                "PUT",
                "/org-units/" + unitId,
                "{\"name\":\"A\"}",
                "Authorization",
                TestServer.NARROW))
        .is(404, "not_found", null);
    Refused.by(server.call("POST", "/org-units", "{}")).is(400, "missing_field", "name");
    Refused.by(server.call("POST", "/org-units", "{\"name\":\"" + "n".repeat(201) + "\"}"))
        .is(400, "invalid_field", "name");
  }

  private Map<?, ?> makeSecret() throws Exception {
    return object(server.call("POST", "/secrets", "{\"name\":\"CI\"}"));
  }

  private HttpResponse<String> ingest(String auth, String unitId) throws Exception {
    return server.send(
        "POST", "/ingest", EVENT, "Authorization", auth, "Cookie", server.cookie(auth, unitId));
  }

  private int status(String auth) throws Exception {
    return server.send("GET", "/org-units", null, "Authorization", auth).statusCode();
  }

  private static int statusAt(HttpServer http, String auth) throws Exception {
    try (RawConnection connection = new RawConnection(http.port())) {
      connection.write(
          "GET /org-units HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + auth + "\r\n\r\n");
      return Integer.parseInt(connection.readAnswer().substring(9, 12));
    }
  }

  private void assertUnauthorized(String auth) throws Exception {
    Refused.by(server.send("GET", "/org-units", null, "Authorization", auth))
        .is(401, "unauthorized", null)
        .header("WWW-Authenticate", "Basic realm=\"kenbun\"");
  }

  private static Map<?, ?> object(HttpResponse<String> answer) throws Exception {
    return (Map<?, ?>) Json.readTree(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String basic(Map<?, ?> secret) {
    return TestServer.basic((String) secret.get("client_id"), (String) secret.get("client_secret"));
  }

  private static String bearer(Map<?, ?> token) {
    return "Bearer " + token.get("token");
  }
}
