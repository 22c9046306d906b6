package io.kenbun.lite.model;

/**
 * One test on an event's metadata.
 *
 * @param field a key of the metadata; when no such key is there, a path of keys joined by dots
 * @param value what to compare with; empty for the operators that need none
 */
public record Condition(String field, Operator operator, String value) {

  /** The longest {@code field}, in characters. Ours. */
  public static final int MAX_FIELD_LENGTH = 200;

  /** The longest {@code value}, in characters. Ours. */
  public static final int MAX_VALUE_LENGTH = 1_000;

  /**
   * Returns the condition as {@code score-explain} words it, such as {@code path contains
   * /pricing}.
   */
  public String label() {
    return value.isEmpty()
        ? field + " " + operator.wireName()
        : field + " " + operator.wireName() + " " + value;
  }
}
