package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.queue.GroupCommit;
import io.kenbun.lite.store.queue.IdempotencyKeys;
import io.kenbun.lite.store.queue.Prepared;
import io.kenbun.lite.store.queue.QueuedRow;
import io.kenbun.lite.store.row.AliasList;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue on disk, see {@link GroupCommit}.
 *
 * <pre>
 *   GroupCommit ──&gt; [ BEGIN, insert ≤ 1,000, trim, COMMIT+fsync ] ──&gt; scoring reads, or takes from LatelyQueued
 * </pre>
 *
 * <p>One thread writes. It gives each event its {@code seq}: SQLite would hand out a rowid again
 * once the table was emptied, and a cursor would then skip everything after.
 */
final class Outbox implements Queue, GroupCommit.Writer, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final int MAX_ROWS_TRIMMED_PER_COMMIT = 5_000;
  private static final int ROWS_WORTH_TRIMMING = 1_000;
  private static final int MAX_PAGES_RETURNED = 256;

  private final SqliteDatabase database;
  private final LongSupplier cursor;
  private final long maxQueued;
  private final InstantSource clock;
  private final IdempotencyKeys keys = new IdempotencyKeys(); // Confined to the writer.
  private final GroupCommit commits;
  // Confined to the writer.
  private final Prepared insertion =
      new Prepared(
          "INSERT INTO outbox (" + QueuedRow.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  private final List<QueuedEvent> inserted = new ArrayList<>(); // Confined to the writer.
  private final LatelyQueued lately;
  private volatile long lastSeq;
  private long trimmedTo; // Confined to the writer.
  private boolean idled; // Confined to the writer.
  // Guarded by queries; asked by the scoring thread and by status.
  private final Connection queries;

  /**
   * Opens the queue; nothing is written before {@link #start}.
   *
   * @param cursor up to which seq everything is scored; rows up to it are removed
   * @param maxQueued how many events may wait to be scored before offers are turned away
   */
  Outbox(SqliteDatabase database, LongSupplier cursor, long maxQueued, InstantSource clock)
      throws StorageException {
    this.clock = clock;
    this.commits = new GroupCommit("kenbun-outbox", this, clock, false);
    this.database = database;
    this.cursor = cursor;
    this.maxQueued = maxQueued;
    try {
      this.queries = SqliteDatabase.openQueryOnly(database.file());
      try (PreparedStatement select =
              queries.prepareStatement(
                  "SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) FROM outbox");
          ResultSet rows = select.executeQuery()) {
        lastSeq = Math.max(cursor.getAsLong(), rows.getLong(2));
        trimmedTo = rows.getLong(1) - 1;
      }
    } catch (SQLException e) {
      throw new StorageException(database.file() + ": " + e.getMessage(), e);
    }
    lately = new LatelyQueued(lastSeq);
  }

  GroupCommit commits() {
    return commits;
  }

  @Override
  public @Nullable Refusal offer(Append append) {
    return commits.offer(append, maxQueued - depth());
  }

  @Override
  public long lastSeq() {
    return lastSeq;
  }

  /** Forgets the idempotency keys that the unit has seen. */
  void forgetKeys(long unit) throws StorageException {
    database.inTransaction(
        connection -> new Sql("DELETE FROM seen WHERE unit = ?", unit).run(connection));
  }

  void limitPages(int pages) throws StorageException {
    database.limitPages(pages);
  }

  @Override
  public long depth() {
    return Math.max(0, lastSeq - cursor.getAsLong());
  }

  @Override
  public long oldestReceivedAtMillis() {
    synchronized (queries) {
      try (PreparedStatement select =
          queries.prepareStatement(
              "SELECT received_at FROM outbox WHERE seq > ? ORDER BY seq LIMIT 1")) {
        select.setLong(1, cursor.getAsLong());
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? row.getLong(1) : -1;
        }
      } catch (SQLException e) {
        log.warn("The age of the queue is unknown", e);
        return -1;
      }
    }
  }

  /**
   * Returns the next events after {@code seq}, in order, up to one that cannot be read.
   *
   * @throws StorageException with a fault of {@code DATA} when that is the first
   */
  List<QueuedEvent> after(long seq, int limit) throws StorageException {
    if (seq >= lastSeq) {
      return List.of();
    }
    List<QueuedEvent> inMemory = lately.after(seq, limit);
    if (inMemory != null) {
      return inMemory;
    }
    synchronized (queries) {
      try (PreparedStatement select =
          queries.prepareStatement(
              "SELECT " + QueuedRow.COLUMNS + " FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?")) {
        select.setLong(1, seq);
        select.setInt(2, limit);
        List<QueuedEvent> events = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            try {
              events.add(QueuedRow.event(rows));
            } catch (RuntimeException e) { // Somebody else has written into the file.
              if (events.isEmpty()) {
                throw new StorageException(
                    "what is queued as " + rows.getLong(1) + " cannot be read: " + e.getMessage(),
                    StorageException.Fault.DATA,
                    e);
              }
              break;
            }
          }
        }
        return events;
      } catch (SQLException e) {
        throw new StorageException(database.file() + ": " + e.getMessage(), e);
      }
    }
  }

  /** Returns the next row after {@code seq} as it is, or null. */
  @Nullable QueuedRow rowAfter(long seq) throws StorageException {
    synchronized (queries) {
      try (PreparedStatement select = queries.prepareStatement(QueuedRow.SELECT_NEXT)) {
        select.setLong(1, seq);
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? QueuedRow.read(row) : null;
        }
      } catch (SQLException e) {
        throw new StorageException(database.file() + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public GroupCommit.Committed commit(List<Append> appends) throws StorageException {
    idled = false;
    List<long[]> seqs = seqs(appends, lastSeq + 1);
    long committed =
        database.inTransaction(
            connection -> {
              boolean[] fresh = keys.enter(connection, appends, seqs);
              long last = insert(connection, appends, fresh, seqs);
              tidy(connection, ROWS_WORTH_TRIMMING);
              return last;
            });
    lastSeq = committed; // Even if the file has gone: the numbers are used up.
    lately.add(inserted);
    database.checkInPlace();
    return new GroupCommit.Committed(seqs, inserted);
  }

  /**
   * What there is to do when nobody asks: nothing the first time, since the next request may be on
   * its way and would wait for the sync of a tidying that could come later.
   */
  @Override
  public Loop.Next idle() {
    if (!idled) {
      idled = true;
      return Loop.Next.WHEN_WOKEN;
    }
    return tidy();
  }

  @Override
  public void probe() throws StorageException {
    database.touch();
  }

  private static List<long[]> seqs(List<Append> appends, long first) {
    long next = first;
    List<long[]> all = new ArrayList<>(appends.size());
    for (Append append : appends) {
      long[] seqs = new long[append.events().size()];
      for (int i = 0; i < seqs.length; i++) {
        seqs[i] = next++;
      }
      all.add(seqs);
    }
    return all;
  }

  /** Writes the events that are new; returns the highest seq in use. */
  private long insert(
      Connection connection, List<Append> appends, boolean[] fresh, List<long[]> seqs)
      throws SQLException {
    long last = lastSeq;
    int index = 0;
    inserted.clear(); // Of a transaction that was not committed, too.
    PreparedStatement insert = insertion.on(connection);
    for (int i = 0; i < seqs.size(); i++) {
      List<RawEvent> events = appends.get(i).events();
      for (int j = 0; j < events.size(); j++) {
        if (!fresh[index++]) {
          continue;
        }
        RawEvent event = events.get(j);
        last = seqs.get(i)[j];
        insert.setLong(1, last);
        insert.setLong(2, event.unit());
        insert.setLong(3, event.receivedAtMillis());
        insert.setLong(4, event.timestampMillis());
        insert.setString(5, event.leadId());
        insert.setString(6, AliasList.write(event.aliases()));
        insert.setString(7, event.eventType());
        insert.setString(8, event.metadata());
        insert.setBoolean(9, event.skipTriggers());
        inserted.add(new QueuedEvent(last, event));
        insert.addBatch(); // A third of the cost of executeUpdate for each row.
      }
    }
    insert.executeBatch();
    return last;
  }

  /** Tidies while nothing else is to be written. */
  private Loop.Next tidy() {
    if (cursor.getAsLong() <= trimmedTo && !keys.isSweepDue(clock.millis())) {
      return Loop.Next.WHEN_WOKEN;
    }
    try {
      database.inTransaction(
          connection -> {
            tidy(connection, 1);
            // Gives pages back to the disk while nobody waits; busy, they are used again soon.
            Database.execute(connection, "PRAGMA incremental_vacuum(" + MAX_PAGES_RETURNED + ")");
            return true;
          });
      return Loop.Next.AT_ONCE;
    } catch (StorageException e) {
      log.warn("What is scored could not be removed from the queue yet", e);
      return Loop.Next.WHEN_WOKEN;
    }
  }

  /**
   * Removes a bounded slice of the rows that are scored, if they are at least {@code worthwhile},
   * and of the keys that are too old.
   */
  private void tidy(Connection connection, int worthwhile) throws SQLException {
    long to = Math.min(cursor.getAsLong(), trimmedTo + MAX_ROWS_TRIMMED_PER_COMMIT);
    if (to >= trimmedTo + worthwhile) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM outbox WHERE seq <= ?")) {
        delete.setLong(1, to);
        delete.executeUpdate();
      }
      trimmedTo = to;
    }
    long nowMillis = clock.millis();
    if (keys.isSweepDue(nowMillis)) {
      keys.sweep(connection, nowMillis);
    }
  }

  /** Turns new requests away, commits those taken, ends the writer and closes the file. */
  @Override
  public void close() {
    commits.close();
    synchronized (queries) {
      try {
        queries.close();
      } catch (SQLException e) {
        log.warn("Closing failed; nothing committed is lost", e);
      }
    }
    database.close();
  }
}
