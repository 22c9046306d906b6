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
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
  private final Map<String, Watched> byType = new HashMap<>();
  private final @Nullable Watched ofOtherTypes;
  private int slots;
  private int counts;
  private long longestMillis;

  Windows(RuleSetup setup) {
    this.hidden = setup.hiddenEventTypes();
    Map<String, List<Steps.Part>> parts = new HashMap<>();
    for (Sequence sequence : setup.sequences()) {
      if (sequence.active() && sequence.eventTypes().stream().allMatch(this::isSeen)) {
        Steps steps = new Steps(sequence, slots);
        slots += steps.slots();
        longestMillis = Math.max(longestMillis, steps.windowMillis());
        all.add(steps);
        for (String type : new LinkedHashSet<>(sequence.eventTypes())) {
          Steps.Part part = steps.part(type);
          if (part != null) {
            parts.computeIfAbsent(type, key -> new ArrayList<>()).add(part);
          }
        }
      }
    }
    Map<String, List<Surge>> surgesByType = new HashMap<>();
    List<Surge> ofAll = new ArrayList<>();
    for (Surge surge : setup.surges()) {
      String type = surge.eventType();
      if (surge.active() && (type == null || isSeen(type))) {
        surges.add(surge);
        (type == null ? ofAll : surgesByType.computeIfAbsent(type, key -> new ArrayList<>()))
            .add(surge);
      }
    }
    Surges surgesOfAll = ofAll.isEmpty() ? null : new Surges(null, ofAll, counts++);
    Set<String> types = new TreeSet<>(parts.keySet()); // In an order that is always the same.
    types.addAll(surgesByType.keySet());
    for (String type : types) {
      List<Surge> own = surgesByType.get(type);
      Surges surgesOfType = own == null ? null : new Surges(type, own, counts++);
      byType.put(type, new Watched(parts.getOrDefault(type, List.of()), surgesOfType, surgesOfAll));
    }
    this.ofOtherTypes = surgesOfAll == null ? null : new Watched(List.of(), null, surgesOfAll);
  }

  /** What looks at events of one type: found once for each event. */
  public final class Watched {
    private final List<Steps.Part> sequences;
    private final List<Surges> surges;

    private Watched(
        List<Steps.Part> sequences, @Nullable Surges ofType, @Nullable Surges ofAllTypes) {
      this.sequences = List.copyOf(sequences);
      this.surges = Stream.of(ofType, ofAllTypes).<Surges>mapMulti(Windows::addKnown).toList();
    }

    /** Returns what it is one of. */
    public Windows windows() {
      return Windows.this;
    }

    /** Returns the sequences with such a step. */
    public List<Steps.Part> sequences() {
      return sequences;
    }

    /** Returns the surges that count such events, those of that type alone first. */
    public List<Surges> surges() {
      return surges;
    }
  }

  private static void addKnown(@Nullable Surges surges, Consumer<Surges> to) {
    if (surges != null) {
      to.accept(surges);
    }
  }

  /** Returns what looks at events of the type, null when nothing does. */
  public @Nullable Watched watched(String eventType) {
    Watched known = byType.get(eventType);
    return known != null ? known : ofOtherTypes != null && isSeen(eventType) ? ofOtherTypes : null;
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

  /** Returns how many counts of events surges keep of a lead. */
  public int counts() {
    return counts;
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
    private final @Nullable String eventType;
    private final Surge[] surges;
    private final int index;
    private final int depth;
    private final long windowMillis;

    Surges(@Nullable String eventType, List<Surge> surges, int index) {
      this.eventType = eventType;
      this.surges = surges.toArray(Surge[]::new);
      this.index = index;
      this.depth = surges.stream().mapToInt(Surge::threshold).max().orElse(0);
      this.windowMillis = surges.stream().mapToLong(Surge::windowSeconds).max().orElse(0) * 1_000;
    }

    /** Says whether they count events of a type that triggers look at. */
    public boolean count(String type) {
      return eventType == null || eventType.equals(type);
    }

    /** Returns which of the {@link Windows#counts} is theirs. */
    public int index() {
      return index;
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
