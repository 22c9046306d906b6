package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;

/** Figures about a unit's events that are shown beside its configuration. Any thread. */
public final class UnitCounts {
  private final Reads reads;

  public UnitCounts(Reads reads) {
    this.reads = reads;
  }

  /** Returns how many stored events there are of each type that the unit knows. */
  public Map<String, Long> eventTypes(long unit) throws StorageException {
    return reads.ask(
        connection -> {
          Map<String, Long> counts = new HashMap<>();
          Sql sql = new Sql("SELECT name, events FROM event_type").where("unit = ?", unit);
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              counts.put(rows.getString(1), rows.getLong(2));
            }
          }
          return counts;
        });
  }

  /** Returns how many stored events attribute filters have suppressed. */
  public long suppressedByAttributes(long unit) throws StorageException {
    // The reason stands in the text: an index of such events alone is not used for a parameter.
    return reads.ask(
        connection ->
            new Sql(
                    "SELECT count(*) FROM event"
                        + " WHERE suppression_reason = 'metadata_filter' AND unit = ?",
                    unit)
                .number(connection));
  }
}
