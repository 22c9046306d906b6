package io.kenbun.lite.store.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runs that the index of leads' events is kept in, and how new the events in each are: noted as
 * events are written, in their transaction.
 *
 * <pre>
 *   event_of_lead:  run 0 [lead 1 … lead n]  run 1 [lead 1 … lead n]  …  run r [lead 1 … lead n] &lt;── all that is written
 * </pre>
 *
 * A question about one lead looks into each run that may have an answer. That costs little beside
 * the events themselves, which lie as far apart as they arrived; what scoring asks is about the
 * last minutes and looks into the newest run or two.
 */
public final class EventRuns {
  /** How a run is told from a seq, as the index has it: {@code seq >> 18}. */
  private static final int BITS = 18;

  /**
   * Joins the runs {@code r} and their events {@code e}, the runs first. The plus keeps the
   * column's type out of the comparison, else the index, whose expression has none, could not be
   * used.
   */
  public static final String JOIN =
      " event_run r CROSS JOIN event e INDEXED BY event_of_lead ON e.seq >> 18 = +r.run";

  /** What a transaction keeps is noted with this. */
  public static final String UPSERT =
      """
      INSERT INTO event_run (run, newest) VALUES (?, ?)
      ON CONFLICT (run) DO UPDATE SET newest = max(newest, excluded.newest)""";

  /** Returns the run that an event lies in. */
  public static long of(long seq) {
    return seq >> BITS;
  }

  private final Map<Long, Long> newest = new HashMap<>(4);

  /**
   * Leaves out, unread, the runs that are all older than {@code fromMillis}, if that is given; what
   * the server made itself is numbered below 0 and stays in.
   *
   * @param filter of events {@code e}
   */
  public static Sql since(Connection connection, Sql filter, @Nullable Long fromMillis)
      throws SQLException {
    if (fromMillis == null || Dialect.of(connection) != Dialect.SQLITE) {
      return filter;
    }
    long oldest =
        new Sql(
                "SELECT coalesce(min(run), ?) FROM event_run WHERE run >= 0 AND newest >= ?",
                Long.MAX_VALUE >> BITS,
                fromMillis)
            .number(connection);
    return filter.where("(e.seq >= ? OR e.seq < 0)", oldest << BITS);
  }

  /** Returns how many runs may have an event from a time on; one, where there are none. */
  public static long count(Connection connection, long fromMillis) throws SQLException {
    return Dialect.of(connection) == Dialect.SQLITE
        ? new Sql("SELECT count(*) FROM event_run")
            .where("newest >= ?", fromMillis)
            .number(connection)
        : 1;
  }

  /** Notes an event that is written. */
  public void add(long seq, long timestampMillis) {
    newest.merge(of(seq), timestampMillis, Math::max);
  }

  /** Writes what was noted, by the {@link #UPSERT}. */
  public void save(PreparedStatement upsert) throws SQLException {
    for (Map.Entry<Long, Long> run : newest.entrySet()) {
      upsert.setLong(1, run.getKey());
      upsert.setLong(2, run.getValue());
      upsert.addBatch();
    }
    upsert.executeBatch();
  }
}
