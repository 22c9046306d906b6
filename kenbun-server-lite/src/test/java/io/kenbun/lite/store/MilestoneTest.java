package io.kenbun.lite.store;

import static io.kenbun.lite.store.FiringsOf.milestone;
import static io.kenbun.lite.store.Scene.DAY;
import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.email;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Ruleset;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each sentence of {@code scoring.md} 9.1, through the store. */
class MilestoneTest {
  private static final Ruleset RULES =
      ruleset(1, rule(1, "Up", 10), rule(2, "Down", -10), rule(3, "Big", 100), rule(4, "One", 1));
  private static final Ruleset FADING = ruleset(1, rule(1, "Up", 10, 14), rule(3, "Big", 100, 14));

  @TempDir Path data;
  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = new Scene(data);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void use(Ruleset ruleset, Milestone... milestones) {
    scene.rules(b -> b.rulesets(List.of(ruleset)).milestones(List.of(milestones)));
  }

  private void score(String... types) throws Exception {
    for (String type : types) {
      scene.score("a", type, scene.nowMillis);
    }
  }

  private void skip(String type) throws Exception {
    scene.accept(
        new RawEvent(
            scene.unit.key(),
            null,
            List.of(email("a")),
            type,
            scene.nowMillis,
            scene.nowMillis,
            null,
            true));
    scene.drain();
  }

  private List<String> fired() throws Exception {
    return FiringsOf.milestones(scene);
  }

  private static Milestone always(int threshold, long cooldownSeconds) {
    return milestone(threshold, FireMode.ALWAYS, cooldownSeconds, null, true);
  }

  @Test
  void firesWhenTheThresholdIsReachedAndNotOneBelow() throws Exception {
    use(RULES, milestone(11), milestone(10), milestone(9));
    score("Up");
    assertEquals(List.of("+9", "+10"), fired());
    score("One");
    assertEquals(List.of("+9", "+10", "+11"), fired());
  }

  @Test
  void tellsWhatTheContractSays() throws Exception {
    scene.rules(
        b ->
            b.rulesets(List.of(RULES))
                .engagementLevels(
                    List.of(
                        new Level("c", "Cold", 0, 24, "", 0),
                        new Level("h", "Hot", 25, null, "", 1)))
                .milestones(List.of(milestone(50))));
    score("Up");
    long seq = scene.score("a", "Big", T0 + 5);
    Firing firing = FiringsOf.type(scene, NotificationType.MILESTONE_ENTERED).get(0);
    assertEquals(
        new Firing(
            firing.id(),
            scene.unit.key(),
            NotificationType.MILESTONE_ENTERED,
            50,
            "m50",
            "M50",
            50,
            scene.lead("a").key(),
            scene.lead("a").leadId(),
            T0,
            110,
            10,
            "rs_1",
            "Hot",
            "Big",
            new EventId(seq).toString(),
            List.of(),
            null,
            null),
        firing);
  }

  @Test
  void severalThresholdsOfOneStepFireLowestFirst() throws Exception {
    use(RULES, milestone(90), milestone(20), milestone(50));
    score("Big");
    assertEquals(List.of("+20", "+50", "+90"), fired());
  }

  @Test
  void onceFiresOnceEachWay() throws Exception {
    use(RULES, milestone(10));
    score("Up", "Down", "Up", "Down");
    assertEquals(List.of("+10", "-10"), fired());
  }

  @Test
  void onceLeavesOnlyAfterItWasEntered() throws Exception {
    use(RULES);
    score("Up");
    use(RULES, milestone(10));
    score("Down");
    assertEquals(List.of(), fired());
    score("Up", "Down");
    assertEquals(List.of("+10", "-10"), fired());
  }

  @Test
  void alwaysFiresAtEveryCrossing() throws Exception {
    use(RULES, always(10, 0));
    score("Up", "Down", "Up", "Up", "Down", "Down");
    assertEquals(List.of("+10", "-10", "+10", "-10"), fired());
  }

  @Test
  void dropsAFiringWithinTheCooldownAndFiresAtItsEnd() throws Exception {
    use(RULES, always(10, 60));
    score("Up"); // Fires.
    scene.nowMillis = T0 + 59_999;
    score("Down"); // Lost, and not made up for.
    scene.nowMillis = T0 + 60_000;
    score("Up");
    assertEquals(List.of("+10", "+10"), fired());
    scene.nowMillis = T0 + 119_999;
    score("Down");
    assertEquals(List.of("+10", "+10"), fired());
  }

