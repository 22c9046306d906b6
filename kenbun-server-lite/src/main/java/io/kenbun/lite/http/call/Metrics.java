package io.kenbun.lite.http.call;

import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.pipeline.PipelineListener;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.store.DiskUse;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.webhook.DeliveryListener;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the server counts, and how {@code GET /metrics} shows it: Prometheus text, version 0.0.4.
 * Names without {@code kenbun_} are the contract's, with its words ({@code api.md} 8.4). Any
 * thread; counting is an addition without a lock. By hand, since the format is a dozen lines and a
 * library would be a fifth of the jar.
 *
 * <p>{@code event_to_slack_latency_seconds} is left out: nothing is sent to Slack from here.
 */
public final class Metrics implements PipelineListener, DeliveryListener {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final LongAdder ingested = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder scored = new LongAdder();
  private final LongAdder suppressed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder failedCommits = new LongAdder();
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> webhookTries = new ConcurrentHashMap<>();
  private final Histogram webhookNanos = durations();
  private final Map<NotificationType, LongAdder> firings = new EnumMap<>(NotificationType.class);
  private final Histogram ingestNanos = durations();
  private final Histogram commitNanos = durations();
  private final Histogram commitEvents = new Histogram(1, 3, 10, 30, 100, 300, 1_000, 3_000);

  public Metrics() {
    for (NotificationType type : NotificationType.values()) {
      firings.put(type, new LongAdder());
    }
  }

  private static Histogram durations() {
    return new Histogram(
        100_000L,
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        1_000_000_000L,
        5_000_000_000L);
  }

  /** Events were accepted, and their request answered after that long. */
  void ingested(int events, long nanos) {
    ingested.add(events);
    ingestNanos.add(nanos);
  }

  /** A request is over. */
  void answered(String method, int status) {
    if (status == 202 && method.equals("POST")) {
      accepted.increment(); // Nearly all of them, so they are spared the look-up.
    } else {
      count(requests, labels(method, status));
    }
  }

  private static String labels(String method, int status) {
    String known = METHODS.contains(method) ? method : "other";
    return "code=\"" + status + "\",method=\"" + known + '"';
  }

  /** A request, or one line of a batch, was refused. */
  void rejected(String code) {
    count(rejected, "code=\"" + code + '"');
  }

  @Override
  public void committed(int events, long nanos) {
    commitEvents.add(events);
    commitNanos.add(nanos);
  }

  @Override
  public void commitFailed() {
    failedCommits.increment();
  }

  @Override
  public void scored(int newScored, int newSuppressed, int newFailed) {
    scored.add(newScored);
    suppressed.add(newSuppressed);
    failed.add(newFailed);
  }

  @Override
  public void tried(Deliveries.Outcome outcome, long tookNanos) {
    count(webhookTries, "outcome=\"" + outcome.name().toLowerCase(Locale.ROOT) + '"');
    webhookNanos.add(tookNanos);
  }

  @Override
  public void fired(List<Firing> fired) {
    for (Firing firing : fired) {
      LongAdder counter = firings.get(firing.type());
      if (counter != null) {
        counter.increment();
      }
    }
  }

  private static void count(Map<String, LongAdder> counters, String labels) {
    LongAdder counter = counters.get(labels);
    if (counter == null) {
      counter = counters.computeIfAbsent(labels, any -> new LongAdder());
    }
    counter.increment();
  }

