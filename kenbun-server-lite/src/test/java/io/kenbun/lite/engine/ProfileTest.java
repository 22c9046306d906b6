package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.ScoringSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mapped fields and what they are worth ({@code scoring.md} 7). */
class ProfileTest {
  private static final OrgUnit UNIT = new OrgUnit(1, "u", "o", "U", "u", null, true);

  private static Profile profile(UpdateBehavior behavior, boolean allowNegativeScores) {
    Condition pro = new Condition("plan", Operator.EQUALS, "pro");
    Condition free = new Condition("plan", Operator.EQUALS, "free");
    List<ProfileRule> rules =
        List.of(
            new ProfileRule(1, "p1", pro, 20, true, 0, 0),
            new ProfileRule(2, "p2", free, -5, true, 0, 0),
            new ProfileRule(3, "p3", pro, 100, false, 0, 0));
    return new Engine(
            RuleSetup.builder(UNIT)
                .settings(new ScoringSettings(allowNegativeScores, false, 30, 0))
                .profileMappings(List.of(new ProfileMapping(1, "m", "tier", "plan", behavior, 0)))
                .profileRulesets(
                    List.of(
                        new ProfileRuleset(7, "r", "R", "", true, true, 0, 0, rules),
                        new ProfileRuleset(8, "s", "S", "", false, false, 0, 0, rules)))
                .build())
        .profile();
  }

  private static Map<String, Profile.Field> plan(String value, long atMillis) {
    return Map.of("plan", new Profile.Field(value, atMillis));
  }

  @ParameterizedTest
  @CsvSource({
    "ALWAYS_LATEST, 99, free",
    "ALWAYS_LATEST, 100, pro",
    "ALWAYS_LATEST, 101, pro",
    "ONLY_IF_EMPTY, 99, free",
    "ONLY_IF_EMPTY, 101, free"
  })
  void theLatestValueStaysOrTheFirst(UpdateBehavior behavior, long atMillis, String value) {
    Profile profile = profile(behavior, false);
    Map<String, Profile.Field> before = plan("free", 100);
    Map<String, Profile.Field> after =
        profile.updated(before, Map.of("tier", "pro", "plan", "x"), atMillis);
    assertEquals(value, after.get("plan").value());
    assertEquals("pro", profile.updated(Map.of(), Map.of("tier", "pro"), 5).get("plan").value());
    assertSame(before, profile.updated(before, Map.of("plan", "x"), 200));
  }

  @ParameterizedTest
  @CsvSource({
    "ALWAYS_LATEST, 99, free",
    "ALWAYS_LATEST, 100, free",
    "ALWAYS_LATEST, 101, pro",
    "ONLY_IF_EMPTY, 101, free"
  })
  void aMergeKeepsTheLaterValueAndItsOwnOfTwoAtOneTime(
      UpdateBehavior behavior, long othersMillis, String value) {
    Profile profile = profile(behavior, false);
    Map<String, Profile.Field> merged =
        profile.merged(plan("free", 100), plan("pro", othersMillis));
    assertEquals(value, merged.get("plan").value());
    assertEquals("pro", profile.merged(Map.of(), plan("pro", 1)).get("plan").value());
  }

  @Test
  void weightsOfActiveRulesAddUpAndZeroIsTheFloor() {
    Profile clipped = profile(UpdateBehavior.ALWAYS_LATEST, false);
    assertEquals(Map.of(7L, 20L), clipped.scores(plan("pro", 0)));
    assertEquals(Map.of(7L, 0L), clipped.scores(plan("free", 0)));
    assertEquals(Map.of(7L, 0L), clipped.scores(Map.of()));
    Profile negative = profile(UpdateBehavior.ALWAYS_LATEST, true);
    assertEquals(Map.of(7L, -5L), negative.scores(plan("free", 0)));
  }

  @Test
  void theSameValueAtAnotherTimeIsTheSame() {
    assertTrue(Profile.haveSameValues(plan("pro", 1), plan("pro", 2)));
    assertFalse(Profile.haveSameValues(plan("pro", 1), plan("free", 1)));
    assertFalse(Profile.haveSameValues(plan("pro", 1), Map.of()));
    assertFalse(Profile.haveSameValues(Map.of(), plan("pro", 1)));
  }
}
