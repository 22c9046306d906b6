package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.engine.Windows;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What triggers know of a lead while it is in memory: little, whatever the lead has done, and all
 * of it can be read again.
 */
final class LeadTriggers {
  private @Nullable Map<Remembered.Key, TriggerMemory> memories;
  private @Nullable Windows windows;
  private long @Nullable [] slots;
  private @Nullable Recent @Nullable [] recents;

  @Nullable Map<Remembered.Key, TriggerMemory> memories() {
    return memories;
  }

  void memories(Map<Remembered.Key, TriggerMemory> known) {
    memories = known;
  }

  /** Drops what was gathered for other sequences and surges than {@code current}. */
  void use(Windows current) {
    Windows known = windows;
    if (known == null || !known.isSame(current)) {
      slots = null;
      recents = null;
    }
    windows = current;
  }

  /** Returns how far the lead is in each sequence, null when that is not known. */
  long @Nullable [] slots() {
    return slots;
  }

  void slots(long[] known) {
    slots = known;
  }

  /** Returns the newest timestamps that these surges count, null when they are not known. */
  @Nullable Recent recent(Windows.Surges surges) {
    return recents == null ? null : recents[surges.index()];
  }

  void recent(Windows.Surges surges, Recent known) {
    if (recents == null) {
      recents = new Recent[windows == null ? 0 : windows.counts()];
    }
    recents[surges.index()] = known;
  }

  /** Forgets what it knows of single events. */
  void forgetEvents() {
    slots = null;
    recents = null;
  }
}
