package io.kenbun.lite.store.configuration;

import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Empties a unit, within a transaction that scoring waits for. */
public final class UnitReset {
  private static final String LEADS = " WHERE lead IN (SELECT key FROM lead WHERE unit = ?)";
  private static final String RULES =
      "SELECT key FROM rule WHERE ruleset IN (SELECT key FROM ruleset WHERE unit = ?)";

  /** What people and events have brought in. What is found by leads goes before them. */
  private static final List<String> DATA =
      List.of(
          "DELETE FROM score" + LEADS,
          "DELETE FROM score_segment" + LEADS,
          "DELETE FROM profile_score" + LEADS,
          "DELETE FROM trigger_memory" + LEADS,
          "DELETE FROM alias WHERE unit = ?",
          "DELETE FROM lead WHERE unit = ?",
          "DELETE FROM lead_deletion WHERE unit = ?",
          "DELETE FROM event WHERE unit = ?",
          "DELETE FROM event_deletion WHERE event_type IN (SELECT key FROM event_type WHERE unit = ?)",
          "DELETE FROM event_type WHERE unit = ?",
          "DELETE FROM failed_event WHERE unit = ?",
          "DELETE FROM share WHERE unit = ?",
          "DELETE FROM firing WHERE unit = ?",
          "DELETE FROM delivery WHERE unit = ?",
          "DELETE FROM rescore WHERE unit = ?",
          """
          UPDATE destination SET failures = 0, delivered_at = NULL, off_at = NULL
          WHERE unit = ?""");

  /** What decides about scores and whom they are told. */
  private static final List<String> CONFIGURATION =
      List.of(
          "DELETE FROM rule_filter WHERE rule IN (" + RULES + ")",
          "DELETE FROM rule WHERE ruleset IN (SELECT key FROM ruleset WHERE unit = ?)",
          "DELETE FROM decay_rule WHERE unit = ?",
          "DELETE FROM milestone WHERE unit = ?",
          "DELETE FROM sequence WHERE unit = ?",
          "DELETE FROM surge WHERE unit = ?",
          "DELETE FROM ruleset WHERE unit = ?",
          "DELETE FROM level WHERE unit = ?",
          """
          DELETE FROM metadata_filter_condition
          WHERE filter IN (SELECT key FROM metadata_filter WHERE unit = ?)""",
          "DELETE FROM metadata_filter WHERE unit = ?",
          "DELETE FROM velocity_filter WHERE unit = ?",
          "DELETE FROM profile_mapping WHERE unit = ?",
          """
          DELETE FROM profile_rule
          WHERE ruleset IN (SELECT key FROM profile_ruleset WHERE unit = ?)""",
          "DELETE FROM profile_ruleset WHERE unit = ?",
          "DELETE FROM hidden_event_type WHERE unit = ?",
          "DELETE FROM notification_channel WHERE unit = ?",
          "DELETE FROM notification_pref WHERE unit = ?",
          "DELETE FROM unit_setting WHERE unit = ?",
          // Settings that all units share stay while there is another to share them.
          """
          DELETE FROM organization_setting WHERE org_id = (SELECT org_id FROM org_unit WHERE key = ?)
            AND 1 = (SELECT count(*) FROM org_unit u WHERE u.org_id = organization_setting.org_id)""");

  private UnitReset() {}

  /**
   * Removes the unit's data.
   *
   * @param lastSeq up to which events that wait are not to be scored
   */
  public static void data(Connection connection, long unit, long lastSeq) throws SQLException {
    run(connection, DATA, unit);
    new Sql(
            """
            INSERT INTO unit_reset (unit, seq) VALUES (?, ?)
            ON CONFLICT (unit) DO UPDATE SET seq = excluded.seq""",
            unit,
            lastSeq)
        .run(connection);
  }

  /** Removes the unit's rules and triggers. */
  static void configuration(Connection connection, long unit) throws SQLException {
    run(connection, CONFIGURATION, unit);
  }

  private static void run(Connection connection, List<String> statements, long unit)
      throws SQLException {
    for (String statement : statements) {
      new Sql(statement, unit).run(connection);
    }
  }
}
