package io.kenbun.examples.oulad;

import java.util.Arrays;
import java.util.List;

/** How well scores tell those who reach an outcome from those who do not. */
final class Ranking {
  /** A score and whether the outcome was reached. */
  record Case(int score, boolean reached) {}

  private Ranking() {}

  /**
   * Returns the area under the ROC curve: the chance that one who reached the outcome has a higher
   * score than one who did not, a tie counting half.
   */
  static double auc(List<Case> cases) {
    int[] others =
        cases.stream().filter(c -> !c.reached()).mapToInt(Case::score).sorted().toArray();
    int[] reached = cases.stream().filter(Case::reached).mapToInt(Case::score).toArray();
    double wins = 0;
    for (int score : reached) {
      int below = firstAtLeast(others, score);
      int tied = firstAtLeast(others, score + 1) - below;
      wins += below + tied / 2.0;
    }
    return wins / ((double) reached.length * others.length);
  }

  private static int firstAtLeast(int[] sorted, int value) {
    int at = Arrays.binarySearch(sorted, value);
    if (at < 0) {
      return -at - 1;
    }
    while (at > 0 && sorted[at - 1] == value) {
      at--;
    }
    return at;
  }
}
