package io.kenbun.lite.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.RuleSetup;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Conditions ({@code scoring.md} 4.5): every operator on every kind of value, the engine's against
 * the reference's, and the sentences of the section one by one.
 */
final class ConditionsTest {
  private static final List<Object> VALUES =
      Arrays.asList(
          null,
          "",
          "pro",
          "Pro",
          "professional",
          "a pro",
          "5",
          "5.0",
          "-5",
          "+5",
          ".5",
          "1e1",
          "5f",
          "5d",
          "0x5",
          "NaN",
          "Infinity",
          "true",
          new Metadata.Digits("5"),
          new Metadata.Digits("5.0"),
          new Metadata.Digits("-0"),
          new Metadata.Digits("1e1"),
          true,
          false,
          List.of(),
          List.of("pro"),
          Arrays.asList("x", null, new Metadata.Digits("5")),
          List.of(List.of("pro")),
          Map.of(),
          Map.of("deep", "pro"));

  private static final List<String> WANTED =
      List.of("", "pro", "5", "5.0", "-1", "1e1", "true", "^p.o$", "f", "NaN", "0x1");

  @Test
  void everyOperatorOnEveryValueIsAsTheReferenceHasIt() {
    for (Operator operator : Operator.values()) {
      for (String wanted : WANTED) {
        for (String field : List.of("key", "a.b", "a.b.deep", "none")) {
          Condition condition = new Condition(field, operator, wanted);
          for (Object value : VALUES) {
            Map<String, @Nullable Object> metadata = new HashMap<>();
            metadata.put("key", value);
            Map<String, @Nullable Object> inner = new HashMap<>();
            inner.put("b", value);
            metadata.put("a", inner);
            assertEquals(
                ReferenceMatcher.holds(condition, metadata),
                engineHolds(condition, metadata),
                () -> condition + " on " + metadata);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // values are compared case-sensitively; numbers and booleans as JSON writes them
    "plan, equals, pro, true",
    "plan, equals, Pro, false",
    "seats, equals, 42, true",
    "seats, equals, 42.0, false",
    "trial, equals, true, true",
    // ordering: both sides must be finite numbers
    "seats, gt, 41, true",
    "seats, greater_than, 42, false",
    "seats, gte, 42, true",
    "seats, lt, 42, false",
    "seats, less_than, 42.5, true",
    "seats, lte, 42, true",
    "plan, lte, 42, false",
    "seats, gte, many, false",
    // a missing key or null: false for all but is_empty and the negated ones
    "none, equals, pro, false",
    "none, not_equals, pro, true",
    "none, contains, pro, false",
    "none, not_contains, pro, true",
    "none, is_empty, '', true",
    "none, is_not_empty, '', false",
    "nothing, is_empty, '', true",
    "nothing, equals, null, false",
    // the literal key first, then the dotted path
    "utm.source, equals, literal, true",
    "deep.er, equals, inside, true",
    "deep.none, is_empty, '', true",
    // an array: any element; negated: none
    "tags, equals, b, true",
    "tags, not_equals, b, false",
    "tags, not_equals, c, true",
    "tags, starts_with, a, true",
    "tags, ends_with, c, false",
    "plan, regex, ^p, true",
    "plan, regex, ^r, false"
  })
  void section45(String field, String operator, String wanted, boolean holds) {
    Map<String, @Nullable Object> metadata = new HashMap<>();
    metadata.put("plan", "pro");
    metadata.put("seats", new Metadata.Digits("42"));
    metadata.put("trial", true);
    metadata.put("nothing", null);
    metadata.put("utm.source", "literal");
    metadata.put("utm", Map.of("source", "path"));
    metadata.put("deep", Map.of("er", "inside"));
    metadata.put("tags", List.of("a", "b"));
    Condition condition = new Condition(field, Operator.of(operator), wanted);
    assertEquals(holds, ReferenceMatcher.holds(condition, metadata));
    assertEquals(holds, engineHolds(condition, metadata));
  }

  private static boolean engineHolds(Condition condition, Map<String, @Nullable Object> metadata) {
    RuleSetup setup = Scene.setup(Scene.rule(1, "Page View", 1, condition)).build();
    Map<String, @Nullable Object> texts = new HashMap<>();
    metadata.forEach((key, value) -> texts.put(key, Metadata.texts(value)));
    return !new Engine(setup)
        .earned("Page View", Scene.START_MILLIS, () -> texts)
        .contributions()
        .isEmpty();
  }
}
