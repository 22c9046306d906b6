package io.kenbun.lite.bench;

import com.sun.net.httpserver.HttpServer;
import io.kenbun.lite.http.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Minutes at half of what the server can take, with webhooks going out, reads coming in and an
 * inspector's stream open; then whether anything has grown, been lost or come twice, and what an
 * idle server costs.
 *
 * <pre>
 *   Soak [MINUTES [EVENTS_PER_SECOND [OPTION OF THE SERVER]...]]
 *
 *   MINUTES             3; each is a line
 *   EVENTS_PER_SECOND   singles; 0 for half of what ten seconds at full speed show
 *   OPTION...           such as --engine=jdbc:postgresql://…, for what stores elsewhere
 * </pre>
 *
 * <p>Every event gives one point, so the scores must add up to the events; each lead passes a
 * milestone every 150 points, each of which is one webhook. Ends with 1 when something is wrong.
 */
public final class Soak {
  private static final int LEADS = 10_000;
  private static final int CONNECTIONS = 64;
  private static final int READS_PER_SECOND = 50;
  private static final int STEP = 150;
  private static final int MILESTONES = 20;
  private static final int SECONDS_TO_WARM_UP = 60;
  private static final int IDLE_SECONDS = 30;

  private final Path data = Files.createTempDirectory("kenbun-soak-");
  private final Random random = new Random(1);
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final AtomicLong toldTwice = new AtomicLong();
  private final AtomicLong streamed = new AtomicLong();
  private final List<String> wrong = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private Process server;
  private URI url;
  private String cookie;
  private long acknowledged;
  private long unanswered;

  private Soak() throws IOException {}

  public static void main(String[] args) throws Exception {
    int minutes = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    String[] options = args.length > 2 ? Arrays.copyOfRange(args, 2, args.length) : new String[0];
    System.exit(new Soak().run(minutes, rate, options) ? 0 : 1);
  }

