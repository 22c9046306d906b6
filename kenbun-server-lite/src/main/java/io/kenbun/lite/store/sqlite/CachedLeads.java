package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.store.leads.LeadCache;
import io.kenbun.lite.store.leads.LeadLookup;
import io.kenbun.lite.store.leads.LeadRows;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leads out of the memory of the one thread that writes, one by one from the store where not. */
final class CachedLeads implements LeadLookup {
  private final Connection connection;
  private final LeadCache cache;
  private final LeadRows rows;
  private long lastKey = -1;

  CachedLeads(Connection connection, LeadCache cache, LeadRows rows) {
    this.connection = connection;
    this.cache = cache;
    this.rows = rows;
  }

  @Override
  public void expect(List<QueuedEvent> batch) throws SQLException {
    lastKey = new Sql("SELECT coalesce(max(key), 0) FROM lead").number(connection);
  }

  @Override
  public void expectKeys(Collection<Long> keys) {}

  @Override
  public @Nullable LeadState byLeadId(LeadKey leadKey) throws SQLException {
    LeadState lead = cache.lead(leadKey);
    return lead == null ? rows.byLeadId(leadKey.unit(), leadKey.leadId()) : lead;
  }

  @Override
  public @Nullable LeadState byAlias(AliasKey alias) throws SQLException {
    LeadState lead = cache.lead(alias);
    if (lead == null) {
      lead = rows.byAlias(alias);
      if (lead != null) {
        cache.put(alias, lead);
      }
    }
    return lead;
  }

  @Override
  public @Nullable LeadState byKey(long key) throws SQLException {
    return rows.byKey(key);
  }

  @Override
  public void forget() {
    cache.clear();
  }

  @Override
  public long nextKey() {
    return ++lastKey;
  }
}
