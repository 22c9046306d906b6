package io.kenbun.lite.bench;

import com.sun.net.httpserver.HttpServer;
import io.kenbun.lite.bench.load.LoadGenerator;
import io.kenbun.lite.bench.load.Subject;
import io.kenbun.lite.bench.load.Vitals;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.store.TestStores;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
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
import java.time.Duration;
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
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Minutes at half of what the server can take, with webhooks going out, reads coming in and an
 * inspector open; then whether anything has grown, been lost or come twice, and what an idle server
 * costs.
 *
 * <pre>
 *   Soak [MINUTES [EVENTS_PER_SECOND [OPTION OF THE SERVER]...]]
 *
 *   MINUTES             3; each is a line. At least 2; in fewer than ten memory still fills up
 *   EVENTS_PER_SECOND   singles; 0 for half of what ten seconds at full speed show
 *   OPTION...           such as --engine=jdbc:postgresql://…, for what stores elsewhere;
 *                       --engine=postgresql starts a PostgreSQL of its own, which syncs
 * </pre>
 *
 * <p>Every event gives one point, so the scores must add up to the events; each lead passes a
 * milestone every 150 points, each of which is one webhook. Flat is what {@link SoakSample} says.
 * Ends with 1 when something is wrong.
 */
public final class Soak {
  private static final int LEADS = 10_000;
  private static final int CONNECTIONS = 64;
  private static final int READS_PER_SECOND = 50;
  private static final int STEP = 150;
  private static final int MILESTONES = 20;
  private static final int SECONDS_TO_WARM_UP = 60;
  private static final int IDLE_SECONDS = 30;

  private static final String ENGINE = "--engine=";

  /** Tables of PostgreSQL that hold no more for more events, with their indexes. */
  private static final String SIZE_OF_PASSING =
      """
      SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class WHERE relname IN
        ('outbox', 'part', 'shared_state', 'lead', 'alias', 'score', 'event_type', 'event_tally')""";

  private final Path data = Files.createTempDirectory("kenbun-soak-");
  private final Random random = new Random(1);
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final AtomicLong toldTwice = new AtomicLong();
  private final AtomicLong streamed = new AtomicLong();
  private final List<String> wrong = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private Process server;
  private Vitals vitals;
  private String engine = "";
  private URI url;
  private String cookie;
  private long acknowledged;

  private Soak() throws IOException {}

  public static void main(String[] args) throws Exception {
    int minutes = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 0;
    String[] options = args.length > 2 ? Arrays.copyOfRange(args, 2, args.length) : new String[0];
    System.exit(new Soak().run(minutes, rate, options) ? 0 : 1);
  }

