package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Firing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What has fired in one transaction, in order, and what triggers remember; for one thread. */
final class Firings {
  private final Tx tx;
  private final List<Fired> fired = new ArrayList<>();
  private final Map<LeadState, Map<Remembered.Key, TriggerMemory>> changed = new LinkedHashMap<>();
  private final List<Firing> all = new ArrayList<>();

  Firings(Tx tx) {
    this.tx = tx;
  }

  /** Returns what a trigger remembers of the lead. */
  TriggerMemory memory(LeadState lead, Remembered.Key trigger) {
    return memories(lead).getOrDefault(trigger, TriggerMemory.NONE);
  }

  private Map<Remembered.Key, TriggerMemory> memories(LeadState lead) {
    @Nullable Map<Remembered.Key, TriggerMemory> known = lead.triggers().memories();
    if (known == null) {
      try {
        known = lead.isNew() ? new HashMap<>(4) : tx.memories(lead);
      } catch (StorageException e) {
        throw new UncheckedStorageException(e);
      }
      lead.triggers().memories(known);
    }
    return known;
  }

  void remember(LeadState lead, Remembered.Key trigger, TriggerMemory memory) {
    memories(lead).put(trigger, memory);
    changed.computeIfAbsent(lead, key -> new HashMap<>(4)).put(trigger, memory);
  }

  /** Has {@code into} remember what both of them did. */
  void merge(LeadState into, LeadState source) {
    Map<Remembered.Key, TriggerMemory> both = new HashMap<>(memories(into));
    memories(source)
        .forEach((trigger, memory) -> both.merge(trigger, memory, TriggerMemory::merged));
    both.forEach((trigger, memory) -> remember(into, trigger, memory));
  }

  String newId() {
    try {
      return tx.newFiringId();
    } catch (StorageException e) {
      throw new UncheckedStorageException(e);
    }
  }

  void add(Firing firing, Destinations destinations) {
    fired.add(new Fired(firing, destinations));
    all.add(firing);
  }

  /** Says whether anything fired, or anything is to be remembered, for the lead. */
  boolean touched(LeadState lead) {
    return changed.containsKey(lead);
  }

  /** Returns everything that has fired. */
  List<Firing> all() {
    return all;
  }

  void save() throws StorageException {
    if (fired.isEmpty() && changed.isEmpty()) {
      return;
    }
    List<Remembered> memories = new ArrayList<>();
    changed.forEach(
        (lead, triggers) ->
            triggers.forEach(
                (trigger, memory) ->
                    memories.add(new Remembered(lead, trigger, Objects.requireNonNull(memory)))));
    tx.saveFirings(fired, memories);
    fired.clear();
    changed.clear();
  }
}
