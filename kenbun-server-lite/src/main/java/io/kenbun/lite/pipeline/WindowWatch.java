package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.engine.Steps;
import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.engine.Windows;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.model.TriggerKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches a lead's events for sequences and surges ({@code scoring.md} 9.2, 9.3); for one
 * transaction. Events that come in order need nothing but what is in memory; one that is late, and
 * a lead that was not, a bounded look at the lead's events.
 */
final class WindowWatch {
  /** How many of a lead's events are looked at, the newest, however many lie in a window. */
  static final int MAX_EVENTS = 10_000;

  private final Rules.Snapshot rules;
  private final Tx tx;
  private final Firings firings;
  private final ScoreWatch scores;
  private final long nowMillis;

  WindowWatch(Rules.Snapshot rules, Tx tx, Firings firings, ScoreWatch scores) {
    this.rules = rules;
    this.tx = tx;
    this.firings = firings;
    this.scores = scores;
    this.nowMillis = tx.nowMillis();
  }

  /**
   * Says whether the store must be asked about the lead's earlier events before this one is kept.
   *
   * @param watched what looks at the event
   */
  boolean mustLoad(LeadState lead, Windows.Watched watched) {
    LeadTriggers state = lead.triggers();
    state.use(watched.windows());
    boolean known = state.slots() != null || watched.sequences().isEmpty();
    List<Windows.Surges> surges = watched.surges();
    for (int i = 0; i < surges.size() && known; i++) {
      known = state.recent(surges.get(i)) != null;
    }
    return !known;
  }

  /** Gathers what the lead did before the event, which must not be in the store yet. */
  void load(LeadState lead, RawEvent event, Windows.Watched watched) throws StorageException {
    Windows windows = watched.windows();
    LeadTriggers state = lead.triggers();
    if (lead.isNew()) {
      state.seeAll();
    }
    if (state.slots() == null && !windows.all().isEmpty()) {
      state.slots(slots(lead, windows));
    }
    for (Windows.Surges surges : watched.surges()) {
      if (state.recent(surges) == null) {
        state.recent(surges, recent(lead, event, windows, surges));
      }
    }
  }

  private record Seen(long timeMillis, long seq, String eventType) {}

  /** Returns the lead's events after a time, oldest first. */
  private List<Seen> seen(LeadState lead, long afterMillis, long untilMillis, Windows windows)
      throws StorageException {
    List<Seen> seen = new ArrayList<>();
    tx.events(
        lead,
        afterMillis,
        untilMillis,
        (timeMillis, seq, eventType) -> {
          if (windows.isSeen(eventType)) {
            seen.add(new Seen(timeMillis, seq, eventType));
          }
          return seen.size() < MAX_EVENTS;
        });
    Collections.reverse(seen);
    return seen;
  }

  private long[] slots(LeadState lead, Windows windows) throws StorageException {
    if (lead.isNew()) {
      return windows.newSlots(Standing.NEVER);
    }
    long newest = lead.ledger().activityMillis();
    long[] slots = windows.newSlots(newest);
    for (Seen past : seen(lead, newest - windows.longestMillis() - 1, Long.MAX_VALUE, windows)) {
      Windows.Watched watched = windows.watched(past.eventType);
      for (Steps.Part part : watched == null ? List.<Steps.Part>of() : watched.sequences()) {
        if (memory(lead, part.steps()).isBefore(past.timeMillis, past.seq)) {
          part.take(slots, past.timeMillis);
        }
      }
    }
    return slots;
  }

  private Recent recent(LeadState lead, RawEvent event, Windows windows, Windows.Surges surges)
      throws StorageException {
    long after = event.timestampMillis() - surges.windowMillis();
    long[] newest = timestamps(lead, windows, surges, after, Long.MAX_VALUE, surges.depth() + 1, 0);
    boolean all = newest.length <= surges.depth();
    return new Recent(newest, all ? after : newest[0]);
  }

  /** Returns the newest timestamps of such events but for one, ascending. */
  private long[] timestamps(
      LeadState lead,
      Windows windows,
      Windows.Surges surges,
      long afterMillis,
      long untilMillis,
      int max,
      long exceptSeq)
      throws StorageException {
    List<Long> newest = new ArrayList<>();
    tx.events(
        lead,
        afterMillis,
        untilMillis,
        (timeMillis, seq, eventType) -> {
          if (seq != exceptSeq && surges.count(eventType) && windows.isSeen(eventType)) {
            newest.add(timeMillis);
          }
          return newest.size() < max;
        });
    Collections.reverse(newest);
    return newest.stream().mapToLong(Long::longValue).toArray();
  }

  private TriggerMemory memory(LeadState lead, Steps steps) {
    return firings.memory(lead, key(steps.sequence()));
  }

  private static Remembered.Key key(Sequence sequence) {
    return new Remembered.Key(TriggerKind.SEQUENCE, sequence.key());
  }

  private static Remembered.Key key(Surge surge) {
    return new Remembered.Key(TriggerKind.SURGE, surge.key());
  }

  /** Makes the store know all events of the lead. */
  interface Flush {
    void flush() throws StorageException;
  }

  /**
   * Tells of what an event has completed, sequences before surges.
   *
   * @param watched what looks at it
   * @param before the headline score before it
   * @param again whether it comes after events that it was queued before
   * @param flush asked for before the store is, which must know the event then
   */
  void happened(
      LeadState lead,
      QueuedEvent queued,
      Windows.Watched watched,
      long before,
      boolean again,
      Flush flush)
      throws StorageException {
    sequences(lead, queued, watched, before, again, flush);
    List<Windows.Surges> surges = watched.surges();
    for (int i = 0; i < surges.size(); i++) {
      surges(lead, queued, before, watched.windows(), surges.get(i), flush);
    }
  }

