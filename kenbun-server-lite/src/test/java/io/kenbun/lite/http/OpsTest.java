package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.call.HttpLimits;
import io.kenbun.lite.http.call.Metrics;
import io.kenbun.lite.http.ingest.IngestLimits;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.store.DiskUse;
import java.net.BindException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

class OpsTest {
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
  void healthNeedsNoCredentials() throws Exception {
    for (String path : new String[] {"/", "/healthz", "/readyz"}) {
      HttpResponse<String> answer = server.send("GET", path, null);
      assertEquals(200, answer.statusCode(), path);
      assertEquals("{\"status\":\"ok\"}", answer.body());
      assertTrue(answer.headers().firstValue("Kenbun-Capabilities").isPresent());
    }
  }

  @Test
  void readinessEndsWithTheAbilityToWrite() throws Exception {
    server.canWrite.set(false);
    Refused.by(server.send("GET", "/readyz", null)).is(503, "storage_unavailable", null);
    assertEquals(200, server.send("GET", "/healthz", null).statusCode());
  }

  @Test
  void statusTellsWhatIsStoredAndWhatWaits() throws Exception {
    assertEquals(401, server.send("GET", "/lite/status", null).statusCode());
    server.ingest(EVENT);
    server.score();
    server.ingest(EVENT);
    server.clock.advance(Duration.ofMillis(2500));
    HttpResponse<String> answer =
        server.send("GET", "/lite/status", null, "Authorization", TestServer.DEV);
    assertEquals(
        "{\"version\":\"1.2.3\",\"uptime_ms\":1500,\"engine\":\"sqlite\",\"data\":\"/data\","
            + "\"bytes_on_disk\":4096,\"disk\":{\"free_bytes\":1073741824,\"low\":false,"
            + "\"bytes_by_file\":{\"ingest.db\":96,\"kenbun.db\":4000}},\"chaos\":false,\"queue_depth\":1,\"oldest_queued_age_ms\":2500,"
            + "\"counts\":{\"leads\":1,\"events\":1,\"failed\":0}}",
        answer.body());
  }

  @Test
  void littleSpaceOnTheDiskIsTold() throws Exception {
    String metrics = server.send("GET", "/metrics", null).body();
    assertTrue(metrics.contains("\nkenbun_data_bytes{file=\"kenbun.db\"} 4000\n"), metrics);
    assertTrue(metrics.contains("\nkenbun_disk_free_bytes 1073741824\n"), metrics);
    assertTrue(metrics.contains("\nkenbun_disk_low 0\n"), metrics);
    server.facts =
        () -> new ServerFacts("sqlite", "/data", new DiskUse(Map.of(), (1L << 30) - 1), 0);
    metrics = server.send("GET", "/metrics", null).body();
    assertTrue(metrics.contains("\nkenbun_disk_low 1\n"), metrics);
    String status =
        server.send("GET", "/lite/status", null, "Authorization", TestServer.DEV).body();
    assertTrue(status.contains("{\"free_bytes\":1073741823,\"low\":true,"), status);
    // A database elsewhere: what is left there cannot be told.
    server.facts =
        () -> new ServerFacts("postgresql", "h", new DiskUse(Map.of("database", 7L), -1), 0);
    metrics = server.send("GET", "/metrics", null).body();
    assertTrue(metrics.contains("\nkenbun_data_bytes{file=\"database\"} 7\n"), metrics);
    assertFalse(metrics.contains("kenbun_disk"), metrics);
    status = server.send("GET", "/lite/status", null, "Authorization", TestServer.DEV).body();
    assertTrue(status.contains("\"bytes_on_disk\":7,\"disk\":{\"free_bytes\":null,\"low\":false,"));
  }

  @Test
  @DisabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql") // It has none.
  void theDataDirectoryIsMeasured() {
    DiskUse disk = server.storage.diskUse();
    assertTrue(disk.bytesByFile().keySet().containsAll(List.of("ingest.db", "kenbun.db")));
    assertTrue(disk.bytes() > 0);
    assertTrue(disk.freeBytes() > 0);
  }

  @Test
  void drainAnswersOnceEverythingBeforeItIsScored() throws Exception {
    assertEquals(401, server.send("POST", "/lite/drain", null).statusCode());
    assertEquals("{\"drained\":true}", drain("").get().body());
    server.ingest(EVENT);
    CompletableFuture<HttpResponse<String>> drained = drain("?timeout_ms=600000");
    assertEquals(200, server.send("GET", "/healthz", null).statusCode());
    assertFalse(drained.isDone());
    server.score();
    assertEquals("{\"drained\":true}", drained.get(10, TimeUnit.SECONDS).body());
  }

