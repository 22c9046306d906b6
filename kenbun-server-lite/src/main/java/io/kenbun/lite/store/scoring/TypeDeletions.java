package io.kenbun.lite.store.scoring;

import io.kenbun.lite.engine.HalfLives;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the events of a type, a slice in a transaction, in the order in which they arrived: no
 * index on types is needed, and what is noted with the slice is where the next begins.
 *
 * <pre>
 *   event_deletion:  done_seq ──&gt; │ the next 20,000 seqs, or to the 2,000th event of the type │ … to_seq
 * </pre>
 *
 * Stateless; for one transaction.
 */
final class TypeDeletions {
  private static final long SEQS_PER_SLICE = 20_000; // To be looked through for those of the type.

  private static final String OF_SLICE =
      " FROM event WHERE seq > ? AND seq <= ? AND event_type = ?";

  private TypeDeletions() {}

  /**
   * Notes that the unit's events of a type that are stored are to go; those that are noted already
   * are looked for from the first on once more.
   *
   * @return the key of the type, -1 when there is none
   */
  static long note(Connection connection, long unit, String eventType) throws SQLException {
    long type =
        new Sql("SELECT coalesce(max(key), -1) FROM event_type")
            .where("unit = ?", unit)
            .where("name = ?", eventType)
            .number(connection);
    new Sql(
            """
            INSERT INTO event_deletion (event_type, done_seq, to_seq)
            SELECT t.key, 0, (SELECT max(seq) FROM event) FROM event_type t
            WHERE t.key = ? AND EXISTS (SELECT 1 FROM event WHERE seq > 0)
            ON CONFLICT (event_type) DO UPDATE SET done_seq = 0, to_seq = excluded.to_seq""",
            type)
        .run(connection);
    return type;
  }

  /** Returns the types that are not done. */
  static List<Long> all(Connection connection) throws SQLException {
    return new Sql("SELECT event_type FROM event_deletion ORDER BY 1").numbers(connection);
  }

  /**
   * Deletes the next events, at most {@code max}, perhaps none; the leads that lose one are left to
   * be replayed.
   *
   * @return null when there are none any more
   */
  static ChangeTx.@Nullable Deleted next(Connection connection, long type, int max)
      throws SQLException {
    List<long[]> slice =
        new Sql(
                """
                SELECT e.seq - 1, d.to_seq FROM event_deletion d
                JOIN event e ON e.seq = (SELECT min(n.seq) FROM event n WHERE n.seq > d.done_seq)
                WHERE d.event_type = ? AND e.seq <= d.to_seq""",
                type)
            .list(connection, row -> new long[] {row.getLong(1), row.getLong(2)});
    if (slice.isEmpty()) {
      new Sql("DELETE FROM event_deletion WHERE event_type = ?", type).run(connection);
      return null;
    }
    long done = slice.get(0)[0];
    long end = Math.min(slice.get(0)[1], done + SEQS_PER_SLICE);
    List<Long> last =
        new Sql(
                "SELECT seq" + OF_SLICE + " ORDER BY seq LIMIT 1 OFFSET ?",
                done,
                end,
                type,
                max - 1)
            .numbers(connection);
    ChangeTx.Deleted deleted = delete(connection, type, done, last.isEmpty() ? end : last.get(0));
    new Sql(
            "UPDATE event_deletion SET done_seq = ? WHERE event_type = ?",
            last.isEmpty() ? end : last.get(0),
            type)
        .run(connection);
    return deleted;
  }

  private static ChangeTx.Deleted delete(
      Connection connection, long type, long afterSeq, long lastSeq) throws SQLException {
    ChangeTx.Deleted deleted =
        new Sql("SELECT count(*), count(contributions)" + OF_SLICE, afterSeq, lastSeq, type)
            .list(
                connection, row -> new ChangeTx.Deleted(row.getLong(1), row.getLong(2), List.of()))
            .get(0);
    if (deleted.events() > 0) {
      new Sql(
              "UPDATE lead SET fades = ? WHERE key IN (SELECT lead" + OF_SLICE + ")",
              HalfLives.STALE,
              afterSeq,
              lastSeq,
              type)
          .run(connection);
      new Sql("DELETE" + OF_SLICE, afterSeq, lastSeq, type).run(connection);
      new Sql(Dialect.of(connection).addToEventCount(), -deleted.events(), type).run(connection);
    }
    return deleted;
  }
}
