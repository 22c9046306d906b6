package io.kenbun.lite.store.leads;

import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The leads seen lately, so that a lead that comes again costs no look-up. Right because one thread
 * alone writes leads; cleared when a transaction fails, since its changes are in here already.
 */
public final class LeadCache {
  private final Lately<Long, LeadState> byKey;
  private final Lately<LeadKey, Long> byLeadId;
  private final Lately<AliasKey, Long> byAlias;

  /** Makes one for so many leads, perhaps none. */
  public LeadCache(int size) {
    byKey = new Lately<>(size);
    byLeadId = new Lately<>(size);
    byAlias = new Lately<>(size);
  }

  public @Nullable LeadState lead(LeadKey leadKey) {
    return lead(byLeadId.get(leadKey));
  }

  public @Nullable LeadState lead(AliasKey alias) {
    return lead(byAlias.get(alias));
  }

  public @Nullable LeadState lead(@Nullable Long key) {
    return key == null ? null : byKey.get(key);
  }

  public void put(LeadState lead) {
    byKey.put(lead.key(), lead);
    byLeadId.put(new LeadKey(lead.unit(), lead.leadId()), lead.key());
  }

  public void put(AliasKey alias, LeadState lead) {
    byAlias.put(alias, lead.key());
  }

  public void clear() {
    byKey.clear();
    byLeadId.clear();
    byAlias.clear();
  }

  /**
   * At most {@code size} entries. When full, a hand goes round over them: it spares once what was
   * asked for since it last came by, and takes the place of the first that was not. A hit sets a
   * bit; a list in the order of use would move references among old objects with each, and that
   * kept a garbage collector's threads busy for as long as scoring itself.
   */
  private static final class Lately<K, V> {
    private final int size;
    private final Map<K, Entry<K, V>> entries = new HashMap<>();
    private final List<Entry<K, V>> circle = new ArrayList<>();
    private int hand;

    Lately(int size) {
      this.size = size;
    }

    @Nullable V get(K key) {
      Entry<K, V> entry = entries.get(key);
      if (entry == null) {
        return null;
      }
      entry.used = true;
      return entry.value;
    }

    void put(K key, V value) {
      if (size == 0) {
        return;
      }
      Entry<K, V> entry = entries.get(key);
      if (entry != null) {
        entry.value = value;
        entry.used = true;
        return;
      }
      entry = new Entry<>(key, value);
      if (circle.size() < size) {
        circle.add(entry);
      } else {
        entries.remove(circle.set(unused(), entry).key);
      }
      entries.put(key, entry);
    }

    private int unused() {
      while (true) {
        int at = hand;
        hand = (hand + 1) % size;
        Entry<K, V> entry = circle.get(at);
        if (!entry.used) {
          return at;
        }
        entry.used = false;
      }
    }

    void clear() {
      entries.clear();
      circle.clear();
      hand = 0;
    }
  }

  private static final class Entry<K, V> {
    final K key;
    V value;
    boolean used = true; // So that what is put stays while about as much again is put after it.

    Entry(K key, V value) {
      this.key = key;
      this.value = value;
    }
  }
}
