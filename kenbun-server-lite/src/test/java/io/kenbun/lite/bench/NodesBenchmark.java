package io.kenbun.lite.bench;

import io.kenbun.lite.bench.load.BenchPostgres;
import io.kenbun.lite.bench.load.Costs;
import io.kenbun.lite.bench.load.Figures;
import io.kenbun.lite.bench.load.LoadGenerator;
import io.kenbun.lite.bench.load.Nodes;
import io.kenbun.lite.bench.load.Subject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one, two and four nodes on one PostgreSQL take in and score, and what an event costs nodes,
 * database and log; beside it, in the same run, the least that the database can be asked to do for
 * it, see {@link PostgresCeiling}. Everything is on this machine: load, nodes of {@code -Xmx256m}
 * and PostgreSQL share its processors. After each measurement what was acknowledged is counted in
 * the database, and the scores are added up.
 *
 * <p>Arguments: the seconds of each measurement (10), of its warm-up (20; twice as long with four
 * nodes), and which of {@code ceiling,nodes,held,size,takeover} (all). With {@code
 * -Dkenbun.brief=true} the large store has a tenth of the leads and events.
 */
public final class NodesBenchmark {
  static final String METADATA =
      "{\"path\":\"/pricing\",\"utm_source\":\"google\",\"session\":\"8f2c1e7a\"}";
  static final long EVENT_MILLIS = Instant.parse("2026-03-10T12:00:00Z").toEpochMilli();

  private static final int CONNECTIONS = 64;
  private static final int BATCH = 100;
  private static final int MAX_PER_COMMIT = 1_000; // Of a node.
  private static final int LEADS = 100_000;
  private static final int POINTS = 11;
  private static final int HELD_PER_SECOND = 20_000;
  private static final int TAKEOVER_PER_SECOND = 4_000;
  private static final int KILLS = Integer.getInteger("kenbun.kill.rounds", 7);
  private static final boolean BRIEF = Boolean.getBoolean("kenbun.brief");

  private final double seconds;
  private final double warmUpSeconds;
  private final BenchPostgres postgres;
  private final Random random = new Random(1);
  private final Map<String, Figures> measured = new HashMap<>();

