package io.kenbun.lite.bench;

import io.kenbun.lite.TestReceiver;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.store.TestFirings;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import io.kenbun.lite.webhook.AddressGuard;
import io.kenbun.lite.webhook.Webhooks;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How fast webhooks go out, and whether the dead delay the living; sender, store (synced) and
 * receiver in one process.
 *
 * <pre>
 *   rate N            N deliveries to one receiver, from the first insert to the last answer written down
 *   dead N SECONDS    N destinations that take the connection and never answer, and one that lives and is
 *                     told something every 10 ms; from the commit to the receiver
 * </pre>
 */
public final class WebhookBenchmark {
  private static final int BATCH = 500;

  private WebhookBenchmark() {}

  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    Path data = Files.createTempDirectory("kenbun-webhooks");
    InstantSource clock = InstantSource.system();
    try (SqliteStorage storage =
            new SqliteStorage(data, Durability.FULL, 1_000, clock, () -> "ld_1");
        TestReceiver receiver = new TestReceiver()) {
      OrgUnit wanted = new OrgUnit(0, "unit_default", "org", "Default", "default", null, true);
      storage.configuration().apply(List.of(RuleSetup.builder(wanted).build()), 0);
      long unit = storage.configuration().load().get(0).unit().key();
      TestFirings firings = new TestFirings(storage);
      try (Webhooks webhooks =
          new Webhooks(
              storage.deliveries(),
              storage.reads().deliveries(),
              new AddressGuard(true),
              clock,
              clock,
              new Random(1),
              (outcome, nanos) -> {},
              "bench",
              () -> true,
              null,
              Webhooks.RETAIN)) {
        webhooks.start();
        System.out.println("load " + Files.readString(Path.of("/proc/loadavg")).strip());
        if (args[0].equals("rate")) {
          int count = Integer.parseInt(args[1]);
          rate(firings, webhooks, receiver, unit, count, "warm");
          rate(firings, webhooks, receiver, unit, count, "fir");
        } else {
          dead(firings, receiver, unit, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        }
        System.out.println("load " + Files.readString(Path.of("/proc/loadavg")).strip());
      }
    }
  }

  private static void rate(
      TestFirings firings,
      Webhooks webhooks,
      TestReceiver receiver,
      long unit,
      int count,
      String prefix)
      throws Exception {
    String url = receiver.url("/hook");
    long from = System.nanoTime();
    for (int i = 0; i < count; ) {
      List<Fired> told = new ArrayList<>();
      for (int n = 0; n < BATCH && i < count; n++) {
        told.add(
            TestFirings.milestone(
                prefix + "_" + i++, unit, url, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
      }
      firings.fire(System.currentTimeMillis(), told);
    }
    CountDownLatch idle = new CountDownLatch(1);
    webhooks.rounds().whenIdle(idle::countDown);
    idle.await();
    double seconds = (System.nanoTime() - from) / 1e9;
    System.out.printf(
        "%s: %d deliveries, %d received, %.2f s, %.0f/s%n",
        prefix, count, receiver.all().size(), seconds, count / seconds);
  }

  private static void dead(
      TestFirings firings, TestReceiver receiver, long unit, int count, int seconds)
      throws Exception {
    Map<String, Long> firedAt = new ConcurrentHashMap<>();
    List<Long> latencies = new ArrayList<>();
    receiver.answers(
        (request, exchange) -> {
          long latency = System.nanoTime() - firedAt.getOrDefault(request.id(), Long.MAX_VALUE);
          synchronized (latencies) {
            latencies.add(latency);
          }
        });
    try (ServerSocket silent = new ServerSocket(0, 4_096, InetAddress.getLoopbackAddress())) {
      String dead = "http://127.0.0.1:" + silent.getLocalPort() + "/dead/";
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      int told = 0;
      for (int i = 0; System.nanoTime() < end; i++) {
        List<Fired> fired = new ArrayList<>();
        String id = "live_" + i;
        fired.add(TestFirings.milestone(id, unit, receiver.url("/live"), null));
        if (i == 0 || i % 100 == 50) { // Each of the dead, at once, about once a second.
          for (int n = 0; n < count; n++) {
            fired.add(TestFirings.milestone("dead_" + i + "_" + n, unit, dead + n, null));
          }
        }
        firedAt.put(id, System.nanoTime());
        firings.fire(System.currentTimeMillis(), fired);
        told++;
        new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
      }
      new CountDownLatch(1).await(2, TimeUnit.SECONDS);
      synchronized (latencies) {
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
            "dead %d: %d of %d live ones came, p50 %.1f ms, p99 %.1f ms, max %.1f ms%n",
            count,
            sorted.length,
            told,
            sorted[sorted.length / 2] / 1e6,
            sorted[(int) (sorted.length * 0.99)] / 1e6,
            Arrays.stream(sorted).max().orElse(0) / 1e6);
      }
    }
  }
}
