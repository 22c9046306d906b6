package io.kenbun.lite.engine;

import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.SuppressionReason;
import io.kenbun.lite.model.VelocityFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which events are stored and earn nothing, in the documented order ({@code scoring.md} 11.1):
 * attribute filters, then the collapsing of bursts, then velocity filters. Immutable; any thread.
 */
public final class Suppression {
  private final Map<String, List<Matcher[]>> attributesByType = new HashMap<>();
  private final List<Matcher[]> attributesOfAll = new ArrayList<>();
  private final Map<String, List<VelocityFilter>> velocityByType = new HashMap<>();
  private final long burstMillis;

  Suppression(RuleSetup setup) {
    for (MetadataFilter filter : setup.metadataFilters()) {
      // A filter without conditions says nothing about an event, so it suppresses none.
      if (!filter.enabled() || filter.conditions().isEmpty()) {
        continue;
      }
      Matcher[] conditions = Matcher.all(filter.conditions());
      if (filter.eventType().isEmpty()) {
        attributesOfAll.add(conditions);
      } else {
        attributesByType
            .computeIfAbsent(filter.eventType(), type -> new ArrayList<>())
            .add(conditions);
      }
    }
    setup.velocityFilters().stream()
        .filter(VelocityFilter::enabled)
        .filter(filter -> !Policies.earnsNothing(filter.eventType()))
        .sorted(
            Comparator.comparingLong(VelocityFilter::createdAtMillis)
                .thenComparingLong(VelocityFilter::key))
        .forEach(
            filter ->
                velocityByType
                    .computeIfAbsent(filter.eventType(), type -> new ArrayList<>())
                    .add(filter));
    this.burstMillis = setup.settings().fanOutWindowMillis();
  }

  /**
   * How many events came before, of the lead or of the alias that has none, and of the type; those
   * that an attribute filter suppressed or that were collapsed do not count.
   */
  public interface Earlier {
    /**
     * Returns how many have a timestamp in ({@code afterMillis}, {@code untilMillis}], or any
     * number from {@code enough} on when there are at least so many.
     */
    int count(long afterMillis, long untilMillis, int enough);
  }

  /**
   * Says why an event is suppressed.
   *
   * @param metadata read only if a filter looks into it
   * @return null when it counts
   */
  public @Nullable Verdict verdict(
      String eventType,
      long timestampMillis,
      Supplier<Map<String, @Nullable Object>> metadata,
      Earlier earlier) {
    List<Matcher[]> ofType = attributesByType.get(eventType);
    if ((ofType != null && anyHolds(ofType, metadata.get()))
        || (!attributesOfAll.isEmpty() && anyHolds(attributesOfAll, metadata.get()))) {
      return Verdict.METADATA;
    }
    if (Policies.earnsNothing(eventType)) {
      return null;
    }
    if (burstMillis > 0
        && earlier.count(timestampMillis - burstMillis, timestampMillis + burstMillis - 1, 1) > 0) {
      return Verdict.COLLAPSED;
    }
    List<VelocityFilter> velocity = velocityByType.get(eventType);
    if (velocity != null) {
      for (VelocityFilter filter : velocity) {
        int passing = Policies.passing(filter);
        if (earlier.count(timestampMillis - filter.windowMillis(), timestampMillis, passing)
            >= passing) {
          return filter.keepFirst() ? Verdict.NOT_FIRST : Verdict.TOO_MANY;
        }
      }
    }
    return null;
  }

  /** Says whether events of the type are counted at all. */
  public boolean counts(String eventType) {
    return burstMillis > 0 || velocityByType.containsKey(eventType);
  }

  /** Returns how far back events of the type are looked at, in milliseconds. */
  public long windowMillis(String eventType) {
    long window = burstMillis;
    for (VelocityFilter filter : velocityByType.getOrDefault(eventType, List.of())) {
      window = Math.max(window, filter.windowMillis());
    }
    return window;
  }

  /** Returns how many events of the type are looked at, at most. */
  public int depth(String eventType) {
    int depth = 1;
    for (VelocityFilter filter : velocityByType.getOrDefault(eventType, List.of())) {
      depth = Math.max(depth, Policies.passing(filter));
    }
    return depth;
  }

  private static boolean anyHolds(List<Matcher[]> filters, Map<String, @Nullable Object> metadata) {
    for (Matcher[] conditions : filters) {
      boolean all = true;
      for (Matcher condition : conditions) {
        all = all && condition.matches(metadata);
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  /** Why an event is suppressed, and whether later ones are counted after it. */
  public enum Verdict {
    METADATA(SuppressionReason.METADATA_FILTER, false),
    COLLAPSED(SuppressionReason.INORGANIC_GROUPED, false),
    NOT_FIRST(SuppressionReason.INORGANIC_GROUPED, true),
    TOO_MANY(SuppressionReason.INORGANIC, true);

    private final SuppressionReason reason;
    private final boolean counted;

    Verdict(SuppressionReason reason, boolean counted) {
      this.reason = reason;
      this.counted = counted;
    }

    public SuppressionReason reason() {
      return reason;
    }

    /** Says whether it counts among the events that come too fast. */
    public boolean isCounted() {
      return counted;
    }
  }
}