  private boolean run(int minutes, int rate, String[] options) throws Exception {
    HttpServer receiver = receiver();
    List<String> what = new ArrayList<>(List.of("server"));
    what.addAll(List.of(options));
    server = Subject.launch(data, what.toArray(new String[0]));
    try {
      url = Subject.url(server);
      cookie = Subject.activate(url);
      setUp("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
      new Thread(this::listen, "stream").start();
      load(0, 10); // Compiles what is hot.
      int perSecond = rate > 0 ? rate : (int) (load(0, 10) / 10 / 2);
      System.out.printf(
          Locale.ROOT, "%,d events/s, %d reads/s, one stream%n", perSecond, READS_PER_SECOND);
      load(perSecond, SECONDS_TO_WARM_UP);
      System.out.println(
          "minute   events/s   p99 ms  oldest ms  heap MB  RSS MB  threads  handles  files  data MB   webhooks   messages");
      List<Sample> samples = new ArrayList<>();
      for (int minute = 0; minute <= minutes; minute++) {
        Sample sample = minute == 0 ? sample("start", 0, 0) : minute(minute, perSecond);
        System.out.println(sample.line());
        samples.add(sample);
      }
      checkGrowth(samples);
      checkEvents();
      checkIdle();
    } finally {
      server.destroy();
      server.waitFor();
      receiver.stop(0);
      Subject.delete(data);
    }
    System.out.println(wrong.isEmpty() ? "Nothing grew, nothing was lost" : "WRONG: " + wrong);
    return wrong.isEmpty();
  }

  /** What one minute saw; memory after a collection that was asked for. */
  private record Sample(
      String minute,
      double perSecond,
      double p99Millis,
      long oldestMillis,
      double heapMb,
      double rssMb,
      long threads,
      long handles,
      long files,
      double dataMb,
      long webhooks,
      long messages) {
    String line() {
      return String.format(
          Locale.ROOT,
          "%6s %10.0f %8.2f %10d %8.1f %7.0f %8d %8d %6d %8.0f %10d %10d",
          minute,
          perSecond,
          p99Millis,
          oldestMillis,
          heapMb,
          rssMb,
          threads,
          handles,
          files,
          dataMb,
          webhooks,
          messages);
    }
  }

  private Sample minute(int minute, int perSecond) throws Exception {
    LoadGenerator.Result[] result = new LoadGenerator.Result[1];
    long events = load(perSecond, 60, result);
    return sample(String.valueOf(minute), events / result[0].seconds(), result[0].millis(0.99));
  }

  private Sample sample(String minute, double perSecond, double p99Millis) throws Exception {
    long oldest = Long.parseLong(Subject.status(url, cookie, "oldest_queued_age_ms"));
    long files = 0;
    long bytes = 0;
    try (var all = Files.list(data)) {
      for (Path file : all.toList()) {
        files++;
        bytes += Files.size(file);
      }
    }
    long handles;
    try (var open = Files.list(Path.of("/proc", "" + server.pid(), "fd"))) {
      handles = open.count();
    }
    return new Sample(
        minute,
        perSecond,
        p99Millis,
        oldest,
        heapAfterCollection() / 1024.0,
        ofStatus("VmRSS") / 1024.0,
        ofStatus("Threads"),
        handles,
        files,
        bytes / 1e6,
        told.size(),
        streamed.get());
  }

  /** Holds a rate of singles beside reads, 0 for full speed; returns how many were acknowledged. */
  private long load(int perSecond, int seconds) throws Exception {
    return load(perSecond, seconds, new LoadGenerator.Result[1]);
  }

  private long load(int perSecond, int seconds, LoadGenerator.Result[] into) throws Exception {
    Exception[] failure = new Exception[1];
    Thread reads =
        new Thread(
            () -> {
              try {
                new LoadGenerator(url, 4, reads())
                    .pausing(4_000_000_000L / READS_PER_SECOND)
                    .expecting(200)
                    .run(0, seconds, () -> {});
              } catch (IOException e) {
                failure[0] = e;
              }
            },
            "reads");
    reads.start();
    into[0] =
        new LoadGenerator(url, CONNECTIONS, events())
            .pausing(perSecond == 0 ? 0 : CONNECTIONS * 1_000_000_000L / perSecond)
            .run(0, seconds, () -> {});
    reads.join();
    if (failure[0] != null) {
      throw failure[0];
    }
    acknowledged += into[0].answers();
    unanswered += CONNECTIONS; // What was under way when the connections ended.
    return into[0].answers();
  }

  private Supplier<byte[]> events() {
    byte[][] requests = new byte[LEADS][];
    for (int lead = 0; lead < LEADS; lead++) {
      requests[lead] = Subject.request(url, "/ingest", cookie, "application/json", "", event(lead));
    }
    return () -> requests[random.nextInt(LEADS)];
  }

  private Supplier<byte[]> reads() {
    Random which = new Random(2);
    return () -> {
      String value = "user" + which.nextInt(LEADS) + "@example.com";
      return Subject.request(url, "/lead/by-alias?kind=email&value=" + value, cookie);
    };
  }

  private static String event(int lead) {
    return "{\"alias_kind\":\"email\",\"alias\":\"user"
        + lead
        + "@example.com\",\"event_type\":\"Soak\",\"metadata\":{\"path\":\"/pricing\"}}";
  }

  /** A rule of one point, the milestones, and one event of each lead, so that each can be read. */
  private void setUp(String hook) throws Exception {
    post("/rules", "{\"ruleset_id\":\"ruleset_default\",\"event_type\":\"Soak\",\"weight\":1}");
    for (int i = 1; i <= MILESTONES; i++) {
      post(
          "/triggers",
          "{\"name\":\"At "
              + i * STEP
              + "\",\"score_threshold\":"
              + i * STEP
              + ",\"webhook_url\":\""
              + hook
              + "\"}");
    }
    for (int lead = 0; lead < LEADS; lead++) {
      acknowledged++;
      post("/ingest", event(lead));
    }
    post("/lite/drain?timeout_ms=60000", "");
  }

  private String post(String path, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(Subject.get(url, path, cookie), (name, value) -> true)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private Map<?, ?> object(String path) throws Exception {
    String body =
        client.send(Subject.get(url, path, cookie), HttpResponse.BodyHandlers.ofString()).body();
    return (Map<?, ?>) Json.readTree(body.getBytes(StandardCharsets.UTF_8));
  }

  private HttpServer receiver() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer receiver = HttpServer.create(any, 0);
    receiver.setExecutor(
        Executors.newFixedThreadPool(
            4,
            task -> {
              Thread thread = new Thread(task, "receiver");
              thread.setDaemon(true);
              return thread;
            }));
    receiver.createContext(
        "/hook",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          if (!told.add(exchange.getRequestHeaders().getFirst("webhook-id"))) {
            toldTwice.incrementAndGet();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    return receiver;
  }

  /** Takes what the stream sends, as the inspector does; anew when the server ends it. */
  private void listen() {
    byte[] buffer = new byte[64 << 10];
    while (server.isAlive()) {
      try (InputStream in =
          client
              .send(
                  Subject.get(url, "/lite/stream", cookie),
                  HttpResponse.BodyHandlers.ofInputStream())
              .body()) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          for (int i = 1; i < read; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\n') {
              streamed.incrementAndGet();
            }
          }
        }
      } catch (IOException e) {
        // The server ends, or has had enough of this listener.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void checkGrowth(List<Sample> samples) {
    // A tenth and a little: caches of statements, of identities and of pages fill up at first.
    grown("heap MB", samples, Sample::heapMb, 1.1, 8);
    grown("RSS MB", samples, Sample::rssMb, 1.1, 40);
    grown("threads", samples, Sample::threads, 1, 4);
    grown("handles", samples, Sample::handles, 1, 16);
    grown("files", samples, Sample::files, 1, 2);
  }

  /**
   * Compares the end with the most of the first half: threads that wait for webhooks come and go,
   * and what leaks goes on growing.
   */
  private void grown(
      String what, List<Sample> samples, ToDoubleFunction<Sample> of, double factor, double more) {
    int half = (samples.size() + 1) / 2;
    double before = samples.subList(0, half).stream().mapToDouble(of).max().orElseThrow();
    double start = of.applyAsDouble(samples.get(0));
    double end = of.applyAsDouble(samples.get(samples.size() - 1));
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f at the start, at most %.1f in the first half, %.1f at the end%n",
        what,
        start,
        before,
        end);
    if (end > before * factor + more) {
      wrong.add(String.format(Locale.ROOT, "%s grew from %.1f to %.1f", what, before, end));
    }
  }

  /** Every acknowledged event is scored once, every milestone told once. */
  private void checkEvents() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    while (!post("/lite/drain?timeout_ms=60000", "").contains("\"drained\":true")) {
      if (System.nanoTime() > deadline) {
        wrong.add("not drained after ten minutes");
        return;
      }
    }
    long points = 0;
    long milestones = 0;
    for (int page = 1; page <= LEADS / 100; page++) {
      for (Object lead : (List<?>) object("/leads?limit=100&page=" + page).get("leads")) {
        long score = ((Number) ((Map<?, ?>) lead).get("score")).longValue();
        points += score;
        milestones += Math.min(MILESTONES, score / STEP);
      }
    }
    long stored = Long.parseLong(Subject.status(url, cookie, "events"));
    System.out.printf(
        Locale.ROOT,
        "%,d acknowledged, %,d stored, %,d points; %,d milestones, %,d webhooks, %,d of them again%n",
        acknowledged,
        stored,
        points,
        milestones,
        told.size(),
        toldTwice.get());
    if (stored < acknowledged || stored > acknowledged + unanswered) {
      wrong.add(stored + " events are stored of " + acknowledged + " acknowledged");
    }
    if (points != stored) {
      wrong.add(stored + " events gave " + points + " points");
    }
    if (told.size() != milestones) {
      wrong.add(milestones + " milestones gave " + told.size() + " webhooks");
    }
  }

