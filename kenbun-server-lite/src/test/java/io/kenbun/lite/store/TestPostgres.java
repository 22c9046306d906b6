package io.kenbun.lite.store;

import io.kenbun.lite.store.postgres.PostgresUrl;
import io.kenbun.lite.store.sql.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of a test's own, which can be stopped, and started again with what it had. */
public final class TestPostgres implements AutoCloseable {
  private final Path directory;
  private int port;
  private @Nullable EmbeddedPostgres running;

  /** Starts one whose files are in {@code directory}. */
  public TestPostgres(Path directory) throws IOException {
    this.directory = directory;
    start();
  }

  /** Starts it again, at the same address. */
  public void start() throws IOException {
    EmbeddedPostgres started =
        EmbeddedPostgres.builder()
            .setDataDirectory(directory)
            .setCleanDataDirectory(false)
            .setPort(port)
            .setPGStartupWait(Duration.ofMinutes(2))
            .setServerConfig("fsync", "off")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_prepared_transactions", "2")
            .start();
    port = started.getPort();
    running = started;
  }

  /** Stops it; connections are ended. */
  public void stop() throws IOException {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /** Returns the address of a database, whether there is one of the name or not. */
  public String url(String name) {
    return "jdbc:postgresql://localhost:" + port + "/" + name + "?user=postgres";
  }

  /** Connects to a database. */
  public Connection connect(String name) throws SQLException {
    try {
      return PostgresUrl.of(url(name)).connect();
    } catch (io.kenbun.lite.pipeline.StorageException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs commands, each by itself, on a database. */
  public void execute(String name, String... commands) throws SQLException {
    try (Connection connection = connect(name)) {
      for (String command : commands) {
        Database.execute(connection, command);
      }
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
