package io.kenbun.lite.store.configuration;

import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** The tables of what a unit's scores go by, and of the event types that it hides. */
final class UnitSettings {
  private UnitSettings() {}

  /** Returns the unit's own settings and its organization's. */
  static ScoringSettings load(Connection connection, long unit) throws SQLException {
    ScoringSettings absent = ScoringSettings.DEFAULT;
    return new Sql(
            """
            SELECT o.allow_negative_scores, o.abm_enabled, o.fan_out_window_ms,
              s.session_timeout_minutes, o.org_id IS NOT NULL, s.unit IS NOT NULL
            FROM org_unit u LEFT JOIN organization_setting o ON o.org_id = u.org_id
              LEFT JOIN unit_setting s ON s.unit = u.key
            WHERE u.key = ?""",
            unit)
        .list(
            connection,
            row ->
                new ScoringSettings(
                    row.getBoolean(5) ? row.getBoolean(1) : absent.allowNegativeScores(),
                    row.getBoolean(5) ? row.getBoolean(2) : absent.abmEnabled(),
                    row.getBoolean(6) ? row.getInt(4) : absent.sessionTimeoutMinutes(),
                    row.getBoolean(5) ? row.getLong(3) : absent.fanOutWindowMillis()))
        .get(0);
  }

  /** Keeps a unit's settings; all but the session timeout are those of every unit. */
  static int save(Connection connection, long unit, ScoringSettings settings) throws SQLException {
    new Sql(
            """
            INSERT INTO organization_setting (org_id, allow_negative_scores, abm_enabled,
              fan_out_window_ms) SELECT org_id, CAST(? AS INTEGER), CAST(? AS INTEGER),
              CAST(? AS BIGINT) FROM org_unit WHERE key = ?
            ON CONFLICT (org_id) DO UPDATE SET
              allow_negative_scores = excluded.allow_negative_scores,
              abm_enabled = excluded.abm_enabled, fan_out_window_ms = excluded.fan_out_window_ms""",
            settings.allowNegativeScores(),
            settings.abmEnabled(),
            settings.fanOutWindowMillis(),
            unit)
        .run(connection);
    return new Sql(
            """
            INSERT INTO unit_setting (unit, session_timeout_minutes) VALUES (?, ?)
            ON CONFLICT (unit) DO UPDATE SET
              session_timeout_minutes = excluded.session_timeout_minutes""",
            unit,
            settings.sessionTimeoutMinutes())
        .run(connection);
  }

  static Set<String> hiddenEventTypes(Connection connection, long unit) throws SQLException {
    return new HashSet<>(
        new Sql("SELECT name FROM hidden_event_type WHERE unit = ?", unit)
            .list(connection, row -> row.getString(1)));
  }

  static int hide(Connection connection, long unit, String name, boolean hidden)
      throws SQLException {
    return new Sql(
            hidden
                ? "INSERT INTO hidden_event_type (unit, name) VALUES (?, ?) ON CONFLICT DO NOTHING"
                : "DELETE FROM hidden_event_type WHERE unit = ? AND name = ?",
            unit,
            name)
        .run(connection);
  }
}
