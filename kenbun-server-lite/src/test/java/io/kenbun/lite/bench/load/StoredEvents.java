package io.kenbun.lite.bench.load;

import io.kenbun.lite.KenbunLite;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Fills a data directory as if a server had run for long; by SQL, since sending ten million events
 * takes minutes.
 */
public final class StoredEvents {
  private static final int LEADS = 100_000;
  private static final long DAYS_MILLIS = 90L * 86_400_000;
  private static final String NUMBERS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";

  private StoredEvents() {}

  /** Stores {@code count} scored events of at most 100,000 leads. */
  public static void fill(Path data, int count) throws Exception {
    fill(data, count, Math.min(LEADS, count));
  }

  /**
   * Stores so many events of so many leads. The leads were made, and were active last, at times all
   * over the last 90 days, have scores from 0 to 999, and one in ten had another last event.
   */
  public static void fill(Path data, int count, int leads) throws Exception {
    KenbunLite.builder().port(0).data(data).start().close();
    long from = System.currentTimeMillis() - DAYS_MILLIS;
    run(
        data.resolve("kenbun.db"),
        "PRAGMA synchronous = OFF",
        "BEGIN",
        "INSERT OR IGNORE INTO event_type (unit, name, events) VALUES (1, 'Page View', "
            + count
            + "), (1, 'Form Submit', 0)",
        NUMBERS.formatted(leads)
            + "INSERT INTO lead (key, unit, lead_id, created_at, updated_at, last_event_at, last_event_type)"
            + " SELECT i, 1, 'ld_stored' || i, "
            + from
            + " + i * "
            + (DAYS_MILLIS / leads)
            + ", 0, "
            + from
            + " + i * 7919 * 1009 % "
            + DAYS_MILLIS
            + ", (SELECT min(key) FROM event_type) + (i % 10 = 0) FROM n",
        NUMBERS.formatted(leads)
            + "INSERT INTO alias SELECT 1, 'email', 'stored' || i || '@example.com', i,"
            + " 'stored' || i || '@example.com', 0 FROM n",
        NUMBERS.formatted(leads)
            + "INSERT INTO score (lead, ruleset, score, flat)"
            + " SELECT i, 1, i * 7919 % 1000, i * 7919 % 1000 FROM n",
        NUMBERS.formatted(count)
            + "INSERT INTO event (seq, unit, lead, event_type, ts, received_at, metadata, contributions)"
            + " SELECT i, 1, 1 + i % "
            + leads
            + ", (SELECT min(key) FROM event_type), i, i,"
            + " '{\"path\":\"/pricing\",\"utm_source\":\"google\"}', '1 1:10 2:1' FROM n",
        "INSERT INTO event_run SELECT seq >> 18, max(ts) FROM event WHERE true GROUP BY 1"
            + " ON CONFLICT DO NOTHING",
        "UPDATE progress SET cursor = " + count,
        "COMMIT");
  }

  /** Gives each of the first leads so many of the events stored, from the oldest on. */
  public static void giveToFirstLeads(Path data, int leads, int events) throws SQLException {
    run(
        data.resolve("kenbun.db"),
        "UPDATE event SET lead = 1 + (seq - 1) / " + events + " WHERE seq <= " + leads * events);
  }

  /** Queues {@code count} events that are not scored, as if they had come this moment. */
  public static void queue(Path data, int count) throws Exception {
    KenbunLite.builder().port(0).data(data).start().close();
    long nowMillis = System.currentTimeMillis();
    run(
        data.resolve("ingest.db"),
        "PRAGMA synchronous = OFF",
        "BEGIN",
        NUMBERS.formatted(count)
            + "INSERT INTO outbox (seq, unit, received_at, ts, lead_id, aliases, event_type, metadata)"
            + " SELECT i, 1, "
            + nowMillis
            + ", "
            + nowMillis
            + ", NULL, 'email:6:' || (100000 + i % "
            + LEADS
            + "), 'Page View', '{\"path\":\"/pricing\"}' FROM n",
        "COMMIT");
  }

  private static void run(Path file, String... commands) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }
}
