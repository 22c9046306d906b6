package io.kenbun.lite.http;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.kenbun.lite.http.call.Credential;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What docs/security.md promises and no other test holds. The page lists each rule with its tests,
 * here and elsewhere; DocsTest of the examples holds the list to the tests there are.
 */
class HardeningTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";
  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final JavaClasses HTTP =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.kenbun.lite.http");

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
  void noAnswerIsTakenForWhatItsTypeDoesNotSay() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    for (String path : List.of("/", "/healthz", "/metrics", "/openapi.json", "/docs", "/nothing")) {
      assertSafe(server.send("GET", path, null));
      assertSafe(server.send("GET", path, null, "Origin", "https://evil.example"));
    }
    for (String path : List.of("/leads", "/lite/rejected", "/score/%3Cscript%3E")) {
      assertSafe(server.get(path));
      assertSafe(server.send("GET", path, null));
      assertSafe(server.send("OPTIONS", path, null));
    }
    assertEquals(202, server.ingest(EVENT).statusCode());
    assertSafe(server.ingest(EVENT));
    assertSafe(server.ingest("<script>alert(1)</script>"));
    try (RawConnection connection = new RawConnection(server.port())) {
      String stream =
          connection
              .write(
                  "GET /lite/stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                      + TestServer.DEV
                      + "\r\nCookie: "
                      + cookie
                      + "\r\n\r\n")
              .readAnswer();
      assertTrue(stream.contains("Content-Type: text/event-stream\r\n"), stream);
      assertTrue(stream.contains("X-Content-Type-Options: nosniff\r\n"), stream);
    }
  }

  private static void assertSafe(HttpResponse<String> answer) {
    String about = answer.request().method() + " " + answer.uri() + ": " + answer.headers().map();
    assertEquals("nosniff", header(answer, "X-Content-Type-Options"), about);
    // Nobody needs to know what serves, and in which version.
    assertEquals("", header(answer, "Server") + header(answer, "X-Powered-By"), about);
    assertTrue(
        !header(answer, "Content-Type").startsWith("text/html")
            || !header(answer, "Content-Security-Policy").isEmpty(),
        about);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs"})
  void aPageRunsItsOwnFilesAloneInNoFrameAndTellsNobodyWhereItWas(String path) throws Exception {
    HttpResponse<String> page = server.send("GET", path, null, "Accept", BROWSER);
    assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
    List<String> policy = List.of(header(page, "Content-Security-Policy").split("; ?", -1));
    assertTrue(policy.contains("default-src 'none'"), policy::toString);
    assertTrue(policy.contains("script-src 'self'"), policy::toString);
    assertTrue(policy.contains("frame-ancestors 'none'"), policy::toString);
    assertFalse(policy.toString().contains("unsafe-eval"), policy::toString);
    assertEquals("no-referrer", header(page, "Referrer-Policy"));
    assertFalse(page.body().matches("(?s).*<script(?![^>]* src=).*"), page.body());
  }

  @Test
  void noScriptReadsACookieAndNoOtherSiteSendsOneAlong() throws Exception {
    HttpResponse<String> active =
        server.send(
            "POST",
            "/org-units/active",
            "{\"ouId\":\"unit_default\"}",
            "Authorization",
            TestServer.DEV);
    HttpResponse<String> session =
        server.send(
            "POST",
            "/lite/session",
            "",
            "Authorization",
            TestServer.DEV,
            "Origin",
            "http://127.0.0.1:" + server.port());
    assertEquals("Path=/; HttpOnly; SameSite=Lax", flags(active));
    assertEquals("Path=/; HttpOnly; SameSite=Strict", flags(session));
  }

  private static String flags(HttpResponse<String> answer) {
    String cookie = header(answer, "Set-Cookie");
    return cookie.substring(cookie.indexOf("; ") + 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/inspector/../../../etc/passwd",
        "/inspector/..%2f..%2f..%2fetc%2fpasswd",
        "/inspector/%2e%2e/%2e%2e/etc/passwd",
        "/inspector/%252e%252e/etc/passwd",
        "/inspector/..;/..;/etc/passwd",
        "/inspector/..\\..\\etc\\passwd",
        "/inspector/..%5c..%5cetc%5cpasswd",
        "/inspector/....//....//etc/passwd",
        "/inspector/%c0%ae%c0%ae/etc/passwd",
        "/inspector/app.js%00.html",
        "/inspector//etc/passwd",
        "//etc/passwd",
        "/file:///etc/passwd",
        "/inspector/../io/kenbun/lite/starter.json",
        "/starter.json",
        "/io/kenbun/lite/Main.class",
        "/META-INF/MANIFEST.MF",
        "/docs/../META-INF/MANIFEST.MF",
        "/docs/..%2fdocument.json"
      })
  void noPathLeadsOutOfTheFilesThatAreServed(String target) throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      String answer =
          connection.write("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n").readAnswer();
      assertTrue(answer.matches("(?s)HTTP/1\\.1 40[014] .*"), answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " Host: localhost\r\n\r\n",
        " Content-Length: 5\r\nHost: localhost\r\n\r\nabcde",
        "Host: localhost\r\nContent-Length : 5\r\n\r\nabcde",
        "Host: localhost\r\nContent-Length\t: 5\r\n\r\nabcde",
        "Host: localhost\r\nX y: z\r\n\r\n",
        "Host: localhost\r\nX(y: z\r\n\r\n",
        "Host: localhost\r\nContent\u0000Length: 5\r\n\r\nabcde",
        "Host: localhost\r\nContent-Leng\u0174h: 5\r\n\r\nabcde",
        "Host: localhost\r\nX: y\r\n\r\r\n",
        "Host: localhost\r\nX: y\r\n\rX\n",
        "Host: localhost\r\rX: y\r\n\r\n",
        "Host: evil@localhost\r\n\r\n",
        "Host: localhost/evil\r\n\r\n"
      })
  void whatAProxyMayReadDifferentlyIsRefused(String headers) throws Exception {
    try (RawConnection connection = new RawConnection(server.port())) {
      String answer =
          connection.write("GET /healthz HTTP/1.1\r\n" + headers).endOutput().readAllOrNothing();
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 40"), answer);
    }
  }

  @Test
  void whatIsSecretIsComparedInAConstantTime() {
    for (String comparing : List.of("ActiveOu", "Credential", "Issued", "SecretHash")) {
      classes()
          .that()
          .haveSimpleName(comparing)
          .should()
          .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
          .check(HTTP);
    }
    noClasses()
        .should()
        .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
        .orShould()
        .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
        .orShould()
        .callMethod(Arrays.class, "mismatch", byte[].class, byte[].class)
        .check(HTTP);
  }

  /** Not measured, which would be luck, but counted: how often a secret is hashed. */
  @Test
  void anIdThatNobodyHasCostsWhatAWrongSecretCosts() throws Exception {
    Provider counting = new CountingProvider();
    Security.insertProviderAt(counting, 1);
    try {
      assertEquals(1, hashesFor(TestServer.DEV, 200));
      assertEquals(1, hashesFor(TestServer.basic("dev", "wrong"), 401));
      assertEquals(1, hashesFor(TestServer.basic("nobody at all", "wrong"), 401));
      assertEquals(1, hashesFor("Bearer kbn_pat_0123456789abcdefnothing", 401));
      assertEquals(1, hashesFor("Bearer anything", 401));
    } finally {
      Security.removeProvider(counting.getName());
    }
  }

  private int hashesFor(String authorization, int status) throws Exception {
    int before = CountingSha256.ofCredentials.get();
    HttpResponse<String> answer =
        server.send("GET", "/org-units", null, "Authorization", authorization);
    assertEquals(status, answer.statusCode());
    return CountingSha256.ofCredentials.get() - before;
  }

  /** Stands before the JDK's own. */
  private static final class CountingProvider extends Provider {
    private static final long serialVersionUID = 1L;

    CountingProvider() {
      super("counting", "1", "counts what credentials have hashed");
      put("MessageDigest.SHA-256", CountingSha256.class.getName());
    }
  }

  /** Hashes as the JDK does; public, since the JDK makes it. */
  public static final class CountingSha256 extends MessageDigestSpi {
    static final AtomicInteger ofCredentials = new AtomicInteger();

    private final MessageDigest digest;

    public CountingSha256() throws Exception {
      digest = MessageDigest.getInstance("SHA-256", "SUN");
      if (StackWalker.getInstance()
          .walk(
              frames ->
                  frames.anyMatch(
                      frame -> frame.getClassName().equals(Credential.class.getName())))) {
        ofCredentials.incrementAndGet();
      }
    }

    @Override
    protected void engineUpdate(byte input) {
      digest.update(input);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
      digest.update(input, offset, length);
    }

    @Override
    protected byte[] engineDigest() {
      return digest.digest();
    }

    @Override
    protected void engineReset() {
      digest.reset();
    }
  }

  @Test
  void noPatternOfOursExplodes() throws Exception {
    // Those that are matched with what anybody sends: origins, hosts of webhooks, addresses, dates.
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (String piece :
              List.of("a", "1.", "0x", "a@", ".", "a-", "9999-", "[::", "((", "%2")) {
            String text = piece.repeat(12_000 / piece.length());
            server.send("GET", "/healthz", null, "Origin", "http://" + text);
            for (String body :
                List.of(
                    "{\"name\":\"n\",\"kind\":\"webhook\",\"url\":\"http://" + text + "\"}",
                    "{\"name\":\"n\",\"kind\":\"email\",\"email\":\"" + text + "\"}")) {
              server.send(
                  "POST",
                  "/notification-channels",
                  body,
                  "Authorization",
                  TestServer.DEV,
                  "Cookie",
                  cookie);
            }
            server.ingest(EVENT.replace("}", ",\"timestamp\":\"" + text + "\"}"));
          }
        });
    assertEquals(202, server.ingest(EVENT).statusCode());
  }

  @Test
  void onlyABatchIsUnpacked() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(new byte[64 << 20]);
    }
    for (String path : List.of("/ingest", "/rulesets", "/import")) {
      String type = path.equals("/import") ? "text/csv" : "application/json";
      Refused.by(server.post(path, type, packed.toByteArray(), "Content-Encoding", "gzip"))
          .is(415, "unsupported_media_type", null);
    }
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name.toLowerCase(Locale.ROOT)).orElse("");
  }
}
