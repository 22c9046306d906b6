package io.kenbun.lite.store.firing;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.TriggerKind;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.row.TextList;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions about what has fired. Any thread. */
public final class FiringReads {
  private static final String FROM = " FROM firing f";
  private static final String COLUMNS =
      """
      SELECT f.id, f.unit, f.type, f.trigger, f.trigger_id, f.trigger_name, f.score_threshold, f.lead,
        f.lead_id, f.fired_at, f.score, f.previous_score, f.ruleset_id, f.engagement_level,
        f.event_type, f.event_id, f.event_types, f.count, f.window_seconds""";

  private final ReadConnections connections;

  public FiringReads(ReadConnections connections) {
    this.connections = connections;
  }

  /**
   * Returns one page of the unit's firings of one type, the last first.
   *
   * @param triggerId of which trigger; null for all of them. An id that none has or had: none
   * @param page from 1
   */
  public Page<Firing> page(
      long unit, NotificationType type, @Nullable String triggerId, int page, int limit)
      throws StorageException {
    return connections.ask(
        connection -> {
          Sql filter =
              new Sql(FROM)
                  .where("f.unit = ?", unit)
                  .where("f.type = ?", type.wireName())
                  .where("f.trigger_id = ?", triggerId);
          List<Firing> firings =
              filter
                  .before(COLUMNS)
                  .end(" ORDER BY f.key DESC LIMIT ? OFFSET ?", limit, (page - 1L) * limit)
                  .list(connection, FiringReads::firing);
          long total = filter.before("SELECT count(*)").number(connection);
          return new Page<>(firings, total, page, limit);
        });
  }

  /** Returns what a trigger remembers of a lead. */
  public TriggerMemory memory(long lead, TriggerKind kind, long trigger) throws StorageException {
    List<TriggerMemory> memories =
        connections.ask(
            connection ->
                new Sql(
                        """
                        SELECT at, seq, marks FROM trigger_memory
                        WHERE lead = ? AND kind = ? AND trigger = ?""",
                        lead,
                        kind.wireName(),
                        trigger)
                    .list(connection, row -> FiringRows.memory(row, 1)));
    return memories.isEmpty() ? TriggerMemory.NONE : memories.get(0);
  }

  private static Firing firing(ResultSet row) throws SQLException {
    return new Firing(
        row.getString(1),
        row.getLong(2),
        type(row.getString(3)),
        row.getLong(4),
        row.getString(5),
        row.getString(6),
        Sql.optionalInt(row, 7),
        row.getLong(8),
        row.getString(9),
        row.getLong(10),
        row.getLong(11),
        row.getLong(12),
        row.getString(13),
        row.getString(14),
        row.getString(15),
        row.getString(16),
        TextList.read(row.getString(17)),
        Sql.optionalInt(row, 18),
        Sql.optionalLong(row, 19));
  }

  private static NotificationType type(String wireName) {
    for (NotificationType type : NotificationType.values()) {
      if (type.wireName().equals(wireName)) {
        return type;
      }
    }
    throw new IllegalStateException("firing of unknown type: " + wireName);
  }
}
