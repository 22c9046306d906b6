package io.kenbun.lite.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Drops steps from a failing history for as long as it still fails. */
final class Shrinking {
  private Shrinking() {}

  /** Returns a history of which no step can be left out without {@code fails} turning false. */
  static History shrink(History failing, Predicate<History> fails) {
    List<Step> steps = new ArrayList<>(failing.steps());
    for (int size = Math.max(1, steps.size() / 2); ; size = Math.max(1, size / 2)) {
      boolean any = false;
      for (int from = steps.size() - size; from >= 0; from -= size) {
        List<Step> fewer = new ArrayList<>(steps);
        fewer.subList(from, from + size).clear();
        if (fails.test(failing.with(fewer))) {
          steps = fewer;
          any = true;
          from = Math.min(from, steps.size());
        }
      }
      if (size == 1 && !any) {
        return failing.with(steps);
      }
    }
  }
}