  private NodesBenchmark(double seconds, double warmUpSeconds, BenchPostgres postgres) {
    this.seconds = seconds;
    this.warmUpSeconds = warmUpSeconds;
    this.postgres = postgres;
  }

  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    try (BenchPostgres postgres = BenchPostgres.start()) {
      System.out.printf(
          "%d processors for load, nodes and PostgreSQL %s (fsync on), %d connections, %,d leads%n",
          Runtime.getRuntime().availableProcessors(), postgres.version(), CONNECTIONS, LEADS);
      NodesBenchmark benchmark =
          new NodesBenchmark(
              args.length > 0 ? Double.parseDouble(args[0]) : 10,
              args.length > 1 ? Double.parseDouble(args[1]) : 20,
              postgres);
      String parts = args.length > 2 ? args[2] : "ceiling,nodes,held,size,takeover";
      System.out.println(Figures.HEADER);
      for (String part : parts.split(",", -1)) {
        benchmark.run(part);
      }
      benchmark.ratios();
    }
  }

  private void run(String part) throws Exception {
    switch (part) {
      case "ceiling" -> {
        ceiling("ceiling, singles", CONNECTIONS);
        ceiling("ceiling, batches", MAX_PER_COMMIT);
      }
      case "one" -> {
        nodes("singles", 1, false, 0);
        nodes("batches", 1, true, 0);
      }
      case "nodes" -> {
        for (int count : new int[] {1, 2, 4}) {
          nodes("singles", count, false, 0);
          nodes("batches", count, true, 0);
        }
      }
      case "held" -> nodes("20,000/s held", 1, true, HELD_PER_SECOND);
      case "size" -> {
        size("10,000 leads", 10_000, 10_000);
        int tenth = BRIEF ? 10 : 1;
        size("1,000,000 leads", 1_000_000 / tenth, 10_000_000 / tenth);
      }
      case "takeover" -> takeover();
      default -> throw new IllegalArgumentException("no such part: " + part);
    }
  }

  private void ceiling(String name, int perCommit) throws Exception {
    String database = postgres.filled(LEADS, LEADS);
    Figures figures =
        new PostgresCeiling(postgres, database, perCommit, LEADS).run(name, 3, seconds);
    measured.put(name + 0, figures);
    System.out.println(figures.line() + load());
    postgres.drop(database);
  }

  private static String load() throws IOException {
    String text = Files.readString(Path.of("/proc/loadavg"));
    return "   load " + text.substring(0, text.indexOf(' '));
  }

  /**
   * Measures one node on so many leads: at a rate that any number of them stands, where batches are
   * as large with few leads as with many, and as fast as it goes, where few leads are changed many
   * times in each batch and written once.
   */
  private void size(String name, int leads, int stored) throws Exception {
    String database = postgres.filled(leads, stored);
    nodes(database, name + ", held", 1, true, HELD_PER_SECOND, leads);
    nodes(database, name, 1, true, 0, leads);
    System.out.printf(
        "%s: an event takes %d bytes, its indexes among them%n",
        name,
        postgres.number(database, "SELECT pg_total_relation_size('event') / count(*) FROM event"));
    postgres.drop(database);
  }

  private void nodes(String name, int count, boolean batched, int perSecond) throws Exception {
    String database = postgres.filled(LEADS, LEADS);
    nodes(database, name, count, batched, perSecond, LEADS);
    postgres.drop(database);
  }

  /** Measures so many nodes: load for a while, then until all of it is scored. */
  private void nodes(
      String database, String name, int count, boolean batched, int perSecond, int leads)
      throws Exception {
    long stored = events(database);
    long earned = earned(database);
    try (Nodes nodes = new Nodes(postgres, database)) {
      for (int i = 0; i < count; i++) {
        nodes.start();
      }
      int each = batched ? BATCH : 1;
      Supplier<byte[]> requests =
          batched
              ? batches(nodes.url(0), nodes.cookie(), leads)
              : singles(nodes.url(0), nodes.cookie(), leads);
      long pauseNanos = perSecond == 0 ? 0 : (long) (CONNECTIONS * 1e9 * each / perSecond);
      long warm =
          new LoadGenerator(nodes.urls(), CONNECTIONS, requests)
              .pausing(pauseNanos)
              .run(0, warmUpSeconds * Math.max(1, count / 2), () -> {}) // Each compiles for itself.
              .acknowledged();
      nodes.awaitScored();
      Oldest oldest = new Oldest(nodes);
      oldest.start();
      Costs costs = Costs.begin(postgres, nodes.processes());
      LoadGenerator.Result result =
          new LoadGenerator(nodes.urls(), CONNECTIONS, requests)
              .pausing(pauseNanos)
              .run(0, seconds, () -> {});
      long oldestMillis = oldest.end();
      nodes.awaitScored();
      double allSeconds = costs.seconds();
      long events = result.acknowledged() * each;
      Figures figures =
          costs.figures(
              name,
              count,
              result.answers() * each / result.seconds(),
              events,
              allSeconds,
              isExact(database, stored, earned, warm * each + events));
      measured.put(name + count, figures);
      System.out.printf(
          Locale.ROOT,
          "%s %8.2f %8.2f %10d%s%n",
          figures.line(),
          result.millis(0.5),
          result.millis(0.99),
          oldestMillis,
          load());
    }
  }

  private long events(String database) throws SQLException {
    return postgres.number(database, "SELECT count(*) FROM event");
  }

  private long earned(String database) throws SQLException {
    return postgres.number(database, "SELECT sum(score)::bigint FROM score");
  }

  /** Says whether each of so many events is stored once, and scored once, beside what was there. */
  private boolean isExact(String database, long stored, long earned, long acknowledged)
      throws SQLException {
    long events = events(database) - stored;
    long scores = earned(database) - earned;
    if (events != acknowledged || scores != POINTS * acknowledged) {
      System.out.printf(
          "acknowledged %,d, stored %,d, scores %,d of %,d%n",
          acknowledged, events, scores, POINTS * acknowledged);
      return false;
    }
    return true;
  }

  private Supplier<byte[]> singles(URI url, String cookie, int leads) {
    // Made as they are sent: a million of them would be what the load's memory is full of.
    byte[] request =
        Subject.request(url, "/ingest", cookie, "application/json", "", event(9_999_999));
    String text = new String(request, StandardCharsets.US_ASCII);
    int digits = text.indexOf("9999999@");
    return () -> {
      byte[] one = request.clone();
      write(one, digits, random.nextInt(leads));
      return one;
    };
  }

  private Supplier<byte[]> batches(URI url, String cookie, int leads) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < BATCH; i++) {
      lines.append(event(9_999_999)).append('\n');
    }
    byte[] request =
        Subject.request(url, "/ingest/batch", cookie, "application/x-ndjson", "", lines.toString());
    String text = new String(request, StandardCharsets.US_ASCII);
    int[] digits = new int[BATCH];
    for (int i = 0, at = -1; i < BATCH; i++) {
      at = text.indexOf("9999999@", at + 1);
      digits[i] = at;
    }
    return () -> {
      byte[] one = request.clone();
      for (int at : digits) {
        write(one, at, random.nextInt(leads));
      }
      return one;
    };
  }

  /** Writes a lead's number over seven digits. */
  private static void write(byte[] request, int at, int lead) {
    for (int i = at + 6, rest = lead; i >= at; i--, rest /= 10) {
      request[i] = (byte) ('0' + rest % 10);
    }
  }

  static String email(int lead) {
    return String.format(Locale.ROOT, "user%07d@example.com", lead);
  }

  private static String event(int lead) {
    return "{\"alias_kind\":\"email\",\"alias\":\""
        + email(lead)
        + "\",\"event_type\":\"Page View\",\"timestamp\":\"2026-03-10T12:00:00Z\","
        + "\"metadata\":"
        + METADATA
        + "}";
  }

  /**
   * Kills one of three nodes under load, again and again, and measures how long until nothing is
   * left of what was queued in that moment, in none of the partitions.
   */
  private void takeover() throws Exception {
    String database = postgres.filled(LEADS, LEADS);
    List<Long> calm = new ArrayList<>();
    List<Long> killed = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    try (Nodes nodes = new Nodes(postgres, database)) {
      for (int i = 0; i < 3; i++) {
        nodes.start();
      }
      long[] acknowledged = new long[1];
      List<URI> survivors = nodes.urls().subList(0, 2);
      Supplier<byte[]> requests = singles(nodes.url(0), nodes.cookie(), LEADS);
      @Nullable Exception[] failure = new Exception[1];
      Thread sender =
          new Thread(
              () -> {
                try {
                  while (!over.get()) {
                    acknowledged[0] +=
                        new LoadGenerator(survivors, CONNECTIONS, requests)
                            .pausing((long) (CONNECTIONS * 1e9 / TAKEOVER_PER_SECOND))
                            .run(0, 1, () -> {})
                            .acknowledged();
                  }
                } catch (IOException e) {
                  failure[0] = e;
                }
              });
      sender.start();
      Nodes.pause((long) (warmUpSeconds * 1e9));
      for (int i = 0; i < KILLS; i++) {
        calm.add(nodes.nanosUntilScored());
        Nodes.pause(random.nextInt(100_000_000));
        nodes.kill(2);
        killed.add(nodes.nanosUntilScored());
        nodes.start();
        Nodes.pause(2_000_000_000L); // It takes its share again.
      }
      over.set(true);
      sender.join();
      if (failure[0] != null) {
        throw failure[0];
      }
      nodes.awaitScored();
      calm.sort(null);
      killed.sort(null);
      System.out.printf(
          Locale.ROOT,
          "takeover: %d of 3 nodes killed under %,d events/s, what was queued is scored after %.2f s"
              + " (median %.2f); without a kill %.2f s; exact %s%s%n",
          KILLS,
          TAKEOVER_PER_SECOND,
          killed.get(KILLS - 1) / 1e9,
          killed.get(KILLS / 2) / 1e9,
          calm.get(KILLS / 2) / 1e9,
          isExact(database, LEADS, 0, acknowledged[0]) ? "yes" : "NO",
          load());
    }
    postgres.drop(database);
  }

  private void ratios() {
    for (String kind : List.of("singles", "batches")) {
      Figures ceiling = measured.get("ceiling, " + kind + 0);
      Figures one = measured.get(kind + 1);
      if (ceiling != null && one != null) {
        System.out.printf(
            Locale.ROOT,
            "%s: %.2f of the ceiling; PostgreSQL's CPU of an event %.2f times, its log %.2f times%n",
            kind,
            one.scoredPerSecond() / ceiling.scoredPerSecond(),
            one.postgresMicros() / ceiling.postgresMicros(),
            one.walBytes() / ceiling.walBytes());
      }
      Figures two = measured.get(kind + 2);
      Figures four = measured.get(kind + 4);
      if (one != null && two != null && four != null) {
        System.out.printf(
            Locale.ROOT,
            "%s: 2 nodes score %.2f and 4 nodes %.2f times what one does; CPU of an event %.2f and"
                + " %.2f times%n",
            kind,
            two.scoredPerSecond() / one.scoredPerSecond(),
            four.scoredPerSecond() / one.scoredPerSecond(),
            two.micros() / one.micros(),
            four.micros() / one.micros());
      }
    }
    for (String held : List.of(", held", "")) {
      Figures few = measured.get("10,000 leads" + held + 1);
      Figures many = measured.get("1,000,000 leads" + held + 1);
      if (few != null && many != null) {
        System.out.printf(
            Locale.ROOT,
            "size%s: an event with a hundred times the leads costs %.2f times the CPU%n",
            held,
            many.micros() / few.micros());
      }
    }
  }

  /** Looks now and then how long the oldest event has waited. */
  private static final class Oldest extends Thread {
    private final Nodes nodes;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long millis;

    Oldest(Nodes nodes) {
      this.nodes = nodes;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!over.get()) {
        try {
          millis = Math.max(millis, nodes.oldestMillis());
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
        Nodes.pause(250_000_000);
      }
    }

    long end() throws InterruptedException {
      over.set(true);
      join();
      return millis;
    }
  }
}
