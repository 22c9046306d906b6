package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.TriggerKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What each trigger remembers of one lead: three numbers a trigger, since a lead that is watched by
 * 150 of them is one of 100,000 in memory, where a map of objects took five times the room and the
 * garbage collector's time. Not for several threads.
 *
 * <pre>
 *   at 3i    trigger's key | kind (2 bits) | changed (1) | marks (2)     ascending
 *   at 3i+1  atMillis
 *   at 3i+2  seq
 * </pre>
 */
final class LeadMemories {
  private static final TriggerKind[] KINDS = {
    TriggerKind.MILESTONE, TriggerKind.SEQUENCE, TriggerKind.SURGE
  };
  private static final int WORDS = 3;
  private static final int SPARE = 4;
  private static final int NAME_SHIFT = 3;
  private static final int KIND_BITS = 2;
  private static final long CHANGED = 1 << 2;
  private static final int MARKS = 3;
  private static final long[] NOTHING = {};

  private long[] words = NOTHING;
  private int size;
  private boolean changed;

  LeadMemories() {}

  /** Makes those that the store has. */
  LeadMemories(Map<Remembered.Key, TriggerMemory> kept) {
    words = new long[WORDS * kept.size()];
    kept.forEach((trigger, memory) -> set(trigger, memory, 0));
  }

  private static long name(Remembered.Key trigger) {
    int kind =
        switch (trigger.kind()) {
          case MILESTONE -> 0;
          case SEQUENCE -> 1;
          case SURGE -> 2;
        };
    return trigger.trigger() << KIND_BITS | kind;
  }

  /** Returns the place of a name, or where it belongs: the complement of that. */
  private int find(long name) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long there = words[WORDS * middle] >> NAME_SHIFT;
      if (there == name) {
        return middle;
      }
      if (there < name) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return ~low;
  }

  /** Returns what the trigger remembers. */
  TriggerMemory get(Remembered.Key trigger) {
    int place = find(name(trigger));
    return place < 0 ? TriggerMemory.NONE : memory(place);
  }

  private TriggerMemory memory(int place) {
    int at = WORDS * place;
    return new TriggerMemory(words[at + 1], words[at + 2], (int) words[at] & MARKS);
  }

  /** Has the trigger remember something else. */
  void put(Remembered.Key trigger, TriggerMemory memory) {
    set(trigger, memory, CHANGED);
    changed = true;
  }

  private void set(Remembered.Key trigger, TriggerMemory memory, long mark) {
    long name = name(trigger);
    int place = find(name);
    if (place < 0) {
      place = ~place;
      if (WORDS * size == words.length) {
        words = Arrays.copyOf(words, words.length + WORDS * SPARE);
      }
      int from = WORDS * place;
      System.arraycopy(words, from, words, from + WORDS, WORDS * size - from);
      size++;
    }
    int at = WORDS * place;
    words[at] = name << NAME_SHIFT | mark | memory.marks();
    words[at + 1] = memory.atMillis();
    words[at + 2] = memory.seq();
  }

  /** Says whether anything was {@link #put} that was not taken. */
  boolean isChanged() {
    return changed;
  }

  /** Adds what was put to {@code into}, to be kept as the lead's. */
  void takeChanged(LeadState lead, List<Remembered> into) {
    for (int place = 0; place < size && changed; place++) {
      int at = WORDS * place;
      if ((words[at] & CHANGED) != 0) {
        into.add(new Remembered(lead, trigger(place), memory(place)));
        words[at] &= ~CHANGED;
      }
    }
    changed = false;
  }

  private Remembered.Key trigger(int place) {
    long name = words[WORDS * place] >> NAME_SHIFT;
    return new Remembered.Key(KINDS[(int) name & ((1 << KIND_BITS) - 1)], name >> KIND_BITS);
  }

  /** Remembers what either does. */
  void merge(LeadMemories other) {
    for (int place = 0; place < other.size; place++) {
      Remembered.Key trigger = other.trigger(place);
      TriggerMemory theirs = other.memory(place);
      put(trigger, find(name(trigger)) < 0 ? theirs : get(trigger).merged(theirs));
    }
  }
}
