package io.kenbun.lite.bench.load;

import io.kenbun.lite.KenbunLite;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL of its own, set up as docs/scaling.md says, with its files on a disk and every
 * commit synced; what it costs, and databases filled as if nodes had run on them for long.
 */
public final class BenchPostgres implements AutoCloseable {
  /** When what is stored happened, before everything that is measured: 2026-01-01. */
  private static final long STORED_MILLIS = 1_767_225_600_000L;

  private static final long TICK_NANOS = 10_000_000; // Of /proc, whatever the kernel's own.

  private final EmbeddedPostgres postgres;
  private final Path data;
  private final long postmaster;
  private int databases;

  private BenchPostgres(EmbeddedPostgres postgres, Path data) throws IOException {
    this.postgres = postgres;
    this.data = data;
    this.postmaster = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
  }

  /** Starts it; fails when it would not sync. */
  public static BenchPostgres start() throws IOException, SQLException {
    Path data = Files.createTempDirectory("kenbun-bench-postgres-");
    BenchPostgres started =
        new BenchPostgres(
            EmbeddedPostgres.builder()
                .setDataDirectory(data.resolve("data"))
                .setPGStartupWait(Duration.ofMinutes(1))
                // The embedded one is started with -F; what is named here comes later and wins.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_wal_size", "16GB")
                .setServerConfig("checkpoint_timeout", "15min")
                // These binaries know neither lz4 nor zstd.
                .setServerConfig("wal_compression", "pglz")
                .setServerConfig("shared_buffers", System.getProperty("kenbun.buffers", "3GB"))
                .setServerConfig("maintenance_work_mem", "512MB")
                .setServerConfig("max_connections", "200")
                .start(),
            data.resolve("data"));
    if (!started.text("postgres", "SHOW fsync").equals("on")
        || !started.text("postgres", "SHOW synchronous_commit").equals("on")) {
      throw new IOException("PostgreSQL does not sync");
    }
    return started;
  }

  public String url(String database) {
    return postgres.getJdbcUrl("postgres", database);
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database));
  }

  public String version() throws SQLException {
    return text("postgres", "SHOW server_version");
  }

  private String text(String database, String query) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  public long number(String database, String query) throws SQLException {
    return Long.parseLong(text(database, query));
  }

  /**
   * Makes a database with the starter's rules, so many leads of a score of 0, and so many events of
   * theirs; returns its name. No checkpoint comes behind it, so that what is measured next does not
   * log whole pages: see docs/scaling.md on {@code max_wal_size}.
   */
  public String filled(int leads, int events) throws Exception {
    String name = "bench" + ++databases;
    run("postgres", "CREATE DATABASE " + name);
    KenbunLite.builder().port(0).engine(url(name)).start().close();
    String numbers = " FROM generate_series(1, %d) i, org_unit u, event_type t, ruleset r";
    String these =
        " WHERE u.unit_id = 'unit_default' AND t.unit = u.key AND t.name = 'Page View'"
            + " AND r.unit = u.key AND r.is_primary = 1";
    List<String> commands =
        new ArrayList<>(
            List.of(
                "INSERT INTO event_type (unit, name, events)"
                    + " SELECT key, 'Page View', 0 FROM org_unit ON CONFLICT DO NOTHING",
                "INSERT INTO lead (key, unit, lead_id, created_at, updated_at, last_event_at,"
                    + " last_event_type) SELECT i, u.key, 'ld_stored' || i, 0, 0, "
                    + STORED_MILLIS
                    + ", t.key"
                    + numbers.formatted(leads)
                    + these,
                "INSERT INTO alias SELECT u.key, 'email', 'user' || to_char(i - 1, 'FM0000000') || '@example.com', i,"
                    + " 'user' || to_char(i - 1, 'FM0000000') || '@example.com', 0"
                    + numbers.formatted(leads)
                    + these,
                // What stood in the hours before was kept for the history when it changed.
                "INSERT INTO score (lead, ruleset, score, since_hour) SELECT i, r.key, 0,"
                    + " floor(extract(epoch FROM now()) / 3600)::bigint + 1"
                    + numbers.formatted(leads)
                    + these,
                "DROP INDEX event_of_lead",
                "INSERT INTO event (seq, unit, lead, event_type, ts, received_at, metadata,"
                    + " contributions) SELECT i, u.key, 1 + i % "
                    + leads
                    + ", t.key, "
                    + STORED_MILLIS
                    + " + i, "
                    + STORED_MILLIS
                    + " + i, '{\"path\":\"/pricing\",\"utm_source\":\"google\"}', '1 1:10 2:1'"
                    + numbers.formatted(events)
                    + these,
                "CREATE INDEX event_of_lead ON event (lead, ts)",
                "INSERT INTO event_tally SELECT key, 0, " + events + " FROM event_type LIMIT 1",
                "SELECT setval('lead_key', " + leads + "), setval('event_seq', " + events + " + 1)",
                "VACUUM (ANALYZE)"));
    run(name, commands.toArray(new String[0]));
    return name;
  }

  public void drop(String database) throws SQLException {
    run("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
  }

  public void run(String database, String... commands) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  /** Returns the bytes of write-ahead log that were ever written. */
  public long walBytes() throws SQLException {
    return number("postgres", "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
  }

  /** Returns the CPU time of all its processes, those that have ended too. */
  public long cpuNanos() throws IOException {
    long ticks = ticks(postmaster, true);
    for (ProcessHandle child : ProcessHandle.of(postmaster).orElseThrow().children().toList()) {
      ticks += ticks(child.pid(), false);
    }
    return ticks * TICK_NANOS;
  }

  private static long ticks(long pid, boolean withEnded) throws IOException {
    Path file = Path.of("/proc", String.valueOf(pid), "stat");
    if (!Files.exists(file)) {
      return 0; // It has ended this moment.
    }
    String stat = Files.readString(file);
    String[] columns = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int i = 11; i < (withEnded ? 15 : 13); i++) { // utime, stime, and those of ended children.
      ticks += Long.parseLong(columns[i]);
    }
    return ticks;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
    try (Stream<Path> left = Files.walk(data.getParent())) {
      if (left.findAny().isPresent()) {
        Subject.delete(data.getParent());
      }
    }
  }
}
