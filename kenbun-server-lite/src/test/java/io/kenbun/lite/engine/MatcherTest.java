package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatcherTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          equals,       /pricing, /pricing,  true
          equals,       /pricing, /Pricing,  false
          equals,       42,       42,        true
          equals,       42,       42.0,      false
          not_equals,   /pricing, /other,    true
          not_equals,   /pricing, /pricing,  false
          contains,     ric,      /pricing,  true
          contains,     RIC,      /pricing,  false
          not_contains, xyz,      /pricing,  true
          not_contains, ric,      /pricing,  false
          starts_with,  /pri,     /pricing,  true
          starts_with,  pri,      /pricing,  false
          ends_with,    cing,     /pricing,  true
          ends_with,    cin,      /pricing,  false
          gt,           10,       10,        false
          gt,           10,       10.01,     true
          gte,          10,       10,        true
          gte,          10,       9.99,      false
          lt,           10,       10,        false
          lt,           10,       -11,       true
          lte,          10,       10,        true
          lte,          10,       1e1,       true
          lte,          10,       10.5,      false
          gte,          10,       ten,       false
          gte,          ten,      10,        false
          lt,           10,       1d,        false
          lt,           10,       -Infinity, false
          regex,        ^/p.*g$,  /pricing,  true
          regex,        ^p,       /pricing,  false
          is_empty,     '',       '',        true
          is_empty,     '',       x,         false
          is_not_empty, '',       x,         true
          is_not_empty, '',       '',        false
          """)
  void comparesText(String operator, String wanted, String found, boolean matches) {
    assertEquals(matches, matches(operator, wanted, Map.of("field", found)));
  }

  @ParameterizedTest
  @CsvSource({
    "equals, false",
    "not_equals, true",
    "contains, false",
    "not_contains, true",
    "starts_with, false",
    "ends_with, false",
    "gt, false",
    "gte, false",
    "lt, false",
    "lte, false",
    "is_empty, true",
    "is_not_empty, false",
    "regex, false"
  })
  void aMissingKeyAndNullMeetOnlyIsEmptyAndTheNegated(String operator, boolean matches) {
    Map<String, Object> withNull = new HashMap<>();
    withNull.put("field", null);
    assertEquals(matches, matches(operator, "1", Map.of()));
    assertEquals(matches, matches(operator, "1", withNull));
  }

  @Test
  void anArrayMeetsAConditionWhenAnyElementDoes() {
    Map<String, Object> metadata = Map.of("field", Arrays.asList("a", null, "b"));
    assertEquals(true, matches("equals", "b", metadata));
    assertEquals(false, matches("equals", "c", metadata));
    assertEquals(false, matches("not_equals", "b", metadata));
    assertEquals(true, matches("not_equals", "c", metadata));
    assertEquals(false, matches("is_empty", "", metadata));
    assertEquals(true, matches("is_empty", "", Map.of("field", List.of())));
  }

  @Test
  void aLiteralKeyWinsOverAPath() {
    Map<String, Object> nested = Map.of("plan", Map.of("name", "pro"));
    assertEquals(true, matches(new Condition("plan.name", Operator.EQUALS, "pro"), nested));
    assertEquals(false, matches(new Condition("plan.size", Operator.EQUALS, "pro"), nested));
    assertEquals(false, matches(new Condition("plan.name.x", Operator.EQUALS, "pro"), nested));
    Map<String, Object> both = Map.of("plan.name", "free", "plan", Map.of("name", "pro"));
    assertEquals(true, matches(new Condition("plan.name", Operator.EQUALS, "free"), both));
  }

  @Test
  void aPathMayHaveEmptyKeys() {
    Map<String, Object> metadata = Map.of("", Map.of("x", "v"), "a", Map.of("", "w"));
    assertEquals(true, matches(new Condition(".x", Operator.EQUALS, "v"), metadata));
    assertEquals(true, matches(new Condition("a.", Operator.EQUALS, "w"), metadata));
    assertEquals(false, matches(new Condition("a..", Operator.EQUALS, "w"), metadata));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "9, 9",
    "07, 7",
    "42, 42",
    "1090, 1090",
    "999999999999999, 999999999999999",
    "1234567890123456, 1234567890123456",
    "0.5, 0.5",
    "9e2, 900",
    "+3, 3",
    "-3, -3",
    ".5, 0.5",
    "1:0, NaN",
    "1/0, NaN",
    ":1, NaN",
    "/1, NaN",
    "1f, NaN",
    "2D, NaN",
    "1e999, NaN",
    "'', NaN",
    "NaN, NaN",
    "12 , 12"
  })
  void textSpellsANumberOrNone(String text, double number) {
    assertEquals(number, Matcher.finite(text));
  }

  private static boolean matches(String operator, String wanted, Map<String, Object> metadata) {
    Operator known = Operator.of(operator);
    return matches(new Condition("field", known, wanted), metadata);
  }

  private static boolean matches(Condition condition, Map<String, Object> metadata) {
    return new Matcher(condition).matches(metadata);
  }
}
