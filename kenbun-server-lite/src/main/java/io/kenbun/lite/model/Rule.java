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
 */
public record Rule(
    long key,
    String id,
    String eventType,
    int weight,
    boolean active,
    List<Condition> filters,
    DateWindow window,
    int priority) {

  public Rule {
    filters = List.copyOf(filters);
  }

  /** Returns the filters in words, or null when the rule has none. */
  public @Nullable String filterLabel() {
    return filters.isEmpty()
        ? null
        : filters.stream().map(Condition::label).collect(Collectors.joining(" and "));
  }
}
