package io.kenbun.lite.bench;

import io.kenbun.lite.bench.load.IdleConnections;
import io.kenbun.lite.bench.load.LoadGenerator;
import io.kenbun.lite.bench.load.QueueAge;
import io.kenbun.lite.bench.load.StoredEvents;
import io.kenbun.lite.bench.load.Subject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Compares our ingest with an empty handler and with one commit for each request, on one machine in
 * one run. Ratios are what to quote: the figures themselves move with the machine.
 *
 * <p>Arguments: the seconds of each measurement (5), the connections (1,16,64,256), then the rate
 * in singles and in batches to hold alone, when nothing else is to be measured. With {@code
 * -Dkenbun.brief=true} nothing is stored or queued before.
 */
public final class IngestBenchmark {
  private static final String KEY_ZEROS = "0000000000000000";
  private static final String KEY_HEADER = "Idempotency-Key: bench-" + KEY_ZEROS + "\r\n";
  private static final String NO_KEY_HEADER = KEY_HEADER.replace("Key", "Not");
  // Of what is to be measured once it is compiled, not while it is.
  private static final double LONG_WARM_UP_SECONDS = 25;
  // Two processors are slow to compile what is hot.
  private static final double WARM_UP_SECONDS = 5;
  private static final double HELD_SECONDS = 60;
  private static final double HELD_BATCHES_SECONDS = 20;
  private static final int BATCH = 100;
  private static final int BATCHES = 200;
  private static final double BATCHED_RATE = 80_000;
  private static final int LEADS = 10_000;

  private final boolean brief = Boolean.getBoolean("kenbun.brief");
  private final double shortSeconds;
  private double seconds;
  private double warmUpSeconds = WARM_UP_SECONDS;
  private long pauseNanos;
  private final List<Integer> connections = new ArrayList<>();
  private final Random random = new Random(1);
  private long sequence = System.currentTimeMillis() << 20;

  private IngestBenchmark(double seconds, String connections) {
    this.shortSeconds = seconds;
    this.seconds = seconds;
    for (String count : connections.split(",", -1)) {
      this.connections.add(Integer.valueOf(count));
    }
  }

  public static void main(String[] args) throws Exception {
    IngestBenchmark benchmark =
        new IngestBenchmark(
            args.length > 0 ? Double.parseDouble(args[0]) : 5,
            args.length > 1 ? args[1] : "1,16,64,256");
    if (args.length > 2) {
      benchmark.hold(Double.parseDouble(args[2]), Double.parseDouble(args[3]));
    } else {
      benchmark.run();
    }
  }

  /** Measures only what rates do that are held: events a second in singles, then in batches. */
  private void hold(double singles, double batched) throws Exception {
    warmUpSeconds = LONG_WARM_UP_SECONDS;
    for (int count : connections) {
      if (singles > 0) {
        pauseNanos = (long) (count * 1e9 / singles);
        measure("singles held, scored", count, 1, 0, this::single, "server");
      }
      if (batched > 0) {
        pauseNanos = (long) (count * 1e9 * BATCH / batched);
        measure("batches held, scored", count, BATCH, 0, this::batch, "server");
      }
    }
  }

