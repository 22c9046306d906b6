package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.TestReceiver.Received;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every firing that was committed is told at least once, whenever the process is killed. */
class WebhookKillTest {
  private static final int ROUNDS = Integer.getInteger("kenbun.kill.rounds", 5);

  @TempDir Path data;

  @Test
  void everyCommittedFiringArrivesWithItsIdAndItsBody() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<String> committed = new HashSet<>();
    try (TestReceiver receiver = new TestReceiver()) {
      receiver.answers(
          (request, exchange) -> {
            synchronized (random) {
              exchange.setStatusCode(random.nextInt(5) == 0 ? 500 : 200);
            }
          });
      for (int round = 0; round < ROUNDS; round++) {
        Process process = launch(receiver, "fir_" + round, 100_000, round);
        int enough = 1 + random.nextInt(400);
        try (BufferedReader out = output(process)) {
          for (int i = 0; i < enough; i++) {
            committed.add(out.readLine());
          }
          process.toHandle().destroyForcibly(); // Unlike Process's own, leaves the pipe to be read.
          out.lines().filter(line -> line.matches("fir_\\d+_\\d+")).forEach(committed::add);
        }
        process.waitFor();
      }
      receiver.answers(200);
      Process last = launch(receiver, "none", 0, 100);
      try (BufferedReader out = output(last)) {
        assertEquals("drained", out.readLine());
      }
      assertEquals(0, last.waitFor());
      String context = "seed " + seed + ", " + committed.size() + " committed";
      Map<String, Set<String>> bodies = new HashMap<>();
      List<Received> received = receiver.all();
      for (Received one : received) {
        bodies.computeIfAbsent(one.id(), id -> new HashSet<>()).add(one.body());
      }
      for (String id : committed) {
        assertTrue(bodies.containsKey(id), () -> context + ": " + id + " never came");
      }
      bodies.forEach(
          (id, sent) -> {
            assertEquals(1, sent.size(), () -> context + ": " + id + " came in several forms");
            assertTrue(sent.iterator().next().startsWith("{\"id\":\"" + id + "\","), context);
          });
      assertTrue(committed.size() >= ROUNDS, context);
    }
  }

  private Process launch(TestReceiver receiver, String prefix, int count, int hoursAhead)
      throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            WebhookSubject.class.getName(),
            data.toString(),
            receiver.url("/"),
            prefix,
            String.valueOf(count),
            String.valueOf(24 * hoursAhead))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
