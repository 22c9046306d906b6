package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Real outages in real time, at default settings: minutes, so only with -Dkenbun.slow=true. */
@EnabledIfSystemProperty(named = "kenbun.slow", matches = "true")
final class OutageTest {
  private static final int EVENTS = 20_000;
  private static final int PER_SECOND = 2000;

  private final RecordingListener listener = new RecordingListener();

  private static void trackAtRate(KenbunClient client, int from, int to, int perSecond) {
    long start = System.nanoTime();
    for (int i = from; i < to; i++) {
      client.track(Event.builder("T").leadId("ld_" + i % 50).metadata("n", i).build());
      long due = start + (i - from) * 1_000_000_000L / perSecond;
      long ahead = due - System.nanoTime();
      if (ahead > 1_000_000) {
        LockSupport.parkNanos(ahead);
      }
    }
  }

  private void isThereTwoSecondsAfterTheEnd(KenbunClient client, KenbunServer... servers)
      throws Exception {
    FlushResult result = client.flush(2, TimeUnit.SECONDS);
    assertTrue(result.isComplete(), () -> result + " " + client.stats());
    assertEquals(EVENTS, client.stats().delivered());
    int events = 0;
    for (KenbunServer server : servers) {
      events += server.events.size();
    }
    assertEquals(EVENTS, events);
    long failed = listener.told.stream().filter(line -> line.startsWith("retrying")).count();
    System.out.println("failed requests: " + failed + ", retried: " + client.stats().retried());
    assertTrue(failed <= 6, () -> "failed requests: " + failed + " " + listener.told.get(0));
  }

  @Test
  void fiveSecondsOf503CostSixRequestsAtMostAndNoEvent() throws Exception {
    try (KenbunServer kenbun = new KenbunServer().withBatches();
        KenbunClient client = kenbun.client().listener(new OnlyFailures(listener)).build()) {
      trackAtRate(client, 0, 10_000, PER_SECOND);
      kenbun.script = request -> KenbunServer.error(503, "overloaded", "overloaded");
      trackAtRate(client, 10_000, EVENTS, PER_SECOND);
      kenbun.script = request -> null;
      isThereTwoSecondsAfterTheEnd(client, kenbun);
      assertEquals(List.of(), kenbun.duplicates);
    }
  }

  @Test
  void fiveSecondsWithoutAServerCostSixRequestsAtMostAndNoEvent() throws Exception {
    KenbunServer before = new KenbunServer().withBatches();
    int port = before.server.getPort();
    try (KenbunClient client = before.client().listener(new OnlyFailures(listener)).build()) {
      trackAtRate(client, 0, 10_000, PER_SECOND);
      assertTrue(client.flush(2, TimeUnit.SECONDS).isComplete());
      before.close();
      trackAtRate(client, 10_000, EVENTS, PER_SECOND);
      try (KenbunServer after = new KenbunServer(port).withBatches()) {
        isThereTwoSecondsAfterTheEnd(client, before, after);
      }
    }
  }

  @Test
  void singlesReachNineTenthsOfWhatFourInFlightCanAtFiftyMilliseconds() throws Exception {
    try (KenbunServer kenbun = new KenbunServer()) {
      kenbun.delayMillis = 50;
      try (KenbunClient client = kenbun.client().build()) {
        client.track(Event.builder("T").leadId("first").build());
        client.flush(5, TimeUnit.SECONDS);
        int count = 400;
        long from = System.nanoTime();
        for (int i = 0; i < count; i++) {
          client.track(Event.builder("T").leadId("ld_" + i).build());
        }
        assertTrue(client.flush(30, TimeUnit.SECONDS).isComplete());
        double perSecond = count / ((System.nanoTime() - from) / 1e9);
        System.out.println("singles per second at 50 ms: " + perSecond);
        assertTrue(perSecond >= 0.9 * 4 / 0.05, "per second: " + perSecond);
      }
    }
  }

  /** A minute of 5,000 events a second against a server that says nothing. */
  static final class BlackHole {
    private BlackHole() {}

    public static void main(String[] arguments) {
      KenbunClient client =
          KenbunClient.builder()
              .baseUrl(arguments[0])
              .credentials(Credentials.basic("dev", "dev"))
              .orgUnit("unit_default")
              .build();
      int refused = 0;
      long start = System.nanoTime();
      for (int i = 0; i < 300_000; i++) {
        Event event =
            Event.builder("Page View")
                .leadId("ld_" + i % 1000)
                .metadata("path", "/pricing")
                .metadata("n", i)
                .build();
        if (!client.track(event)) {
          refused++;
        }
        long ahead = start + i * 200_000L - System.nanoTime();
        if (ahead > 1_000_000) {
          LockSupport.parkNanos(ahead);
        }
      }
      ClientStats stats = client.stats();
      boolean exact =
          refused == stats.dropped(DropReason.QUEUE_FULL)
              && stats.accepted() == 300_000 - refused
              && stats.queued() == stats.accepted();
      System.out.println((exact ? "exact " : "wrong ") + refused + " " + stats);
      client.close(0, TimeUnit.SECONDS);
      System.out.println("abandoned " + client.stats().dropped(DropReason.ABANDONED));
    }
  }

  @Test
  void aMinuteOfSilenceUnder64MegabytesIsCountedExactly() throws Exception {
    try (ServerSocket silence = new ServerSocket(0, 50)) {
      try (ChildJvm child =
          ChildJvm.start(
              List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
              BlackHole.class,
              "http://127.0.0.1:" + silence.getLocalPort())) {
        String line;
        String last = "";
        boolean exact = false;
        while ((line = child.readLine()) != null) {
          System.out.println(line);
          exact |= line.startsWith("exact");
          last = line;
        }
        assertTrue(exact);
        assertTrue(last.startsWith("abandoned "), last);
      }
    }
  }

  /** Hundreds of thousands of deliveries need not be written down. */
  private static final class OnlyFailures extends DeliveryListener {
    private final RecordingListener listener;

    OnlyFailures(RecordingListener listener) {
      this.listener = listener;
    }

    @Override
    public void retrying(int events, String cause, long pauseMillis) {
      listener.retrying(events, cause, pauseMillis);
    }
  }
}
