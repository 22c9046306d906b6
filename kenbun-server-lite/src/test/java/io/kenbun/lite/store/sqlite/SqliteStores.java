package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.leads.LeadColumns;
import io.kenbun.lite.store.reads.LeadLists;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What tests elsewhere need of SQLite alone. */
public final class SqliteStores {
  private SqliteStores() {}

  /** Opens a store that keeps so many leads in memory. */
  public static Store open(
      @Nullable Path path,
      Durability durability,
      long maxQueued,
      InstantSource clock,
      Supplier<String> newLeadIds,
      int cachedLeads)
      throws StorageException {
    return new SqliteStorage(path, durability, maxQueued, clock, newLeadIds, cachedLeads);
  }

  /** Returns lists that hold what they ask about in {@code columns}. */
  public static LeadLists lists(Store store, LeadColumns columns) {
    return ((SqliteStorage) store).lists(columns);
  }
}
