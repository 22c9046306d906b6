package io.kenbun.lite.store.postgres;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.pipeline.FailedEvent;
import io.kenbun.lite.pipeline.Storage;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.queue.QueuedRow;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one scoring thread takes of a queue that threads of several nodes share: whole partitions,
 * for a transaction. One that dies lets go of them with its connection.
 *
 * <pre>
 *   part:   id  cursor (xid, seq)        SELECT … FOR UPDATE SKIP LOCKED, a few of those with events
 *   outbox: part │ scored: deleted │ &gt; cursor, xid &lt; the oldest running transaction: read │ too new │
 * </pre>
 *
 * <p>Numbers are given before they are committed. A cursor on seqs alone would pass over one that
 * commits late; below the oldest running transaction nothing comes any more.
 */
final class Partitions implements Storage.Work {
  private static final int CLAIMED_AT_ONCE = 8;

  // Both see the cursors as they were. What is scored is looked up partition by partition, whatever
  // the planner thinks of a queue that was empty when it was last vacuumed: OFFSET keeps it from
  // going over all of the queue, its dead rows among it, and then asking whose each row is.
  private static final String MOVE =
      """
      WITH n AS (
        SELECT part, xid::xid8, seq FROM unnest(?::integer[], ?::text[], ?::bigint[])
          AS n (part, xid, seq)),
      scored AS (
        DELETE FROM outbox WHERE ctid = ANY (ARRAY(
          SELECT o.place FROM n JOIN part p ON p.id = n.part CROSS JOIN LATERAL (
            SELECT ctid AS place FROM outbox WHERE part = n.part
              AND (xid, seq) > (p.xid, p.seq) AND (xid, seq) <= (n.xid, n.seq) OFFSET 0) o)))
      UPDATE part p SET xid = n.xid, seq = n.seq FROM n WHERE p.id = n.part""";

  private final PostgresStorage storage;
  private int turn; // Which partition comes first; moved on by what succeeds.
  private long onlyRead = -1; // The seq of the one event that the last failed transaction read.

  Partitions(PostgresStorage storage, int turn) {
    this.storage = storage;
    this.turn = turn;
  }

  /** An event and where it stands. */
  private record Place(int part, String xid, QueuedEvent queued) {}

  @Override
  public int drain(int max, Storage.BatchWorker worker) throws StorageException {
    onlyRead = -1;
    int count =
        storage.score(
            (connection, tx) -> {
              List<Place> batch = claim(connection, max);
              if (batch.isEmpty()) {
                return 0;
              }
              onlyRead = batch.size() == 1 ? batch.get(0).queued.seq() : -1;
              // The order of arrival, as far as there is one between partitions.
              List<QueuedEvent> events =
                  batch.stream()
                      .map(Place::queued)
                      .sorted(Comparator.comparingLong(QueuedEvent::seq))
                      .toList();
              worker.apply(events, tx);
              moveCursors(connection, batch);
              return batch.size();
            });
    if (count > 0) {
      turn = (turn + CLAIMED_AT_ONCE) % PostgresOutbox.PARTITIONS;
      storage.state().scored(count);
      storage.state().lookSoon();
    } else {
      storage.state().look();
    }
    return count;
  }

