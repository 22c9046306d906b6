package io.kenbun.lite.store.leads;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class RankedLeadsTest {
  @Test
  void placesAreFoundAmongAnyValues() {
    long seed = 7;
    Random random = new Random(seed);
    List<IntToLongFunction> orders =
        List.of(
            key -> key * 7919L % 1_000,
            key -> key % 2 == 0 ? 0 : Long.MAX_VALUE,
            key -> key == 5 ? Long.MIN_VALUE : key == 6 ? Long.MAX_VALUE : 0,
            key -> 42,
            key -> key * 0x9E3779B97F4A7C15L,
            key -> key < 15_000 ? 1 : 1_770_000_000_000L + key);
    BitSet leads = new BitSet();
    for (int key = 1; key <= 30_000; key++) {
      if (random.nextInt(10) > 0) {
        leads.set(key);
      }
    }
    for (IntToLongFunction order : orders) {
      List<Long> ascending =
          leads.stream()
              .asLongStream()
              .boxed()
              .sorted(
                  Comparator.comparingLong((Long key) -> order.applyAsLong(key.intValue()))
                      .thenComparing(Comparator.naturalOrder()))
              .toList();
      List<Long> descending =
          leads.stream()
              .asLongStream()
              .boxed()
              .sorted(
                  Comparator.comparingLong((Long key) -> ~order.applyAsLong(key.intValue()))
                      .thenComparing(Comparator.naturalOrder()))
              .toList();
      int size = leads.cardinality();
      for (int i = 0; i < 30; i++) {
        int from = i == 0 ? 0 : i == 1 ? size - 1 : random.nextInt(size);
        int to = Math.min(size, from + 1 + random.nextInt(100));
        assertEquals(
            ascending.subList(from, to), RankedLeads.byValue(leads, order, true, from, to));
        assertEquals(
            descending.subList(from, to), RankedLeads.byValue(leads, order, false, from, to));
      }
      assertEquals(List.of(), RankedLeads.byValue(leads, order, true, size, size));
    }
  }
}
