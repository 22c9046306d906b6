package io.kenbun.lite.store.reads;

import static io.kenbun.lite.store.Scene.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.engine.DryRun;
import io.kenbun.lite.engine.Windows;
import io.kenbun.lite.store.FiringsOf;
import io.kenbun.lite.store.Scene;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.sql.ReadConnections;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  private DryRun sequence(long windowSeconds, String... types) {
    return DryRun.of(FiringsOf.sequence(1, windowSeconds, true, types), windows());
  }

  private DryRun surge(@Nullable String type, int threshold) {
    return DryRun.of(FiringsOf.surge(1, type, threshold, 60), windows());
  }

  private Windows windows() {
    return scene.rules.current().engine(scene.unit.key()).windows();
  }

  private DryRuns.Run run(DryRun trial, long fromMillis) throws Exception {
    return scene.storage.reads().dryRuns().run(trial, scene.lead("a").key(), fromMillis);
  }

  private String idOf(String who) throws Exception {
    return scene.lead(who).leadId();
  }

  @Test
  void sequencesAndSurgesAreRunInTheOrderInWhichThingsHappened() throws Exception {
    scene.rules(b -> b);
    scene.score("a", "B", T0 + 10);
    scene.score("a", "A", T0);
    scene.score("a", "A", T0 + 20);
    assertEquals(new DryRuns.Run(List.of(T0 + 10), 3, true), run(sequence(60, "A", "B"), T0));
    assertEquals(List.of(T0 + 20), run(surge("A", 2), T0).firedAtMillis());
    assertEquals(List.of(), run(surge("A", 3), T0).firedAtMillis());
    assertEquals(List.of(T0 + 20), run(surge(null, 3), T0).firedAtMillis());
  }

  @Test
  void whatIsHiddenCountsForNothing() throws Exception {
    scene.rules(b -> b.hiddenEventTypes(Set.of("A")));
    scene.score("a", "A", T0);
    scene.score("a", "B", T0 + 10);
    assertEquals(new DryRuns.Run(List.of(), 2, true), run(sequence(60, "A", "B"), T0));
    assertEquals(List.of(), run(surge(null, 2), T0).firedAtMillis());
    assertEquals(List.of(T0 + 10), run(surge(null, 1), T0).firedAtMillis());
  }

  @Test
  void oneWindowBeforeCountsForTheFirstFirings() throws Exception {
    scene.rules(b -> b);
    scene.score("a", "A", T0);
    scene.score("a", "B", T0 + 60_000);
    List<Long> fired = List.of(T0 + 60_000);
    DryRun sequence = sequence(60, "A", "B");
    assertEquals(new DryRuns.Run(fired, 2, true), run(sequence, T0 + 60_000));
    assertEquals(new DryRuns.Run(List.of(), 1, true), run(sequence, T0 + 60_001));
  }

  @Test
  void ofTooManyEventsOfALeadTheNewestAreLookedAt() throws Exception {
    scene.rules(b -> b);
    for (int i = 0; i < 3; i++) {
      scene.score("a", "A", T0 + i);
    }
    long lead = scene.lead("a").key();
    ReadConnections connections = TestStores.connections(scene.storage);
    DryRun twice = surge("A", 2);
    assertEquals(
        new DryRuns.Run(List.of(T0 + 1), 3, true),
        new DryRuns(connections, 3, 100).run(twice, lead, T0));
    assertEquals(
        new DryRuns.Run(List.of(T0 + 2), 2, false),
        new DryRuns(connections, 2, 100).run(twice, lead, T0));
    DryRuns.LeadFirings one = new DryRuns.LeadFirings(idOf("a"), 1);
    assertEquals(
        new DryRuns.Preview(1, 1, List.of(one), 2, false),
        new DryRuns(connections, 2, 100).preview(twice, scene.unit.key(), T0));
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
            2,
            2,
            List.of(new DryRuns.LeadFirings(idOf("a"), 1), new DryRuns.LeadFirings(idOf("b"), 1)),
            6,
            true),
        runs.preview(surge("A", 2), scene.unit.key(), T0 + 59_999));
    assertEquals(0, runs.preview(surge("A", 2), scene.unit.key(), T0 + 60_000).firings());
  }

  @Test
  void aPreviewOfTooManyEventsLooksAtTheLeadsThatDidSomethingLast() throws Exception {
    scene.rules(b -> b);
    scene.score("a", "A", T0);
    scene.score("b", "A", T0 + 2);
    scene.score("c", "A", T0 + 1);
    scene.score("c", "A", T0 - 1);
    ReadConnections connections = TestStores.connections(scene.storage);
    assertEquals(List.of(4, true), looked(connections, 4));
    assertEquals(List.of(3, false), looked(connections, 3)); // Up to a lead's end,
    assertEquals(List.of(2, false), looked(connections, 2)); // within a lead,
    assertEquals(List.of(1, false), looked(connections, 1)); // the first one alone.
    DryRuns.Preview last =
        new DryRuns(connections, 10, 1).preview(surge("A", 1), scene.unit.key(), T0);
    assertEquals(List.of(new DryRuns.LeadFirings(idOf("b"), 1)), last.most());
  }

  private List<Object> looked(ReadConnections connections, int max) throws Exception {
    DryRuns.Preview preview =
        new DryRuns(connections, 10, max).preview(surge("A", 1), scene.unit.key(), T0);
    return List.of(preview.events(), preview.complete());
  }
}
