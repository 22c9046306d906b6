package io.kenbun.lite.bench.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Server processes over one database, and how far they have come with its queue. */
public final class Nodes implements AutoCloseable {
  private static final long LOOK_NANOS = 5_000_000;

  // What is first in each partition, by the index that scoring uses.
  private static final String OLDEST =
      """
      SELECT min(o.received_at) FROM part p CROSS JOIN LATERAL (SELECT o.received_at FROM outbox o
        WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
        ORDER BY o.xid, o.seq LIMIT 1) o""";

  private final String engine;
  private final Connection connection;
  private final Path data = Files.createTempDirectory("kenbun-bench-");
  private final List<Process> processes = new ArrayList<>();
  private final List<URI> urls = new ArrayList<>();

  public Nodes(BenchPostgres postgres, String database) throws IOException, SQLException {
    engine = postgres.url(database);
    connection = postgres.connect(database);
  }

  /** Starts one more; returns once it listens. */
  public void start() throws IOException {
    Process process = Subject.launch(data, "server", "--engine", engine);
    processes.add(process);
    urls.add(Subject.url(process));
  }

  /** Ends one as {@code kill -9} does, and forgets it. */
  public void kill(int node) throws InterruptedException {
    urls.remove(node);
    processes.remove(node).destroyForcibly().waitFor();
  }

  public URI url(int node) {
    return urls.get(node);
  }

  public List<URI> urls() {
    return List.copyOf(urls);
  }

  public List<Process> processes() {
    return List.copyOf(processes);
  }

  /** Returns the cookie of the active unit, which all of them take. */
  public String cookie() throws Exception {
    return Subject.activate(urls.get(0));
  }

  /** Returns for how long the oldest event in the queue has waited, 0 when it is empty. */
  public long oldestMillis() throws SQLException {
    long received = oldest();
    return received < 0 ? 0 : Math.max(0, System.currentTimeMillis() - received);
  }

  private synchronized long oldest() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OLDEST);
        ResultSet row = select.executeQuery()) {
      row.next();
      long received = row.getLong(1);
      return row.wasNull() ? -1 : received;
    }
  }

  /** Returns once nothing is queued. */
  public void awaitScored() throws SQLException {
    while (oldest() >= 0) {
      pause(LOOK_NANOS);
    }
  }

  /** Returns how long it takes until nothing is queued of what is by now. */
  public long nanosUntilScored() throws SQLException {
    long startNanos = System.nanoTime();
    long nowMillis = System.currentTimeMillis();
    for (long received = oldest(); received >= 0 && received <= nowMillis; received = oldest()) {
      pause(LOOK_NANOS);
    }
    return System.nanoTime() - startNanos;
  }

  /** Waits, whatever wakes it up before. */
  public static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long rest = nanos; rest > 0; rest = until - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    for (Process process : processes) {
      process.destroyForcibly().onExit().join();
    }
    connection.close();
    Subject.delete(data);
  }
}
