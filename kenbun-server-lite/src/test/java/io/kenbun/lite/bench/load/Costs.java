package io.kenbun.lite.bench.load;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What nodes, PostgreSQL and this process, which sends the load, use from a moment on. */
public final class Costs {
  private final BenchPostgres postgres;
  private final List<Process> nodes;
  private final long startNanos = System.nanoTime();
  private final long nodesNanos;
  private final long postgresNanos;
  private final long loadNanos;
  private final long walBytes;

  private Costs(BenchPostgres postgres, List<Process> nodes) throws IOException, SQLException {
    this.postgres = postgres;
    this.nodes = nodes;
    walBytes = postgres.walBytes();
    nodesNanos = cpuNanos(nodes);
    postgresNanos = postgres.cpuNanos();
    loadNanos = cpuNanos(ProcessHandle.current());
  }

  public static Costs begin(BenchPostgres postgres, List<Process> nodes)
      throws IOException, SQLException {
    return new Costs(postgres, nodes);
  }

  public double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /** Returns what has come of it, for so many events that were scored meanwhile. */
  public Figures figures(
      String name, int nodeCount, double takenPerSecond, long events, double seconds, boolean exact)
      throws IOException, SQLException {
    return new Figures(
        name,
        nodeCount,
        takenPerSecond,
        events / seconds,
        (cpuNanos(nodes) - nodesNanos) / 1e3 / events,
        (postgres.cpuNanos() - postgresNanos) / 1e3 / events,
        (cpuNanos(ProcessHandle.current()) - loadNanos) / 1e3 / events,
        (double) (postgres.walBytes() - walBytes) / events,
        exact);
  }

  private static long cpuNanos(List<Process> processes) {
    return processes.stream().mapToLong(process -> cpuNanos(process.toHandle())).sum();
  }

  private static long cpuNanos(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }
}
