package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.ingest.IngestLimits;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every request passes before it is served, and the rows of the error table that come of it.
 */
class GateTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";

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
  void absentMalformedAndWrongCredentialsGetOneAnswer() throws Exception {
    HttpResponse<String> first = server.send("GET", "/org-units", null);
    Refused.by(first)
        .is(401, "unauthorized", null)
        .header("WWW-Authenticate", "Basic realm=\"kenbun\"");
    for (String header :
        List.of(
            "Basic",
            "Basic ",
            "Basic !!!",
            "Basic " + Base64.getEncoder().encodeToString("dev".getBytes(StandardCharsets.UTF_8)),
            TestServer.basic("dev", "wrong"),
            TestServer.basic("dev", ""),
            TestServer.basic("dev", "devdev"),
            TestServer.basic("nobody", "dev"),
            TestServer.basic("", ""),
            "Digest " + TestServer.DEV.substring(6),
            "Bearer kbn_pat_0123456789")) {
      HttpResponse<String> answer = server.send("GET", "/org-units", null, "Authorization", header);
      assertEquals(401, answer.statusCode(), header);
      assertEquals(first.body(), answer.body(), header);
    }
    HttpResponse<String> twice =
        server.send(
            "GET",
            "/org-units",
            null,
            "Authorization",
            TestServer.DEV,
            "Authorization",
            TestServer.DEV);
    assertEquals(401, twice.statusCode());
  }

  @Test
  void theSchemeMayBeWrittenInAnyCase() throws Exception {
    String header = "bAsIc" + TestServer.DEV.substring(5);
    assertEquals(200, server.send("GET", "/org-units", null, "Authorization", header).statusCode());
  }

  @Test
  void withoutAnActiveOuTheContractsWordsComeBack() throws Exception {
    for (String path :
        List.of("/events", "/leads", "/score/a", "/lead/a/score-explain", "/lead/by-alias")) {
      assertEquals(
          400, server.send("GET", path, null, "Authorization", TestServer.DEV).statusCode(), path);
    }
    Refused.by(server.send("POST", "/ingest", EVENT, "Authorization", TestServer.DEV))
        .is(400, "active_ou_not_set", null)
        .says("active OU not set")
        .hints(
            "call POST /org-units/active and send back its activeOu cookie (curl -c jar -b jar)");
  }

  @Test
  void whatIsNotServedIsNotFound() throws Exception {
    for (String path :
        List.of("/nothing", "/ingest/", "//", "/lead/", "/lead/a/b", "/score", "/Ingest")) {
      Refused.by(server.send("GET", path, null)).is(404, "not_found", null);
    }
    Refused.by(server.get("/score/nobody")).is(404, "not_found", null);
    Refused.by(server.get("/events/nobody")).is(404, "not_found", null);
  }

  @Test
  void aMethodThatIsNotServedNamesThoseThatAre() throws Exception {
    Refused.by(server.send("GET", "/ingest", null))
        .is(405, "method_not_allowed", null)
        .header("Allow", "OPTIONS, POST");
    Refused.by(server.send("DELETE", "/score/a", null))
        .is(405, "method_not_allowed", null)
        .header("Allow", "GET, HEAD, OPTIONS");
    Refused.by(server.send("GET", "/leads/ld_1/watchers", null)).is(404, "not_found", null);
  }

  @Test
  void headIsServedAsGetWithoutTheBody() throws Exception {
    HttpResponse<String> answer = server.send("HEAD", "/healthz", null);
    assertEquals(200, answer.statusCode());
    assertEquals("", answer.body());
    assertEquals("15", answer.headers().firstValue("Content-Length").orElseThrow());
    assertEquals(404, server.call("HEAD", "/score/nobody", null).statusCode());
  }

  @Test
  void onTheLoopbackOnlyItsNamesAreServed() throws Exception {
    String port = ":" + server.port();
    for (String host :
        List.of(
            "localhost",
            "LOCALHOST" + port,
            "127.0.0.1" + port,
            "127.1.2.3:1",
            "[::1]",
            "[::1]" + port)) {
      assertEquals(200, status(host, null), host);
    }
    for (String host :
        List.of(
            "evil.example",
            "127.evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "127.0.0.256",
            "127.0.0",
            "128.0.0.1",
            "0.0.0.0",
            "localhost:evil",
            "[::2]",
            "10.0.0.1",
            "")) {
      assertTrue(status(host, null) >= 400, host);
    }
    assertEquals(403, status("evil.example", null));
    for (String origin : List.of("http://localhost", "http://127.0.0.1:3000", "https://[::1]:1")) {
      assertEquals(200, status("localhost", origin), origin);
    }
    for (String origin :
        List.of("http://evil.example", "null", "http://localhost.evil.example", "")) {
      assertEquals(403, status("localhost", origin), origin);
    }
  }

  @Test
  void onAnotherAddressTheOriginMustBeTheHostThatIsCalled() {
    Origins origins = new Origins("0.0.0.0", List.of());
    origins.check(headers("api.example:8080", null));
    origins.check(headers("api.example:8080", "https://API.example:8080"));
    assertThrows(
        Problem.class, () -> origins.check(headers("api.example", "https://evil.example")));
    assertThrows(Problem.class, () -> origins.check(headers("api.example", "null")));
  }

  @Test
  void withoutCredentialsOnlyTheLoopbackIsOpen() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.credentials = List.of();
    try (TestServer open = new TestServer(setup)) {
      assertEquals(200, open.send("GET", "/org-units", null).statusCode());
    }
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new HttpConfig(
                    "0.0.0.0",
                    0,
                    List.of(),
                    null,
                    List.of(),
                    HttpLimits.DEFAULT,
                    IngestLimits.DEFAULT,
                    "1"));
    assertEquals("no credentials, and not a loopback address: 0.0.0.0", e.getMessage());
  }

  @Test
  void aCredentialNeverShowsItsSecret() {
    Credential credential = Credential.of("id", "Name", "s3cret", Set.of());
    assertFalse(credential.toString().contains("s3cret"));
    assertEquals("Credential[id, Name]", credential.toString());
  }

  @Test
  void contentTypesOtherThanJsonAreRefused() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    for (String type :
        List.of(
            "application/json",
            "application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"")) {
      assertEquals(202, ingest(cookie, "Content-Type", type).statusCode(), type);
    }
    for (String type :
        List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/json; charset=latin1",
            "application/jsonx",
            "application/x-ndjson")) {
      Refused.by(ingest(cookie, "Content-Type", type)).is(415, "unsupported_media_type", null);
    }
    assertEquals(202, ingest(cookie, "Content-Encoding", "identity").statusCode());
    Refused.by(ingest(cookie, "Content-Encoding", "gzip")).is(415, "unsupported_media_type", null);
  }

  @Test
  void aBodyMayTakeAMegabyteAndNotAByteMore() throws Exception {
    String padded = EVENT + " ".repeat((1 << 20) - EVENT.length());
    assertEquals(202, server.ingest(padded).statusCode());
    Refused.by(server.ingest(padded + " ")).is(413, "body_too_large", null);
  }

  @Test
  void aCallerOfAnEmptyBodyIsTold() throws Exception {
    Refused.by(server.ingest(null)).is(400, "invalid_json", null).says("body is empty");
    Refused.by(server.ingest("")).is(400, "invalid_json", null).says("body is empty");
  }

  @Test
  void aDefectIsToldWithoutDetail() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.queue = new BrokenQueue();
    try (TestServer broken = new TestServer(setup)) {
      Refused.by(broken.ingest(EVENT)).is(500, "internal", null).says("internal error");
      assertEquals(200, broken.send("GET", "/healthz", null).statusCode());
    }
  }

  private HttpResponse<String> ingest(String cookie, String header, String value) throws Exception {
    return server.send(
        "POST", "/ingest", EVENT, "Authorization", TestServer.DEV, "Cookie", cookie, header, value);
  }

  private int status(String host, String origin) throws Exception {
    try (RawConnection raw = new RawConnection(server.port())) {
      raw.write(
          "GET /healthz HTTP/1.1\r\nHost: "
              + host
              + (origin == null ? "" : "\r\nOrigin: " + origin)
              + "\r\n\r\n");
      return Integer.parseInt(raw.readAnswer().substring(9, 12));
    }
  }

  private static HeaderMap headers(String host, String origin) {
    HeaderMap headers = new HeaderMap();
    headers.put(Headers.HOST, host);
    if (origin != null) {
      headers.put(Headers.ORIGIN, origin);
    }
    return headers;
  }
}
