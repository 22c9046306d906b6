package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A 202 is a promise: events and scores after the process was killed under load, again and again.
 */
class KillTest {
  private static final int ROUNDS = Integer.getInteger("kenbun.kill.rounds", 5);
  private static final int SENDERS = 8;
  private static final int LEADS = 10;

  @TempDir Path data;

  private final AtomicInteger next = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();

  @Test
  void noAcknowledgedEventIsLostAndNoneIsScoredTwice() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = ServerProcess.start(data)) {
        if (random.nextBoolean()) {
          loadUntil(server, 20 + random.nextInt(200), ServerProcess::pause);
        }
        loadUntil(server, 50 + random.nextInt(1_500), ServerProcess::kill);
      }
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      Map<Integer, Integer> stored = new HashMap<>();
      Map<String, Long> expected = new HashMap<>();
      for (Map<?, ?> event : api.all("/events", "events")) {
        int n = ((Long) ((Map<?, ?>) event.get("metadata")).get("n")).intValue();
        stored.merge(n, 1, Integer::sum);
        expected.merge((String) event.get("lead_id"), 1L, Long::sum);
      }
      String context = "seed " + seed + ", " + acknowledged.size() + " acknowledged";
      assertTrue(acknowledged.size() > ROUNDS, context);
      for (int n : acknowledged) {
        assertEquals(1, stored.get(n), () -> context + ", event " + n);
      }
      assertEquals(Set.of(1), Set.copyOf(stored.values()), context);
      assertTrue(stored.size() <= next.get(), context);
      List<Map<?, ?>> leads = api.all("/leads", "leads");
      Map<String, Long> scores = new HashMap<>();
      leads.forEach(lead -> scores.put((String) lead.get("lead_id"), (Long) lead.get("score")));
      assertEquals(expected, scores, context);
    }
  }

  private interface Blow {
    void strike(ServerProcess server) throws Exception;
  }

  /**
   * Sends from several threads; strikes while they go on, once {@code count} more are acknowledged.
   */
  private void loadUntil(ServerProcess server, int count, Blow blow) throws Exception {
    int enough = acknowledged.size() + count;
    CountDownLatch reached = new CountDownLatch(1);
    AtomicBoolean over = new AtomicBoolean();
    Thread[] senders = new Thread[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
      Api api = new Api(server.url()).activate("unit_default");
      senders[i] = new Thread(() -> send(api, enough, reached, over));
      senders[i].start();
    }
    reached.await();
    blow.strike(server);
    over.set(true);
    for (Thread sender : senders) {
      sender.join();
    }
  }

  private void send(Api api, int enough, CountDownLatch reached, AtomicBoolean over) {
    try {
      while (!over.get()) {
        int n = next.incrementAndGet();
        HttpResponse<String> answer =
            api.post(
                "/ingest",
                "{\"alias_kind\":\"external_id\",\"alias\":\"lead-"
                    + n % LEADS
                    + "\",\"event_type\":\"Page View\",\"metadata\":{\"n\":"
                    + n
                    + "}}");
        if (answer.statusCode() != 202) {
          throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        acknowledged.add(n);
        if (acknowledged.size() >= enough) {
          reached.countDown();
        }
      }
    } catch (IOException e) {
      reached.countDown(); // The server is gone, as meant.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
