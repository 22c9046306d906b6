package io.kenbun.lite.bench;

import com.sun.management.ThreadMXBean;
import io.kenbun.lite.bench.load.StoredEvents;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.stream.LiveStream;
import io.kenbun.lite.http.triggers.DeliveryApi;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.PipelineListener;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How fast what is queued gets scored while nothing comes in, with {@code full} durability: a plain
 * ruleset, then everything at once, then everything with 50 milestones, sequences and surges that
 * fire seldom, then often. CPU time, allocation and bytes handed to the system to write (each page
 * that a transaction changes goes to the log once, and from there to the file once) hold on a busy
 * machine too; events per second do not.
 *
 * <p>Arguments: events measured (200000), leads (100000), events stored before (0), rounds (3),
 * which of {@code plain,all,seldom,triggers} (these); {@code miles}, {@code seqs} and {@code
 * surges} are everything with 50 triggers of one kind.
 */
public final class DrainBenchmark {
  private static final long T0 = Instant.parse("2026-03-01T00:30:00Z").toEpochMilli();
  private static final long HOUR = 3_600_000L;
  private static final int PER_APPEND = 1_000;
  private static final String[] TYPES = {"Page View", "Email Open", "Form Submit", "Demo"};

  private final int events;
  private final int leads;
  private final int stored;
  private final int rounds;
  private long nowMillis = T0;

  private DrainBenchmark(int events, int leads, int stored, int rounds) {
    this.events = events;
    this.leads = leads;
    this.stored = stored;
    this.rounds = rounds;
  }

  public static void main(String[] args) throws Exception {
    DrainBenchmark benchmark =
        new DrainBenchmark(
            arg(args, 0, 200_000), arg(args, 1, 100_000), arg(args, 2, 0), arg(args, 3, 3));
    System.out.printf(
        Locale.ROOT,
        "%-8s %6s %12s %12s %12s %12s %12s %12s%n",
        "rules",
        "round",
        "events/s",
        "us CPU/event",
        "bytes/event",
        "written",
        "fired/event",
        "load");
    for (String name : (args.length > 4 ? args[4] : "plain,all,seldom,triggers").split(",", -1)) {
      switch (name) {
        case "plain" -> benchmark.run(name, DrainBenchmark::plain);
        case "all" -> benchmark.run(name, DrainBenchmark::everything);
        case "triggers" -> benchmark.run(name, unit -> triggers(unit, 1, true, true, true));
        case "seldom" -> benchmark.run(name, unit -> triggers(unit, 10, true, true, true));
        case "miles" -> benchmark.run(name, unit -> triggers(unit, 1, true, false, false));
        case "seqs" -> benchmark.run(name, unit -> triggers(unit, 1, false, true, false));
        case "surges" -> benchmark.run(name, unit -> triggers(unit, 1, false, false, true));
        default -> throw new IllegalArgumentException("no such rules: " + name);
      }
    }
  }

