package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The client against a lite server that fails on demand ({@code /lite/chaos}), in a process of its
 * own: the server is built after the client, so {@code -Dkenbun.server} names its jar, as {@code
 * .ci/run} does. What is counted is what the server has kept.
 */
@EnabledIfSystemProperty(named = "kenbun.server", matches = ".+")
final class LiteChaosTest {
  private static final int EVENTS = 200;

  private static final OkHttpClient http = new OkHttpClient();
  private static Process server;
  private static String url;

  private final Queue<DropReason> dropped = new ConcurrentLinkedQueue<>();
  private final CountDownLatch retrying = new CountDownLatch(1);
  private final CountDownLatch refused = new CountDownLatch(1);
  private int before;

  @BeforeAll
  static void start() throws Exception {
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-jar",
                System.getProperty("kenbun.server"),
                "--port=0",
                "--data=:memory:",
                "--default-ou=unit_default",
                "--chaos")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    url = out.readLine().substring("Listening on ".length());
  }

  @AfterAll
  static void stop() throws Exception {
    server.destroy();
    server.waitFor();
  }

  @BeforeEach
  void calm() throws Exception {
    chaos("\"rate\":0,\"status\":503,\"delay_ms\":0,\"drop_after_commit\":false");
    before = stored();
  }

  /** What may be better the next time: nothing is lost, and nothing counts twice. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"status\":408",
        "\"status\":429",
        "\"status\":500",
        "\"status\":502",
        "\"status\":503",
        "\"status\":504",
        "\"status\":503,\"delay_ms\":50",
        "\"status\":503,\"drop_after_commit\":true"
      })
  void whatPassesLosesNothing(String trouble) throws Exception {
    chaos("\"rate\":1," + trouble);
    try (KenbunClient client = client(null)) {
      trackAll(client);
      assertTrue(retrying.await(60, TimeUnit.SECONDS), client.stats()::toString);
      chaos("\"rate\":0");
      assertTrue(client.flush(120, TimeUnit.SECONDS).isComplete(), client.stats()::toString);
      assertEquals(EVENTS, client.stats().delivered());
      assertEquals(0, client.stats().dropped());
    }
    assertEquals(EVENTS, stored() - before);
  }

  @Test
  void halfOfTheAnswersLostCountsEveryEventOnce() throws Exception {
    chaos("\"rate\":0.5,\"drop_after_commit\":true");
    try (KenbunClient client = client(null)) {
      trackAll(client);
      client.flush(2, TimeUnit.SECONDS);
      chaos("\"rate\":0");
      assertTrue(client.flush(120, TimeUnit.SECONDS).isComplete(), client.stats()::toString);
    }
    assertEquals(EVENTS, stored() - before);
  }

  /** What the server will never take is dropped and told, each event once. */
  @ParameterizedTest
  @ValueSource(ints = {400, 409, 413, 422})
  void whatIsRefusedIsTold(int status) throws Exception {
    chaos("\"rate\":1,\"status\":" + status);
    try (KenbunClient client = client(null)) {
      trackAll(client);
      assertTrue(client.flush(120, TimeUnit.SECONDS).isComplete(), client.stats()::toString);
      assertEquals(EVENTS, client.stats().dropped());
      assertEquals(0, client.stats().delivered());
      assertEquals(EVENTS, dropped.size());
    }
    assertEquals(0, stored() - before);
  }

  @Test
  void refusedCredentialsKeepTheEvents() throws Exception {
    chaos("\"rate\":1,\"status\":401");
    try (KenbunClient client = client(null)) {
      trackAll(client);
      assertTrue(refused.await(60, TimeUnit.SECONDS), client.stats()::toString);
      assertEquals(0, client.stats().dropped());
      assertEquals(EVENTS, client.stats().queued()); // They wait for half a minute, and so on.
      client.close(1, TimeUnit.MILLISECONDS);
    }
    assertEquals(0, stored() - before);
  }

  @Test
  void whatADeadServerLeavesTheSpoolDeliversLater(@TempDir File folder) throws Exception {
    chaos("\"rate\":1,\"drop_after_commit\":true");
    KenbunClient first = client(folder);
    trackAll(first);
    assertTrue(retrying.await(60, TimeUnit.SECONDS));
    assertFalse(first.close(1, TimeUnit.MILLISECONDS).isComplete());
    chaos("\"rate\":0");
    try (KenbunClient second = client(folder)) {
      assertTrue(second.flush(120, TimeUnit.SECONDS).isComplete(), second.stats()::toString);
    }
    assertEquals(EVENTS, stored() - before);
  }

  private void trackAll(KenbunClient client) {
    for (int i = 0; i < EVENTS; i++) {
      assertTrue(
          client.track(
              Event.builder("Page View").externalId("lead-" + i % 7).metadata("n", i).build()));
    }
  }

  private KenbunClient client(File spool) {
    KenbunClient.Builder builder =
        KenbunClient.builder()
            .baseUrl(url)
            .credentials(Credentials.basic("dev", "dev"))
            .orgUnit("unit_default")
            .maxBatchEvents(20)
            .listener(
                new DeliveryListener() {
                  @Override
                  public void retrying(int events, String cause, long pauseMillis) {
                    retrying.countDown();
                  }

                  @Override
                  public void credentialsRefused(String detail) {
                    refused.countDown();
                  }

                  @Override
                  public void dropped(Event event, DropReason reason, String detail) {
                    dropped.add(reason);
                  }
                });
    return (spool == null ? builder : builder.spool(spool)).build();
  }

  private static void chaos(String ingest) throws IOException {
    call("/lite/chaos", "PUT", "{\"ingest\":{" + ingest + "}}");
  }

  /** Returns how many events the server has taken and scored. */
  private static int stored() throws IOException {
    call("/lite/drain?timeout_ms=60000", "POST", "");
    Matcher total =
        Pattern.compile("\"total\":(\\d+)").matcher(call("/events?limit=1", "GET", null));
    assertTrue(total.find());
    return Integer.parseInt(total.group(1));
  }

  private static String call(String path, String method, String body) throws IOException {
    Request request =
        new Request.Builder()
            .url(url + path)
            .header("Authorization", okhttp3.Credentials.basic("dev", "dev"))
            .method(
                method,
                body == null ? null : RequestBody.create(body, MediaType.get("application/json")))
            .build();
    try (Response answer = http.newCall(request).execute()) {
      assertEquals(200, answer.code(), path);
      return answer.body().string();
    }
  }
}
