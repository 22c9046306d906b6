package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.Driver;
import io.kenbun.lite.store.reads.EventQuery;
import io.kenbun.lite.store.reads.Reads;
import io.kenbun.lite.store.sql.SchemaScript;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of every older version, filled: opened today they hold what they held, and go on. */
class UpgradeTest {
  private static final int LEADS = 1_000;
  private static final int EVENTS = 20_000;
  private static final int FIRST_SEQ = (1 << 18) - 5_000; // In two runs of today's index.
  private static final int OF_A_LEAD = EVENTS / LEADS;
  private static final long T0 = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
  private static final String NUMBERS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";

  @TempDir Path data;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void everyLeadScoreAndEventIsThereAfterAnUpgrade(int version) throws Exception {
    fill(version);
    try (SqliteStorage storage = open()) {
      assertEquals(new Reads.Totals(LEADS, EVENTS, 1), storage.reads().totals());
      for (int i = 1; i <= LEADS; i++) {
        Lead lead = lead(storage, i);
        assertEquals("ld_" + i, lead.leadId());
        assertEquals(lead, storage.reads().lead(1, "ld_" + i));
        assertEquals(Map.of(1L, 10L * OF_A_LEAD), lead.scores());
      }
      for (int i : new int[] {1, 17, LEADS}) {
        assertEquals(expected(i), events(storage, i));
        List<Driver> drivers = storage.reads().drivers(lead(storage, i), 0);
        assertEquals(List.of(new Driver("rule_1", "View", OF_A_LEAD, 10, null)), drivers);
      }
      assertEquals(
          "agent broken", storage.failedEvents().list(1, 10).get(0).reason(), "failed events");
    }
    assertEquals("ok", text("PRAGMA integrity_check"));
  }

  @Test
  void whatWasQueuedBeforeTheUpgradeIsScoredAfterIt() throws Exception {
    fill(2);
    try (SqliteStorage storage = open()) {
      Rules rules = new Rules();
      rules.replace(storage.configuration().load());
      Scoring scoring = new Scoring(storage, rules, Json::readMetadata);
      storage.start();
      while (scoring.step()) {}
      Lead lead = lead(storage, 5);
      assertEquals(
          10 * OF_A_LEAD + 20,
          storage.reads().scoresAt(lead, rules.current().engine(1), T0).get(1L));
      assertEquals(OF_A_LEAD + 2, events(storage, 5).size());
      assertEquals(300_002, storage.cursor());
      assertEquals(0, storage.queue().depth());
    }
    assertEquals("ok", text("PRAGMA integrity_check"));
  }

  @Test
  void anUpgradeCutShortBeginsAgain() throws Exception {
    fill(2);
    run("kenbun.db", List.of("CREATE TABLE event_run (in_the_way INTEGER)"));
    assertFalse(opens());
    assertEquals("8", text("PRAGMA user_version"));
    run("kenbun.db", List.of("DROP TABLE event_run"));
    everythingIsThere();
  }

  private void everythingIsThere() throws Exception {
    try (SqliteStorage storage = open()) {
      assertEquals(expected(17), events(storage, 17));
    }
  }

  private boolean opens() {
    try (SqliteStorage storage = open()) {
      return storage.cursor() >= 0;
    } catch (StorageException e) {
      return false;
    }
  }

  private SqliteStorage open() throws StorageException {
    return new SqliteStorage(
        data, Durability.FULL, 1_000, () -> Instant.ofEpochMilli(T0), () -> "ld_new");
  }

  private static Lead lead(SqliteStorage storage, int i) throws Exception {
    Alias email = new Alias(AliasKind.EMAIL, "user" + i + "@example.com");
    return Objects.requireNonNull(storage.reads().leadByAlias(1, email), "user" + i);
  }

  private static List<StoredEvent> events(SqliteStorage storage, int lead) throws Exception {
    EventQuery query = new EventQuery(1, EVENTS, null, "ld_" + lead, null, null);
    return storage.reads().events(1, query).items();
  }

