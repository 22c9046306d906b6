package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.FailedEvent;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Storage;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.DiskUse;
import io.kenbun.lite.store.Kept;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.configuration.Baseline;
import io.kenbun.lite.store.configuration.Setups;
import io.kenbun.lite.store.configuration.UnitReset;
import io.kenbun.lite.store.firing.DeliveryRows;
import io.kenbun.lite.store.leads.EventTypes;
import io.kenbun.lite.store.leads.LeadCache;
import io.kenbun.lite.store.leads.LeadColumns;
import io.kenbun.lite.store.queue.GroupCommit;
import io.kenbun.lite.store.queue.QueuedRow;
import io.kenbun.lite.store.reads.LeadLists;
import io.kenbun.lite.store.scoring.StoreTx;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Statements;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything in two SQLite files. The cursor is in {@code kenbun.db} and moves in the transaction
 * that scores, so each event of {@code ingest.db} is scored exactly once, whenever the process
 * dies.
 */
public final class SqliteStorage extends Store implements Storage.Work {
  public static final int INGEST_SCHEMA = 3;
  public static final int KENBUN_SCHEMA = 12;
  private static final int CACHED_LEADS = 100_000;
  private static final int HEAP_SHARE_OF_COLUMNS = 6;

  private final DataDirectory directory;
  private final SqliteDatabase kenbun;
  private final Outbox outbox;
  private final ReadConnections connections;
  private final Kept kept;
  private final LeadCache cache;
  private final LeadColumns columns;
  private final EventTypes eventTypes = new EventTypes();
  private final Statements statements = new Statements();
  private final InstantSource clock;
  private final Supplier<String> newLeadIds;
  private volatile long cursor;
  private final AtomicLong leftToRefresh = new AtomicLong();

  /**
   * Opens or makes the files.
   *
   * @param path the data directory; null for one that is thrown away at the end
   * @param maxQueued how many events may wait to be scored before new ones are turned away
   * @param newLeadIds makes the id of a lead that came without one
   */
  public SqliteStorage(
      @Nullable Path path,
      Durability durability,
      long maxQueued,
      InstantSource clock,
      Supplier<String> newLeadIds)
      throws StorageException {
    this(path, durability, maxQueued, clock, newLeadIds, CACHED_LEADS);
  }

  /** The same with so many leads in memory; for tests. */
  SqliteStorage(
      @Nullable Path path,
      Durability durability,
      long maxQueued,
      InstantSource clock,
      Supplier<String> newLeadIds,
      int cachedLeads)
      throws StorageException {
    this.cache = new LeadCache(cachedLeads);
    this.columns = new LeadColumns(leadsInColumns());
    this.newLeadIds = newLeadIds;
    this.clock = clock;
    this.directory = path == null ? DataDirectory.temporary() : DataDirectory.open(path);
    Durability effective = path == null ? Durability.NONE : durability;
    SqliteDatabase openKenbun = null;
    SqliteDatabase openIngest = null;
    try {
      // Of the two, kenbun.db is always synced: a row leaves ingest.db only when its score cannot
      // be lost any more.
      openKenbun =
          SqliteDatabase.open(
              directory.path().resolve("kenbun.db"),
              "kenbun",
              KENBUN_SCHEMA,
              effective == Durability.NONE ? Durability.NONE : Durability.FULL,
              24_000,
              65_536);
      openIngest =
          SqliteDatabase.open(
              directory.path().resolve("ingest.db"),
              "ingest",
              INGEST_SCHEMA,
              effective,
              1_000,
              2_048);
      this.kenbun = openKenbun;
      this.cursor = kenbun.inTransaction(SqliteStorage::readCursor);
      this.outbox = new Outbox(openIngest, () -> cursor, maxQueued, clock);
      this.connections = new SqliteReadConnections(openKenbun.file());
      this.kept =
          new Kept(
              openKenbun, openKenbun, openKenbun, connections, columns, openKenbun::locked, clock);
    } catch (StorageException e) {
      if (openIngest != null) {
        openIngest.close();
      }
      if (openKenbun != null) {
        openKenbun.close();
      }
      directory.close();
      throw e;
    }
  }

  /** Returns up to which key leads are held for lists: a sixth of the heap, and no more. */
  private static long leadsInColumns() {
    long bytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE_OF_COLUMNS;
    return Math.min(Integer.MAX_VALUE - 1L, bytes / LeadColumns.BYTES_PER_LEAD);
  }

