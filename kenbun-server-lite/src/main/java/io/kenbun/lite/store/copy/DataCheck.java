package io.kenbun.lite.store.copy;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a data directory, also beside a running server: the pages and indexes of both
 * files, what refers to what, and whether the counts that are kept are right.
 *
 * @param faults a sentence each; none when all is well
 * @param counts null when a file cannot be read that far
 */
public record DataCheck(List<String> faults, @Nullable DataCounts counts) {
  private static final int MAX_FAULTS = 20; // Of a kind; one broken page has many consequences.

  /**
   * Reads all of it, which takes as long as reading the files does.
   *
   * @throws StorageException when there is no data in {@code data}
   */
  public static DataCheck of(Path data) throws StorageException {
    List<String> faults = new ArrayList<>();
    DataCounts counts = null;
    try (Snapshot snapshot = Snapshot.of(data)) {
      look(Snapshot.INGEST, SqliteStorage.INGEST_SCHEMA, snapshot.ingest(), faults);
      look(Snapshot.KENBUN, SqliteStorage.KENBUN_SCHEMA, snapshot.kenbun(), faults);
      counts = snapshot.counts();
      tell(
          snapshot.kenbun(),
          """
          SELECT 'kenbun.db: ' || t.events || ' events of type "' || t.name || '" are counted, '
            || count(e.seq) || ' are there'
          FROM event_type t LEFT JOIN event e ON e.event_type = t.key
          GROUP BY t.key HAVING count(e.seq) <> t.events""",
          "",
          faults);
      tell(
          snapshot.kenbun(),
          """
          SELECT 'kenbun.db: event ' || e.seq || ' is of lead ' || e.lead || ', which is not there'
          FROM event e WHERE e.lead IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM lead l WHERE l.key = e.lead)""",
          "",
          faults);
    } catch (SQLException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    return new DataCheck(List.copyOf(faults), counts);
  }

  private static void look(String name, int schema, Connection connection, List<String> faults)
      throws SQLException {
    long found = new Sql("PRAGMA user_version").number(connection);
    if (found > schema) {
      faults.add(name + " was written by a newer version (schema " + found + " > " + schema + ")");
      return;
    }
    tell(connection, "PRAGMA integrity_check(" + MAX_FAULTS + ")", name + ": ", faults);
    tell(connection, "PRAGMA foreign_key_check", name + ": refers to nothing: table ", faults);
  }

  private static void tell(
      Connection connection, String question, String before, List<String> faults)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(question)) {
      for (int i = 0; i < MAX_FAULTS && rows.next(); i++) {
        if (!rows.getString(1).equals("ok")) {
          faults.add(before + rows.getString(1));
        }
      }
    }
  }
}
