package io.kenbun.lite.store;

import static io.kenbun.lite.store.FiringsOf.milestone;
import static io.kenbun.lite.store.FiringsOf.sequence;
import static io.kenbun.lite.store.FiringsOf.surge;
import static io.kenbun.lite.store.Scene.DAY;
import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.rule;
import static io.kenbun.lite.store.Scene.ruleset;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.engine.DryRun;
import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.FireMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunsTest {
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

  private Engine engine() {
    return scene.rules.current().engine(scene.unit.key());
  }

  private static List<String> lines(List<DryRun.Hit> hits) {
    return hits.stream()
        .map(hit -> hit.type().wireName() + " " + hit.score() + " < " + hit.previousScore())
        .toList();
  }

  @Test
  void aMilestoneIsRunOverTheWholeHistory() throws Exception {
    scene.rules(
        b ->
            b.rulesets(List.of(ruleset(1, rule(1, "Big", 100, 14))))
                .decayRules(List.of(new DecayRule(1, "d", "D", -10, 20, true, null, 0))));
    scene.score("a", "Big", T0);
    scene.sleepUntil(T0 + 60 * DAY);
    scene.score("a", "Big", scene.nowMillis);
    List<DryRun.Hit> hits =
        scene
            .storage
            .reads()
            .dryRuns()
            .run(
                milestone(50, FireMode.ALWAYS, 0, null, true),
                scene.lead("a"),
                scene.setup(),
                engine(),
                scene.nowMillis);
    assertEquals(
        List.of(
            "milestone.entered 100 < 0", "milestone.exited 49 < 50", "milestone.entered 91 < 0"),
        lines(hits));
    assertEquals(91, scene.scoreOf("a")); // What decay took is not given back.
    assertEquals(0, FiringsOf.milestones(scene).size());
  }

  @Test
  void sequencesAndSurgesAreRunInTheOrderInWhichThingsHappened() throws Exception {
    scene.rules(b -> b);
    scene.score("a", "B", T0 + 10);
    scene.score("a", "A", T0);
    scene.score("a", "A", T0 + 20);
    DryRuns runs = scene.storage.reads().dryRuns();
    List<DryRun.Hit> completed =
        runs.run(sequence(1, 60, true, "A", "B"), scene.lead("a"), engine());
    assertEquals(1, completed.size());
    assertEquals(T0 + 10, completed.get(0).atMillis());
    assertEquals(1, runs.run(surge(1, "A", 2, 60), scene.lead("a"), engine()).size());
    assertEquals(0, runs.run(surge(1, "A", 3, 60), scene.lead("a"), engine()).size());
    assertEquals(1, runs.run(surge(1, null, 3, 60), scene.lead("a"), engine()).size());
  }

  @Test
  void aPreviewCountsWhatWouldHaveFiredSince() throws Exception {
    scene.rules(b -> b);
    for (String who : List.of("a", "b", "c")) {
      scene.score(who, "A", T0);
      scene.score(who, "A", who.equals("c") ? T0 + 60_000 : T0 + 59_999);
    }
    DryRuns runs = scene.storage.reads().dryRuns();
    assertEquals(
        new DryRuns.Preview(
            2, 2, List.of(scene.lead("a").leadId(), scene.lead("b").leadId()), 6, true),
        runs.preview(surge(1, "A", 2, 60), scene.unit.key(), engine(), T0 + 59_999));
    assertEquals(
        0, runs.preview(surge(1, "A", 2, 60), scene.unit.key(), engine(), T0 + 60_000).firings());
  }
}