  private void checkIdle() throws Exception {
    new CountDownLatch(1).await(10, TimeUnit.SECONDS); // The log is written back, code is compiled.
    long before = cpuMillis();
    new CountDownLatch(1).await(IDLE_SECONDS, TimeUnit.SECONDS);
    double percent = (cpuMillis() - before) / (IDLE_SECONDS * 10.0);
    System.out.printf(Locale.ROOT, "idle, with the stream open: %.2f %% of a core%n", percent);
    if (percent >= 1) {
      wrong.add(String.format(Locale.ROOT, "idle takes %.2f %% of a core", percent));
    }
  }

  private long cpuMillis() {
    return server.info().totalCpuDuration().orElseThrow().toMillis();
  }

  private long ofStatus(String key) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", "" + server.pid(), "status"))) {
      if (line.startsWith(key + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + key + " of the server");
  }

  /** Returns what is used of the heap, in KiB, after a collection. */
  private long heapAfterCollection() throws Exception {
    jcmd("GC.run");
    long used = 0;
    for (String line : jcmd("GC.heap_info").lines().toList()) {
      // "garbage-first heap   total 262144K, used 45678K …", or a line for each generation.
      int at = line.indexOf("K, used ");
      if (at >= 0 && !line.contains("Metaspace") && !line.contains("class space")) {
        String rest = line.substring(at + "K, used ".length());
        used += Long.parseLong(rest.substring(0, rest.indexOf('K')));
      }
    }
    return used;
  }

  private String jcmd(String command) throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process = new ProcessBuilder(jcmd, "" + server.pid(), command).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
