package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FiltersTest {
  private static final List<Operator> OPERATORS = List.of(Operator.values());
  private static final String[] FIELDS = {"path", "seats", "utm.source", "tags"};
  private static final String[] VALUES = {
    "", "/pricing", "/", "3", "10", "1e1", "-2", "10d", "pro"
  };

  @Test
  void agreeWithEachRuleAskedByItself() {
    Random random = new Random(20_260_310);
    int matches = 0;
    for (int round = 0; round < 2_000; round++) {
      List<List<Condition>> rules = new ArrayList<>();
      int count = 1 + random.nextInt(Filters.MAX_RULES);
      for (int i = 0; i < count; i++) {
        rules.add(filters(random));
      }
      Filters filters = new Filters(rules);
      for (int event = 0; event < 5; event++) {
        Map<String, @Nullable Object> metadata = metadata(random);
        long asked = random.nextLong() & (-1L >>> (Long.SIZE - count));
        long expected = 0;
        for (int i = 0; i < count; i++) {
          if (((asked >>> i) & 1) == 1
              && Arrays.stream(Matcher.all(rules.get(i))).allMatch(m -> m.matches(metadata))) {
            expected |= 1L << i;
          }
        }
        assertEquals(expected, filters.matching(asked, metadata), rules + " of " + metadata);
        matches += Long.bitCount(expected);
      }
    }
    assertTrue(matches > 10_000, "the rules were all too hard to meet: " + matches);
  }

  @Test
  void aRuleWithoutFiltersAlwaysMatches() {
    assertEquals(
        0b10,
        new Filters(List.of(List.of(new Condition("path", Operator.EQUALS, "/no")), List.of()))
            .matching(0b11, Map.of("path", "/")));
  }

  private static List<Condition> filters(Random random) {
    List<Condition> filters = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Operator operator = OPERATORS.get(random.nextInt(OPERATORS.size()));
      filters.add(new Condition(one(FIELDS, random), operator, one(VALUES, random)));
    }
    return filters;
  }

  private static Map<String, @Nullable Object> metadata(Random random) {
    Map<String, @Nullable Object> metadata = new HashMap<>();
    for (String field : FIELDS) {
      switch (random.nextInt(6)) {
        case 0 -> metadata.put(field, null);
        case 1 -> metadata.put(field, List.of(one(VALUES, random), one(VALUES, random)));
        case 2 -> metadata.put("utm", Map.of("source", one(VALUES, random)));
        case 3 -> {}
        default -> metadata.put(field, one(VALUES, random));
      }
    }
    return metadata;
  }

  private static String one(String[] of, Random random) {
    return of[random.nextInt(of.length)];
  }
}
