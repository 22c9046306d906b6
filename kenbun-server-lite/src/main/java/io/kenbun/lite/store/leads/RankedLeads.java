package io.kenbun.lite.store.leads;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Picks those out of many leads that have certain places in an order, without sorting all: they are
 * counted into ranges of values, and only the ranges that hold the wanted places are looked at
 * closer. The last place costs what the first does. Ties are in the order of keys.
 */
final class RankedLeads {
  private static final int BUCKET_BITS = 15;
  private static final int MAX_SORTED = 8_192;

  private final BitSet leads;
  private final IntToLongFunction order;
  private final List<Long> picked = new ArrayList<>();

  /**
   * Prepares the order.
   *
   * @param order of a lead, the smallest first
   */
  private RankedLeads(BitSet leads, IntToLongFunction order) {
    this.leads = leads;
    this.order = order;
  }

  /** Returns the leads with places {@code from} to {@code to}, not included, by their value. */
  static List<Long> byValue(
      BitSet leads, IntToLongFunction value, boolean ascending, int from, int to) {
    if (from >= to) {
      return List.of();
    }
    // The complement turns the order round, and nothing overflows.
    RankedLeads ranked = new RankedLeads(leads, ascending ? value : key -> ~value.applyAsLong(key));
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int key = leads.nextSetBit(0); key >= 0; key = leads.nextSetBit(key + 1)) {
      long place = ranked.order.applyAsLong(key);
      min = Math.min(min, place);
      max = Math.max(max, place);
    }
    ranked.pick(min, max, from, to);
    return ranked.picked;
  }

  /** Returns the same in the order of keys; there are {@code total} leads. */
  static List<Long> byKey(BitSet leads, int total, int from, int to, boolean ascending) {
    List<Long> picked = new ArrayList<>();
    if (ascending) {
      int key = skip(leads, from);
      for (int i = from; i < to; i++) {
        picked.add((long) key);
        key = leads.nextSetBit(key + 1);
      }
    } else if (from < to) {
      int key = skip(leads, total - 1 - from);
      for (int i = from; i < to; i++) {
        picked.add((long) key);
        key = leads.previousSetBit(key - 1);
      }
    }
    return picked;
  }

  private static int skip(BitSet leads, int count) {
    int key = leads.nextSetBit(0);
    for (int i = 0; i < count; i++) {
      key = leads.nextSetBit(key + 1);
    }
    return key;
  }

  /** Picks places {@code from} to {@code to} among the leads from {@code low} to {@code high}. */
  private void pick(long low, long high, int from, int to) {
    if (low == high) {
      pickTied(low, from, to);
      return;
    }
    int shift =
        Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(high - low) - BUCKET_BITS); // Unsigned.
    int[] counts = new int[1 << BUCKET_BITS];
    for (int key = leads.nextSetBit(0); key >= 0; key = leads.nextSetBit(key + 1)) {
      long place = order.applyAsLong(key);
      if (place >= low && place <= high) {
        counts[(int) ((place - low) >>> shift)]++;
      }
    }
    int first = 0;
    int before = 0;
    while (before + counts[first] <= from) {
      before += counts[first++];
    }
    int last = first;
    int until = before + counts[first];
    while (until < to) {
      until += counts[++last];
    }
    long start = low + ((long) first << shift);
    if (until - before <= MAX_SORTED) {
      pickSorted(start, end(low, high, last, shift), from - before, to - before);
    } else if (first == last) {
      pick(start, end(low, high, first, shift), from - before, to - before);
    } else {
      // Few lie between; of the two at the ends one or both hold very many.
      int firstEnd = before + counts[first];
      int lastStart = until - counts[last];
      pick(start, end(low, high, first, shift), from - before, counts[first]);
      if (lastStart > firstEnd) {
        long between = low + ((long) (first + 1) << shift);
        pickSorted(between, end(low, high, last - 1, shift), 0, lastStart - firstEnd);
      }
      pick(low + ((long) last << shift), end(low, high, last, shift), 0, to - lastStart);
    }
  }

  private static long end(long low, long high, int bucket, int shift) {
    long size = 1L << shift;
    long offset = ((long) bucket << shift) + size - 1;
    return Long.compareUnsigned(offset, high - low) < 0 ? low + offset : high;
  }

  private void pickTied(long place, int from, int to) {
    int tied = 0;
    for (int key = leads.nextSetBit(0); key >= 0 && tied < to; key = leads.nextSetBit(key + 1)) {
      if (order.applyAsLong(key) == place && tied++ >= from) {
        picked.add((long) key);
      }
    }
  }

  private record Placed(long place, long key) {}

  private void pickSorted(long low, long high, int from, int to) {
    List<Placed> placed = new ArrayList<>();
    for (int key = leads.nextSetBit(0); key >= 0; key = leads.nextSetBit(key + 1)) {
      long place = order.applyAsLong(key);
      if (place >= low && place <= high) {
        placed.add(new Placed(place, key));
      }
    }
    placed.sort(Comparator.comparingLong(Placed::place).thenComparingLong(Placed::key));
    for (Placed one : placed.subList(from, to)) {
      picked.add(one.key());
    }
  }
}
