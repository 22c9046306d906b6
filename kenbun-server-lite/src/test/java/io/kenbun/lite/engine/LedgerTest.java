package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long DAY = 86_400_000L;
  private static final OrgUnit UNIT = new OrgUnit(1, "u", "o", "U", "u", null, true);

  private final Engine engine = engine(List.of());
  private final Ledger ledger = new Ledger();
  private final List<Decay.Application> decays = new ArrayList<>();

  private static Engine engine(List<DecayRule> decayRules) {
    Ruleset ruleset =
        new Ruleset(
            7,
            "r",
            "R",
            "",
            "s",
            true,
            true,
            DateWindow.ALWAYS,
            0,
            List.of(rule(1, null), rule(2, 10), rule(3, 5)));
    return new Engine(
        RuleSetup.builder(UNIT).rulesets(List.of(ruleset)).decayRules(decayRules).build());
  }

  private static Rule rule(long key, @Nullable Integer halfLife) {
    return new Rule(
        key, "r" + key, "T" + key, 1, true, List.of(), DateWindow.ALWAYS, 0, halfLife, 0, 0);
  }

  private static List<Contribution> gives(long rule, int weight) {
    return List.of(new Contribution(7, List.of(new Contribution.Hit(rule, weight)), false));
  }

  private boolean take(Engine rules, long timeMillis, long rule, int weight) {
    return ledger.take(
        timeMillis, rules.earned(gives(rule, weight)), true, rules.decay(), decays::add);
  }

  private boolean take(long timeMillis, long rule, int weight) {
    return take(engine, timeMillis, rule, weight);
  }

  private double sum(long timeMillis) {
    Standing standing = ledger.standing(7);
    return standing == null ? 0 : standing.sumAt(timeMillis);
  }

  @Test
  void aChangeThatReachesZeroIsNotCutAndOnePointMoreIs() {
    take(0, 1, 30);
    take(1, 1, -30);
    assertEquals(0, sum(1));
    assertEquals(Standing.NEVER, ledger.settledMillis());
    take(2, 1, -1);
    assertEquals(0, sum(2));
    assertEquals(2, ledger.settledMillis());
  }

  @Test
  void theFloorIsThatOfTheFadedScore() {
    take(0, 2, 100);
    take(10 * DAY, 1, -60);
    assertEquals(0, sum(10 * DAY));
    take(10 * DAY, 1, 20);
    assertEquals(20, sum(10 * DAY));
    assertEquals(-5, sum(20 * DAY)); // 25 - 50 + 20
  }

  @Test
  void whatWasCutFadesInItsShares() {
    take(0, 1, 10);
    List<Contribution> both =
        List.of(
            new Contribution(
                7, List.of(new Contribution.Hit(1, -10), new Contribution.Hit(2, -10)), false));
    ledger.take(1, engine.earned(both), true, engine.decay(), decays::add);
    assertEquals(0, sum(1));
    assertEquals(2.5, sum(1 + 10 * DAY)); // 10 - 5 - 5 / 2
  }

  @Test
  void differentHalfLivesFadeApart() {
    take(0, 2, 100);
    take(0, 3, 100);
    assertEquals(75, sum(10 * DAY));
    assertEquals(2, ledger.standing(7) == null ? 0 : ledger.standings().get(0).fadingCount());
  }

  @Test
  void aLateEventThatAddsIsTakenUnlessSomethingWasCutAfterIt() {
    take(0, 1, 10);
    take(10, 1, -20);
    assertTrue(take(20, 1, 1));
    assertTrue(take(10, 1, 1));
    assertFalse(take(9, 1, 1));
    assertFalse(take(15, 1, -1));
    assertEquals(2, sum(20));
  }

  @Test
  void aLateEventWithoutPointsNeedsNoReplay() {
    take(10, 1, 10);
    assertTrue(take(9, 1, 0));
    assertEquals(10, sum(10));
  }

  @Test
  void aLateEventFadesFromItsOwnTime() {
    take(20 * DAY, 2, 100);
    assertTrue(take(10 * DAY, 2, 100));
    assertEquals(150, sum(20 * DAY));
  }

  @Test
  void decayIsDueAtEachIntervalAndAtTheMomentOfTheNextEvent() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 7, true, null, 0)));
    take(rules, 0, 1, 100);
    take(rules, 7 * DAY - 1, 1, 1);
    assertEquals(0, decays.size());
    take(rules, 14 * DAY - 1, 1, 1);
    assertEquals(1, decays.size());
    assertEquals(14 * DAY - 1, decays.get(0).timeMillis());
    assertEquals(7 * DAY - 1, decays.get(0).inactiveSinceMillis());
    assertEquals(92, sum(14 * DAY));
    assertEquals(21 * DAY - 1, ledger.nextDecayMillis(rules.decay(), 0));
  }

  @Test
  void noDecayIsDueBeforeTheRuleOrTheReset() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 1, true, null, 5 * DAY)));
    take(rules, 0, 1, 100);
    ledger.decayUntil(6 * DAY - 1, rules.decay(), decays::add);
    assertEquals(0, decays.size());
    ledger.decayUntil(6 * DAY, rules.decay(), decays::add);
    assertEquals(1, decays.size());
    ledger.reset(7 * DAY);
    take(rules, 7 * DAY, 1, 100);
    ledger.decayUntil(8 * DAY, rules.decay(), decays::add);
    assertEquals(8 * DAY, decays.get(decays.size() - 1).timeMillis());
    assertEquals(90, sum(8 * DAY));
  }

  @Test
  void aScoreOfZeroIsNeverDue() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 1, true, null, 0)));
    assertEquals(Long.MAX_VALUE, ledger.nextDecayMillis(rules.decay(), 0));
    take(rules, 0, 1, 10);
    assertEquals(DAY, ledger.nextDecayMillis(rules.decay(), 0));
    ledger.decayUntil(400 * DAY, rules.decay(), decays::add);
    assertEquals(1, decays.size());
    assertEquals(Long.MAX_VALUE, ledger.nextDecayMillis(rules.decay(), 400 * DAY));
  }

  @Test
  void aLateEventAWholeIntervalBeforeTheNewestIsReplayed() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 7, true, null, 0)));
    assertEquals(7 * DAY, rules.decay().shortestMillis());
    take(rules, 10 * DAY, 1, 100);
    assertFalse(take(rules, 3 * DAY, 1, 100)); // It has decayed when the other happened.
    assertTrue(take(rules, 3 * DAY + 1, 1, 100));
    assertEquals(200, sum(10 * DAY));
  }

  @Test
  void whatAResetTookEndsNoIntervalBeforeItsTime() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 7, true, null, 0)));
    take(rules, 0, 1, 100);
    ledger.decayUntil(7 * DAY, rules.decay(), decays::add);
    assertEquals(1, decays.size());
    assertTrue(ledger.takeRemoved(7 * DAY - 1, false));
    assertFalse(ledger.takeRemoved(7 * DAY - 1, true));
    assertTrue(ledger.takeRemoved(7 * DAY, true)); // Decay comes before what happens then.
    assertEquals(7 * DAY, ledger.activityMillis());
  }

  @Test
  void decayIsDerivedFromAfterTheRuleIsInForce() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 7, true, null, DAY)));
    assertFalse(rules.decay().derives(5, DAY));
    assertTrue(rules.decay().derives(5, DAY + 1));
    assertFalse(rules.decay().derives(6, DAY + 1));
  }

  @Test
  void whatFadesIsKnownFromItsNewestEventOn() {
    take(5, 1, 10);
    Standing flat = ledger.standings().get(0);
    assertTrue(flat.isKnownAt(4));
    take(7, 2, 10);
    assertFalse(flat.isKnownAt(6));
    assertTrue(flat.isKnownAt(7));
  }

  @Test
  void fadingPointsThatCancelOutAreNeverDue() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 1, true, null, 0)));
    take(rules, 0, 2, 10);
    take(rules, 0, 2, -10);
    assertEquals(Long.MAX_VALUE, ledger.nextDecayMillis(rules.decay(), 0));
  }

  @Test
  void aDecayThatStandsStaysAndOneOfOtherPointsIsMadeAnew() {
    Engine rules = engine(List.of(new DecayRule(5, "d", "D", -10, 7, true, null, 0)));
    List<Contribution> took =
        List.of(new Contribution(7, List.of(new Contribution.Hit(-5, -10)), false));
    for (double points : new double[] {-10, -4}) {
      List<Replay.Past> history =
          List.of(
              new Replay.Past(1, 0, gives(1, 100), true, false, null),
              new Replay.Past(
                  -9, 7 * DAY, took, false, false, new Replay.PastDecay(5, 7, points, 0)));
      Replay replay = Replay.run(ledger, history, rules, 8 * DAY);
      boolean stays = points == -10;
      assertEquals(stays ? List.of() : List.of(-9L), replay.removed());
      assertEquals(stays ? 0 : 1, replay.added().size());
      assertEquals(90, sum(8 * DAY));
    }
  }

  @Test
  void scoresAreRoundedHalfAwayFromZero() {
    assertEquals(3, Policies.shown(2.5, false));
    assertEquals(3, Policies.shown(2.4999999999, false));
    assertEquals(2, Policies.shown(2.499, false));
    assertEquals(0, Policies.shown(-2.5, false));
    assertEquals(-3, Policies.shown(-2.5, true));
    assertEquals(-2, Policies.shown(-2.499, true));
  }
}
