package io.kenbun.lite.engine;

import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The active milestones of a unit, compiled: which of them a score crosses costs a binary search,
 * however many there are ({@code scoring.md} 9.1). Immutable; any thread.
 */
public final class Thresholds {
  private final List<Line> lines = new ArrayList<>();
  private final long primary;

  Thresholds(RuleSetup setup) {
    Ruleset headline = setup.primaryRuleset();
    this.primary = headline == null ? 0 : headline.key();
    Map<Long, List<Milestone>> byRuleset = new TreeMap<>();
    for (Milestone milestone : setup.milestones()) {
      Long own = milestone.ruleset();
      long ruleset = own == null ? primary : own;
      if (milestone.active() && ruleset != 0) {
        byRuleset.computeIfAbsent(ruleset, key -> new ArrayList<>()).add(milestone);
      }
    }
    byRuleset.forEach((ruleset, milestones) -> lines.add(new Line(ruleset, milestones)));
  }

  /** Returns the thresholds of each ruleset that is watched. */
  public List<Line> lines() {
    return lines;
  }

  /** Returns the key of the ruleset whose score is the headline score, 0 for none. */
  public long primary() {
    return primary;
  }

  /**
   * Says whether a crossing fires ({@code scoring.md} 9.1); the levels are asked separately.
   *
   * @param entered whether it is upward
   * @param eventType of the event that caused it, null when none did
   * @param atMillis when it happened
   */
  public static boolean fires(
      Milestone milestone,
      boolean entered,
      @Nullable String eventType,
      long atMillis,
      TriggerMemory memory) {
    if (atMillis < milestone.inForceSinceMillis()
        || !Policies.isCause(milestone, eventType)
        || (!entered && !Policies.exitFires(milestone))) {
      return false;
    }
    if (milestone.fireMode() == FireMode.ONCE) {
      return entered
          ? !memory.has(TriggerMemory.ENTERED)
          : memory.has(TriggerMemory.ENTERED) && !memory.has(TriggerMemory.EXITED);
    }
    return Policies.isCooledDown(milestone, memory.atMillis(), atMillis);
  }

  /**
   * Says whether a lead has the levels that the milestone asks for.
   *
   * @param engagement asked for the lead's level only if the milestone asks for one
   * @param profile likewise
   */
  public static boolean hasLevels(
      Milestone milestone, Supplier<String> engagement, Supplier<String> profile) {
    return isLevel(milestone.engagementLevel(), engagement)
        && isLevel(milestone.profileLevel(), profile)
        && isLevel(milestone.accountLevel(), Policies::accountLevel);
  }

  private static boolean isLevel(@Nullable String asked, Supplier<String> actual) {
    return asked == null || asked.equals(actual.get());
  }

  /** Returns what is remembered after a crossing that fired. */
  public static TriggerMemory fired(boolean entered, long atMillis, TriggerMemory memory) {
    int mark = entered ? TriggerMemory.ENTERED : TriggerMemory.EXITED;
    return new TriggerMemory(atMillis, 0, memory.marks() | mark);
  }

  /** Returns what is remembered after one that would have fired and was kept quiet. */
  public static TriggerMemory silenced(boolean entered, TriggerMemory memory) {
    int mark = entered ? TriggerMemory.ENTERED : TriggerMemory.EXITED;
    return new TriggerMemory(memory.atMillis(), 0, memory.marks() | mark);
  }

  /** The milestones on one ruleset's score. */
  public static final class Line {
    private final long ruleset;
    private final Milestone[] milestones;
    private final int[] thresholds;
    private final int[] falling;
    private final int[] rising;

    Line(long ruleset, List<Milestone> unordered) {
      this.ruleset = ruleset;
      List<Milestone> ordered = new ArrayList<>(unordered);
      ordered.sort(
          Comparator.comparingInt(Milestone::scoreThreshold).thenComparingLong(Milestone::key));
      this.milestones = ordered.toArray(Milestone[]::new);
      this.thresholds = thresholds(ordered, milestone -> true);
      this.rising = thresholds(ordered, milestone -> Policies.isCause(milestone, null));
      this.falling =
          thresholds(
              ordered,
              milestone -> Policies.isCause(milestone, null) && Policies.exitFires(milestone));
    }

    private static int[] thresholds(List<Milestone> ordered, Predicate<Milestone> which) {
      return ordered.stream().filter(which).mapToInt(Milestone::scoreThreshold).toArray();
    }

    public long ruleset() {
      return ruleset;
    }

    /** Returns the milestones that a change crosses, either way, lowest first. */
    public List<Milestone> crossed(long before, long after) {
      int from = reached(thresholds, Math.min(before, after));
      int to = reached(thresholds, Math.max(before, after));
      return from == to ? List.of() : Arrays.asList(milestones).subList(from, to);
    }

    /**
     * Returns when time alone takes the score across a threshold that it can fire at, or a time
     * before that; {@link Long#MAX_VALUE} when it never will.
     *
     * @param limitMillis after which it is enough to know that it is not before
     */
    public long nextMillis(
        Standing standing, double more, long fromMillis, long limitMillis, boolean allowNegative) {
      return standing.fadingCount() == 0 || (falling.length == 0 && rising.length == 0)
          ? Long.MAX_VALUE
          : Fading.next(standing, more, falling, rising, fromMillis, limitMillis, allowNegative);
    }

    /** Returns how many of {@code ascending} the score has reached. */
    static int reached(int[] ascending, long score) {
      int low = 0;
      int high = ascending.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ascending[middle] <= score) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