  @Test
  void anExitThatNobodyAskedForIsNoFiringAndStartsNoCooldown() throws Exception {
    use(RULES, milestone(10, FireMode.ALWAYS, 60, null, false));
    score("Up");
    scene.nowMillis = T0 + 60_000;
    score("Down", "Up");
    assertEquals(List.of("+10", "+10"), fired());
  }

  @Test
  void aTypeThatIsSetMustBeThatOfTheCrossingEvent() throws Exception {
    use(RULES, milestone(10, FireMode.ALWAYS, 0, "Big", true));
    score("Up", "Big", "Down");
    assertEquals(List.of(), fired());
    use(ruleset(2, rule(5, "Big", 100)), milestone(10, FireMode.ALWAYS, 0, "Big", true));
    scene.score("b", "Big", T0);
    assertEquals(List.of("+10"), fired());
  }

  @Test
  void levelsAreThoseAfterTheChange() throws Exception {
    Milestone hot =
        new Milestone(
            1,
            "m",
            "M",
            10,
            null,
            FireMode.ALWAYS,
            0,
            null,
            "Hot",
            null,
            null,
            true,
            true,
            milestone(1).destinations(),
            0,
            0,
            0);
    scene.rules(
        b ->
            b.rulesets(List.of(RULES))
                .engagementLevels(List.of(new Level("h", "Hot", 50, null, "", 1)))
                .milestones(List.of(hot)));
    score("Up");
    assertEquals(List.of(), fired());
    score("Down", "Big");
    assertEquals(List.of("+10"), fired());
  }

  @Test
  void activationFiresNothingForLeadsAlreadyAbove() throws Exception {
    use(RULES);
    score("Big");
    use(RULES, milestone(50));
    score("Up");
    scene.upkeep.catchUp();
    assertEquals(List.of(), fired());
  }

  @Test
  void aMilestonePassedInASkippedImportCountsAsEntered() throws Exception {
    use(RULES, milestone(50), always(60, 0));
    skip("Big");
    score("Up");
    assertEquals(List.of(), fired());
    score("Down", "Down", "Down", "Down", "Down", "Down");
    assertEquals(List.of("-60"), fired());
    score("Big");
    assertEquals(List.of("-60", "+60"), fired());
  }

  @Test
  void resetLeaves() throws Exception {
    use(RULES, milestone(10), milestone(50), always(5, 0));
    score("Big");
    scene.changes.reset(scene.unit.key(), scene.lead("a").leadId());
    assertEquals(List.of("+5", "+10", "+50", "-5", "-10", "-50"), fired());
    Firing exit = FiringsOf.type(scene, NotificationType.MILESTONE_EXITED).get(0);
    assertNull(exit.eventType());
    assertNull(exit.eventId());
    assertEquals(0, exit.score());
    assertEquals(100, exit.previousScore());
  }

  @Test
  void mergeRescoreAndDeletedEventsFireNothing() throws Exception {
    use(RULES, always(15, 0));
    scene.score("a", "Up", T0);
    scene.score("b", "Up", T0);
    String target = scene.lead("a").leadId();
    scene.changes.merge(scene.unit.key(), target, List.of(scene.lead("b").leadId()), "me");
    assertEquals(20, scene.scoreOf("a"));
    assertEquals(List.of(), fired());
    scene.score("a", "Down", T0 + 1);
    assertEquals(List.of("-15"), fired());
    use(ruleset(1, rule(1, "Up", 100), rule(2, "Down", -10)), always(15, 0));
    scene.changes.rescores().rescore(scene.unit.key());
    scene.upkeep.catchUp();
    assertEquals(190, scene.scoreOf("a"));
    assertEquals(List.of("-15"), fired());
    scene.changes.deleteEventsOfType(scene.unit.key(), "Up");
    scene.upkeep.catchUp();
    assertEquals(0, scene.scoreOf("a"));
    assertEquals(List.of("-15"), fired());
  }

