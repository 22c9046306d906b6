package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.leads.LeadColumns;
import io.kenbun.lite.store.postgres.PostgresDatabase;
import io.kenbun.lite.store.postgres.PostgresStorage;
import io.kenbun.lite.store.postgres.PostgresUrl;
import io.kenbun.lite.store.reads.LeadLists;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import io.kenbun.lite.store.sqlite.SqliteStores;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores of the engine that {@code -Dkenbun.engine=postgresql} names, else SQLite: tests that ask
 * here are what both engines have to pass. PostgreSQL is a real one, started once for all tests of
 * a process; each store gets a database of its own in it.
 */
public final class TestStores {
  private static final String TEMPLATE = "kenbun_template";
  private static final int MAX_DATABASES = 100;
  private static final Deque<String> made = new ArrayDeque<>(); // Guarded by the class.
  private static final AtomicInteger databases = new AtomicInteger();
  private static final Map<Path, String> byPath = new ConcurrentHashMap<>();
  private static @Nullable EmbeddedPostgres server;

  private TestStores() {}

  /** Says whether tests run on PostgreSQL. */
  public static boolean isPostgres() {
    return "postgresql".equals(System.getProperty("kenbun.engine"));
  }

  /** Opens a new store; see {@link SqliteStorage}. */
  public static Store open(
      @Nullable Path path,
      Durability durability,
      long maxQueued,
      InstantSource clock,
      Supplier<String> newLeadIds)
      throws StorageException {
    return isPostgres()
        ? new PostgresStorage(database(path), 1, maxQueued, clock, newLeadIds)
        : new SqliteStorage(path, durability, maxQueued, clock, newLeadIds);
  }

  /**
   * Connects to all tables of the store that has that directory, the queue's too, as somebody else
   * would.
   */
  public static Connection connect(Path path) throws SQLException, StorageException {
    if (isPostgres()) {
      return PostgresUrl.of(database(path)).connect();
    }
    Connection files = DriverManager.getConnection("jdbc:sqlite:" + path.resolve("kenbun.db"));
    try (PreparedStatement attach = files.prepareStatement("ATTACH ? AS ingest")) {
      attach.setString(1, path.resolve("ingest.db").toString());
      attach.execute();
    }
    return files;
  }

  /** Returns what the store reads with. */
  public static ReadConnections connections(Store store) {
    return store.kept().connections;
  }

  /** Returns lists that hold what they ask about in {@code columns}. */
  public static LeadLists lists(Store store, LeadColumns columns) {
    return isPostgres()
        ? new LeadLists(connections(store), columns, Runnable::run)
        : SqliteStores.lists(store, columns);
  }

  /** Returns the database that stands for a directory: the same after a restart. */
  public static String database(@Nullable Path path) {
    return path == null ? newDatabase() : byPath.computeIfAbsent(path, key -> newDatabase());
  }

  /** Makes a database with today's tables; returns its URL. */
  public static String newDatabase() {
    return newDatabase(TEMPLATE);
  }

  /** Makes a database without any table; returns its URL. */
  public static String newEmptyDatabase() {
    return newDatabase("template1");
  }

  private static synchronized String newDatabase(String template) {
    try {
      EmbeddedPostgres postgres = server();
      String name = "kenbun_" + databases.incrementAndGet();
      dropSomeDatabases();
      execute("CREATE DATABASE " + name + " TEMPLATE " + template);
      made.add(name);
      return postgres.getJdbcUrl("postgres", name);
    } catch (IOException | SQLException | StorageException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Drops what tests have made long ago, many at once: a checkpoint goes with the first. */
  private static void dropSomeDatabases() throws SQLException, IOException {
    if (made.size() < MAX_DATABASES) {
      return;
    }
    for (int left = MAX_DATABASES / 2; left > 0; left--) {
      String oldest = made.remove();
      try {
        execute("DROP DATABASE " + oldest);
      } catch (SQLException e) {
        made.add(oldest); // A server of the whole class is still connected.
      }
    }
  }

  /** Asks a database for one number. */
  public static long number(String url, String query) throws SQLException, StorageException {
    try (Connection connection = PostgresUrl.of(url).connect()) {
      return new Sql(query).number(connection);
    }
  }

  /** Makes a user who, unlike others, must know a password. */
  public static void askForThePasswordOf(String user, String password)
      throws IOException, SQLException, StorageException {
    EmbeddedPostgres postgres = server();
    execute("DROP ROLE IF EXISTS " + user);
    execute("CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'");
    try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
      Path rules =
          Path.of(new Sql("SHOW hba_file").list(connection, row -> row.getString(1)).get(0));
      Files.writeString(
          rules, "host all " + user + " all scram-sha-256\n" + Files.readString(rules));
      Database.execute(connection, "SELECT pg_reload_conf()");
    }
    String url = postgres.getJdbcUrl(user, "postgres"); // Without a password.
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (System.nanoTime() < deadline) { // The server reads it a moment later.
      try (Connection connection = PostgresUrl.of(url).connect()) {
        new Sql("SELECT 1").number(connection);
      } catch (SQLException e) {
        return;
      }
    }
    throw new IllegalStateException("nobody asks for the password");
  }

  /** Kills one of the server's processes, upon which it ends all connections and recovers. */
  public static void crash() throws IOException, InterruptedException, SQLException {
    long process;
    try (Connection connection = server().getPostgresDatabase().getConnection()) {
      process =
          new Sql(
                  """
                  SELECT pid FROM pg_stat_activity
                  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1""")
              .number(connection);
    } catch (StorageException e) {
      throw new IllegalStateException(e);
    }
    new ProcessBuilder("kill", "-9", String.valueOf(process)).start().waitFor();
  }

  /** Returns once connections are taken again after a {@link #crash}. */
  public static void awaitRecovery(String url) throws SQLException, StorageException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (true) {
      try (Connection connection = PostgresUrl.of(url).connect()) {
        new Sql("SELECT 1").number(connection);
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private static synchronized EmbeddedPostgres server()
      throws IOException, SQLException, StorageException {
    EmbeddedPostgres running = server;
    if (running == null) {
      running =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Duration.ofMinutes(2))
              // What is tested here is not the disk.
              .setServerConfig("fsync", "off")
              .setServerConfig("full_page_writes", "off")
              // Which the embedded one has off: a crash would lose what was acknowledged.
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "200")
              .start();
      server = running;
      execute("CREATE DATABASE " + TEMPLATE);
      PostgresDatabase.open(PostgresUrl.of(running.getJdbcUrl("postgres", TEMPLATE)), 1, 1).close();
    }
    return running;
  }

  private static void execute(String command) throws SQLException, IOException {
    EmbeddedPostgres running = server;
    if (running != null) {
      try (Connection connection = running.getPostgresDatabase().getConnection()) {
        Database.execute(connection, command);
      }
    }
  }
}