  private static List<StoredEvent> expected(int lead) {
    List<StoredEvent> events = new ArrayList<>();
    for (int seq = FIRST_SEQ + EVENTS - 1; seq >= FIRST_SEQ; seq--) {
      if (1 + seq % LEADS == lead) {
        events.add(
            new StoredEvent(
                seq, "ld_" + lead, "View", "{\"n\":" + seq + "}", null, null, T0 + seq));
      }
    }
    return events;
  }

  /** Makes the files as they were at that version of {@code kenbun.db}, by its own scripts. */
  private void fill(int version) throws Exception {
    List<String> commands = new ArrayList<>(List.of("PRAGMA auto_vacuum = INCREMENTAL"));
    commands.add("PRAGMA journal_mode = WAL");
    commands.add("BEGIN");
    for (int i = 1; i <= version; i++) {
      commands.add(SchemaScript.read("kenbun", i));
    }
    commands.addAll(
        List.of(
            "INSERT INTO org_unit VALUES (1, 'unit_default', 'org', 'Default', 'default', NULL, 1)",
            "INSERT INTO ruleset (key, unit, id, name, description, score_field, active, is_primary,"
                + " created_at) VALUES (1, 1, 'rs_1', 'R', '', 's', 1, 1, 0)",
            "INSERT INTO rule (key, ruleset, id, event_type, weight, active, priority, created_at,"
                + " updated_at) VALUES (1, 1, 'rule_1', 'View', 10, 1, 0, 0, 0)",
            "INSERT INTO event_type VALUES (1, 1, 'View', " + EVENTS + ")",
            NUMBERS.formatted(LEADS)
                + "INSERT INTO lead (key, unit, lead_id, created_at, updated_at, last_event_at,"
                + " last_event_type) SELECT i, 1, 'ld_' || i, 0, "
                + (T0 - 1)
                + ", "
                + (T0 - 1)
                + ", 1 FROM n",
            NUMBERS.formatted(LEADS)
                + "INSERT INTO alias SELECT 1, 'email', 'user' || i || '@example.com', i,"
                + " 'user' || i || '@example.com', 0 FROM n",
            NUMBERS.formatted(LEADS)
                + "INSERT INTO score (lead, ruleset, score"
                + (version < 3 ? "" : ", flat")
                + ") SELECT i, 1, "
                + 10 * OF_A_LEAD
                + (version < 3 ? "" : ", " + 10 * OF_A_LEAD)
                + " FROM n",
            NUMBERS.formatted(EVENTS)
                + "INSERT INTO event (seq, unit, lead, event_type, ts, received_at, metadata,"
                + " contributions) SELECT s, 1, 1 + s % "
                + LEADS
                + ", 1, "
                + T0
                + " + s, "
                + T0
                + ", '{\"n\":' || s || '}', '"
                + (version < 3 ? "1 10 1:10" : "1 1:10")
                + "' FROM (SELECT i - 1 + "
                + FIRST_SEQ
                + " AS s FROM n)",
            "INSERT INTO failed_event (seq, unit, received_at, ts, lead_id, aliases, event_type, metadata,"
                + " reason, tries, failed_at, next_at) VALUES (999999999, 1, 0, 0, 'ld_1', '', 'View', NULL,"
                + " 'agent broken', 5, 0, NULL)",
            "UPDATE progress SET cursor = " + (FIRST_SEQ + EVENTS - 1),
            "PRAGMA user_version = " + version,
            "COMMIT"));
    run("kenbun.db", commands);
    run(
        "ingest.db",
        List.of(
            SchemaScript.read("ingest", 1),
            "INSERT INTO outbox VALUES (300001, 1, 0, "
                + (T0 + 400_000)
                + ", NULL, 'email:17:USER5@example.com',"
                + " 'View', NULL), (300002, 1, 0, "
                + (T0 + 400_001)
                + ", 'ld_5', '', 'View', NULL)",
            "PRAGMA user_version = 1"));
  }

  private void run(String file, List<String> commands) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(file));
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.executeUpdate(command);
      }
    }
  }

  private String text(String question) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("kenbun.db"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(question)) {
      return rows.getString(1);
    }
  }
}
