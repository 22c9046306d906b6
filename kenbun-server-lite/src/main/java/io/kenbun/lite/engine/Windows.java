package io.kenbun.lite.engine;

import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The active sequences and surges of a unit by the types they look at: an event costs as much as
 * those of its type, however many others there are ({@code scoring.md} 9.2, 9.3). Immutable; any
 * thread.
 */
public final class Windows {
  private final Set<String> hidden;
  private final List<Steps> all = new ArrayList<>();
  private final List<Surge> surges = new ArrayList<>();
  private final Map<String, List<Steps.Part>> sequencesByType = new HashMap<>();
  private final Map<String, Surges> surgesByType = new HashMap<>();
  private final @Nullable Surges surgesOfAll;
  private int slots;
  private long longestMillis;

  Windows(RuleSetup setup) {
    this.hidden = setup.hiddenEventTypes();
    for (Sequence sequence : setup.sequences()) {
      if (sequence.active() && sequence.eventTypes().stream().allMatch(this::isSeen)) {
        Steps steps = new Steps(sequence, slots);
        slots += steps.slots();
        longestMillis = Math.max(longestMillis, steps.windowMillis());
        all.add(steps);
        for (String type : new LinkedHashSet<>(sequence.eventTypes())) {
          Steps.Part part = steps.part(type);
          if (part != null) {
            sequencesByType.computeIfAbsent(type, key -> new ArrayList<>()).add(part);
          }
        }
      }
    }
    Map<String, List<Surge>> byType = new HashMap<>();
    List<Surge> ofAll = new ArrayList<>();
    for (Surge surge : setup.surges()) {
      String type = surge.eventType();
      if (surge.active() && (type == null || isSeen(type))) {
        surges.add(surge);
        (type == null ? ofAll : byType.computeIfAbsent(type, key -> new ArrayList<>())).add(surge);
      }
    }
    byType.forEach((type, own) -> surgesByType.put(type, new Surges(own)));
    this.surgesOfAll = ofAll.isEmpty() ? null : new Surges(ofAll);
  }

  /** Says whether triggers look at events of the type at all. */
  public boolean isSeen(String eventType) {
    return !Policies.earnsNothing(eventType) && !hidden.contains(eventType);
  }

  /** Says whether what was gathered for {@code other} is right for this as well. */
  public boolean isSame(Windows other) {
    return this == other
        || (hidden.equals(other.hidden)
            && surges.equals(other.surges)
            && sequences().equals(other.sequences()));
  }

  private List<Sequence> sequences() {
    return all.stream().map(Steps::sequence).toList();
  }

  /** Returns every sequence. */
  public List<Steps> all() {
    return all;
  }

  /** Returns the sequences with such a step. */
  public List<Steps.Part> sequences(String eventType) {
    return sequencesByType.getOrDefault(eventType, List.of());
  }

  /** Returns the surges of that type alone, null for none. */
  public @Nullable Surges surges(String eventType) {
    return surgesByType.get(eventType);
  }

  /** Returns the surges of all types, null for none. */
  public @Nullable Surges surgesOfAll() {
    return surgesOfAll;
  }

  /** Returns the longest window of a sequence, in milliseconds. */
  public long longestMillis() {
    return longestMillis;
  }

  /**
   * Returns the slots of a lead of which nothing is known.
   *
   * @param knownFromMillis events before are late
   */
  public long[] newSlots(long knownFromMillis) {
    long[] fresh = new long[slots];
    Arrays.fill(fresh, Standing.NEVER);
    for (Steps steps : all) {
      steps.knownFrom(fresh, knownFromMillis);
    }
    return fresh;
  }

  /** The surges that count the same events. */
  public static final class Surges {
    private final Surge[] surges;
    private final int depth;
    private final long windowMillis;

    Surges(List<Surge> surges) {
      this.surges = surges.toArray(Surge[]::new);
      this.depth = surges.stream().mapToInt(Surge::threshold).max().orElse(0);
      this.windowMillis = surges.stream().mapToLong(Surge::windowSeconds).max().orElse(0) * 1_000;
    }

    public int size() {
      return surges.length;
    }

    public Surge surge(int index) {
      return surges[index];
    }

    /** Returns how many events are counted, at most. */
    public int depth() {
      return depth;
    }

    /** Returns how far back they are, in milliseconds. */
    public long windowMillis() {
      return windowMillis;
    }

    /**
     * Says when an event that came late has made the count reach the threshold: at its own time, or
     * at that of an event after it, whose window it lies in.
     *
     * @param others the timestamps of the other events within a window before and after, ascending
     * @param firedAtMillis when it was reached last; nothing until then counts again
     * @return {@link Long#MIN_VALUE} when it has not
     */
    public static long reachedAt(
        Surge surge, long[] others, long timestampMillis, long firedAtMillis) {
      long window = surge.windowSeconds() * 1_000;
      long reached = Long.MIN_VALUE;
      if (reaches(surge, others, timestampMillis, firedAtMillis, window)) {
        reached = timestampMillis;
      }
      for (int i = 0; i < others.length && reached == Long.MIN_VALUE; i++) {
        if (others[i] > timestampMillis
            && others[i] < timestampMillis + window
            && reaches(surge, others, others[i], firedAtMillis, window)) {
          reached = others[i];
        }
      }
      return reached;
    }

    private static boolean reaches(
        Surge surge, long[] others, long atMillis, long firedAtMillis, long windowMillis) {
      return atMillis > firedAtMillis
          && firstAfter(others, atMillis) - firstAfter(others, atMillis - windowMillis)
              == surge.threshold() - 1;
    }

    private static int firstAfter(long[] ascending, long millis) {
      int low = 0;
      int high = ascending.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ascending[middle] <= millis) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
