package io.kenbun.lite.bench.load;

import java.util.Locale;

/**
 * One line of {@code NodesBenchmark}; microseconds of CPU and bytes of write-ahead log are of one
 * event.
 */
public record Figures(
    String name,
    int nodes,
    double takenPerSecond,
    double scoredPerSecond,
    double nodesMicros,
    double postgresMicros,
    double loadMicros,
    double walBytes,
    boolean exact) {
  public static final String HEADER =
      "subject                nodes   acked/s  scored/s  nodes us  PG us  load us   WAL B  exact"
          + "   p50 ms   p99 ms  oldest ms   load";

  /** Returns what an event costs nodes and PostgreSQL together. */
  public double micros() {
    return nodesMicros + postgresMicros;
  }

  public String line() {
    return String.format(
        Locale.ROOT,
        "%-22s %5d %9.0f %9.0f %9.1f %6.1f %8.1f %7.0f  %5s",
        name,
        nodes,
        takenPerSecond,
        scoredPerSecond,
        nodesMicros,
        postgresMicros,
        loadMicros,
        walBytes,
        exact ? "yes" : "NO");
  }
}
