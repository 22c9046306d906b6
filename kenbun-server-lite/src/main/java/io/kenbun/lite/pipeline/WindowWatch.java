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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches a lead's events for sequences and surges ({@code scoring.md} 9.2, 9.3); for one
 * transaction. Events that come in order need nothing but what is in memory; one that is late, and
 * a lead that was not, a bounded look at the lead's events.
 */
final class WindowWatch {
  /** How many of a lead's events are looked at, the newest, however many lie in a window. */
  static final int MAX_EVENTS = 10_000;

  private static final String ALL_TYPES = "";

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

  /** Says whether any sequence or surge looks at such an event. */
  boolean isOn(RawEvent event) {
    Windows windows = rules.engine(event.unit()).windows();
    String type = event.eventType();
    return windows.isSeen(type)
        && (windows.surgesOfAll() != null
            || windows.surges(type) != null
            || !windows.sequences(type).isEmpty());
  }

  /**
   * Says whether the store must be asked about the lead's earlier events before this one is kept.
   */
  boolean mustLoad(LeadState lead, RawEvent event) {
    Windows windows = rules.engine(event.unit()).windows();
    LeadTriggers state = lead.triggers();
    state.use(windows);
    String type = event.eventType();
    return (state.slots() == null && !windows.sequences(type).isEmpty())
        || (windows.surges(type) != null && !state.recents().containsKey(type))
        || (windows.surgesOfAll() != null && !state.recents().containsKey(ALL_TYPES));
  }

  /** Gathers what the lead did before the event, which must not be in the store yet. */
  void load(LeadState lead, RawEvent event) throws StorageException {
    Windows windows = rules.engine(event.unit()).windows();
    LeadTriggers state = lead.triggers();
    if (state.slots() == null && !windows.all().isEmpty()) {
      state.slots(slots(lead, windows));
    }
    String type = event.eventType();
    loadRecent(lead, event, windows, windows.surges(type), type);
    loadRecent(lead, event, windows, windows.surgesOfAll(), ALL_TYPES);
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
      for (Steps.Part part : windows.sequences(past.eventType)) {
        if (memory(lead, part.steps()).isBefore(past.timeMillis, past.seq)) {
          part.take(slots, past.timeMillis);
        }
      }
    }
    return slots;
  }

  private void loadRecent(
      LeadState lead,
      RawEvent event,
      Windows windows,
      Windows.@Nullable Surges surges,
      String typeKey)
      throws StorageException {
    Map<String, Recent> recents = lead.triggers().recents();
    if (surges == null || recents.containsKey(typeKey)) {
      return;
    }
    if (lead.isNew()) {
      recents.put(typeKey, new Recent(new long[0], Long.MIN_VALUE));
      return;
    }
    long after = event.timestampMillis() - surges.windowMillis();
    long[] newest =
        timestamps(lead, windows, typeKey, after, Long.MAX_VALUE, surges.depth() + 1, 0);
    boolean all = newest.length <= surges.depth();
    recents.put(typeKey, new Recent(newest, all ? after : newest[0]));
  }

  /** Returns the newest timestamps of such events but for one, ascending. */
  private long[] timestamps(
      LeadState lead,
      Windows windows,
      String typeKey,
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
          boolean counts =
              typeKey.equals(ALL_TYPES) ? windows.isSeen(eventType) : typeKey.equals(eventType);
          if (counts && seq != exceptSeq) {
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
   * @param before the headline score before it
   * @param again whether it comes after events that it was queued before
   * @param flush asked for before the store is, which must know the event then
   */
  void happened(LeadState lead, QueuedEvent queued, long before, boolean again, Flush flush)
      throws StorageException {
    sequences(lead, queued, before, again, flush);
    Windows windows = rules.engine(lead.unit()).windows();
    String type = queued.event().eventType();
    surges(lead, queued, before, windows.surges(type), type, flush);
    surges(lead, queued, before, windows.surgesOfAll(), ALL_TYPES, flush);
  }

  private void sequences(
      LeadState lead, QueuedEvent queued, long before, boolean again, Flush flush)
      throws StorageException {
    RawEvent event = queued.event();
    Windows windows = rules.engine(lead.unit()).windows();
    List<Steps.Part> sequences = windows.sequences(event.eventType());
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
      Windows.@Nullable Surges surges,
      String typeKey,
      Flush flush)
      throws StorageException {
    Recent recent = lead.triggers().recents().get(typeKey);
    if (surges == null || recent == null) {
      return;
    }
    long timeMillis = queued.event().timestampMillis();
    long[] others = null;
    if (!recent.isNewest(timeMillis)) {
      others = others(lead, queued, surges, typeKey, recent, flush);
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
      Windows.Surges surges,
      String typeKey,
      Recent recent,
      Flush flush)
      throws StorageException {
    long after = queued.event().timestampMillis() - surges.windowMillis();
    long until = queued.event().timestampMillis() + surges.windowMillis() - 1;
    if (recent.knownAfterMillis() <= after) {
      return recent.between(after, until);
    }
    flush.flush();
    Windows windows = rules.engine(lead.unit()).windows();
    return timestamps(lead, windows, typeKey, after, until, MAX_EVENTS, queued.seq());
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