  @Test
  void drainGivesUpInTime() throws Exception {
    server.ingest(EVENT);
    server.ingest(EVENT);
    HttpResponse<String> late = drain("?timeout_ms=1").get(10, TimeUnit.SECONDS);
    assertEquals(504, late.statusCode());
    assertEquals("{\"drained\":false,\"queue_depth\":2}", late.body());
    server.score();
  }

  @Test
  void drainTakesOneTo600000Milliseconds() throws Exception {
    assertEquals(200, drain("?timeout_ms=1").get().statusCode());
    assertEquals(200, drain("?timeout_ms=600000").get().statusCode());
    for (String timeout :
        new String[] {"0", "600001", "-1", "soon", "1.5", "9999999999999999999"}) {
      Refused.by(drain("?timeout_ms=" + timeout).get()).is(400, "invalid_field", "timeout_ms");
    }
  }

  @Test
  void aStoppingServerRefusesAndSaysSo() throws Exception {
    String cookie = server.cookie(TestServer.DEV, "unit_default");
    server.ingest(EVENT);
    CompletableFuture<HttpResponse<String>> waiting = drain("?timeout_ms=600000");
    // Another call on the same queue of the I/O threads: the drain has arrived by then, or it is
    // refused at the gate in the same words.
    server.send("GET", "/healthz", null);
    server.http.stopAccepting();
    Refused.by(waiting.get(10, TimeUnit.SECONDS)).is(503, "shutting_down", null);
    Refused.by(
            server.send(
                "POST", "/ingest", EVENT, "Authorization", TestServer.DEV, "Cookie", cookie))
        .is(503, "shutting_down", null)
        .header("Retry-After", "1")
        .header("Connection", "close");
    Refused.by(server.send("GET", "/readyz", null)).is(503, "shutting_down", null);
    assertEquals(200, server.send("GET", "/healthz", null).statusCode());
  }

  @Test
  void closingLetsWhatIsInFlightBeAnswered() throws Exception {
    TestServer.Setup setup = new TestServer.Setup();
    RecordingQueue queue = new RecordingQueue();
    setup.queue = queue;
    TestServer busy = new TestServer(setup);
    String cookie = busy.cookie(TestServer.DEV, "unit_default");
    queue.mode(RecordingQueue.Mode.HOLD);
    CompletableFuture<HttpResponse<String>> answer =
        busy.sendLater("POST", "/ingest", EVENT, "Authorization", TestServer.DEV, "Cookie", cookie);
    queue.awaitOffer();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(busy.http::close);
    queue.commit();
    assertEquals(202, answer.get(10, TimeUnit.SECONDS).statusCode());
    closed.get(10, TimeUnit.SECONDS);
    Exception e = assertThrows(Exception.class, () -> busy.send("GET", "/healthz", null));
    assertEquals(IllegalStateException.class, e.getClass()); // Not even a port any more.
    busy.close();
  }

  @Test
  void aPortInUseIsTold() throws Exception {
    HttpConfig taken =
        new HttpConfig(
            "127.0.0.1",
            server.port(),
            List.of(),
            null,
            List.of(),
            HttpLimits.DEFAULT,
            IngestLimits.DEFAULT,
            "1");
    HttpServer second =
        new HttpServer(
            taken,
            new HttpServices(
                new RecordingQueue(),
                server.rules,
                server.scoring.progress(),
                null,
                server.storage.reads(),
                server.storage.configuration(),
                server.storage.accounts(),
                server.storage.failedEvents(),
                server.storage.shares(),
                server.storage.watches(),
                new LeadChanges(server.storage, server.rules, Json::readMetadata),
                server.webhooks(),
                server.stream(),
                new Metrics(),
                new SecretKeySpec(new byte[32], "HmacSHA256"),
                server.clock,
                null,
                null,
                null,
                () -> true,
                () -> new ServerFacts("", "", new DiskUse(Map.of(), -1), 0)));
    assertThrows(BindException.class, second::start);
    second.close();
  }

  private CompletableFuture<HttpResponse<String>> drain(String query) {
    return server.sendLater("POST", "/lite/drain" + query, null, "Authorization", TestServer.DEV);
  }
}
