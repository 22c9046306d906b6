package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages of other origins may call, and what they are told. */
class OriginsTest {
  private static final String APP = "https://app.example";

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    setup.corsOrigins = List.of(APP, "http://10.0.0.7:3000");
    server = new TestServer(setup);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void pagesOfListedOriginsMayCallAndRead() throws Exception {
    for (String path : List.of("/rulesets", "/nothing", "/healthz")) {
      String answer = RawConnection.ask(server, "GET " + path, "Origin: " + APP);
      assertEquals(APP, RawConnection.header(answer, "Access-Control-Allow-Origin"));
      assertEquals("true", RawConnection.header(answer, "Access-Control-Allow-Credentials"));
      assertEquals(
          "Allow, ETag, Kenbun-Capabilities, Retry-After, X-Request-Id",
          RawConnection.header(answer, "Access-Control-Expose-Headers"));
      assertEquals("Origin", RawConnection.header(answer, "Vary"));
    }
    // For caches the answer to everybody else differs, too.
    String other = RawConnection.ask(server, "GET /rulesets", "Accept: */*");
    assertEquals("Origin", RawConnection.header(other, "Vary"));
    assertFalse(other.contains("Access-Control"), other);
  }

  @Test
  void aPreflightIsAnsweredForListedOriginsAlone() throws Exception {
    String asked = "\r\nAccess-Control-Request-Method: POST";
    String answer = RawConnection.ask(server, "OPTIONS /ingest", "Origin: " + APP + asked);
    assertTrue(answer.startsWith("HTTP/1.1 204 "), answer);
    assertEquals("OPTIONS, POST", RawConnection.header(answer, "Access-Control-Allow-Methods"));
    assertTrue(
        RawConnection.header(answer, "Access-Control-Allow-Headers").contains("Idempotency-Key"),
        answer);
    assertEquals("600", RawConnection.header(answer, "Access-Control-Max-Age"));
    // One of this computer may call, as before, but is told nothing that lets it read.
    String local =
        RawConnection.ask(server, "OPTIONS /ingest", "Origin: http://localhost:3000" + asked);
    assertTrue(local.startsWith("HTTP/1.1 204 "), local);
    assertFalse(local.contains("Access-Control"), local);
  }

  @Test
  void cachesAreToldOfBothThatAnAnswerDependsOn() throws Exception {
    assertEquals(
        "Origin, Accept-Encoding",
        String.join(", ", server.get("/metrics").headers().allValues("Vary")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://app.example",
        "https://app.example:8443",
        "https://app.example.evil.example",
        "https://evil-app.example",
        "https://APP.example",
        "https://app.example/",
        "null",
        "*"
      })
  void anythingElseIsRefusedAndToldNothing(String origin) throws Exception {
    for (String line : List.of("GET /rulesets", "OPTIONS /ingest", "POST /ingest")) {
      String answer =
          RawConnection.ask(
              server, line, "Origin: " + origin + "\r\nAccess-Control-Request-Method: POST");
      assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
      assertFalse(answer.contains("Access-Control"), answer);
    }
  }

  @Test
  void withoutAListNobodyIsTold() throws Exception {
    try (TestServer plain = new TestServer();
        RawConnection connection = new RawConnection(plain.port())) {
      String answer =
          connection
              .write(
                  "GET /healthz HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n\r\n")
              .readAnswer();
      assertFalse(answer.contains("Access-Control"), answer);
      assertFalse(answer.contains("Vary"), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "",
        "null",
        "app.example",
        "https://app.example/",
        "https://App.example",
        "https://*.app.example",
        "https://u@app.example",
        "https://app.example:",
        "https://a b"
      })
  void whatNoBrowserSendsCannotBeListed(String origin) {
    assertEquals(
        "corsOrigin is not scheme://host or scheme://host:port in small letters, without a path"
            + " and not *: \""
            + origin
            + '"',
        assertThrows(IllegalArgumentException.class, () -> Origins.requireOrigin(origin))
            .getMessage());
    for (String right :
        List.of(APP, "http://localhost:3000", "http://[::1]:8080", "capacitor://localhost")) {
      Origins.requireOrigin(right);
    }
  }
}
