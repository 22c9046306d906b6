package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The leads seen last, so that a lead that comes again costs no look-up. Right because one thread
 * alone writes leads; cleared when a transaction fails, since its changes are in here already.
 */
final class LeadCache {
  private final Map<Long, LeadState> byKey;
  private final Map<LeadKey, Long> byLeadId;
  private final Map<AliasKey, Long> byAlias;

  LeadCache(int size) {
    byKey = new LastUsed<>(size);
    byLeadId = new LastUsed<>(size);
    byAlias = new LastUsed<>(size);
  }

  @Nullable LeadState lead(LeadKey leadKey) {
    return lead(byLeadId.get(leadKey));
  }

  @Nullable LeadState lead(AliasKey alias) {
    return lead(byAlias.get(alias));
  }

  @Nullable LeadState lead(@Nullable Long key) {
    return key == null ? null : byKey.get(key);
  }

  void put(LeadState lead) {
    byKey.put(lead.key(), lead);
    byLeadId.put(new LeadKey(lead.unit(), lead.leadId()), lead.key());
  }

  void put(AliasKey alias, LeadState lead) {
    byAlias.put(alias, lead.key());
  }

  void clear() {
    byKey.clear();
    byLeadId.clear();
    byAlias.clear();
  }

  private static final class LastUsed<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private final int size;

    LastUsed(int size) {
      super(16, 0.75f, true);
      this.size = size;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > size;
    }
  }
}