  private static long readCursor(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT cursor FROM progress");
        ResultSet rows = select.executeQuery()) {
      return rows.getLong(1);
    }
  }

  @Override
  public Queue queue() {
    return outbox;
  }

  @Override
  protected Database database() {
    return kenbun;
  }

  @Override
  protected GroupCommit commits() {
    return outbox.commits();
  }

  @Override
  protected InstantSource clock() {
    return clock;
  }

  @Override
  protected Kept kept() {
    return kept;
  }

  @Override
  public String engine() {
    return "sqlite";
  }

  @Override
  public String place() {
    return isTemporary() ? ":memory:" : path().toAbsolutePath().normalize().toString();
  }

  /** Returns where the files are. */
  public Path path() {
    return directory.path();
  }

  /** Says whether the files are thrown away at the end. */
  public boolean isTemporary() {
    return directory.isTemporary();
  }

  @Override
  public DiskUse diskUse() {
    return directory.diskUse();
  }

  @Override
  public Work work() {
    return this;
  }

  @Override
  public int scoringThreads() {
    return 1;
  }

  @Override
  public int drain(int max, BatchWorker worker) throws StorageException {
    List<QueuedEvent> batch = outbox.after(cursor, max);
    if (batch.isEmpty()) {
      return 0;
    }
    long next = batch.get(batch.size() - 1).seq();
    score(
        (connection, tx) -> {
          List<QueuedEvent> wanted = sinceReset(connection, batch);
          if (!wanted.isEmpty()) {
            worker.apply(wanted, tx);
          }
          moveCursor(connection, next);
          return next;
        });
    cursor = next;
    return batch.size();
  }

  /** Leaves out what was queued before its unit was emptied. */
  private List<QueuedEvent> sinceReset(Connection connection, List<QueuedEvent> batch)
      throws SQLException {
    Map<Long, Long> resets = new HashMap<>();
    PreparedStatement select =
        statements.of(connection, "SELECT unit, seq FROM unit_reset WHERE seq >= ?");
    select.setLong(1, batch.get(0).seq());
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        resets.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return resets.isEmpty()
        ? batch
        : batch.stream()
            .filter(queued -> queued.seq() > resets.getOrDefault(queued.event().unit(), 0L))
            .toList();
  }

  @Override
  public void reset(OrgUnit unit, @Nullable Baseline baseline, Consumer<List<RuleSetup>> inForce)
      throws StorageException {
    score(
        (connection, tx) -> {
          tx.aboutToEmpty(unit.key());
          UnitReset.data(connection, unit.key(), outbox.lastSeq());
          forget(); // What the caches hold of the unit is gone.
          if (baseline != null) {
            Setups.restore(connection, unit, baseline, clock.millis());
            inForce.accept(Setups.load(connection));
          }
          return unit;
        });
    outbox.forgetKeys(unit.key());
  }

  @Override
  public boolean isHeldUp() {
    return false;
  }

  @Override
  public void setNextAside(String reason) throws StorageException {
    QueuedRow row = outbox.rowAfter(cursor);
    if (row == null) {
      return;
    }
    score(
        (connection, tx) -> {
          QueuedEvent readable = readable(row.seq());
          if (readable == null) {
            failedEvents().keepUnreadable(connection, row, reason);
          } else {
            tx.setAside(List.of(new FailedEvent(readable, reason)));
          }
          moveCursor(connection, row.seq());
          return row;
        });
    cursor = row.seq();
  }

  private @Nullable QueuedEvent readable(long seq) throws StorageException {
    try {
      return outbox.after(seq - 1, 1).get(0);
    } catch (StorageException e) {
      if (e.fault() == StorageException.Fault.STORAGE) {
        throw e;
      }
      return null; // Why it cannot be read is the reason that the caller has.
    }
  }

  /** Runs a scoring transaction; what it left in the caches is forgotten when it fails. */
  @Override
  protected <T extends @Nullable Object> T score(Scored<T> work) throws StorageException {
    DeliveryRows[] told = new DeliveryRows[1];
    T result =
        kenbun.inTransaction(
            connection -> {
              DeliveryRows rows = new DeliveryRows(connection, statements);
              told[0] = rows;
              return work.run(connection, tx(connection, rows));
            },
            this::forget);
    try {
      kenbun.checkInPlace(); // Before the cursor lets go of anything in the outbox.
    } catch (StorageException e) {
      kenbun.locked(() -> forget(e));
      throw e;
    }
    deliveries().committed(told[0]);
    return result;
  }

  @Override
  public long leftToRefresh() {
    return leftToRefresh.get();
  }

  @Override
  protected void leftToRefresh(Connection connection) {
    leftToRefresh.incrementAndGet();
  }

  private void forget(Exception cause) {
    forget();
    statements.forget(cause);
  }

  private void forget() {
    cache.clear();
    columns.drop();
    eventTypes.forget();
  }

  private StoreTx tx(Connection connection, DeliveryRows rows) {
    return new StoreTx(
        connection,
        statements,
        cache,
        columns,
        eventTypes,
        failedEvents(),
        rows,
        leads -> new CachedLeads(connection, cache, leads),
        newLeadIds,
        clock.millis());
  }

  private static void moveCursor(Connection connection, long seq) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement("UPDATE progress SET cursor = ?")) {
      update.setLong(1, seq);
      update.executeUpdate();
    }
  }

  /** Returns lists that hold what they ask about in {@code others}; for tests. */
  LeadLists lists(LeadColumns others) {
    return new LeadLists(connections, others, kenbun::locked);
  }

  /**
   * Lets {@code ingest.db} grow to {@code pages} and no further, as a full disk does; for tests.
   */
  void limitIngestPages(int pages) throws StorageException {
    outbox.limitPages(pages);
  }

  @Override
  public long cursor() {
    return cursor;
  }

  @Override
  public void close() {
    outbox.close();
    connections.close();
    kenbun.close();
    directory.close();
  }
}
