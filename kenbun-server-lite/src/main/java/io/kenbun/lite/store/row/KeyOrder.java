package io.kenbun.lite.store.row;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Sorts what is to be written by the keys of its rows, so that a table is walked once from end to
 * end. Key and place go into one number each: a comparator would fetch two objects, far apart in
 * memory, for each comparison.
 */
public final class KeyOrder {
  private static final int PLACE_BITS = 20;

  private KeyOrder() {}

  /**
   * Returns a sorted copy; equal keys stay in their order.
   *
   * @param key of each element
   */
  public static <T> List<T> of(List<T> elements, ToLongFunction<T> key) {
    int size = elements.size();
    long[] order = new long[size];
    boolean fits = size <= 1 << PLACE_BITS;
    for (int i = 0; i < size; i++) {
      long value = key.applyAsLong(elements.get(i));
      fits &= value >>> (Long.SIZE - 1 - PLACE_BITS) == 0;
      order[i] = value << PLACE_BITS | i;
    }
    if (!fits) {
      return elements.stream().sorted(Comparator.comparingLong(key)).toList();
    }
    Arrays.sort(order);
    List<T> sorted = new ArrayList<>(size);
    for (long next : order) {
      sorted.add(elements.get((int) next & ((1 << PLACE_BITS) - 1)));
    }
    return sorted;
  }
}
