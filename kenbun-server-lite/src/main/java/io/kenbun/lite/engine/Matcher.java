package io.kenbun.lite.engine;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One condition on metadata, ready to be asked. What the contract's pages leave open is decided as
 * {@code scoring.md} 4.5 proposes: values are compared as text, case-sensitively; ordering needs a
 * finite number on both sides; a missing key or null meets only {@code is_empty} and the negated
 * operators; an array meets a condition when any element does, a negated one when none does.
 */
final class Matcher {
  private static final int MAX_DIGITS_OF_LONG = 15; // A double holds each of those exactly.

  private final Condition condition;
  private final boolean negated;
  private final Operator operator;
  private final double number;
  private final @Nullable Regex regex;

  Matcher(Condition condition) {
    this.condition = condition;
    switch (condition.operator()) {
      case NOT_EQUALS -> {
        negated = true;
        operator = Operator.EQUALS;
      }
      case NOT_CONTAINS -> {
        negated = true;
        operator = Operator.CONTAINS;
      }
      case IS_NOT_EMPTY -> {
        negated = true;
        operator = Operator.IS_EMPTY;
      }
      default -> {
        negated = false;
        operator = condition.operator();
      }
    }
    number = finite(condition.value());
    regex = operator == Operator.REGEX ? Regex.of(condition.value()) : null;
  }

  static Matcher[] all(List<Condition> conditions) {
    return conditions.stream().map(Matcher::new).toArray(Matcher[]::new);
  }

  boolean matches(Map<String, @Nullable Object> metadata) {
    return matches(find(metadata, condition.field()));
  }

  /** Says whether the value that {@link #find} has found meets it. */
  boolean matches(@Nullable Object value) {
    return negated != holds(value);
  }

  /** Says whether it is about which number is greater. */
  boolean isOrdering() {
    return switch (operator) {
      case GREATER_THAN, GREATER_OR_EQUAL, LESS_THAN, LESS_OR_EQUAL -> true;
      default -> false;
    };
  }

  /** Says whether a number, NaN for none, meets it; only for what {@link #isOrdering}. */
  boolean isOrdered(double asked) {
    return switch (operator) {
      case GREATER_THAN -> asked > number;
      case GREATER_OR_EQUAL -> asked >= number;
      case LESS_THAN -> asked < number;
      case LESS_OR_EQUAL -> asked <= number;
      default -> throw new IllegalStateException(operator.wireName());
    };
  }

  private boolean holds(@Nullable Object value) {
    if (value instanceof List<?> elements && operator != Operator.IS_EMPTY) {
      for (Object element : elements) {
        if (holds(element)) {
          return true;
        }
      }
      return false;
    }
    if (operator == Operator.IS_EMPTY) {
      return isEmpty(value);
    }
    return value instanceof String text && textHolds(text);
  }

  private boolean textHolds(String text) {
    String wanted = condition.value();
    return switch (operator) {
      case EQUALS -> text.equals(wanted);
      case CONTAINS -> text.contains(wanted);
      case STARTS_WITH -> text.startsWith(wanted);
      case ENDS_WITH -> text.endsWith(wanted);
      case GREATER_THAN, GREATER_OR_EQUAL, LESS_THAN, LESS_OR_EQUAL -> isOrdered(finite(text));
      case REGEX -> regex != null && regex.isIn(text);
      // The constructor turned these three into their positive twins and IS_EMPTY was asked before.
      case NOT_EQUALS, NOT_CONTAINS, IS_NOT_EMPTY, IS_EMPTY ->
          throw new IllegalStateException(operator.wireName());
    };
  }

  private static boolean isEmpty(@Nullable Object value) {
    return value == null
        || (value instanceof String text && text.isEmpty())
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  /** Returns the number that {@code text} spells, or NaN, which compares false with everything. */
  static double finite(String text) {
    if (text.isEmpty() || !startsLikeNumber(text.charAt(0))) {
      return Double.NaN; // Most values are words; an exception for each would cost microseconds.
    }
    if (text.length() <= MAX_DIGITS_OF_LONG) {
      long whole = digits(text);
      if (whole >= 0) {
        return whole;
      }
    }
    try {
      double value = Double.parseDouble(text);
      boolean plain =
          !text.endsWith("d") && !text.endsWith("f") && !text.endsWith("D") && !text.endsWith("F");
      return Double.isFinite(value) && plain ? value : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Returns the number that plain digits spell, -1 for anything else; most numbers are such. */
  private static long digits(String text) {
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value;
  }

  private static boolean startsLikeNumber(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.';
  }

  static @Nullable Object find(Map<String, @Nullable Object> metadata, String field) {
    Object literal = metadata.get(field);
    if (literal != null || metadata.containsKey(field)) {
      return literal;
    }
    int dot = field.indexOf('.');
    if (dot < 0) {
      return null;
    }
    Object value = metadata;
    int from = 0;
    while (from <= field.length()) {
      int end = field.indexOf('.', from);
      String key = field.substring(from, end < 0 ? field.length() : end);
      if (!(value instanceof Map<?, ?> map)) {
        return null;
      }
      value = map.get(key);
      if (end < 0) {
        return value;
      }
      from = end + 1;
    }
    return null;
  }
}
