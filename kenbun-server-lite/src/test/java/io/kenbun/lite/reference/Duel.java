package io.kenbun.lite.reference;

import io.kenbun.lite.model.RuleSetup;
import org.jspecify.annotations.Nullable;

/**
 * Lets one history happen to the reference and to a challenger, and compares at each read. Prints a
 * history that tells them apart cut down to the steps that matter.
 */
final class Duel {
  private final Scene.Opener challenger;

  Duel(Scene.Opener challenger) {
    this.challenger = challenger;
  }

  /** Returns how many histories to try: the system property {@code kenbun.histories}, else this. */
  static int histories(int fallback) {
    return Integer.getInteger("kenbun.histories", fallback);
  }

  /** Tries the history of that seed. */
  void fight(long seed) throws Exception {
    History history = Histories.of(seed);
    if (difference(history) == null) {
      return;
    }
    History shortest = Shrinking.shrink(history, this::differs);
    throw new AssertionError("reference / here: " + difference(shortest) + "\n" + shortest);
  }

  private boolean differs(History history) {
    try {
      return difference(history) != null;
    } catch (Exception e) {
      throw new AssertionError(history.toString(), e);
    }
  }

  @Nullable String difference(History history) throws Exception {
    RuleSetup setup = history.setup();
    ReferenceWorld reference = new ReferenceWorld(setup, history.startMillis());
    try (World other = challenger.open(setup, history.startMillis())) {
      for (Step step : history.steps()) {
        reference.apply(step);
        other.apply(step);
        if (step instanceof Step.Read) {
          String found = reference.state().difference(other.state());
          if (found != null) {
            return found;
          }
        }
      }
      return null;
    } catch (RuntimeException | AssertionError e) {
      return "threw " + e; // A difference like any other: the reference did not.
    }
  }
}
