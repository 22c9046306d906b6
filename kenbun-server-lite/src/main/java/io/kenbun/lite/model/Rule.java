package io.kenbun.lite.model;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One engagement rule: an event of this type whose metadata meets every filter earns the weight
 * ({@code scoring.md} 4.2). A change makes a new value; what an event earned before stays as it
 * was.
 *
 * @param key the rule's number inside this server; never sent
 * @param window the days on which the rule counts; the event's timestamp decides
 * @param priority its place in the ruleset, 0 first; orders output, does not stop evaluation
 * @param halfLifeDays in how many days what an event earned fades to half, 1 or more; null: never
 */
public record Rule(
    long key,
    String id,
    String eventType,
    int weight,
    boolean active,
    List<Condition> filters,
    DateWindow window,
    int priority,
    @Nullable Integer halfLifeDays,
    long createdAtMillis,
    long updatedAtMillis) {

  /** The lowest and the highest {@code weight}: the contract names no limit but whole numbers. */
  public static final int MIN_WEIGHT = Integer.MIN_VALUE;

  public static final int MAX_WEIGHT = Integer.MAX_VALUE;

  /** The longest half-life, about a hundred years; the shortest is 1 day. Ours. */
  public static final int MAX_HALF_LIFE_DAYS = 36_500;

  public Rule {
    filters = List.copyOf(filters);
  }

  /** Makes a rule that does not fade and that nothing has kept yet. */
  public Rule(
      long key,
      String id,
      String eventType,
      int weight,
      boolean active,
      List<Condition> filters,
      DateWindow window,
      int priority) {
    this(key, id, eventType, weight, active, filters, window, priority, null, 0, 0);
  }

  /** Returns the filters in words, or null when the rule has none. */
  public @Nullable String filterLabel() {
    return filters.isEmpty()
        ? null
        : filters.stream().map(Condition::label).collect(Collectors.joining(" and "));
  }
}
