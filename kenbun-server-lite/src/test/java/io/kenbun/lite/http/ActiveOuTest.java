package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ActiveOuTest {
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
  void unitsComeAsABareArray() throws Exception {
    HttpResponse<String> answer =
        server.send("GET", "/org-units", null, "Authorization", TestServer.DEV);
    assertEquals(200, answer.statusCode());
    assertEquals(
        "[{\"unit_id\":\"unit_default\",\"org_id\":\"org_default\",\"name\":\"Default\","
            + "\"slug\":\"default\",\"external_ref\":null,\"is_default\":true},"
            + "{\"unit_id\":\"unit_b\",\"org_id\":\"org_default\",\"name\":\"EMEA Sales\","
            + "\"slug\":\"emea-sales\",\"external_ref\":\"x7\",\"is_default\":false}]",
        answer.body());
    String narrow =
        server.send("GET", "/org-units", null, "Authorization", TestServer.NARROW).body();
    assertTrue(narrow.startsWith("[{\"unit_id\":\"unit_b\""), narrow);
  }

  @Test
  void activatingAnswersWithTheUnitAndItsCookie() throws Exception {
    HttpResponse<String> answer = activate(TestServer.DEV, "{\"ouId\":\"unit_default\"}");
    assertEquals(200, answer.statusCode());
    assertTrue(answer.body().startsWith("{\"unit_id\":\"unit_default\""), answer.body());
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.matches("activeOu=[A-Za-z0-9_.-]+; Path=/; HttpOnly; SameSite=Lax"), cookie);
  }

  @Test
  void activatingRefusesWhatIsNoUnitOfTheCaller() throws Exception {
    Refused.by(activate(TestServer.DEV, "{}")).is(400, "missing_field", "ouId");
    Refused.by(activate(TestServer.DEV, "{\"ouId\":null}")).is(400, "missing_field", "ouId");
    Refused.by(activate(TestServer.DEV, "{\"ouId\":1}")).is(400, "invalid_field", "ouId");
    Refused.by(activate(TestServer.DEV, "[]")).is(400, "invalid_json", null);
    Refused.by(activate(TestServer.DEV, "")).is(400, "invalid_json", null);
    Refused.by(activate(TestServer.DEV, "{\"ouId\":\"unit_x\"}")).is(404, "not_found", "ouId");
    Refused.by(activate(TestServer.NARROW, "{\"ouId\":\"unit_default\"}"))
        .is(403, "forbidden", null);
    Refused.by(activate(TestServer.DEV, " ".repeat(16_385))).is(413, "body_too_large", null);
  }

  @Test
  void theCookieWorksAgainAndAmongOthers() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    for (String header :
        List.of(cookie, "a=b; " + cookie, cookie + "; c=d", "xactiveOu=1;" + cookie + ";")) {
      assertEquals(200, leads(TestServer.DEV, header), header);
    }
  }

  @Test
  void aForgedForeignOrTruncatedCookieCountsAsNone() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    String other = server.cookie(TestServer.DEV, "unit_b");
    String signature = cookie.substring(cookie.indexOf('.'));
    String unitB =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("unit_b".getBytes(StandardCharsets.UTF_8));
    for (String forged :
        List.of(
            "activeOu=unit_default",
            "activeOu=",
            "activeOu=.",
            "activeOu=" + unitB + signature,
            "activeOu=" + unitB + ".",
            cookie.substring(0, cookie.length() - 1),
            cookie.substring(0, cookie.indexOf('.')),
            cookie + "A",
            "activeOu=!!" + cookie.substring(11),
            cookie.replace("activeOu", "ActiveOu"),
            other.substring(0, other.indexOf('.')) + signature)) {
      assertEquals(400, leads(TestServer.DEV, forged), forged);
    }
    // Another credential's, right as it is for that one.
    assertEquals(200, leads(TestServer.DEV, other));
    assertEquals(400, leads(TestServer.NARROW, other));
    assertEquals(400, leads(TestServer.NARROW, cookie));
  }

  @Test
  void theDefaultOuStandsInForAMissingCookieOnly() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.defaultOu = "unit_default";
    try (TestServer lenient = new TestServer(setup)) {
      String event = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";
      assertEquals(
          202,
          lenient.send("POST", "/ingest", event, "Authorization", TestServer.DEV).statusCode());
      Refused.by(lenient.send("POST", "/ingest", event, "Authorization", TestServer.NARROW))
          .is(403, "forbidden", null);
      lenient.score();
      String inB = lenient.cookie(TestServer.DEV, "unit_b");
      HttpResponse<String> events =
          lenient.send("GET", "/events", null, "Authorization", TestServer.DEV, "Cookie", inB);
      assertEquals("{\"events\":[],\"total\":0,\"page\":1,\"limit\":25}", events.body());
    }
  }

  private int leads(String auth, String cookie) throws Exception {
    return server.send("GET", "/leads", null, "Authorization", auth, "Cookie", cookie).statusCode();
  }

  private HttpResponse<String> activate(String auth, String body) throws Exception {
    return server.send("POST", "/org-units/active", body, "Authorization", auth);
  }
}
