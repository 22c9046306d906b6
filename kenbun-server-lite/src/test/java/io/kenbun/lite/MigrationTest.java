package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.copy.Migration;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** {@code migrate}, from a data directory to PostgreSQL and back, on real ones. */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class MigrationTest {
  private static final int LEADS = 50;
  private static final int EVENTS = 1_000;
  private static final int DEMO = 100; // What the starter's rule gives.

  @TempDir Path dir;

  @Test
  void takesEverythingThereAndBackAndScoresFirstWhatWaits() throws Exception {
    String first = dir.resolve("first").toString();
    String database = TestStores.newDatabase();
    String second = dir.resolve("second").toString();
    try (ServerProcess server = ServerProcess.start(Map.of(), Path.of(first))) {
      Api api = new Api(server.url()).activate("unit_default");
      HttpResponse<String> made =
          api.post("/triggers", "{\"name\":\"Hot\",\"score_threshold\":500}");
      assertEquals(201, made.statusCode(), made.body());
      HttpResponse<String> taken = api.send(batch(api));
      assertEquals(202, taken.statusCode(), taken.body());
      server.kill(); // Most of it is not scored yet.
    }

    assertEquals("", migrate(first, database, 0));
    List<String> there;
    try (KenbunLite server = KenbunLite.builder().port(0).engine(database).start()) {
      there = answers(server);
    }
    assertEquals(
        database.substring(0, database.indexOf('?') < 0 ? database.length() : database.indexOf('?'))
            + " holds units already; nothing is written over them",
        migrate(first, database, 1));

    assertEquals("", migrate(database, second, 0));
    try (KenbunLite server = KenbunLite.builder().port(0).data(Path.of(second)).start()) {
      assertEquals(there, answers(server));
    }
  }

  @Test
  void whatWasBrokenOffGoesOnWhereItWas() throws Exception {
    String first = dir.resolve("first").toString();
    String database = TestStores.newDatabase();
    long batches = 6; // More than are copied at once.
    try (KenbunLite server = KenbunLite.builder().port(0).data(Path.of(first)).start()) {
      Api api = new Api(server.url()).activate("unit_default");
      for (int i = 0; i < batches; i++) {
        assertEquals(202, api.send(batch(api)).statusCode());
      }
      api.drain();
    }
    List<Long> copied = new ArrayList<>();
    try (Migration migration = Migration.open(first, database)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              migration.copy(
                  (table, done, total) -> {
                    copied.add(done);
                    if (table.equals("event")) {
                      throw new IllegalStateException("broken off");
                    }
                  }));
    }
    long events = TestStores.number(database, "SELECT count(*) FROM event");
    assertTrue(events > 0 && events < batches * EVENTS, events + " copied before");
    try (Migration migration = Migration.open(first, database)) {
      List<Long> more = new ArrayList<>();
      long rows = migration.copy((table, done, total) -> more.add(done));
      assertTrue(more.get(0) > copied.get(copied.size() - 1), copied + " and then " + more);
      assertEquals(rows, more.get(more.size() - 1));
      assertEquals(List.of(), migration.differences());
    }
    assertEquals(
        batches * EVENTS, TestStores.number(database, "SELECT count(*) FROM event WHERE seq > 0"));
    try (KenbunLite server = KenbunLite.builder().port(0).engine(database).start()) {
      Api api = new Api(server.url()).activate("unit_default");
      for (Map<?, ?> lead : api.all("/leads", "leads")) {
        assertEquals(batches * DEMO * EVENTS / LEADS, lead.get("score"), lead.toString());
      }
    }
  }

  private static HttpRequest batch(Api api) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      lines
          .append("{\"event_type\":\"Demo Request\",\"alias_kind\":\"email\",\"alias\":\"lead")
          .append(i % LEADS)
          .append("@example.com\"}\n");
    }
    return api.request("/ingest/batch")
        .header("Content-Type", "application/x-ndjson")
        .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
        .build();
  }

  /** Runs the command and returns its one sentence of failure, "" when it went well. */
  private static String migrate(String from, String to, int exitCode) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine(new PrintStream(out, true, StandardCharsets.UTF_8), null)
            .setErr(new PrintWriter(err, true))
            .execute("migrate", "--from", from, "--to", to);
    assertEquals(exitCode, code, out + "" + err);
    if (exitCode == 0) {
      String said = out.toString(StandardCharsets.UTF_8).strip();
      assertTrue(said.endsWith(" rows; counts and scores are the same"), said);
    }
    return err.toString().strip();
  }

  /** Returns what a server says of its leads, events, rules and firings. */
  private static List<String> answers(KenbunLite server) throws Exception {
    Api api = new Api(server.url()).activate("unit_default");
    Map<?, ?> leads = api.object("/leads?limit=100");
    List<?> all = (List<?>) leads.get("leads");
    assertEquals(LEADS, all.size());
    List<String> answers = new ArrayList<>();
    for (Object one : all) {
      Map<?, ?> lead = (Map<?, ?>) one;
      assertEquals((long) DEMO * EVENTS / LEADS, lead.get("score"), lead.toString());
      answers.add(api.get("/events/" + lead.get("lead_id")).body());
    }
    answers.add(String.valueOf(all));
    Map<?, ?> firings = api.object("/milestone-events?limit=100");
    answers.add(firings.toString());
    assertEquals(LEADS, ((List<?>) firings.get("events")).size(), firings.toString());
    answers.add(api.get("/rulesets").body());
    answers.add(api.get("/triggers").body());
    return answers;
  }
}
