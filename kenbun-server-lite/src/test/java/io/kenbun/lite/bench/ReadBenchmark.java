package io.kenbun.lite.bench;

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
 * <p>Arguments: the seconds of each measurement (10), events taken meanwhile a second (18000),
 * leads (1000000), events stored (10000000), a directory to be kept, filled if it is empty (a
 * temporary one).
 */
public final class ReadBenchmark {
  private static final int READS_PER_SECOND = 200;
  private static final int READ_CONNECTIONS = 8;
  private static final int INGEST_CONNECTIONS = 64;
  private static final int REQUESTS = 20_000;
  private static final double WARM_UP_SECONDS = 3;

  private final double seconds;
  private final int eventsPerSecond;
  private final int leads;
  private final Random random = new Random(1);

  private ReadBenchmark(double seconds, int eventsPerSecond, int leads) {
    this.seconds = seconds;
    this.eventsPerSecond = eventsPerSecond;
    this.leads = leads;
  }

  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 10;
    int rate = args.length > 1 ? Integer.parseInt(args[1]) : 18_000;
    int leads = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
    int events = args.length > 3 ? Integer.parseInt(args[3]) : 10_000_000;
    Path data = args.length > 4 ? Path.of(args[4]) : Files.createTempDirectory("kenbun-read-");
    if (!Files.exists(data.resolve("kenbun.db"))) {
      StoredEvents.fill(data, events, leads);
      System.out.printf(Locale.ROOT, "filled %s%n", data);
    }
    if (seconds > 0) {
      new ReadBenchmark(seconds, rate, leads).run(data);
    }
    if (args.length <= 4) {
      Subject.delete(data);
    }
  }

  private void run(Path data) throws Exception {
    Process process = Subject.launch(data, "server");
    try {
      URI url = Subject.url(process);
      String cookie = Subject.activate(url);
      System.out.printf(
          Locale.ROOT,
          "%,d leads, -Xmx256m; %d reads/s, %,d events/s taken meanwhile%n",
          leads,
          READS_PER_SECOND,
          eventsPerSecond);
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

  private int lead() {
    return 1 + random.nextInt(leads);
  }

  private Supplier<byte[]> requests(IntFunction<byte[]> ofLead) {
    byte[][] requests = new byte[REQUESTS][];
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = ofLead.apply(lead());
    }
    Random next = new Random(2);
    return () -> requests[next.nextInt(REQUESTS)];
  }

  private void beside(URI url, String cookie, String name, IntFunction<String> path)
      throws Exception {
    LoadGenerator reads =
        new LoadGenerator(
                url,
                READ_CONNECTIONS,
                requests(lead -> Subject.request(url, path.apply(lead), cookie)))
            .pausing((long) (1e9 * READ_CONNECTIONS / READS_PER_SECOND))
            .expecting(200);
    if (eventsPerSecond == 0) {
      print(name, reads.run(WARM_UP_SECONDS, seconds, () -> {}), 0);
      return;
    }
    LoadGenerator ingest =
        new LoadGenerator(
                url,
                INGEST_CONNECTIONS,
                requests(
                    lead ->
                        Subject.request(
                            url, "/ingest", cookie, "application/json", "", event(lead))))
            .pausing((long) (1e9 * INGEST_CONNECTIONS / eventsPerSecond));
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
    print(name, result, taken[0].answers() / taken[0].seconds());
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

  private static String event(int lead) {
    return "{\"alias_kind\":\"email\",\"alias\":\"stored"
        + lead
        + "@example.com\",\"event_type\":\"Page View\",\"metadata\":{\"path\":\"/pricing\"}}";
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
