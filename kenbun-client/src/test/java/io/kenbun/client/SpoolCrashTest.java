package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, with real files and a real server. */
final class SpoolCrashTest {
  @TempDir File directory;

  private KenbunServer kenbun;

  @BeforeEach
  void start() throws Exception {
    kenbun = new KenbunServer().withBatches();
  }

  @AfterEach
  void stop() throws Exception {
    kenbun.close();
  }

  /** Tracks as fast as it can, says after each hundred how many lie in the spool, until killed. */
  static final class Tracker {
    private Tracker() {}

    public static void main(String[] arguments) {
      KenbunClient client =
          KenbunClient.builder()
              .baseUrl(arguments[0])
              .credentials(Credentials.basic("dev", "dev"))
              .orgUnit("unit_default")
              .spool(new File(arguments[1]))
              .build();
      int first = Integer.parseInt(arguments[2]);
      int count = Integer.parseInt(arguments[3]);
      for (int i = first; i < first + count; i++) {
        client.track(Event.builder("Page View").leadId("ld_" + i % 10).metadata("n", i).build());
        if (i % 100 == 99) {
          while (client.stats().queued() > 0) {
            Thread.onSpinWait();
          }
          System.out.println(i + 1);
        }
      }
      while (true) { // Until killed.
        LockSupport.park();
      }
    }
  }

  private static int number(String event) {
    int at = event.indexOf("\"n\":") + 4;
    return Integer.parseInt(event.substring(at, event.indexOf('}', at)));
  }

  private FlushResult deliverTheRest() {
    try (KenbunClient client = kenbun.client().spool(directory).build()) {
      FlushResult result = client.flush(2, TimeUnit.MINUTES); // Fifty rounds, on a busy machine.
      assertTrue(result.isComplete(), () -> result + " " + client.stats());
      return result;
    }
  }

  @Test
  void tenThousandEventsSurviveAKillWhileTheServerIsDown() throws Exception {
    kenbun.activationScript = request -> KenbunServer.error(503, "overloaded", "overloaded");
    try (ChildJvm child =
        ChildJvm.start(Tracker.class, kenbun.url(), directory.getPath(), "0", "10000")) {
      String line = "";
      while (!"10000".equals(line)) {
        line = child.readLine();
        assertTrue(line != null, "the child has died");
      }
      child.kill();
    }
    assertEquals(0, kenbun.events.size());
    kenbun.activationScript = request -> null;

    assertEquals(10_000, deliverTheRest().delivered());

    List<Integer> numbers = new ArrayList<>();
    for (String event : kenbun.events) {
      numbers.add(number(event));
    }
    assertEquals(SpoolRig.numbers(0, 10_000), numbers);
  }

  @Test
  void tenThousandEventsSurviveAKillWhenTheServerGoesDownLater() throws Exception {
    CountDownLatch down = new CountDownLatch(1);
    kenbun.script =
        request -> {
          if (kenbun.events.size() < 1000) {
            return null;
          }
          down.countDown();
          return KenbunServer.error(503, "overloaded", "overloaded");
        };
    try (ChildJvm child =
        ChildJvm.start(Tracker.class, kenbun.url(), directory.getPath(), "0", "10000")) {
      String line = "";
      while (!"10000".equals(line)) {
        line = child.readLine();
        assertTrue(line != null, "the child has died");
      }
      assertTrue(down.await(30, TimeUnit.SECONDS));
      child.kill();
    }
    int before = kenbun.events.size();
    assertTrue(before >= 1000 && before < 10_000, "before " + before);
    kenbun.script = request -> null;

    deliverTheRest();

    Map<Integer, Integer> lastOfLead = new HashMap<>();
    for (String event : kenbun.events) {
      int number = number(event);
      Integer last = lastOfLead.put(number % 10, number);
      assertTrue(last == null || last < number, last + " before " + number);
    }
    assertEquals(10_000, kenbun.events.size()); // What came twice was known by its key.
  }

  @Test
  void theSecondOfTwoProcessesSaysSoAndDeliversFromMemory() throws Exception {
    RecordingListener listener = new RecordingListener();
    try (ChildJvm child =
        ChildJvm.start(Tracker.class, kenbun.url(), directory.getPath(), "0", "100000")) {
      child.readLine(); // It has written something: the directory is its own.
      try (KenbunClient client =
          kenbun.client().spool(directory).orgUnit("unit_b").listener(listener).build()) {
        client.track(Event.builder("T").leadId("l").metadata("n", 7).build());
        FlushResult result = client.flush(30, TimeUnit.SECONDS);
        assertEquals(1, result.delivered());
        assertEquals(0, result.spooled());
      }
      child.kill();
    }
    String told =
        "spool: the spool is in use by another client; give each client a directory of its own: "
            + directory;
    assertTrue(listener.told.contains(told), listener.told::toString);
    assertEquals(1, kenbun.units.stream().filter("unit_b"::equals).count());
  }

  /**
   * The number of rounds is set by -Dkenbun.kills. The spool is intact each time: everything that
   * the child knew to be on disk arrives, nothing twice under two keys, and each lead in order.
   */
  @Test
  void loseNothingThatWasOnDiskHoweverOftenTheProcessIsKilled() throws Exception {
    int rounds = Integer.getInteger("kenbun.kills", 5);
    long seed = Long.getLong("kenbun.seed", System.nanoTime());
    Random random = new Random(seed);
    Set<Integer> expected = new HashSet<>();
    for (int round = 0; round < rounds; round++) {
      int first = round * 100_000;
      int known = first;
      try (ChildJvm child =
          ChildJvm.start(Tracker.class, kenbun.url(), directory.getPath(), "" + first, "100000")) {
        int lines = 1 + random.nextInt(30);
        for (int i = 0; i < lines; i++) {
          known = Integer.parseInt(child.readLine());
        }
        child.kill();
      }
      expected.addAll(SpoolRig.numbers(first, known));
    }
    deliverTheRest();

    Set<Integer> arrived = new HashSet<>();
    int[] last = new int[10];
    for (String event : kenbun.events) {
      int number = number(event);
      assertTrue(arrived.add(number), "twice under two keys: " + number + ", seed " + seed);
      assertTrue(last[number % 10] <= number, "out of order: " + number + ", seed " + seed);
      last[number % 10] = number;
    }
    expected.removeAll(arrived);
    assertEquals(Set.of(), expected, "seed " + seed);
  }
}