  /** Returns everything as text; asks the queue how old it is, so on a worker. */
  public String text(
      Queue queue,
      int inFlight,
      long bodyBytes,
      long pendingWebhooks,
      DiskUse disk,
      InstantSource clock) {
    StringBuilder out = new StringBuilder(8_192);
    counter(
        "events_ingested_total",
        "Total number of events ingested (accepted).",
        ingested.sum(),
        out);
    gauge("queue_depth", "Current depth of the async processing queue.", queue.depth(), out);
    labelled(
        "http_requests_total",
        "Total number of HTTP requests by status code and method.",
        allRequests(),
        out);
    head(
        "kenbun_ingest_duration_seconds",
        "From a request's headers to its 202, singles and batches.",
        "histogram",
        out);
    ingestNanos.write("kenbun_ingest_duration_seconds", NANOS, out);
    head("kenbun_commit_events", "Events made durable by one commit.", "histogram", out);
    commitEvents.write("kenbun_commit_events", 1, out);
    head(
        "kenbun_commit_duration_seconds",
        "How long a commit took, the sync to disk included.",
        "histogram",
        out);
    commitNanos.write("kenbun_commit_duration_seconds", NANOS, out);
    counter(
        "kenbun_commit_failures_total",
        "Commits that failed; their requests got 503.",
        failedCommits.sum(),
        out);
    long oldest = queue.oldestReceivedAtMillis();
    gauge(
        "kenbun_queue_oldest_age_seconds",
        "Age of the oldest event that waits to be scored.",
        oldest < 0 ? 0 : Math.max(0, clock.millis() - oldest) / MILLIS,
        out);
    gauge(
        "kenbun_scoring_held_up_seconds",
        "Age of the oldest transaction in the database that writes, which scoring waits for.",
        queue.heldUpMillis() / MILLIS,
        out);
    counter("kenbun_events_scored_total", "Events scored.", scored.sum(), out);
    counter(
        "kenbun_events_suppressed_total",
        "Events kept without a score because of a filter.",
        suppressed.sum(),
        out);
    counter(
        "kenbun_events_failed_total",
        "Events set aside because scoring failed; later tries are not counted.",
        failed.sum(),
        out);
    labelled(
        "kenbun_webhook_tries_total",
        "Webhooks sent, by what came of it: delivered, again, failed, off.",
        webhookTries,
        out);
    head(
        "kenbun_webhook_duration_seconds",
        "From sending a webhook to its answer, or to giving up on one.",
        "histogram",
        out);
    webhookNanos.write("kenbun_webhook_duration_seconds", NANOS, out);
    gauge("kenbun_webhooks_pending", "Webhooks that are still to be sent.", pendingWebhooks, out);
    head("kenbun_firings_total", "Firings of triggers, by type.", "counter", out);
    firings.forEach(
        (type, count) ->
            sample("kenbun_firings_total", "type=\"" + type.wireName() + '"', count.sum(), out));
    labelled("kenbun_rejected_total", "Requests and batch lines refused, by code.", rejected, out);
    gauge("kenbun_requests_in_flight", "Requests not answered yet.", inFlight, out);
    gauge(
        "kenbun_body_bytes_in_flight",
        "Memory that bodies on their way in take, but for the first 4 KiB of single events.",
        bodyBytes,
        out);
    head("kenbun_data_bytes", "What is stored takes, by file.", "gauge", out);
    disk.bytesByFile()
        .forEach((file, bytes) -> sample("kenbun_data_bytes", "file=\"" + file + '"', bytes, out));
    if (disk.freeBytes() >= 0) {
      gauge(
          "kenbun_disk_free_bytes", "What is left for the data directory.", disk.freeBytes(), out);
      gauge("kenbun_disk_low", "1 while less than 1 GiB is left.", disk.isLow() ? 1 : 0, out);
    }
    jvm(out);
    return out.toString();
  }

  private Map<String, LongAdder> allRequests() {
    Map<String, LongAdder> all = new HashMap<>(requests);
    all.put(labels("POST", 202), accepted);
    return all;
  }

  private static void jvm(StringBuilder out) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    MemoryUsage heap = memory.getHeapMemoryUsage();
    MemoryUsage other = memory.getNonHeapMemoryUsage();
    head("kenbun_jvm_memory_used_bytes", "Memory in use by the JVM.", "gauge", out);
    sample("kenbun_jvm_memory_used_bytes", "area=\"heap\"", heap.getUsed(), out);
    sample("kenbun_jvm_memory_used_bytes", "area=\"nonheap\"", other.getUsed(), out);
    head("kenbun_jvm_memory_max_bytes", "The most the JVM may use.", "gauge", out);
    sample("kenbun_jvm_memory_max_bytes", "area=\"heap\"", heap.getMax(), out);
    gauge(
        "kenbun_jvm_threads",
        "Threads of the JVM.",
        ManagementFactory.getThreadMXBean().getThreadCount(),
        out);
    head("kenbun_jvm_gc_seconds_total", "Time spent collecting garbage.", "counter", out);
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      String label = "gc=\"" + gc.getName() + '"';
      sample("kenbun_jvm_gc_seconds_total", label, gc.getCollectionTime() / MILLIS, out);
    }
    head("kenbun_jvm_gc_collections_total", "Garbage collections.", "counter", out);
    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      String label = "gc=\"" + gc.getName() + '"';
      sample("kenbun_jvm_gc_collections_total", label, gc.getCollectionCount(), out);
    }
  }

  private static void counter(String name, String help, Number value, StringBuilder out) {
    head(name, help, "counter", out);
    out.append(name).append(' ').append(number(value)).append('\n');
  }

  private static void gauge(String name, String help, Number value, StringBuilder out) {
    head(name, help, "gauge", out);
    out.append(name).append(' ').append(number(value)).append('\n');
  }

  private static void labelled(
      String name, String help, Map<String, LongAdder> counters, StringBuilder out) {
    head(name, help, "counter", out);
    new TreeMap<>(counters).forEach((labels, counter) -> sample(name, labels, counter.sum(), out));
  }

  private static void head(String name, String help, String type, StringBuilder out) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void sample(String name, String labels, Number value, StringBuilder out) {
    out.append(name).append('{').append(labels).append("} ").append(number(value)).append('\n');
  }

  /** Writes a whole number without a fraction. */
  static String number(Number value) {
    double number = value.doubleValue();
    boolean isWhole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return isWhole ? String.valueOf(value.longValue()) : String.valueOf(number);
  }
}
