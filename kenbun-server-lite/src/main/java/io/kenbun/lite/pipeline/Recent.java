package io.kenbun.lite.pipeline;

import java.util.Arrays;

/**
 * The timestamps of a lead's newest events of one type, so that a velocity filter need not ask the
 * store: complete after a certain time, and silent about what was before. For one thread.
 */
final class Recent {
  private static final int SPARE = 16;

  private long[] millis; // Ascending.
  private int size;
  private long knownAfterMillis;

  /**
   * Makes one of what the store has.
   *
   * @param newest the newest timestamps, in any order
   * @param knownAfterMillis there is no other with a timestamp after this
   */
  Recent(long[] newest, long knownAfterMillis) {
    this.millis = newest.clone();
    this.size = millis.length;
    this.knownAfterMillis = knownAfterMillis;
    Arrays.sort(millis);
    forget(knownAfterMillis);
  }

  /** Returns the time after which it is complete. */
  long knownAfterMillis() {
    return knownAfterMillis;
  }

  /** Counts the timestamps in ({@code afterMillis}, {@code untilMillis}]. */
  int count(long afterMillis, long untilMillis) {
    int from = firstAfter(afterMillis);
    int to = size;
    while (to > from && millis[to - 1] > untilMillis) {
      to--;
    }
    return to - from;
  }

  /** Says whether nothing that it knows of is later, and all before that time is known well. */
  boolean isNewest(long timestampMillis) {
    return timestampMillis >= knownAfterMillis
        && (size == 0 || millis[size - 1] <= timestampMillis);
  }

  /**
   * Says whether there are exactly {@code count} timestamps after a time; what it has forgotten is
   * too far back, or more than any {@code count}.
   */
  boolean hasExactly(int count, long afterMillis) {
    return size >= count
        && (count == 0 || millis[size - count] > afterMillis)
        && (size == count || millis[size - count - 1] <= afterMillis)
        && (size > count || knownAfterMillis <= afterMillis);
  }

  /** Returns the timestamps in ({@code afterMillis}, {@code untilMillis}], ascending. */
  long[] between(long afterMillis, long untilMillis) {
    return Arrays.copyOfRange(millis, firstAfter(afterMillis), firstAfter(untilMillis));
  }

  /**
   * Enters an event.
   *
   * @param depth how many of the newest are of interest at least
   * @param windowMillis how much time before the newest is
   */
  void add(long timestampMillis, int depth, long windowMillis) {
    if (size == millis.length) {
      makeRoom(depth, windowMillis);
    }
    if (timestampMillis <= knownAfterMillis) {
      return; // The store has it. Asked after making room, which forgets more.
    }
    int at = size;
    while (at > 0 && millis[at - 1] > timestampMillis) {
      at--;
    }
    System.arraycopy(millis, at, millis, at + 1, size - at);
    millis[at] = timestampMillis;
    size++;
  }

  private void makeRoom(int depth, long windowMillis) {
    if (size > 0) {
      forget(Math.max(knownAfterMillis, millis[size - 1] - windowMillis));
    }
    if (size > depth) {
      forget(millis[size - depth - 1]);
    }
    if (size + SPARE > millis.length) {
      millis = Arrays.copyOf(millis, size + Math.max(SPARE, Math.min(size, depth)));
    }
  }

  private void forget(long untilMillis) {
    int from = firstAfter(untilMillis);
    System.arraycopy(millis, from, millis, 0, size - from);
    size -= from;
    knownAfterMillis = Math.max(knownAfterMillis, untilMillis);
  }

  private int firstAfter(long time) {
    int from = size;
    while (from > 0 && millis[from - 1] > time) {
      from--;
    }
    return from;
  }
}
