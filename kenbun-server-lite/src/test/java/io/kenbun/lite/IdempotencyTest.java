package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same request many times over is one event, whatever happens in between. */
class IdempotencyTest {
  private static final int THREADS = 16;
  private static final int KEYS = 1_000;

  @TempDir Path data;

  private final Map<Integer, Set<String>> eventIds = new ConcurrentHashMap<>();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile CountDownLatch up = new CountDownLatch(0);

  @Test
  void sixteenSendersOfTheSameThousandKeysMakeAThousandEventsAcrossRestarts() throws Exception {
    KenbunLite server = TestLite.at(data).start();
    int port = server.url().getPort();
    Thread[] senders = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      Api api = new Api(server.url()).activate("unit_default");
      int first = i * (KEYS / THREADS); // Each begins elsewhere, so that they cross.
      senders[i] = new Thread(() -> sendAll(api, first));
      senders[i].start();
    }
    for (int restart = 1; restart <= 2; restart++) {
      while (answers.get() < restart * THREADS * KEYS / 3) {
        Thread.onSpinWait();
      }
      up = new CountDownLatch(1);
      server.close();
      server = TestLite.at(data).port(port).start();
      up.countDown();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    Api api = new Api(server.url()).activate("unit_default");
    api.drain();
    assertEquals(THREADS * KEYS, answers.get());
    assertEquals((long) KEYS, api.object("/events").get("total"));
    assertEquals((long) KEYS, api.object("/score/ld_1").get("score"));
    assertEquals(KEYS, eventIds.size());
    eventIds.forEach((key, ids) -> assertEquals(1, ids.size(), () -> "key " + key + ": " + ids));
    server.close();
  }

  private void sendAll(Api api, int first) {
    try {
      for (int i = 0; i < KEYS; i++) {
        int key = (first + i) % KEYS;
        eventIds
            .computeIfAbsent(key, k -> ConcurrentHashMap.newKeySet())
            .add(sendUntilAccepted(api, key));
        answers.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String sendUntilAccepted(Api api, int key) throws InterruptedException {
    HttpRequest request =
        api.request("/ingest")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "key-" + key)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}"))
            .build();
    while (true) {
      try {
        HttpResponse<String> answer = api.send(request);
        if (answer.statusCode() == 202) {
          return (String) ((Map<?, ?>) Api.tree(answer.body())).get("event_id");
        }
        assertEquals(503, answer.statusCode(), answer.body());
      } catch (IOException e) {
        up.await(); // Being restarted: whether the event was taken is not known, so it is sent
        // again.
      }
    }
  }
}
