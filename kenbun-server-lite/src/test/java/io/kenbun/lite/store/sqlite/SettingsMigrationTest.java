package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.store.sql.SchemaScript;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of settings that units had each for itself. */
class SettingsMigrationTest {
  private static final String BEFORE =
      """
      CREATE TABLE org_unit (key INTEGER PRIMARY KEY, unit_id TEXT, org_id TEXT, is_default INTEGER);
      CREATE TABLE scoring_setting (unit INTEGER PRIMARY KEY, allow_negative_scores INTEGER,
        abm_enabled INTEGER, session_timeout_minutes INTEGER, fan_out_window_ms INTEGER);
      """;

  @Test
  void theDefaultUnitsSettingsBecomeTheOrganizations() throws Exception {
    assertEquals(
        List.of("o|0|1|7", "1|10", "2|20"),
        migrated(
            """
            INSERT INTO org_unit VALUES (1, 'a', 'o', 0), (2, 'unit_default', 'o', 1);
            INSERT INTO scoring_setting VALUES (1, 1, 0, 10, 5), (2, 0, 1, 20, 7);"""));
  }

  @Test
  void aDefaultUnitThatHadTheDefaultsGivesThem() throws Exception {
    assertEquals(
        List.of("1|10"),
        migrated(
            """
            INSERT INTO org_unit VALUES (1, 'a', 'o', 0), (2, 'unit_default', 'o', 1);
            INSERT INTO scoring_setting VALUES (1, 1, 0, 10, 5);"""));
  }

  @Test
  void withoutADefaultUnitTheOldestCounts() throws Exception {
    assertEquals(
        List.of("o|1|0|5", "p|0|0|9", "1|10", "2|20", "3|30"),
        migrated(
            """
            INSERT INTO org_unit VALUES (1, 'a', 'o', 0), (2, 'b', 'o', 0), (3, 'c', 'p', 0);
            INSERT INTO scoring_setting VALUES (1, 1, 0, 10, 5), (2, 0, 1, 20, 7), (3, 0, 0, 30, 9);"""));
  }

  /**
   * Returns the rows of the new tables after the migration of what {@code rows} put into the old.
   */
  private static List<String> migrated(String rows) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(BEFORE + rows);
      statement.executeUpdate(SchemaScript.read("kenbun", 8));
      List<String> found = new ArrayList<>();
      for (String table : List.of("organization_setting", "unit_setting")) {
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1")) {
          while (row.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              values.add(row.getString(i));
            }
            found.add(String.join("|", values));
          }
        }
      }
      return found;
    }
  }
}
