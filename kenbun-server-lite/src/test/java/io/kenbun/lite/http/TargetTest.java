package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request lines that name the host, which a server must take (RFC 9112, section 3.2.2). */
class TargetTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Form Submit\"}";

  private final TestServer.Setup setup = new TestServer.Setup();
  private TestServer server;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void anEventIsTakenAsByItsPathAlone() throws Exception {
    server = new TestServer(setup);
    String body = "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;
    String answer =
        answer(
            "POST http://127.0.0.1/ingest",
            "127.0.0.1",
            "Authorization: "
                + TestServer.DEV
                + "\r\nCookie: "
                + server.cookie(TestServer.DEV, "unit_default")
                + "\r\n"
                + body);
    assertTrue(answer.startsWith("HTTP/1.1 202 "), answer);
    server.score();
    String status = server.ok("/lite/status");
    assertTrue(status.contains("\"events\":1,"), status);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1/healthz, 127.0.0.1, 200",
    "http://localhost:1/healthz, localhost:1, 200",
    "HTTP://LOCALHOST/healthz, LOCALHOST, 200",
    "http://127.0.0.1/healthz?a=b, 127.0.0.1, 200",
    "http://127.0.0.1/, 127.0.0.1, 200",
    "http://127.0.0.1/nothing, 127.0.0.1, 404",
    "http://127.0.0.1//healthz, 127.0.0.1, 404",
    "ftp://127.0.0.1/healthz, 127.0.0.1, 404"
  })
  void thePathBehindTheHostIsServed(String target, String host, int status) throws Exception {
    server = new TestServer(setup);
    assertStatus(status, target, host, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]"})
  void onTheLoopbackItsNamesAloneAreServed(String host) throws Exception {
    server = new TestServer(setup);
    assertStatus(403, "http://" + host + "/healthz", host, "");
  }

  @ParameterizedTest
  @CsvSource({
    "http://evil.example/healthz, 127.0.0.1",
    "http://127.0.0.1/healthz, evil.example",
    "http://127.0.0.1@evil.example/healthz, 127.0.0.1",
    "http://evil.example/127.0.0.1, 127.0.0.1",
    "http://127.0.0.1:1/healthz, 127.0.0.1:2",
    "http://evil.example@127.0.0.1/healthz, 127.0.0.1"
  })
  void aLineAndAHeaderThatNameTwoHostsAreRefused(String target, String host) throws Exception {
    server = new TestServer(setup);
    assertStatus(400, target, host, "");
  }

  @Test
  void anOriginMustBeTheHostOfTheLine() throws Exception {
    setup.host = "0.0.0.0";
    server = new TestServer(setup);
    String target = "http://a.example/healthz";
    assertStatus(200, target, "a.example", "Origin: http://a.example\r\n");
    assertStatus(403, target, "a.example", "Origin: http://b.example\r\n");
  }

  private void assertStatus(int status, String target, String host, String headers)
      throws Exception {
    String answer = answer("GET " + target, host, headers + "\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
  }

  private String answer(String line, String host, String rest) throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      return connection.write(line + " HTTP/1.1\r\nHost: " + host + "\r\n" + rest).readAnswer();
    }
  }
}
