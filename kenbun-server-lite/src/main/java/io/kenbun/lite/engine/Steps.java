package io.kenbun.lite.engine;

import io.kenbun.lite.model.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One sequence, compiled: what it has to know of a lead is a few times in an array, whatever the
 * lead has done ({@code scoring.md} 9.2). Immutable; any thread.
 *
 * <pre>
 *   slot 0      the newest timestamp of its events that was taken
 *   ordered     slot i: the latest start of the first i steps, done in order
 *   unordered   one slot for each step: of each type the newest timestamps, oldest first
 * </pre>
 *
 * The latest start is enough: what ends at an event is within the window if its latest start is.
 */
public final class Steps {
  private final Sequence sequence;
  private final int offset;
  private final int size;
  private final long windowMillis;
  private final Map<String, Part> parts = new HashMap<>();

  Steps(Sequence sequence, int offset) {
    this.sequence = sequence;
    this.offset = offset;
    this.size = sequence.eventTypes().size();
    this.windowMillis = sequence.windowSeconds() * 1_000;
    List<String> steps = new ArrayList<>(sequence.eventTypes());
    if (!sequence.ordered()) {
      steps.sort(null);
    }
    // Unordered: sorted, so that equal steps are neighbours.
    for (String type : new LinkedHashSet<>(steps)) {
      int mask = 0;
      for (int i = 0; i < size; i++) {
        mask |= steps.get(i).equals(type) ? 1 << i : 0;
      }
      parts.put(type, new Part(mask, steps.indexOf(type), steps.lastIndexOf(type)));
    }
  }

  /** What one event type is in the sequence. */
  public final class Part {
    private final int mask;
    private final int first;
    private final int last;

    private Part(int mask, int first, int last) {
      this.mask = mask;
      this.first = first;
      this.last = last;
    }

    /** Returns the sequence. */
    public Steps steps() {
      return Steps.this;
    }

    /**
     * Takes an event that comes after all that were taken.
     *
     * @return whether it completes the sequence; if that counts, {@link #clear} follows
     */
    public boolean take(long[] slots, long timestampMillis) {
      slots[offset] = Math.max(slots[offset], timestampMillis);
      long earliest = timestampMillis - windowMillis;
      return sequence.ordered()
          ? takeOrdered(slots, mask, timestampMillis, earliest)
          : takeUnordered(slots, first, last, timestampMillis, earliest);
    }
  }

  /** Returns what events of the type are in the sequence, null when they are nothing. */
  @Nullable Part part(String eventType) {
    return parts.get(eventType);
  }

  public Sequence sequence() {
    return sequence;
  }

  /** Returns how far back from its end a sequence may begin, in milliseconds. */
  public long windowMillis() {
    return windowMillis;
  }

  /** Returns how many slots it needs. */
  int slots() {
    return size + 1;
  }

  /** Says whether the type is one of its steps. */
  public boolean has(String eventType) {
    return parts.containsKey(eventType);
  }

  /** Forgets all steps that were done; the newest timestamp stays. */
  public void clear(long[] slots) {
    Arrays.fill(slots, offset + 1, offset + slots(), Standing.NEVER);
  }

  /** Says whether only the lead's events themselves can tell what the event does. */
  public boolean isLate(long[] slots, long timestampMillis) {
    return timestampMillis < slots[offset];
  }

  /** Has every event before a time treated as late. */
  void knownFrom(long[] slots, long timestampMillis) {
    slots[offset] = timestampMillis;
  }

  /** Takes an event of one of its types, which comes after all that were taken. */
  public boolean take(long[] slots, String eventType, long timestampMillis) {
    Part part = parts.get(eventType);
    return part != null && part.take(slots, timestampMillis);
  }

  private boolean takeOrdered(long[] slots, int mask, long millis, long earliest) {
    boolean completes = false;
    for (int left = mask; left != 0; ) { // From the end: one event is one step.
      int step = Integer.SIZE - Integer.numberOfLeadingZeros(left);
      left &= ~(1 << (step - 1));
      long start = step == 1 ? millis : slots[offset + step - 1];
      if (step == size) {
        completes = start != Standing.NEVER && start >= earliest;
      } else {
        slots[offset + step] = Math.max(slots[offset + step], start);
      }
    }
    return completes;
  }

  private boolean takeUnordered(long[] slots, int first, int last, long millis, long earliest) {
    if (last > first) {
      System.arraycopy(slots, offset + 2 + first, slots, offset + 1 + first, last - first);
    }
    slots[offset + 1 + last] = millis;
    for (int step = 1; step <= size; step++) {
      long done = slots[offset + step];
      if (done == Standing.NEVER || done < earliest) {
        return false;
      }
    }
    return true;
  }
}
