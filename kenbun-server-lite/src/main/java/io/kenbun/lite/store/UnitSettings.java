package io.kenbun.lite.store;

import io.kenbun.lite.model.ScoringSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tables of what a unit's scores go by, and of the event types that it hides. */
final class UnitSettings {
  private UnitSettings() {}

  static ScoringSettings load(Connection connection, long unit) throws SQLException {
    List<ScoringSettings> kept =
        new Sql(
                """
                SELECT allow_negative_scores, abm_enabled, session_timeout_minutes, fan_out_window_ms
                FROM scoring_setting WHERE unit = ?""",
                unit)
            .list(
                connection,
                row ->
                    new ScoringSettings(
                        row.getBoolean(1), row.getBoolean(2), row.getInt(3), row.getLong(4)));
    return kept.isEmpty() ? ScoringSettings.DEFAULT : kept.get(0);
  }

  static int save(Connection connection, long unit, ScoringSettings settings) throws SQLException {
    return new Sql(
            """
            INSERT OR REPLACE INTO scoring_setting (unit, allow_negative_scores, abm_enabled,
              session_timeout_minutes, fan_out_window_ms) VALUES (?, ?, ?, ?, ?)""",
            unit,
            settings.allowNegativeScores(),
            settings.abmEnabled(),
            settings.sessionTimeoutMinutes(),
            settings.fanOutWindowMillis())
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
