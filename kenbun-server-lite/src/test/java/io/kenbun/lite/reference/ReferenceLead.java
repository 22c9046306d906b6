package io.kenbun.lite.reference;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.SuppressionReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A lead as nothing but its facts. */
final class ReferenceLead {
  /** Types that are no activity whoever sent them ({@code scoring.md} 6.2). */
  private static final Set<String> NO_ACTIVITY = Set.of("DECAY", "score_reset", "lead_merged");

  final List<Fact> facts = new ArrayList<>();
  final List<Decay> decays = new ArrayList<>();
  final Map<String, Field> profile = new LinkedHashMap<>();
  final Map<Long, Long> profileScores = new LinkedHashMap<>();
  long resetAtMillis = Long.MIN_VALUE;

  /** One event of the lead. */
  static final class Fact {
    final Step.Arrival event;
    final int arrival;
    final @Nullable SuppressionReason reason;
    final boolean collapsed;
    final Map<Long, Earned> earned = new LinkedHashMap<>();
    boolean removedByReset;

    Fact(Step.Arrival event, int arrival, @Nullable SuppressionReason reason, boolean collapsed) {
      this.event = event;
      this.arrival = arrival;
      this.reason = reason;
      this.collapsed = collapsed;
    }

    long timestampMillis() {
      return event.timestampMillis();
    }

    /** Says whether decay takes it for activity. */
    boolean qualifies() {
      return reason == null && !NO_ACTIVITY.contains(event.eventType());
    }
  }

  /**
   * What an event gave in one ruleset.
   *
   * @param clippable whether the floor was in force when it was processed
   */
  record Earned(List<Contribution.Hit> hits, boolean clippable) {
    long sum() {
      return hits.stream().mapToLong(Contribution.Hit::weight).sum();
    }
  }

  /**
   * One application of a decay rule.
   *
   * @param baseMillis since when the lead was quiet
   */
  record Decay(
      long rule,
      long ruleset,
      long baseMillis,
      long timestampMillis,
      long points,
      boolean clippable,
      boolean removedByReset) {
    Decay reset() {
      return new Decay(rule, ruleset, baseMillis, timestampMillis, points, clippable, true);
    }
  }

  /** A profile field and the event that set it. */
  record Field(Object value, long atMillis) {}

  /** Drops what decay took for a time that turned out not to have been quiet. */
  void dropDecaysOfTimesThatWereNotQuiet() {
    decays.removeIf(
        decay ->
            !decay.removedByReset()
                && facts.stream()
                    .filter(Fact::qualifies)
                    .mapToLong(Fact::timestampMillis)
                    .anyMatch(
                        millis -> millis > decay.baseMillis() && millis < decay.timestampMillis()));
  }
}
