package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Thresholds;
import io.kenbun.lite.engine.Windows;
import org.jspecify.annotations.Nullable;

/**
 * What triggers know of a lead while it is in memory: little, whatever the lead has done, and all
 * of it can be read again.
 */
final class LeadTriggers {
  private @Nullable LeadMemories memories;
  private @Nullable Thresholds dueFor;
  private @Nullable Windows windows;
  private boolean seenAll;
  private long @Nullable [] slots;
  private @Nullable Recent @Nullable [] recents;

  @Nullable LeadMemories memories() {
    return memories;
  }

  void memories(LeadMemories known) {
    memories = known;
  }

  /**
   * Says whether no score fades across one of these thresholds before {@link
   * LeadState#decayDueMillis}.
   */
  @SuppressWarnings("ReferenceEquality") // Made anew with each change of the rules.
  boolean isDueKnown(Thresholds thresholds) {
    return dueFor == thresholds;
  }

  void dueKnown(Thresholds thresholds) {
    dueFor = thresholds;
  }

  /** A score has changed so that it may fade across a threshold sooner. */
  void dueUnknown() {
    dueFor = null;
  }

  /** Drops what was gathered for other sequences and surges than {@code current}. */
  void use(Windows current) {
    Windows known = windows;
    if (known == null || !known.isSame(current)) {
      forgetEvents();
    }
    windows = current;
  }

  /** From here on all events of a lead that had none before are seen: nothing is to be loaded. */
  void seeAll() {
    seenAll = true;
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
    Recent known = recents == null ? null : recents[surges.index()];
    if (known == null && seenAll) {
      known = new Recent(new long[0], Long.MIN_VALUE);
      recent(surges, known);
    }
    return known;
  }

  void recent(Windows.Surges surges, Recent known) {
    if (recents == null) {
      recents = new Recent[windows == null ? 0 : windows.counts()];
    }
    recents[surges.index()] = known;
  }

  /** Forgets what it knows of single events. */
  void forgetEvents() {
    seenAll = false;
    slots = null;
    recents = null;
  }
}
