package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.ScoringSettings;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fingerprint is kept with each lead: another one for the same rules has all replayed. */
class HalfLivesTest {
  private static final OrgUnit UNIT = new OrgUnit(1, "u", "o", "U", "u", null, true);

  private static long fingerprint(Map<Long, Integer> daysByRule, boolean allowNegativeScores) {
    HalfLives halfLives =
        new HalfLives(
            RuleSetup.builder(UNIT)
                .retiredHalfLives(daysByRule)
                .settings(new ScoringSettings(allowNegativeScores, false, 30, 0))
                .build());
    assertEquals(allowNegativeScores, HalfLives.allowsNegativeScores(halfLives.fingerprint()));
    return halfLives.fingerprint();
  }

  @Test
  void theFingerprintIsTheOneThatIsKeptInFiles() {
    assertEquals(0, fingerprint(Map.of(), false));
    assertEquals(1, fingerprint(Map.of(), true));
    assertEquals(-172377311947469068L, fingerprint(Map.of(1L, 14), false));
    assertEquals(268191568915869479L, fingerprint(Map.of(1L, 14, 2L, 7), true));
  }

  @Test
  void anyOtherHalfLifeIsAnotherFingerprint() {
    Set<Long> seen = new HashSet<>();
    int made = 0;
    for (int days = 1; days <= 90; days++) {
      for (long rule = 1; rule <= 20; rule++) {
        seen.add(fingerprint(Map.of(rule, days), false));
        seen.add(fingerprint(Map.of(rule, days, rule + 1, 14), true));
        made += 2;
      }
    }
    assertEquals(made, seen.size());
  }
}
