package io.kenbun.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.KenbunLite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.CookieJar;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Each example against a server of its own. */
final class ExamplesTest {
  private static final String TWO_UNITS =
      """
      {"org_units": [
        {"unit_id": "unit_default", "name": "Default", "rulesets": [
          {"id": "rules_a", "name": "A", "is_primary": true, "rules": [
            {"event_type": "Page View", "weight": 1}]}]},
        {"unit_id": "unit_b", "name": "B", "rulesets": [
          {"id": "rules_b", "name": "B", "is_primary": true, "rules": [
            {"event_type": "Page View", "weight": 5},
            {"event_type": "Demo Request", "weight": 100}]}]}
      ]}
      """;

  @TempDir private Path folder;

  @Test
  void offlineFirstKeepsEventsOnDiskUntilAServerIsThere() throws Exception {
    int port = freePort();
    String[] args = {"http://127.0.0.1:" + port, folder.resolve("spool").toString()};
    assertEquals(List.of("delivered 0, waiting on disk 1"), lines(() -> OfflineFirst.main(args)));
    assertEquals(List.of("delivered 0, waiting on disk 2"), lines(() -> OfflineFirst.main(args)));
    try (KenbunLite server = KenbunLite.builder().port(port).inMemory().start()) {
      assertEquals(List.of("delivered 3, waiting on disk 0"), lines(() -> OfflineFirst.main(args)));
      assertEquals(3, events(server, "unit_default"));
    }
  }

  @Test
  void offlineFirstNeedsNoNewEventOnceTheServerIsThere() throws Exception {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    try (KenbunClient client = OfflineFirst.client(url, folder.resolve("spool").toFile())) {
      assertTrue(client.track(Event.builder("Page View").email("ada@example.com").build()));
      assertFalse(client.flush(100, TimeUnit.MILLISECONDS).isComplete());
      try (KenbunLite server = KenbunLite.builder().port(port).inMemory().start()) {
        assertTrue(client.flush(30, TimeUnit.SECONDS).isComplete());
        assertEquals(1, events(server, "unit_default"));
      }
    }
  }

  @Test
  void ownOkHttpClientGoesThroughItsProxyWithItsHeader() throws Exception {
    try (KenbunLite server = server();
        RecordingProxy proxy = new RecordingProxy(server.url())) {
      String port = String.valueOf(proxy.address().getPort());
      String[] args = {"http://kenbun.invalid", "127.0.0.1", port};
      assertEquals(
          List.of("FlushResult{delivered=1, spooled=0, dropped=0, queued=0, complete=true}"),
          lines(() -> OwnOkHttpClient.main(args)));
      assertEquals(1, events(server, "unit_default"));
      assertEquals(
          "POST http://kenbun.invalid/org-units/active by shop/1.0", proxy.requests.get(0));
    }
  }

  @Test
  void ownOkHttpClientStaysAsItWasAndWorksAfterOursIsClosed() throws Exception {
    try (KenbunLite server = server();
        RecordingProxy proxy = new RecordingProxy(server.url())) {
      OkHttpClient theirs =
          OwnOkHttpClient.application(new Proxy(Proxy.Type.HTTP, proxy.address()));
      try (KenbunClient client = OwnOkHttpClient.client("http://kenbun.invalid", theirs)) {
        client.track(Event.builder("Page View").email("ada@example.com").build());
        assertTrue(client.flush(10, TimeUnit.SECONDS).isComplete());
      }
      assertEquals(CookieJar.NO_COOKIES, theirs.cookieJar());
      assertTrue(theirs.followRedirects());
      assertEquals(5000, theirs.callTimeoutMillis());
      Request health = new Request.Builder().url("http://kenbun.invalid/healthz").build();
      try (Response answer = theirs.newCall(health).execute()) {
        assertEquals(200, answer.code());
      }
    }
  }

