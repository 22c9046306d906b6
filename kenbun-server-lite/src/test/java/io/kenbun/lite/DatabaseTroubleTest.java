package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kenbun.lite.store.TestPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a server does while its PostgreSQL is away, takes nothing, or is held up by somebody else:
 * 503 with {@code Retry-After}, nothing lost that was acknowledged, and on by itself afterwards.
 */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class DatabaseTroubleTest {
  private static final String EVENT = "{\"lead_id\":\"ld_1\",\"event_type\":\"Page View\"}";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir static Path directory;
  private static TestPostgres postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = new TestPostgres(Files.createDirectory(directory.resolve("cluster")));
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  private static KenbunLite server(String database) throws IOException {
    return KenbunLite.builder().port(0).engine(postgres.url(database)).start();
  }

  private static Api api(KenbunLite server) throws Exception {
    return new Api(server.url()).activate("unit_default");
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < deadline, "not within " + PATIENCE + ": " + what);
    }
  }

  /** Sends events until one is answered with the status; returns how many were accepted. */
  private static int sendUntil(int status, Api api, Callable<String> event) throws Exception {
    int[] accepted = {0};
    await(
        "an answer with " + status,
        () -> {
          HttpResponse<String> answer = api.post("/ingest", event.call());
          accepted[0] += answer.statusCode() == 202 ? 1 : 0;
          if (answer.statusCode() != 202) {
            assertUnavailable(answer);
          }
          return answer.statusCode() == status;
        });
    return accepted[0];
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertEquals(503, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"storage_unavailable\""), answer.body());
    int seconds = Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(seconds >= 1 && seconds <= 60, "Retry-After: " + seconds);
  }

  private static void assertEvents(int accepted, Api api) throws Exception {
    await("drained", () -> api.post("/lite/drain?timeout_ms=60000", "").statusCode() == 200);
    assertEquals((long) accepted, answered(api, "/events").get("total"));
    assertEquals((long) accepted, answered(api, "/score/ld_1").get("score"));
  }

  /** Asks until no connection is met that the database has ended. */
  private static Map<?, ?> answered(Api api, String path) throws Exception {
    Map<?, ?>[] body = {Map.of()};
    await(
        path,
        () -> {
          HttpResponse<String> answer = api.get(path);
          if (answer.statusCode() == 200) {
            body[0] = (Map<?, ?>) Api.tree(answer.body());
          }
          return answer.statusCode() == 200;
        });
    return body[0];
  }

  @Test
  void oneThatIsDownAtTheStartIsSaidInASentenceAndNotInATrace() throws Exception {
    ServerProcess.assertFailure(
        1,
        "jdbc:postgresql://127.0.0.1:1/kenbun cannot be reached: Connection to 127.0.0.1:1 refused."
            + " Check that the hostname and port are correct and that the postmaster is accepting"
            + " TCP/IP connections; start it, or correct --engine",
        "--engine",
        "jdbc:postgresql://127.0.0.1:1/kenbun?user=u&password=hidden",
        "--port",
        "0");
  }

  @Test
  void oneThatGoesAndComesBackLosesNothing() throws Exception {
    postgres.execute("postgres", "CREATE DATABASE away");
    try (KenbunLite server = server("away")) {
      Api api = api(server);
      int accepted = sendUntil(202, api, () -> EVENT);
      postgres.stop();
      try {
        assertEquals(0, sendUntil(503, api, () -> EVENT));
        assertUnavailable(api.get("/readyz"));
        assertUnavailable(api.get("/events"));
        assertUnavailable(api.post("/lite/drain", ""));
      } finally {
        postgres.start();
      }
      accepted += sendUntil(202, api, () -> EVENT);
      await("ready", () -> api.get("/readyz").statusCode() == 200);
      assertEvents(accepted, api);
    }
  }

  @Test
  void oneThatIsReadOnlyForAWhileLosesNothing() throws Exception {
    postgres.execute("postgres", "CREATE DATABASE still");
    String endAll =
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = 'still' AND pid <> pg_backend_pid()""";
    try (KenbunLite server = server("still")) {
      Api api = api(server);
      int accepted = sendUntil(202, api, () -> EVENT);
      postgres.execute(
          "postgres", "ALTER DATABASE still SET default_transaction_read_only = on", endAll);
      accepted += sendUntil(503, api, () -> EVENT);
      await("what is read is answered", () -> api.get("/events").statusCode() == 200);
      String place = postgres.url("still").replaceFirst("\\?.*", "");
      assertEquals(
          place
              + " is read-only, as a standby is; name the primary, or several hosts and"
              + " targetServerType=primary",
          assertThrows(IOException.class, () -> server("still")).getMessage());
      postgres.execute("postgres", "ALTER DATABASE still RESET default_transaction_read_only");
      accepted += sendUntil(202, api, () -> EVENT);
      assertEvents(accepted, api);
    }
  }

  @Test
  void oneWhoseDiskIsFullForAWhileLosesNothing() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", small.toString()) == 0,
        "a small disk can be mounted by root alone");
    try {
      Path space = Files.createDirectory(small.resolve("space"));
      postgres.execute(
          "postgres",
          "CREATE TABLESPACE small LOCATION '" + space + "'",
          "CREATE DATABASE narrow TABLESPACE small");
      Random random = new Random(1);
      try (KenbunLite server = server("narrow")) {
        Api api = api(server);
        int accepted = sendUntil(202, api, () -> event(random));
        Path filler = small.resolve("filler");
        fill(filler);
        accepted += sendUntil(503, api, () -> event(random));
        Files.delete(filler);
        accepted += sendUntil(202, api, () -> event(random));
        assertEvents(accepted, api);
      }
      postgres.execute("postgres", "DROP DATABASE narrow", "DROP TABLESPACE small");
    } finally {
      run("umount", "--lazy", small.toString());
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).start().waitFor();
  }

  /** An event too long for what is left in pages that are begun, whatever compresses it. */
  private static String event(Random random) {
    StringBuilder text = new StringBuilder();
    while (text.length() < 6_000) {
      text.append(Long.toHexString(random.nextLong()));
    }
    return EVENT.replace("}", ",\"metadata\":{\"text\":\"" + text + "\"}}");
  }

  private static void fill(Path file) throws IOException {
    byte[] zeros = new byte[4_096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e.toString());
    }
  }

  @Test
  void aForeignTransactionThatWritesOnlyDelaysScoringAndIsShown() throws Exception {
    postgres.execute("postgres", "CREATE DATABASE held");
    try (KenbunLite server = server("held");
        Connection foreign = postgres.connect("held")) {
      Api api = api(server);
      foreign.setAutoCommit(false);
      try (Statement statement = foreign.createStatement()) {
        statement.execute("SELECT count(*) FROM pg_class"); // Reads, and holds up nothing.
        int accepted = sendUntil(202, api, () -> EVENT);
        assertEvents(accepted, api);

        statement.execute("SELECT pg_current_xact_id()");
        accepted += sendUntil(202, api, () -> EVENT);
        await("held up", () -> heldUpSeconds(api) > 0);
        assertEquals(504, api.post("/lite/drain?timeout_ms=1", "").statusCode());
        await("told", () -> api.get("/readyz").body().contains("\"scoring_held_up_ms\":"));
        assertEquals(200, api.get("/readyz").statusCode());
        assertEquals((long) accepted - 1, api.object("/events").get("total"));
        foreign.commit();
        assertEvents(accepted, api);
        await("over", () -> heldUpSeconds(api) == 0);
        assertFalse(api.get("/readyz").body().contains("scoring_held_up_ms"));

        statement.execute("SELECT pg_current_xact_id()");
        statement.execute("PREPARE TRANSACTION 'forgotten'"); // It has no connection any more.
        accepted += sendUntil(202, api, () -> EVENT);
        await("held up", () -> heldUpSeconds(api) > 0);
        postgres.execute("held", "ROLLBACK PREPARED 'forgotten'");
        assertEvents(accepted, api);
      }
    }
  }

  private static double heldUpSeconds(Api api) throws Exception {
    String name = "kenbun_scoring_held_up_seconds ";
    return api.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }
}
