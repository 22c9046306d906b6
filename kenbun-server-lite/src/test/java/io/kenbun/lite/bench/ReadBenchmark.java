package io.kenbun.lite.bench;

import io.kenbun.lite.bench.load.LoadGenerator;
import io.kenbun.lite.bench.load.StoredEvents;
import io.kenbun.lite.bench.load.Subject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * How long reads take with much in the store: of one lead, at a rate that is held, while events
 * come in at another; then lists of leads, the first page and the thousandth. A read counts from
 * when it was due.
 *
 * <p>The events are of 10,000 of the leads, as those are by which {@link IngestBenchmark} finds out
 * how many can be taken: 60,000 a second alone, 80,000 in batches of 100.
 *
 * <p>Arguments: the seconds of each measurement (10), events taken meanwhile a second (24000), how
 * many in a request (100), the server's heap (512m), leads (1000000), events stored (10000000), a
 * directory to be kept, filled if it is empty (a temporary one).
 */
public final class ReadBenchmark {
  private static final int READS_PER_SECOND = 200;
  private static final int READ_CONNECTIONS = 8;
  private static final int INGEST_CONNECTIONS = 16;
  private static final int INGEST_REQUESTS = 1_000;
  private static final int INGEST_LEADS = 10_000;
  private static final int REQUESTS = 20_000;
  private static final double WARM_UP_SECONDS = 5;

  private final double seconds;
  private final int eventsPerSecond;
  private final int batch;
  private final int leads;
  private final Random random = new Random(1);

