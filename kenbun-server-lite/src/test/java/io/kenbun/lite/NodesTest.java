package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.client.Credentials;
import io.kenbun.client.Event;
import io.kenbun.client.FlushResult;
import io.kenbun.client.KenbunClient;
import io.kenbun.lite.TestReceiver.Received;
import io.kenbun.lite.store.TestStores;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes, processes each, over one database of PostgreSQL, under load of the real client:
 * killed at random, cut off from the database and from clients, and the database crashed in
 * between. Every event counts once, every firing comes once. {@code -Dkenbun.kill.rounds=} does it
 * more often.
 */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class NodesTest {
  private static final int ROUNDS = Integer.getInteger("kenbun.kill.rounds", 6);
  private static final int NODES = 3;
  private static final int LEADS = 60;
  private static final List<Integer> THRESHOLDS = List.of(5, 20, 50);

  @TempDir Path data;

  private final String database = TestStores.newDatabase();
  private final List<TestProxy> proxies = new ArrayList<>(); // From the clients to each node.
  private final List<TestProxy> databases = new ArrayList<>(); // From each node to the database.
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @AfterEach
  void close() throws Exception {
    nodes.forEach(ServerProcess::close);
    for (TestProxy proxy : proxies) {
      proxy.close();
    }
    for (TestProxy proxy : databases) {
      proxy.close();
    }
  }

  private ServerProcess node(int number) throws Exception {
    TestStores.awaitRecovery(database); // One that finds no database does not start.
    String port = ":" + databases.get(number).port() + "/";
    String engine = database.replace(":" + databasePort() + "/", port);
    return ServerProcess.start(
        Map.of("KENBUN_ENGINE", engine, "KENBUN_SCORING_THREADS", "2"), data);
  }

  private int databasePort() {
    return URI.create(database.substring("jdbc:".length())).getPort();
  }

  private void startNodes() throws Exception {
    for (int i = 0; i < NODES; i++) {
      databases.add(new TestProxy(databasePort()));
      nodes.add(node(i));
      proxies.add(new TestProxy(nodes.get(i).url().getPort()));
    }
  }

  private Api api(int node) throws Exception {
    return new Api(nodes.get(node).url()).activate("unit_default");
  }

  private KenbunClient client(int node) {
    return KenbunClient.builder()
        .baseUrl("http://127.0.0.1:" + proxies.get(node).port())
        .credentials(Credentials.basic("dev", "dev"))
        .orgUnit("unit_default")
        .build();
  }

  @Test
  void everythingCountsOnceThoughNodesAndTheDatabaseCrash() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    startNodes();
    try (TestReceiver receiver = new TestReceiver()) {
      Api first = api(0);
      for (int threshold : THRESHOLDS) {
        HttpResponse<String> made =
            first.post(
                "/triggers",
                "{\"name\":\"once"
                    + threshold
                    + "\",\"score_threshold\":"
                    + threshold
                    + ",\"webhook_url\":\""
                    + receiver.url("/")
                    + "\"}");
        assertEquals(201, made.statusCode(), made.body());
      }
      try (KenbunClient client = client(0)) { // Everybody is known by both names from here on.
        for (int lead = 0; lead < LEADS; lead++) {
          assertTrue(client.track(event(next.getAndIncrement()).email(email(lead)).build()));
        }
        assertEquals(LEADS, client.flush(60, TimeUnit.SECONDS).delivered());
      }
      first.drain();
      List<Thread> senders = new ArrayList<>();
      List<FlushResult> flushed = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        int node = i;
        Thread sender = new Thread(() -> send(node, flushed));
        sender.start();
        senders.add(sender);
      }
      for (int round = 0; round < ROUNDS; round++) {
        awaitMore(400);
        int node = random.nextInt(NODES);
        if (round == ROUNDS / 2) {
          TestStores.crash();
        } else if (round >= ROUNDS - 2) {
          TestProxy network = (round == ROUNDS - 1 ? proxies : databases).get(node);
          network.cut(true);
          awaitMore(200);
          network.cut(false);
        } else {
          nodes.get(node).kill();
          awaitMore(200);
          nodes.set(node, node(node));
          proxies.get(node).target(nodes.get(node).url().getPort());
        }
      }
      over.set(true);
      for (Thread sender : senders) {
        sender.join();
      }
      String context = "seed " + seed + ", " + next.get() + " events";
      assertEquals(NODES, flushed.size(), context);
      for (FlushResult result : flushed) {
        assertTrue(result.isComplete(), context);
      }
      check(receiver, context);
    }
  }

  private static String email(int lead) {
    return "lead" + lead + "@example.com";
  }

  private static Event.Builder event(int n) {
    return Event.builder("Page View").externalId("lead-" + n % LEADS).metadata("n", n);
  }

  private void send(int node, List<FlushResult> flushed) {
    try (KenbunClient client = client(node)) {
      while (!over.get()) {
        for (int i = 0; i < 20; i++) {
          int n = next.getAndIncrement();
          Event.Builder event =
              n % 2 == 0
                  ? event(n)
                  : Event.builder("Page View").email(email(n % LEADS)).metadata("n", n);
          while (!client.track(event.build())) { // Full while its node is gone.
            client.flush(100, TimeUnit.MILLISECONDS);
          }
        }
        client.flush(100, TimeUnit.MILLISECONDS);
      }
      FlushResult result = client.flush(120, TimeUnit.SECONDS);
      assertEquals(client.stats().accepted(), client.stats().delivered());
      synchronized (flushed) {
        flushed.add(result);
      }
    }
  }

  private void awaitMore(int events) {
    int enough = next.get() + events;
    while (next.get() < enough) {
      Thread.onSpinWait();
    }
  }

  private void check(TestReceiver receiver, String context) throws Exception {
    Api api = api(0);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    Object events;
    do {
      for (int node = 0; node < NODES; node++) {
        api(node).drain(); // Each knows at once of its own events.
      }
      events = ((Map<?, ?>) api.object("/lite/status").get("counts")).get("events");
    } while (!events.equals((long) next.get()) && System.nanoTime() < deadline);
    String held =
        context
            + ", events "
            + TestStores.number(database, "SELECT count(*) FROM event WHERE seq > 0")
            + ", keys "
            + TestStores.number(database, "SELECT count(*) FROM seen")
            + ", waiting "
            + TestStores.number(database, "SELECT count(*) FROM outbox");
    assertEquals((long) next.get(), events, held);
    Map<Long, Integer> stored = new HashMap<>();
    for (Map<?, ?> event : api.all("/events", "events")) {
      stored.merge((Long) ((Map<?, ?>) event.get("metadata")).get("n"), 1, Integer::sum);
    }
    for (long n = 0; n < next.get(); n++) {
      assertEquals(1, stored.get(n), context + ", event " + n);
    }
    assertEquals(next.get(), stored.size(), context);

    Map<String, Long> expected = new HashMap<>();
    for (int n = 0; n < next.get(); n++) {
      expected.merge("lead-" + n % LEADS, 1L, Long::sum);
    }
    int firings = 0;
    for (int lead = 0; lead < LEADS; lead++) {
      for (int node = 0; node < NODES; node++) {
        Api there = api(node);
        Map<?, ?> found = there.object("/lead/by-alias?kind=external_id&value=lead-" + lead);
        Object score = there.object("/score/" + found.get("lead_id")).get("score");
        assertEquals(expected.get("lead-" + lead), score, context);
        assertEquals(email(lead), found.get("email"), context);
      }
      for (int threshold : THRESHOLDS) {
        firings += expected.get("lead-" + lead) >= threshold ? 1 : 0;
      }
    }
    assertEquals((long) LEADS, api.object("/leads").get("total"), context);
    checkFirings(api, receiver, firings, context);
  }

  private static void checkFirings(Api api, TestReceiver receiver, int firings, String context)
      throws Exception {
    Set<Object> ids = new HashSet<>();
    Set<Object> causes = new HashSet<>();
    for (Map<?, ?> firing : api.all("/milestone-events", "events")) {
      assertTrue(ids.add(firing.get("id")), context);
      assertTrue(causes.add(List.of(firing.get("trigger_name"), firing.get("lead_id"))), context);
    }
    assertEquals(firings, ids.size(), context);
    while (!api.object("/lite/deliveries?state=pending").get("total").equals(0L)) {
      api.drain();
    }
    Map<String, Set<String>> bodies = new HashMap<>();
    for (Received one : receiver.all()) {
      bodies.computeIfAbsent(one.id(), id -> new HashSet<>()).add(one.body());
    }
    assertEquals(ids, bodies.keySet(), context);
    bodies.values().forEach(sent -> assertEquals(1, sent.size(), context));
  }
}
