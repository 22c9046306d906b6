package io.kenbun.lite.store;

import static io.kenbun.lite.store.Scene.DAY;
import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.email;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.store.queue.FailedEvents;
import io.kenbun.lite.store.sql.Sql;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract's scoring rules through the store; the arithmetic examples are the contract's. */
class ScoringRulesTest {
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

  @Test
  void tenPointsOfHalfLifeFourteenFadeAsTheContractSays() throws Exception {
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "Demo", 1_000, 14)))));
    scene.score("a", "Demo", T0);
    assertEquals(1_000, scene.scoreOf("a", 1, T0));
    assertEquals(500, scene.scoreOf("a", 1, T0 + 14 * DAY));
    assertEquals(250, scene.scoreOf("a", 1, T0 + 28 * DAY));
    assertEquals(16, scene.scoreOf("a", 1, T0 + 84 * DAY)); // 15.6
    assertEquals(707, scene.scoreOf("a", 1, T0 + 7 * DAY));
  }

  @Test
  void aHalfIsRoundedUpHoweverManyStepsTheFadingTook() throws Exception {
    scene.rules(
        b -> b.rulesets(List.of(ruleset(1, rule(1, "Demo", 5, 14), rule(2, "Nothing", 0, 14)))));
    scene.score("a", "Demo", T0);
    for (int day = 1; day < 14; day++) {
      scene.nowMillis = T0 + day * DAY + 12_345;
      scene.score("a", "Nothing", scene.nowMillis);
    }
    assertEquals(3, scene.scoreOf("a", 1, T0 + 14 * DAY)); // 2.5
    assertEquals(2, scene.scoreOf("a", 1, T0 + 14 * DAY + 60_000));
  }

  @Test
  void theFloorActsAtEachChange() throws Exception {
    scene.rules(
        b ->
            b.rulesets(
                List.of(ruleset(1, rule(1, "Up", 10), rule(2, "Down", -30), rule(3, "Five", 5)))));
    scene.score("a", "Up", T0);
    scene.score("a", "Down", T0 + 1);
    assertEquals(0, scene.scoreOf("a"));
    scene.score("a", "Five", T0 + 2);
    assertEquals(5, scene.scoreOf("a"));
  }

  @Test
  void withNegativesAllowedNothingIsCut() throws Exception {
    scene.rules(
        b ->
            b.rulesets(
                    List.of(
                        ruleset(1, rule(1, "Up", 10), rule(2, "Down", -30), rule(3, "Five", 5))))
                .settings(new ScoringSettings(true, false, 30, 0)));
    scene.score("a", "Up", T0);
    scene.score("a", "Down", T0 + 1);
    scene.score("a", "Five", T0 + 2);
    assertEquals(-15, scene.scoreOf("a"));
  }

  @Test
  void aSwitchOfTheFloorChangesLaterChangesOnly() throws Exception {
    List<io.kenbun.lite.model.Ruleset> rulesets =
        List.of(ruleset(1, rule(1, "Up", 10), rule(2, "Down", -30)));
    scene.rules(b -> b.rulesets(rulesets).settings(new ScoringSettings(true, false, 30, 0)));
    scene.score("a", "Down", T0);
    scene.rules(b -> b.rulesets(rulesets));
    assertEquals(0, scene.scoreOf("a"));
    scene.score("a", "Up", T0 + 1);
    assertEquals(0, scene.scoreOf("a")); // -20, as it was never cut.
    scene.rules(b -> b.rulesets(rulesets).settings(new ScoringSettings(true, false, 30, 0)));
    assertEquals(-20, scene.scoreOf("a"));
  }

  @Test
  void aLateEventGivesWhatItWouldHaveGivenInTime() throws Exception {
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "Up", 10), rule(2, "Down", -30)))));
    scene.score("a", "Up", T0 + 2);
    scene.score("a", "Up", T0 + 1);
    assertEquals(20, scene.scoreOf("a"));
    scene.score("a", "Down", T0); // Cut to nothing: there was nothing then.
    assertEquals(20, scene.scoreOf("a"));
    scene.score("a", "Down", T0 + 3);
    assertEquals(0, scene.scoreOf("a"));
    scene.score("a", "Up", T0 + 2); // 30 - 30
    assertEquals(0, scene.scoreOf("a"));
    scene.score("a", "Up", T0 + 2); // 40 - 30
    assertEquals(10, scene.scoreOf("a"));
  }

  @Test
  void anEventThatIsStillToComeCountsInFull() throws Exception {
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "Demo", 100, 1)))));
    scene.score("a", "Demo", T0);
    scene.nowMillis = T0 + DAY;
    scene.score("a", "Demo", T0 + 2 * DAY);
    assertEquals(150, scene.scoreOf("a", 1, T0 + DAY));
    assertEquals(125, scene.scoreOf("a", 1, T0 + 2 * DAY));
  }

  @Test
  void aNewHalfLifeMovesTheWholeCurve() throws Exception {
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "Demo", 100)))));
    scene.score("a", "Demo", T0);
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "Demo", 100, 10)))));
    assertEquals(50, scene.scoreOf("a", 1, T0 + 10 * DAY));
    scene.nowMillis = T0 + 10 * DAY;
    scene.score("a", "Demo", T0 + 10 * DAY);
    assertEquals(150, scene.scoreOf("a"));
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "Demo", 100, 5)))));
    assertEquals(125, scene.scoreOf("a"));
  }

  @Test
  void sevenIdleDaysDecayOnceFourteenTwiceBeforeTheNextEvent() throws Exception {
    decaying(-10, 7);
    scene.score("a", "Up", T0);
    scene.nowMillis = T0 + 21 * DAY;
    scene.score("a", "Up", T0 + 14 * DAY);
    assertEquals(List.of("7.0:-10", "14.0:-10"), scene.decays());
    assertEquals(180, scene.scoreOf("a"));
  }

  @Test
  void decayStopsAtZero() throws Exception {
    decaying(-70, 7);
    scene.score("a", "Up", T0);
    scene.nowMillis = T0 + 50 * DAY;
    scene.score("a", "Up", T0 + 50 * DAY);
    assertEquals(List.of("7.0:-70", "14.0:-30"), scene.decays());
    assertEquals(100, scene.scoreOf("a"));
  }

  @Test
  void aLateEventEndsTheIntervalThatDecayed() throws Exception {
    decaying(-10, 7);
    scene.score("a", "Up", T0);
    scene.nowMillis = T0 + 20 * DAY;
    scene.score("a", "Up", T0 + 8 * DAY);
    assertEquals(List.of("7.0:-10"), scene.decays());
    scene.score("a", "Up", T0 + 3 * DAY);
    assertEquals(List.of("15.0:-10"), scene.decays());
    scene.score("a", "Other", T0 + 12 * DAY);
    assertEquals(List.of("19.0:-10"), scene.decays());
  }

  private void decaying(int points, int days) {
    scene.rules(
        b ->
            b.rulesets(List.of(ruleset(1, rule(1, "Up", 100))))
                .decayRules(List.of(new DecayRule(3, "dc", "D", points, days, true, null, 0))));
  }

  @Test
  void aDecayEventOfAClientIsKeptAndScoresNothing() throws Exception {
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "DECAY", 100)))));
    scene.score("a", "DECAY", T0, "{\"channel\":\"mine\",\"n\":1}");
    assertEquals(0, scene.scoreOf("a"));
    assertEquals("{\"channel\":\"system\",\"n\":1}", scene.events().get(0).metadata());
    assertNull(scene.lead("a").lastEventAtMillis());
  }

  @Test
  void anAttributeFilterKeepsAnEventFromLeadAndScore() throws Exception {
    scene.rules(
        b ->
            b.rulesets(List.of(ruleset(1, rule(1, "Up", 10))))
                .metadataFilters(
                    List.of(
                        new MetadataFilter(
                            1,
                            "mf",
                            "bots",
                            "",
                            List.of(
                                new Condition("agent", Operator.CONTAINS, "bot"),
                                new Condition("path", Operator.EQUALS, "/")),
                            true,
                            0,
                            0,
                            "",
                            ""))));
    scene.score("a", "Up", T0, "{\"agent\":\"a bot\",\"path\":\"/\"}");
    assertNull(scene.find("a"));
    assertNull(scene.events().get(0).leadId());
    scene.score("a", "Up", T0, "{\"agent\":\"a bot\",\"path\":\"/x\"}");
    scene.score("a", "Up", T0 + 5, "{\"agent\":\"a bot\",\"path\":\"/\"}");
    assertEquals(List.of("metadata_filter", "-", "metadata_filter"), scene.reasons("Up"));
    assertEquals(10, scene.scoreOf("a"));
    assertEquals(T0, scene.lead("a").lastEventAtMillis());
    assertEquals(scene.lead("a").leadId(), scene.events().get(0).leadId());
  }

  @Test
  void theEventAfterTheThresholdIsTheFirstSuppressed() throws Exception {
    velocity(2, false);
    scene.accept("a", "Up", T0, null);
    scene.accept("a", "Up", T0 + 1, null);
    scene.accept("a", "Up", T0 + 2, null);
    scene.drain();
    scene.score("a", "Up", T0 + 999);
    scene.score("a", "Up", T0 + 1_002); // The first three are out of the window, that ends at 2.
    assertEquals(List.of("-", "-", "inorganic", "inorganic", "-"), scene.reasons("Up"));
    assertEquals(30, scene.scoreOf("a"));
  }

  @Test
  void keepFirstLetsTheFirstOfABurstThroughWhateverTheThreshold() throws Exception {
    velocity(0, true);
    scene.score("a", "Up", T0);
    scene.score("a", "Up", T0 + 999);
    scene.score("a", "Up", T0 + 1_999);
    assertEquals(List.of("-", "inorganic_grouped", "-"), scene.reasons("Up"));
  }

  @Test
  void aThresholdOfZeroWithoutKeepFirstLetsNothingThrough() throws Exception {
    velocity(0, false);
    scene.score("a", "Up", T0);
    scene.score("a", "Up", T0 + 5_000);
    assertEquals(List.of("inorganic", "inorganic"), scene.reasons("Up"));
    assertNull(scene.find("a"));
  }

  @Test
  void aLateEventIsCountedByItsOwnTime() throws Exception {
    velocity(1, false);
    for (int i = 0; i < 40; i++) {
      scene.score("a", "Up", T0 + 10_000 + 2_000L * i);
    }
    scene.score("a", "Up", T0 + 10_500);
    scene.score("a", "Up", T0 + 9_000);
    assertEquals(List.of("inorganic", "-"), scene.reasons("Up").subList(40, 42));
  }

  private void velocity(int threshold, boolean keepFirst) {
    scene.rules(
        b ->
            b.rulesets(List.of(ruleset(1, rule(1, "Up", 10))))
                .velocityFilters(
                    List.of(
                        new VelocityFilter(
                            1, "vf", "Up", threshold, 1_000, keepFirst, true, 0, 0))));
  }

  @Test
  void aBurstCollapsesIntoItsFirstAndIsNotCountedByVelocity() throws Exception {
    scene.rules(
        b ->
            b.rulesets(List.of(ruleset(1, rule(1, "Up", 10))))
                .settings(new ScoringSettings(false, false, 30, 1_000))
                .velocityFilters(
                    List.of(new VelocityFilter(1, "vf", "Up", 1, 60_000, false, true, 0, 0))));
    scene.score("a", "Up", T0);
    scene.score("a", "Up", T0 + 999);
    scene.score("a", "Up", T0 + 61_000);
    scene.score("a", "Up", T0 + 62_000);
    assertEquals(List.of("-", "inorganic_grouped", "-", "inorganic"), scene.reasons("Up"));
  }

  @Test
  void profileFieldsComeFromMappedMetadataAndAreScored() throws Exception {
    scene.rules(
        b ->
            b.profileMappings(
                    List.of(
                        new ProfileMapping(
                            1,
                            "m1",
                            "industry",
                            "company_industry",
                            ProfileMapping.UpdateBehavior.ALWAYS_LATEST,
                            0),
                        new ProfileMapping(
                            2,
                            "m2",
                            "title",
                            "contact_job_title",
                            ProfileMapping.UpdateBehavior.ONLY_IF_EMPTY,
                            0)))
                .profileRulesets(
                    List.of(
                        new ProfileRuleset(
                            5,
                            "p",
                            "Fit",
                            "",
                            true,
                            true,
                            0,
                            0,
                            List.of(
                                new ProfileRule(
                                    1,
                                    "pr1",
                                    new Condition(
                                        "company_industry", Operator.EQUALS, "Soft\"ware"),
                                    20,
                                    true,
                                    0,
                                    0),
                                new ProfileRule(
                                    2,
                                    "pr2",
                                    new Condition("contact_job_title", Operator.CONTAINS, "CTO"),
                                    15,
                                    true,
                                    0,
                                    0))))));
    scene.score("a", "Up", T0, "{\"industry\":\"Soft\\\"ware\",\"title\":\"CTO\"}");
    assertEquals(35, profileScore("a"));
    scene.score("a", "Up", T0 - 1, "{\"industry\":\"Steel\",\"title\":\"Clerk\"}");
    assertEquals(35, profileScore("a"));
    scene.score("a", "Up", T0 + 1, "{\"industry\":\"Steel\",\"title\":\"Clerk\"}");
    assertEquals(15, profileScore("a"));
  }

  private long profileScore(String who) throws Exception {
    long lead = scene.lead(who).key();
    return scene.ask(
        connection ->
            new Sql("SELECT score FROM profile_score")
                .where("lead = ?", lead)
                .where("ruleset = ?", 5)
                .number(connection));
  }

  @Test
  void aRegexThatExplodesIsSetAsideWithItsReason() throws Exception {
    scene.rules(
        b ->
            b.rulesets(
                List.of(
                    ruleset(
                        1, rule(1, "Up", 10, new Condition("p", Operator.REGEX, "(.*a){12}b"))))));
    long seq = scene.score("a", "Up", T0, "{\"p\":\"" + "a".repeat(40) + "!\"}");
    FailedEvents.Failed failed = scene.storage.failedEvents().list(scene.unit.key(), 1).get(0);
    assertEquals(seq, failed.seq());
    assertEquals(
        "java.lang.IllegalStateException: regex took more than 2000000 steps on 41 characters: (.*a){12}b",
        failed.reason());
  }

  @Test
  void anEventByLeadIdWithoutALeadIsCountedUnderThatId() throws Exception {
    velocity(0, false);
    scene.accept(new RawEvent(scene.unit.key(), "ld_x", List.of(email("a")), "Up", T0, T0, null));
    scene.drain();
    long count =
        scene.ask(
            connection ->
                new Sql("SELECT count(*) FROM event")
                    .where("alias = ?", "lead_id:ld_x")
                    .number(connection));
    assertEquals(1, count);
  }
}
