package io.kenbun.lite.store.row;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
  private record Row(long key, String name) {}

  @Test
  void sortsByKeyAndKeepsTheOrderOfEqualOnes() {
    List<Row> rows = List.of(new Row(7, "a"), new Row(0, "b"), new Row(7, "c"), new Row(3, "d"));
    assertEquals("bdac", names(KeyOrder.of(rows, Row::key)));
    assertEquals("", names(KeyOrder.of(List.of(), Row::key)));
  }

  @Test
  void sortsKeysOfAnySize() {
    long largest = (1L << 43) - 1;
    List<Row> fit = List.of(new Row(largest, "a"), new Row(0, "b"), new Row(largest, "c"));
    assertEquals("bac", names(KeyOrder.of(fit, Row::key)));
    List<Row> larger = List.of(new Row(largest + 1, "a"), new Row(-1, "b"), new Row(5, "c"));
    assertEquals("bca", names(KeyOrder.of(larger, Row::key)));
  }

  @Test
  void sortsMoreThanFitBesideTheirPlaces() {
    List<Long> keys = new ArrayList<>();
    for (long i = 0; i <= 1 << 20; i++) {
      keys.add((1 << 20) - i);
    }
    List<Long> sorted = KeyOrder.of(keys, Long::longValue);
    assertEquals(0, sorted.get(0));
    assertEquals(1 << 20, sorted.get(1 << 20));
  }

  private static String names(List<Row> rows) {
    return String.join("", rows.stream().map(Row::name).toList());
  }
}
