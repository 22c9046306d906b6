package io.kenbun.lite.engine;

import io.kenbun.lite.model.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filters of up to 64 rules, turned round: each key of metadata is looked up once, its number
 * read once, and each condition asked once at most, for all the rules that have it. Keeps nothing
 * of an event; any thread.
 */
final class Filters {
  /** The most rules that one can be for: a bit each. */
  static final int MAX_RULES = Long.SIZE;

  private final Field[] fields;

  /**
   * Compiles filters.
   *
   * @param filters of each rule, at most {@link #MAX_RULES}
   */
  Filters(List<List<Condition>> filters) {
    Map<String, Map<Condition, Long>> byField = new LinkedHashMap<>();
    for (int rule = 0; rule < filters.size(); rule++) {
      long bit = 1L << rule;
      for (Condition condition : filters.get(rule)) {
        byField
            .computeIfAbsent(condition.field(), field -> new LinkedHashMap<>())
            .merge(condition, bit, (one, other) -> one | other);
      }
    }
    List<Field> compiled = new ArrayList<>();
    byField.forEach((field, conditions) -> compiled.add(new Field(field, conditions)));
    fields = compiled.toArray(Field[]::new);
  }

  /** Returns those of {@code rules}, a bit each, all of whose conditions hold. */
  long matching(long rules, Map<String, @Nullable Object> metadata) {
    long left = rules;
    for (int i = 0; i < fields.length && left != 0; i++) {
      left = fields[i].matching(left, metadata);
    }
    return left;
  }

  /** All conditions on one key. */
  private static final class Field {
    private final String name;
    private final Matcher[] matchers;
    private final long[] rulesOf;

    Field(String name, Map<Condition, Long> conditions) {
      this.name = name;
      this.matchers = Matcher.all(List.copyOf(conditions.keySet()));
      this.rulesOf = conditions.values().stream().mapToLong(Long::longValue).toArray();
    }

    long matching(long rules, Map<String, @Nullable Object> metadata) {
      Object value = Matcher.find(metadata, name);
      String text = value instanceof String string ? string : null;
      boolean isRead = false;
      double number = Double.NaN;
      long left = rules;
      for (int i = 0; i < matchers.length; i++) {
        if ((rulesOf[i] & left) == 0) {
          continue; // Nobody it could still decide about.
        }
        Matcher matcher = matchers[i];
        boolean holds;
        if (text != null && matcher.isOrdering()) {
          if (!isRead) {
            number = Matcher.finite(text);
            isRead = true;
          }
          holds = matcher.isOrdered(number);
        } else {
          holds = matcher.matches(value);
        }
        if (!holds) {
          left &= ~rulesOf[i];
        }
      }
      return left;
    }
  }
}
