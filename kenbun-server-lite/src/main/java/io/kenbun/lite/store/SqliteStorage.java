package io.kenbun.lite.store;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Storage;
import io.kenbun.lite.pipeline.StorageException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything in two SQLite files. The cursor is in {@code kenbun.db} and moves in the transaction
 * that scores, so each event of {@code ingest.db} is scored exactly once, whenever the process
 * dies.
 */
public final class SqliteStorage implements Storage {
  private static final int INGEST_SCHEMA = 2;
  private static final int KENBUN_SCHEMA = 2;
  private static final int MAX_BATCH = 2_000;
  private static final int CACHED_LEADS = 100_000;

  private final DataDirectory directory;
  private final Database kenbun;
  private final Outbox outbox;
  private final Reads reads;
  private final Configuration configuration;
  private final Accounts accounts;
  private final LeadCache cache = new LeadCache(CACHED_LEADS);
  private final EventTypes eventTypes = new EventTypes();
  private final Supplier<String> newLeadIds;
  private volatile long cursor;

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
    this.newLeadIds = newLeadIds;
    this.directory = path == null ? DataDirectory.temporary() : DataDirectory.open(path);
    Durability effective = path == null ? Durability.NONE : durability;
    Database openKenbun = null;
    Database openIngest = null;
    try {
      // Of the two, kenbun.db is always synced: a row leaves ingest.db only when its score cannot
      // be lost any more.
      openKenbun =
          Database.open(
              directory.path().resolve("kenbun.db"),
              "kenbun",
              KENBUN_SCHEMA,
              effective == Durability.NONE ? Durability.NONE : Durability.FULL,
              8_000,
              65_536);
      openIngest =
          Database.open(
              directory.path().resolve("ingest.db"),
              "ingest",
              INGEST_SCHEMA,
              effective,
              1_000,
              2_048);
      this.kenbun = openKenbun;
      this.cursor = kenbun.inTransaction(SqliteStorage::readCursor);
      this.outbox = new Outbox(openIngest, () -> cursor, maxQueued, clock);
      this.reads = new Reads(openKenbun.file());
      this.configuration = new Configuration(openKenbun);
      this.accounts = new Accounts(openKenbun);
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

  private static long readCursor(java.sql.Connection connection) throws java.sql.SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT cursor FROM progress");
        ResultSet rows = select.executeQuery()) {
      return rows.getLong(1);
    }
  }

  /** Starts to take events. */
  public void start() {
    outbox.start();
  }

  @Override
  public Queue queue() {
    return outbox;
  }

  public Reads reads() {
    return reads;
  }

  public Configuration configuration() {
    return configuration;
  }

  public Accounts accounts() {
    return accounts;
  }

  /** Returns where the files are. */
  public Path path() {
    return directory.path();
  }

  /** Says whether the files are thrown away at the end. */
  public boolean isTemporary() {
    return directory.isTemporary();
  }

  /** Returns how many bytes the files take, -1 when that cannot be told. */
  public long sizeOnDisk() {
    return directory.sizeOnDisk();
  }

  @Override
  public int drain(BatchWorker worker) throws StorageException {
    List<QueuedEvent> batch = outbox.after(cursor, MAX_BATCH);
    if (batch.isEmpty()) {
      return 0;
    }
    long next = batch.get(batch.size() - 1).seq();
    boolean committed = false;
    try {
      kenbun.inTransaction(
          connection -> {
            worker.apply(batch, new SqliteTx(connection, cache, eventTypes, newLeadIds));
            try (PreparedStatement update =
                connection.prepareStatement("UPDATE progress SET cursor = ?")) {
              update.setLong(1, next);
              update.executeUpdate();
            }
            return next;
          });
      committed = true;
    } finally {
      if (!committed) {
        cache.clear();
        eventTypes.forget();
      }
    }
    cursor = next;
    return batch.size();
  }

  @Override
  public void onStored(Runnable wake) {
    outbox.onStored(wake);
  }

  @Override
  public long cursor() {
    return cursor;
  }

  @Override
  public void close() {
    outbox.close();
    reads.close();
    kenbun.close();
    directory.close();
  }
}