  private void run() throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    System.out.printf(
        "%d processors, servers with -Xmx256m, %.0f s each%n",
        Runtime.getRuntime().availableProcessors(), seconds);
    System.out.println(
        "subject              conns   events/s  of empty   p50 ms   p99 ms p99.9 ms  CPU us/event  bytes/event");
    for (int count : connections) {
      pauseNanos = 0;
      double empty = measure("empty handler", count, 1, 0, this::single, "subject", "empty");
      double full =
          measure("ingest full", count, 1, empty, this::single, "subject", "ingest", "FULL");
      // What is to be compared closely takes turns: two runs of the same differ by a few percent.
      measure("same, longer header", count, 1, empty, this::unkeyed, "subject", "ingest", "FULL");
      measure("ingest full + keys", count, 1, empty, this::keyed, "subject", "ingest", "FULL");
      measure("ingest full + keys", count, 1, empty, this::keyed, "subject", "ingest", "FULL");
      measure("same, longer header", count, 1, empty, this::unkeyed, "subject", "ingest", "FULL");
      measure("ingest normal", count, 1, empty, this::single, "subject", "ingest", "NORMAL");
      measure("batches of 100", count, BATCH, empty, this::batch, "subject", "ingest", "FULL");
      measure("end to end, singles", count, 1, empty, this::single, "server");
      measure("end to end, batches", count, BATCH, empty, this::batch, "server");
      // At a rate that is held: whether scoring keeps up, and what that does to the answers.
      warmUpSeconds = LONG_WARM_UP_SECONDS;
      seconds = brief ? shortSeconds : HELD_SECONDS;
      pauseNanos = (long) (count * 1e9 / (full / 2));
      measure("half of full, scored", count, 1, empty, this::single, "server");
      seconds = brief ? shortSeconds : HELD_BATCHES_SECONDS;
      pauseNanos = (long) (count * 1e9 * BATCH / BATCHED_RATE);
      measure("80,000/s in batches", count, BATCH, empty, this::batch, "server");
      warmUpSeconds = WARM_UP_SECONDS;
      seconds = shortSeconds;
      pauseNanos = 0;
      // The last, as the disk is busy with what it wrote for seconds after.
      measure("one commit each", count, 1, empty, this::single, "subject", "one-commit");
    }
    if (brief) {
      return;
    }
    idle(10_000);
    backlogged(1_000_000);
    grown(1_000);
    grown(10_000_000);
  }

  private double measure(
      String name, int count, int eventsPerRequest, double empty, Requests requests, String... what)
      throws Exception {
    Path data = Files.createTempDirectory("kenbun-bench-");
    return measure(name, count, eventsPerRequest, empty, requests, data, what);
  }

  private double measure(
      String name,
      int count,
      int eventsPerRequest,
      double empty,
      Requests requests,
      Path data,
      String... what)
      throws Exception {
    Process process = Subject.launch(data, what);
    try {
      URI url = Subject.url(process);
      String cookie =
          List.of(what).contains("empty") || List.of(what).contains("one-commit")
              ? ""
              : Subject.activate(url);
      Supplier<byte[]> supplier = requests.of(url, cookie);
      long[] before = new long[2];
      LoadGenerator.Result result;
      String backlog = "";
      LoadGenerator load = new LoadGenerator(url, count, supplier).pausing(pauseNanos);
      AtomicBoolean measuring = new AtomicBoolean();
      Runnable atStart =
          () -> {
            before[0] = cpuNanos(process);
            before[1] = bytesWritten(process);
            measuring.set(true);
          };
      if (what[0].equals("server")) {
        try (QueueAge age = new QueueAge(url, cookie, measuring)) {
          result = load.run(warmUpSeconds, seconds, atStart);
          backlog =
              "  backlog "
                  + Subject.status(url, cookie, "queue_depth")
                  + ", oldest "
                  + age.mostMillis()
                  + " ms";
        }
      } else {
        result = load.run(warmUpSeconds, seconds, atStart);
      }
      double events = (double) result.answers() * eventsPerRequest;
      double perSecond = events / result.seconds();
      System.out.printf(
          Locale.ROOT,
          "%-20s %6d %10.0f %9s %8.2f %8.2f %8.2f %13.1f %12.0f%s%n",
          name,
          count,
          perSecond,
          empty == 0 ? "" : String.format(Locale.ROOT, "%.2f", perSecond / empty),
          result.millis(0.5),
          result.millis(0.99),
          result.millis(0.999),
          (cpuNanos(process) - before[0]) / 1e3 / events,
          (bytesWritten(process) - before[1]) / events,
          backlog);
      return perSecond;
    } finally {
      process.destroyForcibly().waitFor();
      Subject.delete(data);
    }
  }

  /** Measures singles end to end without and with so many silent connections beside them. */
  private void idle(int silent) throws Exception {
    Path data = Files.createTempDirectory("kenbun-bench-");
    Process process = Subject.launch(data, "server");
    try {
      URI url = Subject.url(process);
      Supplier<byte[]> requests = single(url, Subject.activate(url));
      LoadGenerator.Result alone =
          new LoadGenerator(url, 64, requests).run(WARM_UP_SECONDS, seconds, () -> {});
      try (IdleConnections idle = new IdleConnections(url, silent)) {
        LoadGenerator.Result beside =
            new LoadGenerator(url, 64, requests).run(1, seconds, () -> {});
        idle.askAgain();
        System.out.printf(
            Locale.ROOT,
            "%,d idle connections: %.0f events/s, p99 %.2f ms; without them %.0f events/s, p99 %.2f ms; peak memory %s%n",
            silent,
            beside.answers() / beside.seconds(),
            beside.millis(0.99),
            alone.answers() / alone.seconds(),
            alone.millis(0.99),
            peakMemory(process));
      }
    } finally {
      process.destroyForcibly().waitFor();
      Subject.delete(data);
    }
  }

  /** Measures singles end to end beside so many stored events. */
  private void grown(int stored) throws Exception {
    Path data = Files.createTempDirectory("kenbun-bench-");
    StoredEvents.fill(data, stored);
    measure(
        String.format(Locale.ROOT, "with %,d stored", stored),
        64,
        1,
        0,
        this::single,
        data,
        "server");
  }

  /**
   * Measures how soon a server with so many events to score takes the next one, how fast it takes
   * singles while it works them off, and how fast once they are.
   */
  private void backlogged(int queued) throws Exception {
    Path data = Files.createTempDirectory("kenbun-bench-");
    StoredEvents.queue(data, queued);
    long start = System.nanoTime();
    Process process = Subject.launch(data, "server");
    try {
      URI url = Subject.url(process);
      String cookie = Subject.activate(url);
      double served = (System.nanoTime() - start) / 1e9;
      LoadGenerator.Result beside =
          new LoadGenerator(url, 64, single(url, cookie)).run(0, seconds, () -> {});
      System.out.printf(
          Locale.ROOT,
          "%,d queued: serving after %.2f s; beside the backlog %.0f events/s, p99 %.2f ms,%s%n",
          queued,
          served,
          beside.answers() / beside.seconds(),
          beside.millis(0.99),
          backlog(url, cookie));
      long depth = Long.parseLong(Subject.status(url, cookie, "queue_depth"));
      double drained = drain(url, cookie);
      LoadGenerator.Result after =
          new LoadGenerator(url, 64, single(url, cookie)).run(0, seconds, () -> {});
      System.out.printf(
          Locale.ROOT,
          "then %.0f scored/s for %.1f s; without a backlog %.0f events/s, p99 %.2f ms, peak memory %s,%s%n",
          depth / drained,
          drained,
          after.answers() / after.seconds(),
          after.millis(0.99),
          peakMemory(process),
          backlog(url, cookie));
    } finally {
      process.destroyForcibly().waitFor();
      Subject.delete(data);
    }
  }

  /** Waits until nothing is queued; returns for how many seconds. */
  private static double drain(URI url, String cookie) throws Exception {
    long from = System.nanoTime();
    while (!Subject.status(url, cookie, "queue_depth").equals("0")) {
      new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    }
    return (System.nanoTime() - from) / 1e9;
  }

  private static String peakMemory(Process process) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc", "" + process.pid(), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.substring("VmHWM:".length()).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  private interface Requests {
    Supplier<byte[]> of(URI url, String cookie);
  }

  private Supplier<byte[]> single(URI url, String cookie) {
    byte[][] requests = new byte[LEADS][];
    for (int lead = 0; lead < LEADS; lead++) {
      requests[lead] = Subject.request(url, "/ingest", cookie, "application/json", "", event(lead));
    }
    return () -> requests[random.nextInt(LEADS)];
  }

  private Supplier<byte[]> keyed(URI url, String cookie) {
    return numbered(url, cookie, KEY_HEADER);
  }

  /** What a key costs in bytes to send and to parse, without what it does. */
  private Supplier<byte[]> unkeyed(URI url, String cookie) {
    return numbered(url, cookie, NO_KEY_HEADER);
  }

  private Supplier<byte[]> numbered(URI url, String cookie, String header) {
    byte[][] requests = new byte[LEADS][];
    for (int lead = 0; lead < LEADS; lead++) {
      requests[lead] =
          Subject.request(url, "/ingest", cookie, "application/json", header, event(lead));
    }
    int digits = new String(requests[0], StandardCharsets.US_ASCII).indexOf(KEY_ZEROS);
    return () -> {
      byte[] request = requests[random.nextInt(LEADS)].clone();
      long rest = sequence++;
      for (int i = digits + KEY_ZEROS.length() - 1; i >= digits; i--) {
        request[i] = (byte) "0123456789abcdef".charAt((int) rest & 15);
        rest >>>= 4;
      }
      return request;
    };
  }

  private Supplier<byte[]> batch(URI url, String cookie) {
    byte[][] requests = new byte[BATCHES][];
    for (int i = 0; i < BATCHES; i++) {
      StringBuilder lines = new StringBuilder();
      for (int j = 0; j < BATCH; j++) {
        lines.append(event(random.nextInt(LEADS))).append('\n');
      }
      requests[i] =
          Subject.request(
              url, "/ingest/batch", cookie, "application/x-ndjson", "", lines.toString());
    }
    return () -> requests[random.nextInt(BATCHES)];
  }

  /** A believable event, some 190 bytes. */
  private static String event(int lead) {
    return "{\"alias_kind\":\"email\",\"alias\":\"user"
        + lead
        + "@example.com\",\"event_type\":\"Page View\",\"timestamp\":\"2026-03-10T12:00:00Z\","
        + "\"metadata\":{\"path\":\"/pricing\",\"utm_source\":\"google\",\"session\":\"8f2c1e7a\"}"
        + "}";
  }

  /** What waits at the end, and how old it is: whether scoring kept up. */
  private static String backlog(URI url, String cookie) throws Exception {
    return "  backlog "
        + Subject.status(url, cookie, "queue_depth")
        + ", oldest "
        + Subject.status(url, cookie, "oldest_queued_age_ms")
        + " ms";
  }

  private static long cpuNanos(Process process) {
    return process.info().totalCpuDuration().map(java.time.Duration::toNanos).orElse(0L);
  }

  /** Returns what the process has had written to disk, 0 where the system does not tell. */
  private static long bytesWritten(Process process) {
    Path io = Path.of("/proc", String.valueOf(process.pid()), "io");
    try (Stream<String> lines = Files.lines(io)) {
      return lines
          .filter(line -> line.startsWith("write_bytes: "))
          .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
