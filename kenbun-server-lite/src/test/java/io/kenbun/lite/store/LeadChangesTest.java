package io.kenbun.lite.store;

import static io.kenbun.lite.store.Scene.DAY;
import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.email;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Rescores;
import io.kenbun.lite.store.reads.EventReads;
import io.kenbun.lite.store.sql.Dialect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadChangesTest {
  private static final Rule UP = rule(1, "Up", 10);
  private static final Rule DOWN = rule(2, "Down", -30);
  private static final Rule FADING = rule(3, "Demo", 100, 10);

  @TempDir Path data;
  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = new Scene(data);
    scene.rules(b -> b.rulesets(List.of(ruleset(1, UP, DOWN, FADING))));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private String id(String who) throws Exception {
    return scene.lead(who).leadId();
  }

  @Test
  void aResetTakesEverythingForGood() throws Exception {
    scene.score("a", "Up", T0);
    scene.score("a", "Demo", T0);
    scene.nowMillis = T0 + 10 * DAY;
    assertEquals(Map.of(1L, 60L), scene.changes.reset(scene.unit.key(), id("a")));
    assertEquals(0, scene.scoreOf("a"));
    assertEquals(0, scene.listedScoreOf("a"));
    StoredEvent event =
        scene.events().stream().filter(e -> EventId.isSystem(e.seq())).findFirst().orElseThrow();
    assertEquals("score_reset", event.eventType());
    assertEquals(scene.nowMillis, event.timestampMillis());
    assertEquals("{\"channel\":\"system\",\"previous_scores\":{\"rs_1\":60}}", event.metadata());
    scene.score("a", "Up", scene.nowMillis - 1); // Late: happened before the reset.
    assertEquals(0, scene.scoreOf("a"));
    scene.score("a", "Up", scene.nowMillis);
    assertEquals(10, scene.scoreOf("a"));
    scene.changes.rescores().rescore(scene.unit.key());
    scene.upkeep.catchUp();
    assertEquals(10, scene.scoreOf("a"));
  }

  @Test
  void aResetOfNobodyIsNone() throws Exception {
    assertNull(scene.changes.reset(scene.unit.key(), "ld_none"));
  }

  @Test
  void aMergeScoresTheUnionOfTheHistories() throws Exception {
    scene.score("a", "Up", T0);
    scene.score("b", "Down", T0 + 1);
    scene.score("b", "Up", T0 + 2);
    scene.score("c", "Demo", T0 + 3);
    String a = id("a");
    String b = id("b");
    LeadChanges.Merge preview =
        Objects.requireNonNull(
            scene.changes.previewMerge(scene.unit.key(), a, List.of(b, id("c"))));
    assertEquals(new LeadChanges.Merge(1, 4, 1, 3, 10, Map.of(b, 10L, id("c"), 100L)), preview);
    assertEquals(preview, scene.changes.merge(scene.unit.key(), a, List.of(b, id("c")), "dev"));
    assertEquals(a, id("b"));
    assertEquals(110, scene.scoreOf("a")); // 10, 0, 10, 110
    assertNull(scene.storage.reads().lead(scene.unit.key(), b));
    List<StoredEvent> moved =
        scene.events().stream().filter(e -> b.equals(e.originalLeadId())).toList();
    assertEquals(2, moved.size());
    assertTrue(moved.stream().allMatch(e -> a.equals(e.leadId())));
    StoredEvent merged =
        scene.events().stream().filter(e -> EventId.isSystem(e.seq())).findFirst().orElseThrow();
    assertEquals("lead_merged", merged.eventType());
    // What names the old lead means the new one.
    scene.accept(new RawEvent(scene.unit.key(), b, List.of(), "Up", T0 + 4, T0, null));
    scene.score("b", "Up", T0 + 5);
    assertEquals(130, scene.scoreOf("a"));
    assertEquals(1, scene.number("SELECT count(*) FROM lead WHERE merged_into IS NULL"));
  }

  @Test
  void aMergeOfMergedLeadsFollowsToTheEnd() throws Exception {
    scene.score("a", "Up", T0);
    scene.score("b", "Up", T0);
    scene.score("c", "Up", T0);
    String a = id("a");
    String b = id("b");
    String c = id("c");
    scene.changes.merge(scene.unit.key(), b, List.of(c), "dev");
    scene.changes.merge(scene.unit.key(), a, List.of(b), "dev");
    scene.accept(new RawEvent(scene.unit.key(), c, List.of(), "Up", T0, T0, null));
    scene.drain();
    assertEquals(40, scene.scoreOf("a"));
    assertNull(scene.changes.merge(scene.unit.key(), a, List.of(c), "dev"));
  }

  @Test
  void eachEventKeepsItsResetThroughAMerge() throws Exception {
    scene.score("a", "Up", T0);
    scene.nowMillis = T0 + 100;
    scene.changes.reset(scene.unit.key(), id("a"));
    scene.score("b", "Up", T0 + 1);
    scene.changes.merge(scene.unit.key(), id("b"), List.of(id("a")), "dev");
    assertEquals(10, scene.scoreOf("b"));
    scene.score("b", "Up", T0 + 2); // Before the reset, which is the merged lead's now.
    assertEquals(10, scene.scoreOf("b"));
  }

  @Test
  void deletedEventsTakeWithThemWhatTheyGave() throws Exception {
    long first = scene.score("a", "Up", T0);
    scene.score("a", "Down", T0 + 1);
    long third = scene.score("a", "Up", T0 + 2);
    long other = scene.score("b", "Up", T0 + 2);
    assertEquals(
        3, scene.changes.deleteEvents(scene.unit.key(), List.of(third, third, other, first, 99L)));
    assertEquals(0, scene.scoreOf("a"));
    assertEquals(T0 + 1, scene.lead("a").lastEventAtMillis());
    assertEquals(0, scene.scoreOf("b"));
    assertNull(scene.lead("b").lastEventAtMillis());
    assertEquals(1, scene.number("SELECT sum(events) FROM " + dialect().eventCounts()));
    assertEquals(0, scene.changes.deleteEvents(scene.unit.key(), List.of(first)));
  }

  @Test
  void eventsOfATypeAreCountedThenDeleted() throws Exception {
    scene.score("a", "Up", T0);
    scene.score("a", "Down", T0 + 1);
    scene.score("a", "Up", T0 + 2);
    scene.score("a", "Other", T0 + 3);
    EventReads reads = scene.storage.reads().events();
    assertEquals(new EventReads.Counts(2, 2), reads.count(scene.unit.key(), "Up"));
    assertEquals(new EventReads.Counts(1, 0), reads.count(scene.unit.key(), "Other"));
    assertEquals(new EventReads.Counts(0, 0), reads.count(scene.unit.key(), "None"));
    assertEquals(1, scene.changes.deleteEventsOfType(scene.unit.key(), "Down").events());
    assertEquals(20, scene.scoreOf("a"));
    scene.upkeep.catchUp();
    assertEquals(20, scene.listedScoreOf("a"));
    assertEquals(3, scene.number("SELECT sum(events) FROM " + dialect().eventCounts()));
  }

  @Test
  void decayFollowsADeletionOfATypeAtTheNextLook() throws Exception {
    DecayRule decay = new DecayRule(3, "dc", "D", -4, 2, true, null, T0);
    scene.rules(b -> b.rulesets(List.of(ruleset(1, UP))).decayRules(List.of(decay)));
    scene.score("a", "Up", T0);
    scene.nowMillis = T0 + 5 * DAY;
    scene.score("a", "Other", T0 + 5 * DAY);
    scene.upkeep.catchUp();
    assertEquals(List.of("2.0:-4", "4.0:-4"), scene.decays());
    scene.changes.deleteEventsOfType(scene.unit.key(), "Up");
    scene.upkeep.catchUp();
    assertEquals(List.of(), scene.decays());
  }

  @Test
  void aDeletedLeadIsGoneWithEverything() throws Exception {
    scene.score("a", "Up", T0);
    String id = id("a");
    assertTrue(scene.changes.delete(scene.unit.key(), id));
    assertNull(scene.find("a"));
    assertFalse(scene.changes.delete(scene.unit.key(), id));
    for (String table : List.of("lead", "alias", "score", "event", "score_segment")) {
      assertEquals(0, scene.number("SELECT count(*) FROM " + table), table);
    }
    scene.score("a", "Up", T0);
    assertEquals(10, scene.scoreOf("a"));
  }

  @Test
  void aRescoreGivesWhatTheRulesOfNowGive() throws Exception {
    scene.score("a", "Up", T0);
    scene.score("b", "Up", T0);
    scene.score("b", "Down", T0 + 1);
    scene.score("c", "Other", T0);
    scene.score("d", "Demo", T0);
    scene.rules(
        b -> b.rulesets(List.of(ruleset(1, rule(1, "Up", 40), rule(2, "Down", -30), FADING))));
    assertEquals(10, scene.scoreOf("a")); // Not by itself.
    Rescores.Effect preview = scene.changes.rescores().preview(scene.unit.key());
    assertEquals(new Rescores.Effect(4, 3, 2, 0, 1, 40.0 / 3), preview);
    scene.changes.rescores().rescore(scene.unit.key());
    scene.upkeep.catchUp();
    assertEquals(40, scene.scoreOf("a"));
    assertEquals(10, scene.scoreOf("b"));
    assertEquals(0, scene.scoreOf("c"));
    assertEquals(100, scene.scoreOf("d"));
    assertEquals(0, scene.number("SELECT count(*) FROM rescore"));
  }

  @Test
  void idleLeadsDecayWhenTheirTimeComesOrMonthsLater() throws Exception {
    DecayRule decay = new DecayRule(3, "dc", "D", -3, 7, true, null, T0);
    scene.score("a", "Up", T0);
    scene.rules(b -> b.rulesets(List.of(ruleset(1, UP))).decayRules(List.of(decay)));
    scene.sleepUntil(T0 + 7 * DAY - 1);
    assertEquals(List.of(), scene.decays());
    scene.sleepUntil(T0 + 7 * DAY);
    assertEquals(List.of("7.0:-3"), scene.decays());
    assertEquals(7, scene.listedScoreOf("a"));
    scene.sleepUntil(T0 + 200 * DAY);
    assertEquals(List.of("7.0:-3", "14.0:-3", "21.0:-3", "28.0:-1"), scene.decays());
    assertEquals(0, scene.listedScoreOf("a"));
    assertEquals(
        "{\"channel\":\"system\",\"decay_rule_id\":\"dc\",\"ruleset_id\":\"rs_1\",\"points\":-3,"
            + "\"inactive_since\":\"2026-03-01T00:00:00Z\"}",
        scene.events().stream()
            .filter(e -> e.timestampMillis() == T0 + 14 * DAY)
            .findFirst()
            .orElseThrow()
            .metadata());
  }

  @Test
  void aDecayRuleThatIsGoneGivesNothingBack() throws Exception {
    DecayRule decay = new DecayRule(3, "dc", "D", -3, 7, true, null, T0);
    scene.rules(b -> b.rulesets(List.of(ruleset(1, UP))).decayRules(List.of(decay)));
    scene.score("a", "Up", T0);
    scene.sleepUntil(T0 + 8 * DAY);
    scene.rules(b -> b.rulesets(List.of(ruleset(1, UP))));
    scene.score("a", "Up", T0 + 8 * DAY);
    scene.sleepUntil(T0 + 30 * DAY);
    assertEquals(17, scene.scoreOf("a"));
    scene.score("a", "Up", T0 + 2 * DAY); // That interval was not quiet.
    assertEquals(30, scene.scoreOf("a"));
  }

  @Test
  void listsFollowFadingScoresHourByHour() throws Exception {
    scene.score("a", "Demo", T0);
    scene.sleepUntil(T0 + 10 * DAY);
    assertEquals(50, scene.listedScoreOf("a"));
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(3, "Demo", 100, 5)))));
    scene.sleepUntil(T0 + 10 * DAY);
    assertEquals(25, scene.listedScoreOf("a"));
  }

  @Test
  void whatStoodIsKeptOnceAnHourWithAChange() throws Exception {
    scene.score("a", "Up", T0);
    scene.nowMillis = T0 + 10;
    scene.score("a", "Up", T0 + 10);
    assertEquals(0, scene.number("SELECT count(*) FROM score_segment"));
    scene.nowMillis = T0 + 2 * 3_600_000;
    scene.score("a", "Up", scene.nowMillis);
    scene.score("a", "Up", scene.nowMillis);
    assertEquals(1, scene.number("SELECT count(*) FROM score_segment"));
    assertEquals(20, scene.number("SELECT flat FROM score_segment"));
    assertEquals(T0 / 3_600_000 + 1, scene.number("SELECT from_hour FROM score_segment"));
    assertEquals(T0 / 3_600_000 + 3, scene.number("SELECT since_hour FROM score"));
    scene.sleepUntil(T0 + 90 * DAY + 24 * 3_600_000L);
    assertEquals(0, scene.number("SELECT count(*) FROM score_segment"));
    assertNotNull(scene.find("a"));
    assertEquals(email("a"), scene.storage.reads().aliases(scene.lead("a")).get(0));
  }

  private Dialect dialect() {
    return scene.storage.engine().equals("sqlite") ? Dialect.SQLITE : Dialect.POSTGRES;
  }
}
