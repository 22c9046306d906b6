package io.kenbun.lite.http.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.pipeline.Ticks;
import io.undertow.Undertow;
import io.undertow.util.SameThreadExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the class path, served over a real socket. */
class StaticFilesTest {
  private static final String SITE = "io/kenbun/lite/http/call/site";
  private static final String POLICY = "default-src 'self'";

  private final AtomicInteger made = new AtomicInteger();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Undertow server;

  @BeforeEach
  void start() {
    StaticFiles files =
        new StaticFiles(POLICY)
            .folder("/site", SITE)
            .file("/front", SITE + "/index.html")
            .file(
                "/made",
                "text/plain",
                () -> ("made " + made.incrementAndGet()).getBytes(StandardCharsets.UTF_8));
    Routes routes = new Routes(files.routes());
    Watch watch = new Watch(new Metrics(), InstantSource.system());
    BodyBudget budget = new BodyBudget(1_000);
    server =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(
                exchange -> {
                  Call call = new Call(exchange, HttpLimits.DEFAULT, budget, watch, Ticks.nanos());
                  exchange.dispatch(
                      SameThreadExecutor.INSTANCE,
                      () -> {
                        try {
                          Routes.Match match =
                              routes.match(
                                  exchange.getRequestMethod().toString(), exchange.getRequestURI());
                          call.onWorker(() -> match.route().handler().handle(call));
                        } catch (Problem e) {
                          call.fail(e);
                        }
                      });
                })
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void aFileComesWithItsTypeAndThePolicyOfItsMount() throws Exception {
    HttpResponse<String> page = get("/site/index.html");
    assertEquals(200, page.statusCode());
    assertEquals("<!doctype html><title>site</title>\n", page.body());
    assertEquals("text/html; charset=utf-8", header(page, "Content-Type"));
    assertEquals(POLICY, header(page, "Content-Security-Policy"));
    assertEquals("no-referrer", header(page, "Referrer-Policy"));
    assertEquals("no-cache", header(page, "Cache-Control"));
    assertEquals(page.body(), get("/front").body());
  }

  @Test
  void aFolderIsServedAtAnyDepth() throws Exception {
    HttpResponse<String> module = get("/site/deep/one.mjs");
    assertEquals("export const one = 1;\n", module.body());
    assertEquals("text/javascript; charset=utf-8", header(module, "Content-Type"));
  }

  @Test
  void whatTheCallerHasIsNotSentAgain() throws Exception {
    String etag = header(get("/front"), "ETag");
    for (String known : List.of(etag, "W/" + etag, "\"other\", " + etag, "*")) {
      HttpResponse<String> answer = get("/front", "If-None-Match", known);
      assertEquals(304, answer.statusCode(), known);
      assertEquals("", answer.body());
      assertEquals(etag, header(answer, "ETag"));
    }
    assertEquals(200, get("/front", "If-None-Match", "\"other\"").statusCode());
  }

  @Test
  void whatIsMadeIsMadeOnce() throws Exception {
    assertEquals(0, made.get());
    assertEquals("made 1", get("/made").body());
    assertEquals("made 1", get("/made").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/site",
        "/site/",
        "/site/deep",
        "/site/nothing.html",
        "/site/../site/index.html",
        "/site/%2e%2e/site/index.html",
        "/site/deep/..%2findex.html",
        "/site//index.html",
        "/site/index.html%00",
        "/SITE/index.html"
      })
  void nothingElseIsServed(String path) throws Exception {
    assertEquals(404, get(path).statusCode());
  }

  @Test
  void whatIsNotThereIsToldAtStart() {
    StaticFiles files = new StaticFiles(POLICY);
    assertTold("no such resource: " + SITE + "/no.css", () -> files.file("/a", SITE + "/no.css"));
    assertTold("no such resource folder: nowhere", () -> files.folder("/a", "nowhere"));
    assertTold(
        "file of no known type: io/kenbun/lite/Main.class",
        () -> files.file("/a", "io/kenbun/lite/Main.class"));
    files.file("/a", SITE + "/index.html");
    assertTold("path twice: /a", () -> files.file("/a", SITE + "/index.html"));
  }

  private static void assertTold(String message, Runnable doing) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, doing::run).getMessage());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }
}
