package io.kenbun.examples.oulad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.examples.oulad.Ranking.Case;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RankingTest {
  @Test
  void isOneWhereEveryScoreOfTheReachedIsHigher() {
    assertEquals(
        1.0, Ranking.auc(List.of(new Case(2, true), new Case(3, true), new Case(1, false))));
  }

  @Test
  void isZeroWhereEveryScoreOfTheReachedIsLower() {
    assertEquals(0.0, Ranking.auc(List.of(new Case(0, true), new Case(1, false))));
  }

  @Test
  void countsATieHalf() {
    assertEquals(
        0.5, Ranking.auc(List.of(new Case(4, true), new Case(4, false), new Case(4, false))));
  }

  @Test
  void countsEveryPair() {
    // 5 beats 3, 3 and 4 and ties 5: 3.5 of 4. 3 ties 3 twice: 1 of 4.
    List<Case> cases =
        List.of(
            new Case(5, true),
            new Case(3, true),
            new Case(3, false),
            new Case(3, false),
            new Case(4, false),
            new Case(5, false));
    assertEquals(4.5 / 8, Ranking.auc(cases));
  }
}
