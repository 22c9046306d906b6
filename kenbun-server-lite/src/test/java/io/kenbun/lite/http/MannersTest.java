package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP expects of any server, whatever the call is about. */
class MannersTest {
  private static final Set<String> OWN = Set.of("x-request-id", "date");
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";

  private TestServer server;
  private String cookie;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    cookie = server.cookie(TestServer.DEV, "unit_default");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/healthz", "/rulesets", "/leads", "/score/nobody", "/nothing", "/ingest"})
  void headHasTheHeadersOfGetAndNoBody(String path) throws Exception {
    for (String coding : List.of("gzip", "identity")) {
      HttpResponse<byte[]> get = bytes("GET", path, "Accept-Encoding", coding);
      HttpResponse<byte[]> head = bytes("HEAD", path, "Accept-Encoding", coding);
      assertEquals(get.statusCode(), head.statusCode());
      assertEquals(headers(get), headers(head));
      assertEquals(0, head.body().length);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/ingest | OPTIONS, POST",
        "/rulesets | GET, HEAD, OPTIONS, POST",
        "/rulesets/rs_main | DELETE, GET, HEAD, OPTIONS, PUT",
        "/leads/merge | GET, HEAD, OPTIONS, POST", // A lead may be called so.
        "/healthz | GET, HEAD, OPTIONS",
        "* | DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
      })
  void optionsTellsWhatAPathTakesToAnybody(String path, String methods) throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      String answer =
          connection.write("OPTIONS " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").readAnswer();
      assertTrue(answer.startsWith("HTTP/1.1 204 "), answer);
      String allow = RawConnection.header(answer, "Allow");
      assertEquals(methods.replace(", PATCH", ""), allow.replace(", PATCH", ""), answer);
      assertFalse(answer.contains("Access-Control"), answer);
    }
    assertEquals(404, server.send("OPTIONS", "/nothing", null).statusCode());
  }

  @Test
  void anAnswerWithoutContentClaimsNoLength() throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      String answer =
          connection.write("OPTIONS /ingest HTTP/1.1\r\nHost: localhost\r\n\r\n").readAnswer();
      assertFalse(answer.toLowerCase(Locale.ROOT).contains("content-length"), answer);
      assertFalse(answer.toLowerCase(Locale.ROOT).contains("transfer-enc"), answer);
      // And the next answer on the connection is where it must be.
      assertTrue(
          connection
              .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
              .readAnswer()
              .endsWith("{\"status\":\"ok\"}"));
    }
  }

  @Test
  void aConnectionIsKeptAndEachAnswerDated() throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      for (int i = 0; i < 3; i++) {
        String answer =
            connection.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").readAnswer();
        ZonedDateTime.parse(
            RawConnection.header(answer, "Date"), DateTimeFormatter.RFC_1123_DATE_TIME);
      }
    }
  }

  @Test
  void aRequestIdIsGivenBackOnEveryAnswer() throws Exception {
    String longest = "x".repeat(128);
    for (String id : List.of("!", "a-b_c:1/~", longest)) {
      assertEquals(id, requestId("GET", "/rulesets", id));
      assertEquals(id, requestId("GET", "/nothing", id));
    }
    HttpResponse<String> taken =
        server.send(
            "POST",
            "/ingest",
            EVENT,
            "Authorization",
            TestServer.DEV,
            "Cookie",
            cookie,
            "X-Request-Id",
            "mine");
    assertEquals(202, taken.statusCode());
    assertEquals("mine", header(taken, "X-Request-Id"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "tab\there", "\u00e4"})
  void whatIsNoRequestIdIsReplaced(String id) throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      String answer =
          connection
              .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: " + id + "\r\n\r\n")
              .readAnswer();
      assertTrue(RawConnection.header(answer, "X-Request-Id").matches("[0-9a-z]+-\\d+"), answer);
    }
    String tooLong = "x".repeat(129);
    assertNotEquals(tooLong, requestId("GET", "/healthz", tooLong));
  }

  @Test
  void requestsWithoutAnIdGetOneEach() throws Exception {
    assertNotEquals(
        header(server.send("GET", "/healthz", null), "X-Request-Id"),
        header(server.send("GET", "/healthz", null), "X-Request-Id"));
  }

  @Test
  void aReadIsTaggedAndNotSentTwice() throws Exception {
    HttpResponse<String> first = server.get("/rulesets");
    assertEquals("private, no-cache", header(first, "Cache-Control"));
    String tag = header(first, "ETag");
    assertTrue(tag.matches("W/\"[0-9a-f]{32}\""), tag);
    for (String known :
        List.of(tag, tag.substring(2), "\"other\" , " + tag, "*", "W/\"a,b\"," + tag)) {
      HttpResponse<String> again = read("/rulesets", "If-None-Match", known);
      assertEquals(304, again.statusCode(), known);
      assertEquals("", again.body());
      assertEquals(tag, header(again, "ETag"));
      assertEquals("private, no-cache", header(again, "Cache-Control"));
    }
    assertEquals(200, read("/rulesets", "If-None-Match", "\"other\"").statusCode());
    server.call("PUT", "/rulesets/rs_main", "{\"name\":\"Renamed\"}");
    HttpResponse<String> changed = read("/rulesets", "If-None-Match", tag);
    assertEquals(200, changed.statusCode());
    assertNotEquals(tag, header(changed, "ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/metrics", "/lite/status", "/score/nobody", "/nothing"})
  void whatIsOfAMomentAndWhatIsRefusedIsNotKept(String path) throws Exception {
    HttpResponse<String> answer = read(path, "If-None-Match", "*");
    assertNotEquals(304, answer.statusCode());
    assertEquals("no-store", header(answer, "Cache-Control"));
    assertFalse(answer.headers().firstValue("ETag").isPresent());
  }

  @Test
  void a304ClaimsNoContent() throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      String answer =
          connection
              .write(
                  "GET /rulesets HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                      + TestServer.DEV
                      + "\r\nCookie: "
                      + cookie
                      + "\r\nIf-None-Match: *\r\n\r\n")
              .readAnswer();
      assertTrue(answer.startsWith("HTTP/1.1 304 "), answer);
      assertFalse(answer.contains("\nContent-"), answer);
      assertFalse(answer.contains("Transfer-"), answer);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | true",
        "deflate, GZIP;q=0.1 | true",
        "* | true",
        "gzip;q=0 | false",
        "gzip;q=0, * | false",
        "*;q=0 | false",
        "br | false",
        "identity | false"
      })
  void aLongAnswerIsCompressedForThoseWhoTakeIt(String accepted, boolean compressed)
      throws Exception {
    HttpResponse<byte[]> plain = bytes("GET", "/metrics");
    assertTrue(plain.body().length > 1_024);
    assertEquals("Accept-Encoding", header(plain, "Vary"));
    HttpResponse<byte[]> answer = bytes("GET", "/metrics", "Accept-Encoding", accepted);
    assertEquals(
        compressed, answer.headers().firstValue("Content-Encoding").equals(Optional.of("gzip")));
    String text =
        new String(
            compressed
                ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()
                : answer.body(),
            StandardCharsets.UTF_8);
    assertTrue(text.contains("events_ingested_total"), text);
  }

  @Test
  void bothSidesOfTheSizeFromWhichOnItIs() throws Exception {
    int around = length("ld_1", "");
    assertEquals(1_023, length("ld_2", "x".repeat(1_023 - around)));
    assertFalse(isCompressed("/events/ld_2"));
    assertEquals(1_024, length("ld_3", "x".repeat(1_024 - around)));
    assertTrue(isCompressed("/events/ld_3"));
  }

  @Test
  void whatIsTaggedIsTheSameCompressed() throws Exception {
    for (int i = 0; i < 10; i++) {
      server.call("POST", "/rulesets", "{\"name\":\"Ruleset " + i + "\",\"active\":false}");
    }
    HttpResponse<byte[]> packed = bytes("GET", "/rulesets", "Accept-Encoding", "gzip");
    assertEquals("gzip", header(packed, "Content-Encoding"));
    assertEquals(header(server.get("/rulesets"), "ETag"), header(packed, "ETag"));
    assertEquals(
        304,
        read("/rulesets", "If-None-Match", header(packed, "ETag"), "Accept-Encoding", "gzip")
            .statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "/leads?limit=0, limit",
    "/leads?limit=x, limit",
    "/leads?page=0, page",
    "/leads?sort=rank, sort",
    "/leads?page=1&page=2, page",
    "/events?range=last_year, range",
    "/lite/rejected?limit=101, limit"
  })
  void aBadParameterIsRefusedByName(String path, String field) throws Exception {
    Refused.by(server.get(path)).is(400, "invalid_field", field);
  }

  @Test
  void whatCannotBeDecodedIsRefused() throws Exception {
    // The HTTP library refuses a wrong percent sign by itself, and cannot say which.
    assertTrue(
        RawConnection.ask(server, "GET /leads?range=%zz", "Accept: */*")
            .startsWith("HTTP/1.1 400 "));
    String answer = RawConnection.ask(server, "GET /leads?range=%ff", "Accept: */*");
    assertTrue(answer.contains("\"field\":\"range\""), answer);
  }

  @Test
  void anUnknownParameterIsIgnored() throws Exception {
    assertEquals(server.ok("/leads"), server.ok("/leads?utm_source=x&_=17&empty="));
  }

  /** Returns how long the list of a lead's only event is, with {@code text} in its metadata. */
  private int length(String leadId, String text) throws Exception {
    server.event(leadId, "Page View", "2026-03-10T12:00:00Z", "{\"text\":\"" + text + "\"}");
    return server.ok("/events/" + leadId).length();
  }

  private boolean isCompressed(String path) throws Exception {
    return bytes("GET", path, "Accept-Encoding", "gzip")
        .headers()
        .firstValue("Content-Encoding")
        .isPresent();
  }

  private String requestId(String method, String path, String id) throws Exception {
    return header(
        server.send(method, path, null, "Authorization", TestServer.DEV, "X-Request-Id", id),
        "X-Request-Id");
  }

  private HttpResponse<String> read(String path, String... headers) throws Exception {
    String[] all = new String[headers.length + 4];
    System.arraycopy(headers, 0, all, 4, headers.length);
    all[0] = "Authorization";
    all[1] = TestServer.DEV;
    all[2] = "Cookie";
    all[3] = cookie;
    return server.send("GET", path, null, all);
  }

  private HttpResponse<byte[]> bytes(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .header("Authorization", TestServer.DEV)
            .header("Cookie", cookie)
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static Map<String, List<String>> headers(HttpResponse<?> answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
    // One is each request's own, and the clock may tick in between.
    headers.keySet().removeIf(name -> OWN.contains(name.toLowerCase(Locale.ROOT)));
    return headers;
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join(", ", answer.headers().allValues(name));
  }
}