  @Test
  void fadingLeavesAtTheVeryMillisecond() throws Exception {
    use(FADING, milestone(50), milestone(71));
    score("Big");
    // 70.5 is reached after 14 days * log2(100 / 70.5), 49.5 after 14 * log2(100 / 49.5).
    long first = T0 + (long) Math.ceil(14 * DAY * Math.log(100 / 70.5) / Math.log(2));
    long second = T0 + (long) Math.ceil(14 * DAY * Math.log(100 / 49.5) / Math.log(2));
    scene.sleepUntil(first - 2);
    assertEquals(List.of("+50", "+71"), fired());
    scene.sleepUntil(first + 2);
    assertEquals(List.of("+50", "+71", "-71"), fired());
    scene.sleepUntil(second - 2);
    assertEquals(List.of("+50", "+71", "-71"), fired());
    scene.sleepUntil(second + 2);
    assertEquals(List.of("+50", "+71", "-71", "-50"), fired());
  }

  @Test
  void monthsOffComeToTheSame() throws Exception {
    use(FADING, always(50, 0), always(71, 0), always(3, 0));
    score("Big");
    scene.sleepUntil(T0 + 365 * DAY);
    assertEquals(List.of("+3", "+50", "+71", "-71", "-50", "-3"), fired());
    score("Big");
    assertEquals(List.of("+3", "+50", "+71", "-71", "-50", "-3", "+3", "+50", "+71"), fired());
  }

  @Test
  void anEventBeforeTheSweepIsToldAfterWhatHadFaded() throws Exception {
    use(FADING, always(50, 0));
    score("Big");
    scene.nowMillis = T0 + 30 * DAY;
    score("Big");
    assertEquals(List.of("+50", "-50", "+50"), fired());
  }

  @Test
  void decayLeaves() throws Exception {
    scene.rules(
        b ->
            b.rulesets(List.of(RULES))
                .decayRules(List.of(new DecayRule(1, "d", "D", -30, 7, true, null, 0)))
                .milestones(List.of(milestone(50), milestone(90), milestone(35))));
    score("Big");
    scene.sleepUntil(T0 + 7 * DAY - 1);
    assertEquals(List.of("+35", "+50", "+90"), fired());
    scene.sleepUntil(T0 + 7 * DAY);
    assertEquals(List.of("+35", "+50", "+90", "-90"), fired());
    scene.sleepUntil(T0 + 90 * DAY);
    assertEquals(List.of("+35", "+50", "+90", "-90", "-50", "-35"), fired());
  }

  @Test
  void aFallingScoreOfALateEventIsToldThoughOnlyAReplayKnowsIt() throws Exception {
    use(RULES, always(10, 0));
    scene.score("a", "Up", T0);
    scene.score("a", "Up", T0 + 10);
    scene.accept("a", "Down", T0 + 5, null);
    scene.accept("a", "Down", T0 + 6, null);
    scene.accept("a", "Up", T0 + 7, null);
    scene.drain();
    assertEquals(20, scene.scoreOf("a")); // 10, 0, 0, 10, 20
    assertEquals(List.of("+10"), fired());
    scene.score("a", "Down", T0 + 11);
    scene.score("a", "Down", T0 + 12);
    assertEquals(List.of("+10", "-10"), fired());
  }

  @Test
  void aChangeOfHalfLivesMovesTheBaselineInSilence() throws Exception {
    use(ruleset(1, rule(1, "Up", 10, 14), rule(3, "Big", 100)), always(50, 0));
    scene.score("a", "Big", T0);
    scene.nowMillis = T0 + 28 * DAY;
    use(FADING, always(50, 0)); // 25 now.
    score("Up");
    assertEquals(List.of("+50"), fired());
    score("Up", "Up");
    assertEquals(List.of("+50", "+50"), fired());
  }

  @Test
  void aRestartRemembersWhatHasFired() throws Exception {
    use(FADING, milestone(50), always(20, 86_400));
    score("Big");
    scene.close();
    Scene again = new Scene(data);
    scene = again;
    use(FADING, milestone(50), always(20, 86_400));
    scene.nowMillis = T0 + 20 * DAY;
    score("Big");
    assertEquals(List.of("+20", "+50", "-50"), fired());
    scene.sleepUntil(T0 + 400 * DAY);
    assertEquals(List.of("+20", "+50", "-50", "-20"), fired());
  }
}