  private ReadBenchmark(double seconds, int eventsPerSecond, int batch, int leads) {
    this.seconds = seconds;
    this.eventsPerSecond = eventsPerSecond;
    this.batch = batch;
    this.leads = leads;
  }

  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 10;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 24_000;
    int batch = args.length > 2 ? Integer.parseInt(args[2]) : 100;
    String heap = args.length > 3 ? args[3] : "512m";
    int leads = args.length > 4 ? Integer.parseInt(args[4]) : 1_000_000;
    int events = args.length > 5 ? Integer.parseInt(args[5]) : 10_000_000;
    Path data = args.length > 6 ? Path.of(args[6]) : Files.createTempDirectory("kenbun-read-");
    if (!Files.exists(data.resolve("kenbun.db"))) {
      StoredEvents.fill(data, events, leads);
      System.out.printf(Locale.ROOT, "filled %s%n", data);
    }
    if (seconds > 0) {
      new ReadBenchmark(seconds, rate, batch, leads).run(data, heap);
    }
    if (args.length <= 6) {
      Subject.delete(data);
    }
  }

  private void run(Path data, String heap) throws Exception {
    Process process = Subject.launch(heap, data, "server");
    try {
      URI url = Subject.url(process);
      String cookie = Subject.activate(url);
      System.out.printf(
          Locale.ROOT,
          "%,d leads, -Xmx%s; %d reads/s, %,d events/s taken meanwhile, %d a request%n",
          leads,
          heap,
          READS_PER_SECOND,
          eventsPerSecond,
          batch);
      lists(url, cookie);
      System.out.println("read                   reads/s   p50 ms   p99 ms p99.9 ms   events/s");
      beside(
          url, cookie, "/lead/by-alias", i -> "/lead/by-alias?value=stored" + i + "@example.com");
      beside(url, cookie, "/score/{id}", i -> "/score/ld_stored" + i);
      beside(url, cookie, "/events/{leadID}", i -> "/events/ld_stored" + i);
      System.out.println("backlog " + Subject.status(url, cookie, "queue_depth"));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Supplier<byte[]> requests(int count, Supplier<byte[]> made) {
    byte[][] requests = new byte[count][];
    Arrays.setAll(requests, i -> made.get());
    Random next = new Random(2);
    return () -> requests[next.nextInt(count)];
  }

  private byte[] ingest(URI url, String cookie) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < batch; i++) {
      int lead = 1 + random.nextInt(INGEST_LEADS) * Math.max(1, leads / INGEST_LEADS);
      lines.append("{\"alias_kind\":\"email\",\"alias\":\"stored").append(lead);
      lines.append("@example.com\",\"event_type\":\"Page View\",");
      lines.append("\"metadata\":{\"path\":\"/pricing\",\"utm_source\":\"google\"}}\n");
    }
    return batch == 1
        ? Subject.request(url, "/ingest", cookie, "application/json", "", lines.toString().strip())
        : Subject.request(
            url, "/ingest/batch", cookie, "application/x-ndjson", "", lines.toString());
  }

  private void beside(URI url, String cookie, String name, IntFunction<String> path)
      throws Exception {
    LoadGenerator reads =
        new LoadGenerator(
                url,
                READ_CONNECTIONS,
                requests(
                    REQUESTS,
                    () -> Subject.request(url, path.apply(1 + random.nextInt(leads)), cookie)))
            .pausing((long) (1e9 * READ_CONNECTIONS / READS_PER_SECOND))
            .expecting(200);
    if (eventsPerSecond == 0) {
      print(name, reads.run(WARM_UP_SECONDS, seconds, () -> {}), 0);
      return;
    }
    LoadGenerator ingest =
        new LoadGenerator(
                url, INGEST_CONNECTIONS, requests(INGEST_REQUESTS, () -> ingest(url, cookie)))
            .pausing((long) (1e9 * INGEST_CONNECTIONS * batch / eventsPerSecond));
    LoadGenerator.Result[] taken = new LoadGenerator.Result[1];
    Exception[] failure = new Exception[1];
    Thread beside =
        new Thread(
            () -> {
              try {
                taken[0] = ingest.run(WARM_UP_SECONDS, seconds, () -> {});
              } catch (Exception e) {
                failure[0] = e;
              }
            });
    beside.start();
    LoadGenerator.Result result = reads.run(WARM_UP_SECONDS, seconds, () -> {});
    beside.join();
    if (failure[0] != null) {
      throw failure[0];
    }
    print(name, result, taken[0].answers() * (double) batch / taken[0].seconds());
  }

  private static void print(String name, LoadGenerator.Result result, double events) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %9.0f %8.2f %8.2f %8.2f %10.0f%n",
        name,
        result.answers() / result.seconds(),
        result.millis(0.5),
        result.millis(0.99),
        result.millis(0.999),
        events);
  }

  private static void lists(URI url, String cookie) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    System.out.printf(
        Locale.ROOT,
        "first list after the start: %.0f ms%n",
        millis(client, Subject.get(url, "/leads", cookie)));
    System.out.println(
        "list, median of 9                                    page 1  page 1,000  ms");
    List<String> queries = new ArrayList<>();
    for (String sort : List.of("last_event_at", "score", "created_at")) {
      queries.add("sort=" + sort);
      queries.add("order=asc&sort=" + sort);
    }
    queries.addAll(
        List.of(
            "min_score=100",
            "max_score=900",
            "event_type=Page%20View",
            "last_active=30d",
            "range=last_30d",
            "engagement_level=Hot",
            "q=stored1",
            "event_type=Form%20Submit&last_active=30d&min_score=100&sort=score"));
    for (String query : queries) {
      double first = median(client, Subject.get(url, "/leads?page=1&" + query, cookie));
      double late = median(client, Subject.get(url, "/leads?page=1000&" + query, cookie));
      System.out.printf(Locale.ROOT, "%-50s %8.1f %11.1f%n", query, first, late);
    }
  }

  private static double median(HttpClient client, HttpRequest request) throws Exception {
    double[] millis = new double[12];
    for (int i = 0; i < millis.length; i++) {
      millis[i] = millis(client, request);
    }
    Arrays.sort(millis, 3, millis.length); // The first ones warm up.
    return millis[7];
  }

  private static double millis(HttpClient client, HttpRequest request) throws Exception {
    long start = System.nanoTime();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.body());
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
