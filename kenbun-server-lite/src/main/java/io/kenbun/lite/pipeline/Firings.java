package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Firing;
import java.util.ArrayList;
import java.util.List;

/** What has fired in one transaction, in order, and what triggers remember; for one thread. */
final class Firings {
  private final Tx tx;
  private final List<Fired> fired = new ArrayList<>();
  private final List<LeadState> changed = new ArrayList<>();
  private final List<Firing> all = new ArrayList<>();

  Firings(Tx tx) {
    this.tx = tx;
  }

  /** Returns what a trigger remembers of the lead. */
  TriggerMemory memory(LeadState lead, Remembered.Key trigger) {
    return memories(lead).get(trigger);
  }

  private LeadMemories memories(LeadState lead) {
    LeadMemories known = lead.triggers().memories();
    if (known == null) {
      try {
        known = lead.isNew() ? new LeadMemories() : new LeadMemories(tx.memories(lead));
      } catch (StorageException e) {
        throw new UncheckedStorageException(e);
      }
      lead.triggers().memories(known);
    }
    return known;
  }

  void remember(LeadState lead, Remembered.Key trigger, TriggerMemory memory) {
    change(lead).put(trigger, memory);
  }

  private LeadMemories change(LeadState lead) {
    LeadMemories memories = memories(lead);
    if (!memories.isChanged()) {
      changed.add(lead);
    }
    return memories;
  }

  /** Has {@code into} remember what both of them did. */
  void merge(LeadState into, LeadState source) {
    change(into).merge(memories(source));
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
    LeadMemories memories = lead.triggers().memories();
    return memories != null && memories.isChanged();
  }

  /** Returns everything that has fired. */
  List<Firing> all() {
    return all;
  }

  void save() throws StorageException {
    if (fired.isEmpty() && changed.isEmpty()) {
      return;
    }
    List<Remembered> memories = new ArrayList<>(fired.size());
    for (LeadState lead : changed) {
      memories(lead).takeChanged(lead, memories);
    }
    tx.saveFirings(fired, memories);
    fired.clear();
    changed.clear();
  }
}
