package io.kenbun.lite.reference;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Conditions as {@code scoring.md} 4.5 words them, one sentence of it a line. */
final class ReferenceMatcher {
  private ReferenceMatcher() {}

  static boolean all(List<Condition> conditions, Map<String, @Nullable Object> metadata) {
    return conditions.stream().allMatch(condition -> holds(condition, metadata));
  }

  static boolean holds(Condition condition, Map<String, @Nullable Object> metadata) {
    Object value = Metadata.find(metadata, condition.field());
    return holds(condition.operator(), value, condition.value());
  }

  static boolean holds(Operator operator, @Nullable Object value, String wanted) {
    return switch (operator) {
      case NOT_EQUALS -> !holds(Operator.EQUALS, value, wanted);
      case NOT_CONTAINS -> !holds(Operator.CONTAINS, value, wanted);
      case IS_NOT_EMPTY -> !holds(Operator.IS_EMPTY, value, wanted);
      case IS_EMPTY ->
          value == null || value.equals("") || value.equals(List.of()) || value.equals(Map.of());
      default ->
          value instanceof List<?> elements
              ? elements.stream().anyMatch(element -> holds(operator, element, wanted))
              : compares(operator, Metadata.text(value), wanted);
    };
  }

  private static boolean compares(Operator operator, @Nullable String text, String wanted) {
    if (text == null) {
      return false;
    }
    return switch (operator) {
      case EQUALS -> text.equals(wanted);
      case CONTAINS -> text.contains(wanted);
      case STARTS_WITH -> text.startsWith(wanted);
      case ENDS_WITH -> text.endsWith(wanted);
      case REGEX -> Pattern.compile(wanted).matcher(text).find();
      default -> ordered(operator, number(text), number(wanted));
    };
  }

  private static boolean ordered(
      Operator operator, @Nullable BigDecimal left, @Nullable BigDecimal right) {
    if (left == null || right == null) {
      return false;
    }
    int order = left.compareTo(right);
    return switch (operator) {
      case GREATER_THAN -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
      case LESS_THAN -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      default -> throw new IllegalArgumentException(operator.wireName());
    };
  }

  private static @Nullable BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return null; // Not a number: no ordering holds.
    }
  }
}
