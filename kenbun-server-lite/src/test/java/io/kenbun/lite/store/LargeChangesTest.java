package io.kenbun.lite.store;

import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.email;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.pipeline.Loop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that are too large for one transaction, and what happens between two of theirs. */
class LargeChangesTest {
  private static final int EVENTS = 5_000; // Two slices and a half.

  @TempDir Path data;
  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    start();
    List<RawEvent> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      String type = i % 5 == 4 ? "Other" : "Up";
      events.add(
          new RawEvent(
              scene.unit.key(), null, List.of(email("a")), type, T0 + i, scene.nowMillis, null));
    }
    scene.accept(events.toArray(RawEvent[]::new));
    scene.drain();
  }

  private void start() throws Exception {
    scene = new Scene(data);
    use(1);
  }

  private void use(int weight) {
    scene.rules(b -> b.rulesets(List.of(ruleset(1, rule(1, "Up", weight)))));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private long stored(String type) throws Exception {
    return scene.storage.reads().events().count(scene.unit.key(), type).events();
  }

  private long eventCounts() throws Exception {
    return scene.number("SELECT sum(events) FROM " + Scene.dialect().eventCounts());
  }

  private ChangeTx.Deleted deleteNext(long deletion) throws Exception {
    return scene.storage.change(tx -> tx.deleteNext(deletion, 2_000));
  }

  @Test
  void theAnswerCountsAllSlices() throws Exception {
    assertEquals(4_000, scene.scoreOf("a"));
    ChangeTx.Deleted deleted = scene.changes.deleteEventsOfType(scene.unit.key(), "Up");
    assertEquals(new ChangeTx.Deleted(4_000, 4_000, List.of()), deleted);
    assertEquals(0, scene.scoreOf("a"));
    assertEquals(1_000, eventCounts());
    assertEquals(0, scene.changes.deleteEventsOfType(scene.unit.key(), "Up").events());
    assertEquals(0, scene.changes.deleteEventsOfType(scene.unit.key(), "None").events());
    assertEquals(0, scene.number("SELECT count(*) FROM event_deletion"));
  }

  @Test
  void betweenTwoSlicesScoresAreThoseOfWhatIsLeft() throws Exception {
    long deletion = scene.storage.change(tx -> tx.deleteLater(scene.unit.key(), "Up"));
    assertEquals(2_000, deleteNext(deletion).events());
    assertEquals(2_000, scene.scoreOf("a"));
    assertEquals(3_000, eventCounts());
    scene.score("a", "Up", T0 + EVENTS); // Came after it was asked for, so it stays.
    assertEquals(2_001, scene.scoreOf("a"));
    assertEquals(2_000, deleteNext(deletion).events());
    assertEquals(0, deleteNext(deletion).events()); // Looks at what is after the last of them.
    assertNull(deleteNext(deletion));
    assertNull(deleteNext(deletion));
    assertEquals(1, scene.scoreOf("a"));
    scene.upkeep.catchUp();
    assertEquals(1, scene.listedScoreOf("a"));
  }

  @Test
  void aServerThatDiedBetweenTwoSlicesGoesOnAtTheNextStart() throws Exception {
    long deletion = scene.storage.change(tx -> tx.deleteLater(scene.unit.key(), "Up"));
    assertNotNull(deleteNext(deletion));
    scene.close();
    start();
    assertEquals(2_000, stored("Up"));
    scene.upkeep.catchUp();
    assertEquals(0, stored("Up"));
    assertEquals(1_000, stored("Other"));
    assertEquals(0, scene.listedScoreOf("a"));
    assertEquals(0, scene.number("SELECT count(*) FROM event_deletion"));
  }

  @Test
  void askedOnceMoreAfterAFailureItDeletesTheRest() throws Exception {
    long deletion = scene.storage.change(tx -> tx.deleteLater(scene.unit.key(), "Up"));
    assertNotNull(deleteNext(deletion));
    assertEquals(2_000, scene.changes.deleteEventsOfType(scene.unit.key(), "Up").events());
    assertEquals(0, stored("Up"));
  }

  @Test
  void aRescoreMatchesALargeLeadSliceBySlice() throws Exception {
    use(3);
    scene.changes.rescores().rescore(scene.unit.key());
    assertEquals(Loop.Next.AT_ONCE, scene.upkeep.next());
    assertEquals(1_600, scene.number("SELECT count(*) FROM event WHERE contributions LIKE '%:3'"));
    assertEquals(4_000, scene.scoreOf("a")); // Until it is done.
    scene.upkeep.catchUp();
    assertEquals(12_000, scene.scoreOf("a"));
    assertEquals(12_000, scene.listedScoreOf("a"));
  }

  @Test
  void whatIsMergedIntoALeadThatARescoreHasPassedIsMatchedAnewToo() throws Exception {
    scene.score("b", "Up", T0);
    use(3);
    scene.changes.rescores().rescore(scene.unit.key());
    while (scene.number("SELECT next_lead FROM rescore") == 0) {
      scene.upkeep.next();
    }
    assertEquals(12_000, scene.scoreOf("a"));
    assertEquals(1, scene.scoreOf("b")); // Its turn has not come.
    scene.changes.merge(
        scene.unit.key(), scene.lead("a").leadId(), List.of(scene.lead("b").leadId()), "somebody");
    assertEquals(12_003, scene.scoreOf("a"));
    scene.upkeep.catchUp();
    assertEquals(12_003, scene.listedScoreOf("a"));
  }

  @Test
  void rulesThatChangeDuringARescoreOfALeadHoldForAllOfItsEvents() throws Exception {
    use(3);
    scene.changes.rescores().rescore(scene.unit.key());
    scene.upkeep.next();
    use(5);
    scene.upkeep.catchUp();
    assertEquals(20_000, scene.scoreOf("a"));
    use(7);
    scene.changes.rescores().rescore(scene.unit.key());
    scene.upkeep.next();
    scene.close(); // A server that begins anew with a lead loses nothing but time.
    start();
    use(7);
    scene.upkeep.catchUp();
    assertEquals(28_000, scene.scoreOf("a"));
  }
}
