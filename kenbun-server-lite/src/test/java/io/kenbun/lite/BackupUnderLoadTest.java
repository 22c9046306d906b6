package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.store.copy.Backup;
import io.kenbun.lite.store.copy.DataCheck;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that are taken while events come in and are scored. */
class BackupUnderLoadTest {
  private static final int BACKUPS = 5;
  private static final int CALLERS = 4;

  @TempDir Path dir;

  @Test
  void aCopyHasEveryEventThatWasAcknowledgedBeforeItOnce() throws Exception {
    Queue<Integer> acknowledged = new ConcurrentLinkedQueue<>();
    List<Set<Integer>> before = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger next = new AtomicInteger();
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    Path data = dir.resolve("data");
    try (KenbunLite server = KenbunLite.builder().port(0).data(data).start()) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        work.add(
            callers.submit(
                () -> {
                  Api api = new Api(server.url()).activate("unit_default");
                  while (!over.get()) {
                    int number = next.incrementAndGet();
                    assertEquals(202, ingest(api, number).statusCode());
                    acknowledged.add(number);
                  }
                  return null;
                }));
      }
      for (int i = 0; i < BACKUPS; i++) {
        int wanted = (i + 1) * 100;
        while (acknowledged.size() < wanted) {
          Thread.onSpinWait();
        }
        before.add(new HashSet<>(acknowledged));
        Backup.copy(data, dir.resolve("copy-" + i));
      }
      over.set(true);
      for (Future<?> one : work) {
        one.get();
      }
    } finally {
      callers.shutdownNow();
    }
    for (int i = 0; i < BACKUPS; i++) {
      assertWhole(dir.resolve("copy-" + i), before.get(i));
    }
  }

  private static void assertWhole(Path copy, Set<Integer> before) throws Exception {
    assertEquals(List.of(), DataCheck.of(copy).faults());
    try (KenbunLite server = KenbunLite.builder().port(0).data(copy).start()) {
      Api api = new Api(server.url()).activate("unit_default");
      api.drain();
      List<Integer> there = events(api);
      assertEquals(there.size(), new HashSet<>(there).size());
      assertTrue(there.containsAll(before), before.size() + " and " + there.size());
      // Whatever is in the copy is known by its key there.
      for (int number : there) {
        ingest(api, number);
      }
      api.drain();
      assertEquals(there.size(), events(api).size());
    }
  }

  private static List<Integer> events(Api api) throws Exception {
    List<Integer> numbers = new ArrayList<>();
    for (Map<?, ?> event : api.all("/events", "events")) {
      numbers.add(Integer.parseInt(String.valueOf(event.get("lead_id")).substring(3)));
    }
    return numbers;
  }

  private static HttpResponse<String> ingest(Api api, int number) throws Exception {
    return api.send(
        api.request("/ingest")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "key-" + number)
            .POST(
                java.net.http.HttpRequest.BodyPublishers.ofString(
                    "{\"lead_id\":\"ld_" + number + "\",\"event_type\":\"Page View\"}"))
            .build());
  }
}