  /** Claims partitions that have events and reads those, in order within each. */
  private List<Place> claim(Connection connection, int max) throws SQLException, StorageException {
    List<Long> claimed = new ArrayList<>();
    long[] rules = {-1};
    new Sql(
            """
            SELECT p.id, (SELECT s.version FROM shared_state s WHERE s.name = 'rules')
            FROM part p WHERE EXISTS (SELECT 1 FROM outbox o
              WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
                AND o.xid < pg_snapshot_xmin(pg_current_snapshot()) OFFSET 0)
            ORDER BY (p.id - ? + 32) % 32 LIMIT ? FOR UPDATE OF p SKIP LOCKED""",
            turn, Math.min(max, CLAIMED_AT_ONCE))
        .list(
            connection,
            row -> {
              rules[0] = row.getLong(2);
              return claimed.add(row.getLong(1));
            });
    if (claimed.isEmpty()) {
      return List.of();
    }
    storage.rulesAre(rules[0]);
    Sql sql =
        new Sql(
            """
            SELECT o.seq, o.unit, o.received_at, o.ts, o.lead_id, o.aliases, o.event_type,
              o.metadata, o.skip_triggers, o.part, o.xid::text
            FROM part p CROSS JOIN LATERAL (SELECT * FROM outbox o
              WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
                AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
              ORDER BY o.xid, o.seq LIMIT ?) o
            WHERE"""
                + Sql.in(" p.id", claimed.size())
                + " ORDER BY p.id, o.xid, o.seq",
            with(max / claimed.size(), claimed));
    List<Place> batch = new ArrayList<>();
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        try {
          batch.add(new Place(rows.getInt(10), rows.getString(11), QueuedRow.event(rows)));
        } catch (RuntimeException e) { // Somebody else has written into the table.
          if (batch.isEmpty()) {
            onlyRead = rows.getLong(1);
            throw new StorageException(
                "what is queued as " + onlyRead + " cannot be read: " + e.getMessage(),
                StorageException.Fault.DATA,
                e);
          }
          // What follows in this partition waits for it; other partitions come next time.
          break;
        }
      }
    }
    return batch;
  }

  private static Object[] with(Object first, List<Long> more) {
    List<Object> all = new ArrayList<>(more.size() + 1);
    all.add(first);
    all.addAll(more);
    return all.toArray();
  }

  private static void moveCursors(Connection connection, List<Place> batch) throws SQLException {
    Map<Integer, Place> last = new TreeMap<>();
    batch.forEach(place -> last.put(place.part, place)); // In order within each.
    int count = last.size();
    Integer[] parts = new Integer[count];
    String[] xids = new String[count];
    Long[] seqs = new Long[count];
    int at = 0;
    for (Place place : last.values()) {
      parts[at] = place.part;
      xids[at] = place.xid;
      seqs[at++] = place.queued.seq();
    }
    try (PreparedStatement move = connection.prepareStatement(MOVE)) {
      move.setArray(1, connection.createArrayOf("integer", parts));
      move.setArray(2, connection.createArrayOf("text", xids));
      move.setArray(3, connection.createArrayOf("bigint", seqs));
      move.executeUpdate();
    }
  }

  @Override
  public boolean isHeldUp() {
    return storage.state().isLeft();
  }

  @Override
  public int drainFailed(Storage.BatchWorker worker) throws StorageException {
    return storage.drainFailed(worker);
  }

  /** Does nothing when another thread has taken the event meanwhile. */
  @Override
  public void setNextAside(String reason) throws StorageException {
    long seq = onlyRead;
    storage.score(
        (connection, tx) -> {
          // Who scores it holds its partition: after that it is gone, or nobody's.
          new Sql(
                  "SELECT id FROM part WHERE id = (SELECT part FROM outbox WHERE seq = ?) FOR UPDATE",
                  seq)
              .numbers(connection);
          Sql select = new Sql("SELECT " + QueuedRow.COLUMNS + " FROM outbox WHERE seq = ?", seq);
          for (Object found : select.list(connection, Partitions::readable)) {
            if (found instanceof QueuedRow row) {
              storage.failedEvents().keepUnreadable(connection, row, reason);
            } else {
              tx.setAside(List.of(new FailedEvent((QueuedEvent) found, reason)));
            }
          }
          // The cursor stays: what is gone is not read again.
          return new Sql("DELETE FROM outbox WHERE seq = ?", seq).run(connection);
        });
  }

  /** Returns the event, or its row when that cannot be read. */
  private static Object readable(ResultSet row) throws SQLException {
    try {
      return QueuedRow.event(row);
    } catch (RuntimeException e) {
      return QueuedRow.read(row); // Why it cannot be read is the reason that the caller has.
    }
  }
}