  private void sequences(
      LeadState lead,
      QueuedEvent queued,
      Windows.Watched watched,
      long before,
      boolean again,
      Flush flush)
      throws StorageException {
    RawEvent event = queued.event();
    Windows windows = watched.windows();
    List<Steps.Part> sequences = watched.sequences();
    long[] slots = lead.triggers().slots();
    if (sequences.isEmpty() || slots == null) {
      return;
    }
    long timeMillis = event.timestampMillis();
    List<Seen> seen = null;
    for (int i = 0; i < sequences.size(); i++) {
      Steps.Part part = sequences.get(i);
      Steps steps = part.steps();
      boolean completes;
      if (again || steps.isLate(slots, timeMillis)) {
        if (seen == null) {
          flush.flush();
          seen = seen(lead, timeMillis - windows.longestMillis() - 1, Long.MAX_VALUE, windows);
        }
        completes = takeLate(lead, steps, slots, seen, queued);
      } else {
        completes = part.take(slots, timeMillis);
        if (completes) {
          steps.clear(slots);
        }
      }
      if (completes) {
        completed(lead, steps.sequence(), queued, before);
      }
    }
  }

  /** Goes through the lead's events again, of which the late one is one now. */
  private boolean takeLate(
      LeadState lead, Steps steps, long[] slots, List<Seen> seen, QueuedEvent queued) {
    TriggerMemory memory = memory(lead, steps);
    boolean completes = false;
    steps.clear(slots);
    for (Seen past : seen) {
      if (steps.has(past.eventType) && memory.isBefore(past.timeMillis, past.seq)) {
        boolean ends = steps.take(slots, past.eventType, past.timeMillis);
        if (ends && past.seq == queued.seq()) {
          steps.clear(slots);
          completes = true;
        }
      }
    }
    return completes;
  }

  private void completed(LeadState lead, Sequence sequence, QueuedEvent queued, long before) {
    RawEvent event = queued.event();
    firings.remember(
        lead, key(sequence), new TriggerMemory(event.timestampMillis(), queued.seq(), 0));
    if (!event.skipTriggers()) {
      add(
          lead,
          NotificationType.SEQUENCE_COMPLETED,
          sequence.key(),
          sequence.id(),
          sequence.name(),
          queued,
          before,
          sequence.eventTypes(),
          null,
          sequence.windowSeconds(),
          sequence.destinations());
    }
  }

  private void surges(
      LeadState lead,
      QueuedEvent queued,
      long before,
      Windows windows,
      Windows.Surges surges,
      Flush flush)
      throws StorageException {
    Recent recent = lead.triggers().recent(surges);
    if (recent == null) {
      return;
    }
    long timeMillis = queued.event().timestampMillis();
    long[] others = null;
    if (!recent.isNewest(timeMillis)) {
      others = others(lead, queued, windows, surges, recent, flush);
    }
    for (int i = 0; i < surges.size(); i++) {
      Surge surge = surges.surge(i);
      long reachedAt = Long.MIN_VALUE;
      if (others != null) {
        TriggerMemory memory = firings.memory(lead, key(surge));
        reachedAt = Windows.Surges.reachedAt(surge, others, timeMillis, memory.atMillis());
      } else if (recent.hasExactly(
          surge.threshold() - 1, timeMillis - surge.windowSeconds() * 1_000)) {
        reachedAt = timeMillis;
      }
      if (reachedAt != Long.MIN_VALUE) {
        reached(lead, surge, queued, before, reachedAt);
      }
    }
    recent.add(timeMillis, surges.depth(), surges.windowMillis());
  }

  /** Returns the timestamps within a window before and after a late event. */
  private long[] others(
      LeadState lead,
      QueuedEvent queued,
      Windows windows,
      Windows.Surges surges,
      Recent recent,
      Flush flush)
      throws StorageException {
    long after = queued.event().timestampMillis() - surges.windowMillis();
    long until = queued.event().timestampMillis() + surges.windowMillis() - 1;
    if (recent.knownAfterMillis() <= after) {
      return recent.between(after, until);
    }
    flush.flush();
    return timestamps(lead, windows, surges, after, until, MAX_EVENTS, queued.seq());
  }

  private void reached(
      LeadState lead, Surge surge, QueuedEvent queued, long before, long atMillis) {
    firings.remember(lead, key(surge), new TriggerMemory(atMillis, 0, 0));
    if (!queued.event().skipTriggers()) {
      add(
          lead,
          NotificationType.SURGE_FIRED,
          surge.key(),
          surge.id(),
          surge.name(),
          queued,
          before,
          List.of(),
          surge.threshold(),
          surge.windowSeconds(),
          surge.destinations());
    }
  }

  private void add(
      LeadState lead,
      NotificationType type,
      long trigger,
      String triggerId,
      String triggerName,
      QueuedEvent queued,
      long before,
      List<String> eventTypes,
      @Nullable Integer count,
      long windowSeconds,
      Destinations destinations) {
    long primary = rules.engine(lead.unit()).thresholds().primary();
    firings.add(
        new Firing(
            firings.newId(),
            lead.unit(),
            type,
            trigger,
            triggerId,
            triggerName,
            null,
            lead.key(),
            lead.leadId(),
            nowMillis,
            scores.headline(lead, nowMillis),
            before,
            ScoreWatch.rulesetId(rules.setup(lead.unit()), primary),
            scores.engagementLevel(lead, nowMillis),
            queued.event().eventType(),
            new EventId(queued.seq()).toString(),
            eventTypes,
            count,
            windowSeconds),
        destinations);
  }
}
