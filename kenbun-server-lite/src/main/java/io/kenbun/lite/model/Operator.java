package io.kenbun.lite.model;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Condition} compares. One list for every surface that filters, with the synonyms that
 * the contract's pages use ({@code scoring.md} 4.5).
 */
public enum Operator {
  EQUALS("equals"),
  NOT_EQUALS("not_equals"),
  CONTAINS("contains"),
  NOT_CONTAINS("not_contains"),
  STARTS_WITH("starts_with"),
  ENDS_WITH("ends_with"),
  GREATER_THAN("gt", "greater_than"),
  GREATER_OR_EQUAL("gte"),
  LESS_THAN("lt", "less_than"),
  LESS_OR_EQUAL("lte"),
  IS_EMPTY("is_empty"),
  IS_NOT_EMPTY("is_not_empty"),
  REGEX("regex");

  private final String wireName;
  private final @Nullable String synonym;

  Operator(String wireName) {
    this(wireName, null);
  }

  Operator(String wireName, @Nullable String synonym) {
    this.wireName = wireName;
    this.synonym = synonym;
  }

  /** Returns the first of its spellings. */
  public String wireName() {
    return wireName;
  }

  /** Returns the operator that {@code wireName} spells, or null when there is none. */
  public static @Nullable Operator of(String wireName) {
    for (Operator operator : values()) {
      if (operator.wireName.equals(wireName) || wireName.equals(operator.synonym)) {
        return operator;
      }
    }
    return null;
  }

  /** Returns every spelling, for an error that says what is allowed. */
  public static String allowed() {
    return Arrays.stream(values())
        .flatMap(operator -> Stream.of(operator.wireName, operator.synonym))
        .filter(Objects::nonNull)
        .collect(Collectors.joining(", "));
  }
}
