package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.store.TestStores;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Whoever has two nodes behind one address need not know which of them answers. */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class NodesAgreeTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private KenbunLite one;
  private KenbunLite two;

  @BeforeEach
  void start() throws Exception {
    String database = TestStores.newDatabase();
    one = KenbunLite.builder().port(0).engine(database).start();
    two = KenbunLite.builder().port(0).engine(database).start();
  }

  @AfterEach
  void close() {
    two.close();
    one.close();
  }

  private static Api api(KenbunLite node) throws Exception {
    return new Api(node.url()).activate("unit_default");
  }

  private static HttpResponse<String> put(Api api, String path, String body) throws Exception {
    return api.send(
        api.request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> ingest(Api api, String... headers) throws Exception {
    return api.send(
        api.request("/ingest")
            .headers(headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(EVENT))
            .build());
  }

  @Test
  void theCookieOfOneNodeIsGoodAtTheOther() throws Exception {
    HttpResponse<String> active =
        new Api(one.url()).post("/org-units/active", "{\"ouId\":\"unit_default\"}");
    assertEquals(200, active.statusCode(), active.body());
    String cookie = active.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    Api other = new Api(two.url());
    assertEquals(400, ingest(other, "Accept", "*/*").statusCode()); // It needs one.
    HttpResponse<String> taken = ingest(other, "Cookie", cookie);
    assertEquals(202, taken.statusCode(), taken.body());
  }

  @Test
  void theSameKeyAtEitherNodeIsOneEvent() throws Exception {
    List<Api> nodes = List.of(api(one), api(two));
    for (int i = 0; i < 20; i++) {
      String key = "key-" + i;
      HttpResponse<String> first = ingest(nodes.get(i % 2), "Idempotency-Key", key);
      HttpResponse<String> again = ingest(nodes.get(1 - i % 2), "Idempotency-Key", key);
      assertEquals(202, first.statusCode(), first.body());
      assertEquals(first.body(), again.body());
    }
    for (Api node : nodes) {
      node.drain();
      assertEquals(20L, node.object("/events").get("total"));
      assertEquals(20L, node.object("/score/ld_1").get("score"));
    }
  }

  @Test
  void aRuleThatOneNodeHasAnsweredForCountsForWhatTheOtherTakesInNext() throws Exception {
    List<Api> nodes = List.of(api(one), api(two));
    long score = 0;
    for (int weight = 2; weight < 22; weight++) {
      HttpResponse<String> changed =
          put(nodes.get(weight % 2), "/rules/rule_page_view", "{\"weight\":" + weight + "}");
      assertEquals(200, changed.statusCode(), changed.body());
      Api other = nodes.get(1 - weight % 2);
      assertEquals(202, ingest(other, "Accept", "*/*").statusCode());
      other.drain();
      score += weight;
      assertEquals(score, other.object("/score/ld_1").get("score"));
    }
  }

  @Test
  void aSecretThatOneNodeMakesAndRemovesIsGoodAndNoMoreAtTheOther() throws Exception {
    Api first = api(one);
    HttpResponse<String> made = first.post("/secrets", "{\"name\":\"CI\"}");
    assertEquals(200, made.statusCode(), made.body());
    Map<?, ?> secret = (Map<?, ?>) Api.tree(made.body());
    Api there =
        new Api(two.url(), (String) secret.get("client_id"), (String) secret.get("client_secret"));
    await(there, 200);
    HttpResponse<String> removed =
        first.send(first.request("/secrets/" + secret.get("secret_id")).DELETE().build());
    assertEquals(204, removed.statusCode(), removed.body());
    await(there, 401);
  }

  private static void await(Api api, int status) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (api.get("/org-units").statusCode() != status) {
      assertTrue(System.nanoTime() < deadline, "no " + status + " within " + PATIENCE);
    }
  }

  @Test
  void theClientGoesOnWhenItsNextConnectionLeadsToAnotherNode() throws Exception {
    int events = 200;
    try (TestProxy balancer = new TestProxy(one.url().getPort());
        KenbunClient client =
            KenbunClient.builder()
                .baseUrl("http://127.0.0.1:" + balancer.port())
                .credentials(Credentials.basic("dev", "dev"))
                .orgUnit("unit_default")
                .build()) {
      for (int i = 0; i < events; i++) {
        assertTrue(
            client.track(Event.builder("Page View").leadId("ld_1").metadata("n", i).build()));
        if (i % 20 == 19) {
          assertTrue(client.flush(60, TimeUnit.SECONDS).isComplete());
          KenbunLite next = i % 40 == 19 ? two : one;
          balancer.target(next.url().getPort());
          balancer.cut(false); // Ends what is open.
        }
      }
      assertEquals(events, client.stats().delivered());
    }
    for (KenbunLite node : List.of(one, two)) {
      Api api = api(node);
      api.drain();
      assertEquals((long) events, api.object("/events").get("total"));
      assertEquals((long) events, api.object("/score/ld_1").get("score"));
    }
  }
}
