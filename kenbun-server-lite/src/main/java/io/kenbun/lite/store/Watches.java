package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which leads callers watch, each caller for themselves ({@code api.md} 6.7). Any thread; writes
 * wait for the scoring transaction.
 */
public final class Watches {
  /** The most leads that a caller watches in a unit: the list has no pages. Ours. */
  public static final int MAX_PER_OWNER = 1_000;

  private final Database database;
  private final ReadConnections connections;

  Watches(Database database, ReadConnections connections) {
    this.database = database;
    this.connections = connections;
  }

  /** One watched lead. */
  public record Watch(
      String watchId,
      String leadId,
      @Nullable String prediction,
      @Nullable String predictionNotes,
      long watchedAtMillis) {}

  /**
   * Has {@code owner}, a client id, watch a lead; one that is watched gets what is said now.
   *
   * @return the id of the watch; null when the owner watches as many as can be
   */
  public @Nullable String add(
      String owner,
      long lead,
      long unit,
      @Nullable String prediction,
      @Nullable String notes,
      long nowMillis)
      throws StorageException {
    String[] id = {null};
    database.inTransaction(
        connection -> {
          long others =
              new Sql("SELECT count(*) FROM watch")
                  .where("unit = ?", unit)
                  .where("owner = ?", owner)
                  .where("lead <> ?", lead)
                  .number(connection);
          if (others >= MAX_PER_OWNER) {
            return others;
          }
          Sql upsert =
              new Sql(
                  """
                  INSERT INTO watch (watch_id, unit, owner, lead, prediction, prediction_notes, watched_at)
                  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (unit, owner, lead) DO UPDATE SET
                    prediction = excluded.prediction, prediction_notes = excluded.prediction_notes
                  RETURNING watch_id""",
                  "wt_" + UUID.randomUUID(),
                  unit,
                  owner,
                  lead,
                  prediction,
                  notes,
                  nowMillis);
          id[0] = upsert.list(connection, row -> row.getString(1)).get(0);
          return others;
        });
    return id[0];
  }

  /** Ends it; says whether the owner watched the lead. */
  public boolean remove(String owner, long lead, long unit) throws StorageException {
    return database.inTransaction(
        connection ->
            new Sql("DELETE FROM watch")
                    .where("unit = ?", unit)
                    .where("owner = ?", owner)
                    .where("lead = ?", lead)
                    .run(connection)
                > 0);
  }

  /** Returns what the owner watches, the last first. */
  public List<Watch> of(String owner, long unit) throws StorageException {
    Sql sql =
        new Sql(
                """
                SELECT w.watch_id, l.lead_id, w.prediction, w.prediction_notes, w.watched_at
                FROM watch w JOIN lead l ON l.key = w.lead AND l.merged_into IS NULL""")
            .where("w.unit = ?", unit)
            .where("w.owner = ?", owner)
            .end(" ORDER BY w.watched_at DESC, w.watch_id");
    return connections.ask(
        connection ->
            sql.list(
                connection,
                row ->
                    new Watch(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5))));
  }
}
