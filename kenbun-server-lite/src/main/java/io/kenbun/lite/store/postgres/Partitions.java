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
import org.jspecify.annotations.Nullable;

/**
 * What one scoring thread takes of a queue that threads of several nodes share: whole partitions,
 * for a transaction. One that dies lets go of them with its connection.
 *
 * <pre>
 *   part:   id  cursor (xid, seq)        SELECT … FOR UPDATE SKIP LOCKED, of those with events
 *   outbox: part │ scored │ &gt; cursor, xid &lt; the oldest running transaction: read │ too new │
 * </pre>
 *
 * <p>Numbers are given before they are committed. A cursor on seqs alone would pass over one that
 * commits late; below the oldest running transaction nothing comes any more. What is scored stays
 * until its day is dropped, see {@link OutboxDays}.
 */
final class Partitions implements Storage.Work {
  /** Of a backlog, so that other threads and nodes find some, too. */
  private static final int CLAIMED_OF_MANY = 8;

  /** A batch of fewer is no backlog. */
  private static final int MANY = 1_000;

  /**
   * Finds partitions with events. Not by EXISTS, which may be answered by a look at everything that
   * is scored and not dropped.
   */
  static final String CLAIM =
      """
      SELECT p.id, (SELECT s.version FROM shared_state s WHERE s.name = 'rules')
      FROM part p CROSS JOIN LATERAL (SELECT 1 FROM outbox o
        WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
          AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY o.xid, o.seq LIMIT 1) o
      ORDER BY (p.id - ? + 32) % 32 LIMIT ? FOR UPDATE OF p SKIP LOCKED""";

  private static final String READ =
      """
      SELECT o.seq, o.unit, o.received_at, o.ts, o.lead_id, o.aliases, o.event_type,
        o.metadata, o.skip_triggers, o.part, o.xid::text
      FROM part p CROSS JOIN LATERAL (SELECT * FROM outbox o
        WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
          AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY o.xid, o.seq LIMIT ?) o
      WHERE p.id = ANY (?) ORDER BY p.id, o.xid, o.seq""";

  private static final String MOVE =
      """
      UPDATE part p SET xid = n.xid::xid8, seq = n.seq
      FROM unnest(?::integer[], ?::text[], ?::bigint[]) AS n (part, xid, seq)
      WHERE p.id = n.part""";

  private final PostgresStorage storage;
  private int turn; // Which partition comes first; moved on by what succeeds.
  private int claimed = PostgresOutbox.PARTITIONS; // At once: all, unless there is a backlog.
  private @Nullable Place onlyRead; // Of the one event that the last failed transaction read.

  Partitions(PostgresStorage storage, int turn) {
    this.storage = storage;
    this.turn = turn;
  }

  /** Where an event stands. */
  private record Place(int part, String xid, long seq) {}

  /** An event and where it stands. */
  private record Placed(Place place, QueuedEvent queued) {}

  @Override
  public int drain(int max, Storage.BatchWorker worker) throws StorageException {
    onlyRead = null;
    int count =
        storage.score(
            (connection, tx) -> {
              List<Placed> batch = claim(connection, max);
              if (batch.isEmpty()) {
                return 0;
              }
              onlyRead = batch.size() == 1 ? batch.get(0).place : null;
              // The order of arrival, as far as there is one between partitions.
              List<QueuedEvent> events =
                  batch.stream()
                      .map(Placed::queued)
                      .sorted(Comparator.comparingLong(QueuedEvent::seq))
                      .toList();
              worker.apply(events, tx);
              moveCursors(connection, batch);
              return batch.size();
            });
    if (count > 0) {
      turn = (turn + claimed) % PostgresOutbox.PARTITIONS;
      // What each transaction costs is the same for few events and many: few are taken together.
      claimed = count < MANY ? PostgresOutbox.PARTITIONS : CLAIMED_OF_MANY;
      storage.state().scored(count);
      storage.state().lookSoon();
    } else {
      storage.state().look();
    }
    return count;
  }

  /** Claims partitions that have events and reads those, in order within each. */
  private List<Placed> claim(Connection connection, int max) throws SQLException, StorageException {
    List<Long> ids = new ArrayList<>();
    long[] rules = {-1};
    new Sql(CLAIM, turn, Math.min(max, claimed))
        .list(
            connection,
            row -> {
              rules[0] = row.getLong(2);
              return ids.add(row.getLong(1));
            });
    if (ids.isEmpty()) {
      return List.of();
    }
    storage.rulesAre(rules[0]);
    List<Placed> batch = new ArrayList<>();
    Sql read = new Sql(READ, max / ids.size(), connection.createArrayOf("bigint", ids.toArray()));
    try (PreparedStatement select = read.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        Place place = new Place(rows.getInt(10), rows.getString(11), rows.getLong(1));
        try {
          batch.add(new Placed(place, QueuedRow.event(rows)));
        } catch (RuntimeException e) { // Somebody else has written into the table.
          if (batch.isEmpty()) {
            onlyRead = place;
            throw new StorageException(
                "what is queued as " + place.seq + " cannot be read: " + e.getMessage(),
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

  private static void moveCursors(Connection connection, List<Placed> batch) throws SQLException {
    Map<Integer, Place> last = new TreeMap<>();
    batch.forEach(placed -> last.put(placed.place.part, placed.place)); // In order within each.
    int count = last.size();
    Integer[] parts = new Integer[count];
    String[] xids = new String[count];
    Long[] seqs = new Long[count];
    int at = 0;
    for (Place place : last.values()) {
      parts[at] = place.part;
      xids[at] = place.xid;
      seqs[at++] = place.seq;
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
    Place place = onlyRead;
    if (place == null) {
      return;
    }
    int gone =
        storage.score(
            (connection, tx) -> {
              // Who scores it holds its partition: after that it is passed, or nobody's.
              List<Long> before =
                  new Sql(
                          "SELECT id FROM part WHERE id = ? AND (xid, seq) < (?::xid8, ?) FOR UPDATE",
                          place.part,
                          place.xid,
                          place.seq)
                      .numbers(connection);
              if (before.isEmpty()) {
                return 0;
              }
              String where = " FROM outbox WHERE part = ? AND xid = ?::xid8 AND seq = ?";
              Sql select =
                  new Sql("SELECT " + QueuedRow.COLUMNS + where, place.part, place.xid, place.seq);
              for (Object found : select.list(connection, Partitions::readable)) {
                if (found instanceof QueuedRow row) {
                  storage.failedEvents().keepUnreadable(connection, row, reason);
                } else {
                  tx.setAside(List.of(new FailedEvent((QueuedEvent) found, reason)));
                }
              }
              // The cursor stays: what is gone is not read again.
              return new Sql("DELETE" + where, place.part, place.xid, place.seq).run(connection);
            });
    storage.state().scored(gone); // It waits no more.
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