  private boolean run(int minutes, int rate, String[] options) throws Exception {
    HttpServer receiver = receiver();
    EmbeddedPostgres postgres = null;
    List<String> what = new ArrayList<>(List.of("server"));
    for (String option : options) {
      if (option.equals(ENGINE + "postgresql")) {
        postgres = postgres();
        engine = postgres.getJdbcUrl("postgres", "postgres");
      } else if (option.startsWith(ENGINE)) {
        engine = option.substring(ENGINE.length());
      } else {
        what.add(option);
      }
    }
    if (!engine.isEmpty()) {
      what.add(ENGINE + engine);
    }
    server = Subject.launch(data, what.toArray(new String[0]));
    vitals = new Vitals(server.toHandle());
    try {
      url = Subject.url(server);
      cookie = Subject.activate(url);
      setUp("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
      new Thread(this::listen, "stream").start();
      load(0, 10); // Compiles what is hot.
      int perSecond = rate > 0 ? rate : load(0, 10).answers() / 10 / 2;
      System.out.printf(
          Locale.ROOT, "%,d events/s, %d reads/s, one stream%n", perSecond, READS_PER_SECOND);
      load(perSecond, SECONDS_TO_WARM_UP);
      System.out.println(SoakSample.HEAD);
      List<SoakSample> samples = new ArrayList<>();
      for (int minute = 0; minute <= minutes; minute++) {
        SoakSample sample = minute == 0 ? sample("start", 0, 0) : minute(minute, perSecond);
        System.out.println(sample.line());
        samples.add(sample);
      }
      SoakSample.compareHalves(samples, wrong);
      checkEvents();
      checkIdle();
    } finally {
      server.destroy();
      server.waitFor();
      receiver.stop(0);
      if (postgres != null) {
        postgres.close();
      }
      Subject.delete(data);
    }
    System.out.println(wrong.isEmpty() ? "Nothing grew, nothing was lost" : "WRONG: " + wrong);
    return wrong.isEmpty();
  }

  /** Starts one that keeps its promises, which those of tests do not. */
  private static EmbeddedPostgres postgres() throws IOException {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(Duration.ofMinutes(2))
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("max_wal_size", "2GB")
        .start();
  }

  private SoakSample minute(int minute, int perSecond) throws Exception {
    LoadGenerator.Result result = load(perSecond, 60);
    return sample(String.valueOf(minute), result.answers() / result.seconds(), result.millis(0.99));
  }

  private SoakSample sample(String minute, double perSecond, double p99Millis) throws Exception {
    long oldest = Long.parseLong(Subject.status(url, cookie, "oldest_queued_age_ms"));
    long files = 0;
    long bytes = 0;
    long passing = 0;
    try (var all = Files.list(data)) {
      for (Path file : all.toList()) {
        files++;
        if (file.endsWith("kenbun.db")) {
          bytes += Files.size(file);
        } else {
          passing += Files.size(file);
        }
      }
    }
    if (!engine.isEmpty()) {
      bytes += TestStores.number(engine, "SELECT pg_database_size(current_database())");
      passing += TestStores.number(engine, SIZE_OF_PASSING);
    }
    return new SoakSample(
        minute,
        perSecond,
        p99Millis,
        oldest,
        vitals.heapMb(),
        vitals.rssMb(),
        vitals.threads(),
        vitals.handles(),
        vitals.sockets(),
        files,
        bytes / 1e6,
        passing / 1e6,
        Long.parseLong(Subject.status(url, cookie, "events")),
        told.size(),
        streamed.get());
  }

  /** Holds a rate of singles beside reads, 0 for full speed. */
  private LoadGenerator.Result load(int perSecond, int seconds) throws Exception {
    FutureTask<LoadGenerator.Result> reads =
        new FutureTask<>(
            () ->
                new LoadGenerator(url, 4, reads())
                    .pausing(4_000_000_000L / READS_PER_SECOND)
                    .expecting(200)
                    .run(0, seconds, () -> {}));
    new Thread(reads, "reads").start();
    LoadGenerator.Result result =
        new LoadGenerator(url, CONNECTIONS, events())
            .pausing(perSecond == 0 ? 0 : CONNECTIONS * 1_000_000_000L / perSecond)
            .run(0, seconds, () -> {});
    reads.get();
    acknowledged += result.acknowledged();
    return result;
  }

  private Supplier<byte[]> events() {
    byte[][] requests = new byte[LEADS][];
    for (int lead = 0; lead < LEADS; lead++) {
      requests[lead] = Subject.request(url, "/ingest", cookie, "application/json", "", event(lead));
    }
    return () -> requests[random.nextInt(LEADS)];
  }

  /** What applications and an open inspector ask for, most of it one lead. */
  private Supplier<byte[]> reads() {
    Random which = new Random(2);
    List<String> lists =
        List.of(
            "/leads?limit=25",
            "/events?limit=25",
            "/lite/deliveries?limit=25",
            "/lite/rejected?limit=25",
            "/lite/status",
            "/metrics");
    return () -> {
      int choice = which.nextInt(4 * lists.size());
      String lead = "?kind=email&value=user" + which.nextInt(LEADS) + "@example.com";
      String path = choice < lists.size() ? lists.get(choice) : "/lead/by-alias" + lead;
      return Subject.request(url, path, cookie);
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
    if (stored != acknowledged) {
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
    long before = vitals.cpuMillis();
    new CountDownLatch(1).await(IDLE_SECONDS, TimeUnit.SECONDS);
    double percent = (vitals.cpuMillis() - before) / (IDLE_SECONDS * 10.0);
    System.out.printf(Locale.ROOT, "idle, with the stream open: %.2f %% of a core%n", percent);
    if (percent >= 1) {
      wrong.add(String.format(Locale.ROOT, "idle takes %.2f %% of a core", percent));
    }
  }
}