  @Test
  void watchingDeliveryTellsWhatBecameOfEachEvent() throws Exception {
    try (KenbunLite server = server()) {
      String url = server.url().toString();
      List<String> lines = lines(() -> WatchingDelivery.main(new String[] {url}));
      assertEquals("delivered Page View", lines.get(0));
      assertTrue(lines.get(1).startsWith("dropped Page View, REFUSED: "), lines.get(1));
      assertEquals("accepted 2, delivered 1", lines.get(2));
      assertEquals("dropped 1, still queued 0", lines.get(3));
      assertEquals(4, lines.size());
    }
  }

  @Test
  void severalOrgUnitsAreNotMixedUp() throws Exception {
    Path config = Files.writeString(folder.resolve("units.json"), TWO_UNITS);
    try (KenbunLite server = KenbunLite.builder().port(0).inMemory().config(config).start()) {
      String url = server.url().toString();
      assertEquals(
          List.of("FlushResult{delivered=3, spooled=0, dropped=0, queued=0, complete=true}"),
          lines(() -> SeveralOrgUnits.main(new String[] {url})));
      assertEquals(1, events(server, "unit_default"));
      assertEquals(2, events(server, "unit_b"));
    }
  }

  @Test
  void springMakesTheClientAndClosesItWithTheContext() throws Exception {
    try (KenbunLite server = server()) {
      KenbunClient client;
      try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
        Map<String, Object> properties =
            Map.of(
                "kenbun.url", server.url().toString(),
                "kenbun.client-id", "dev",
                "kenbun.client-secret", "dev",
                "kenbun.org-unit", "unit_default");
        context
            .getEnvironment()
            .getPropertySources()
            .addFirst(new MapPropertySource("test", properties));
        context.register(SpringConfiguration.class);
        context.refresh();
        client = context.getBean(KenbunClient.class);
        assertTrue(client.track(Event.builder("Page View").email("ada@example.com").build()));
      }
      assertEquals(1, client.stats().delivered());
      assertFalse(client.track(Event.builder("Page View").email("ada@example.com").build()));
      assertEquals(1, events(server, "unit_default"));
    }
  }

  @Test
  void springBootMakesTheClientFromItsPropertiesAndClosesItWithTheApplication() throws Exception {
    try (KenbunLite server = server()) {
      KenbunClient client;
      SpringApplication application = new SpringApplication(SpringConfiguration.class);
      application.setWebApplicationType(WebApplicationType.NONE);
      try (ConfigurableApplicationContext context =
          application.run(
              "--spring.main.banner-mode=off",
              "--kenbun.url=" + server.url(),
              "--kenbun.client-id=dev",
              "--kenbun.client-secret=dev",
              "--kenbun.org-unit=unit_default")) {
        client = context.getBean(KenbunClient.class);
        assertTrue(client.track(Event.builder("Page View").email("ada@example.com").build()));
      }
      assertEquals(1, client.stats().delivered());
      assertFalse(client.track(Event.builder("Page View").email("ada@example.com").build()));
      assertEquals(1, events(server, "unit_default"));
    }
  }

  @Test
  void noExampleOfOneUseIsLongerThan80Lines() throws Exception {
    for (String name :
        List.of(
            "FirstEvents",
            "OfflineFirst",
            "OwnOkHttpClient",
            "WatchingDelivery",
            "SeveralOrgUnits",
            "SpringConfiguration")) {
      Path source = Path.of("src/main/java/io/kenbun/examples", name + ".java");
      try (Stream<String> lines = Files.lines(source)) {
        long count = lines.count();
        assertTrue(count <= 80, name + ": " + count);
      }
    }
  }

  private static KenbunLite server() throws IOException {
    return KenbunLite.builder().port(0).inMemory().start();
  }

  private static int events(KenbunLite server, String unit) throws Exception {
    KenbunReader reader = new KenbunReader(server.url(), "dev", "dev", unit);
    reader.drain(Duration.ofSeconds(10));
    return reader.events("", 1, 1).total();
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static List<String> lines(Runnable program) {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