  private static int arg(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private void run(String name, Function<OrgUnit, RuleSetup> setup) throws Exception {
    Path data = Files.createTempDirectory("kenbun-drain");
    try {
      if (stored > 0) {
        StoredEvents.fill(data, stored);
      }
      nowMillis = T0;
      int[] ids = {0};
      SqliteStorage storage =
          new SqliteStorage(
              data,
              Durability.FULL,
              Long.MAX_VALUE,
              () -> Instant.ofEpochMilli(nowMillis),
              () -> "ld_bench" + ++ids[0]);
      try (storage) {
        measure(name, setup, storage);
      }
    } finally {
      remove(data);
    }
  }

  private void measure(String name, Function<OrgUnit, RuleSetup> setup, SqliteStorage storage)
      throws Exception {
    OrgUnit wanted = new OrgUnit(0, "unit_default", "org_default", "D", "d", null, true);
    storage.configuration().apply(List.of(RuleSetup.builder(wanted).build()), T0);
    OrgUnit unit = storage.configuration().load().get(0).unit();
    Rules rules = new Rules();
    rules.replace(List.of(setup.apply(unit)));
    storage.start();
    Scoring scoring = new Scoring(storage, rules, Json::readMetadata);
    Counting fired = new Counting();
    scoring.listen(fired);
    // As a server runs to whose stream nobody listens.
    if (!Boolean.getBoolean("kenbun.nostream")) {
      LiveStream stream =
          new LiveStream(
              InstantSource.system(),
              InstantSource.system(),
              storage.reads().deliveries(),
              DeliveryApi::write);
      storage.show(stream);
      scoring.show(stream);
    }
    queue(storage, unit, leads, true);
    drain(scoring); // Every lead exists, and what is hot is compiled.
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    nowMillis += leads / 100 + 1; // None of what follows is late.
    for (int round = 1; round <= rounds; round++) {
      if (round > 1) {
        nowMillis += HOUR; // What stood is kept for the hourly history before it changes.
      }
      queue(storage, unit, events, false);
      long cpu = threads.getCurrentThreadCpuTime();
      long bytes = threads.getThreadAllocatedBytes(self);
      long written = bytesWritten();
      long firings = fired.count;
      long start = System.nanoTime();
      drain(scoring);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-8s %6d %12.0f %12.2f %12.0f %12.0f %12.2f %12.1f%n",
          name,
          round,
          events / seconds,
          (threads.getCurrentThreadCpuTime() - cpu) / 1e3 / events,
          (double) (threads.getThreadAllocatedBytes(self) - bytes) / events,
          (double) (bytesWritten() - written) / events,
          (double) (fired.count - firings) / events,
          ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  /** Counts firings; told of them by the thread that drains. */
  private static final class Counting implements PipelineListener {
    long count;

    @Override
    public void committed(int events, long nanos) {}

    @Override
    public void commitFailed() {}

    @Override
    public void scored(int scored, int suppressed, int failed) {}

    @Override
    public void fired(List<Firing> fired) {
      count += fired.size();
    }
  }

  /**
   * Returns the bytes that this thread has handed to the system to write, log and file both; 0
   * where the system does not tell.
   */
  private static long bytesWritten() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/thread-self/io"))) {
      return lines
          .filter(line -> line.startsWith("wchar: "))
          .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static void drain(Scoring scoring) throws Exception {
    boolean more = true;
    while (more) {
      more = scoring.step();
    }
  }

  private void queue(SqliteStorage storage, OrgUnit unit, int count, boolean eachLead)
      throws Exception {
    Random random = new Random(count);
    CompletableFuture<long[]> last = CompletableFuture.completedFuture(new long[0]);
    for (int from = 0; from < count; from += PER_APPEND) {
      List<RawEvent> batch = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + PER_APPEND); i++) {
        int lead = eachLead ? i : random.nextInt(leads);
        batch.add(
            new RawEvent(
                unit.key(),
                null,
                List.of(new Alias(AliasKind.EMAIL, "user" + lead + "@example.com")),
                TYPES[i % TYPES.length],
                nowMillis + i / 100,
                nowMillis,
                "{\"path\":\"/pricing/eu\",\"utm_source\":\"google\",\"duration\":"
                    + i % 90
                    + "}"));
      }
      last.get();
      CompletableFuture<long[]> next = new CompletableFuture<>();
      last = next;
      storage
          .queue()
          .offer(
              new Append(batch, Runnable::run) {
                @Override
                public void stored(long[] seqs) {
                  next.complete(seqs);
                }

                @Override
                public void failed(Exception cause) {
                  next.completeExceptionally(cause);
                }
              });
    }
    last.get();
  }

  private static RuleSetup plain(OrgUnit unit) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < TYPES.length; i++) {
      rules.add(rule(i + 1, TYPES[i], null, List.of()));
    }
    return RuleSetup.builder(unit).rulesets(List.of(ruleset(1, rules))).build();
  }

  private static RuleSetup everything(OrgUnit unit) {
    return everythingBuilder(unit).build();
  }

  /**
   * Everything, with 50 active triggers of each kind: half of the milestones tell of exits too.
   *
   * @param times thresholds are so many times as high: with 1, every third to tenth event fires
   *     something, which shows what a firing costs; with 10, every hundredth or fewer
   */
  private static RuleSetup triggers(
      OrgUnit unit, int times, boolean withMilestones, boolean withSequences, boolean withSurges) {
    List<Milestone> milestones = new ArrayList<>();
    List<Sequence> sequences = new ArrayList<>();
    List<Surge> surges = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      milestones.add(
          new Milestone(
              i,
              "m" + i,
              "M" + i,
              250 * times * i,
              null,
              i % 4 == 0 ? FireMode.ALWAYS : FireMode.ONCE,
              86_400,
              i % 5 == 0 ? 2L : null,
              null,
              null,
              null,
              i % 2 == 0,
              true,
              Destinations.NONE,
              0,
              0,
              0));
      sequences.add(
          new Sequence(
              i,
              "s" + i,
              "S" + i,
              List.of(TYPES[i % 4], TYPES[(i + 1) % 4], TYPES[(i / 4) % 4], "Rare " + i),
              86_400L * i,
              null,
              i % 2 == 0,
              true,
              Destinations.NONE,
              0,
              0));
      surges.add(
          new Surge(
              i,
              "u" + i,
              "U" + i,
              i % 10 == 0 ? null : TYPES[i % 4],
              (5 + i) * times,
              3_600L * i,
              true,
              Destinations.NONE,
              0,
              0));
    }
    return everythingBuilder(unit)
        .milestones(withMilestones ? milestones : List.of())
        .sequences(withSequences ? sequences : List.of())
        .surges(withSurges ? surges : List.of())
        .build();
  }

  private static RuleSetup.Builder everythingBuilder(OrgUnit unit) {
    List<Ruleset> rulesets = new ArrayList<>();
    for (int set = 1; set <= 2; set++) {
      List<Rule> rules = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        rules.add(
            rule(
                set * 100 + i,
                TYPES[i % TYPES.length],
                7 * (1 + i % 3),
                List.of(
                    new Condition("path", Operator.STARTS_WITH, "/pricing"),
                    new Condition("utm_source", Operator.EQUALS, "google"),
                    new Condition("duration", Operator.GREATER_OR_EQUAL, String.valueOf(i)))));
      }
      rulesets.add(ruleset(set, rules));
    }
    return RuleSetup.builder(unit)
        .rulesets(rulesets)
        .metadataFilters(
            List.of(
                new MetadataFilter(
                    1,
                    "mf",
                    "bots",
                    "",
                    List.of(new Condition("agent", Operator.CONTAINS, "bot")),
                    true,
                    0,
                    0,
                    "",
                    "")))
        .velocityFilters(
            List.of(
                new VelocityFilter(1, "vf", TYPES[0], 20, 300_000, false, true, 0, 0),
                new VelocityFilter(2, "vg", TYPES[1], 5, 60_000, true, true, 0, 0)))
        .decayRules(List.of(new DecayRule(1, "d", "D", -5, 30, true, null, 0)));
  }

  private static Ruleset ruleset(long key, List<Rule> rules) {
    return new Ruleset(
        key, "rs" + key, "R" + key, "", "s", true, key == 1, DateWindow.ALWAYS, 0, rules);
  }

  private static Rule rule(
      long key, String type, @Nullable Integer halfLife, List<Condition> filters) {
    return new Rule(
        key, "r" + key, type, 5, true, filters, DateWindow.ALWAYS, (int) key, halfLife, 0, 0);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
