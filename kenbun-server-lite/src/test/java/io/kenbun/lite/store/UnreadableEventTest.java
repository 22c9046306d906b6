package io.kenbun.lite.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Firing;
import io.kenbun.lite.pipeline.PipelineListener;
import io.kenbun.lite.store.queue.FailedEvents;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of the real queue that somebody else has written into: set aside, and nothing waits. */
class UnreadableEventTest {
  @TempDir Path data;
  private Scene scene;
  private int scored;
  private int failed;

  @BeforeEach
  void open() throws Exception {
    scene = new Scene(data);
    scene.rules(setup -> setup.rulesets(List.of(Scene.ruleset(1, Scene.rule(1, "View", 5)))));
    scene.scoring.listen(
        new PipelineListener() {
          @Override
          public void fired(List<Firing> firings) {}

          @Override
          public void committed(int events, long nanos) {}

          @Override
          public void commitFailed() {}

          @Override
          public void scored(int newlyScored, int newlySuppressed, int newlyFailed) {
            scored += newlyScored;
            failed += newlyFailed;
          }
        });
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void isSetAsideWithItsReasonAndHoldsUpNoOther() throws Exception {
    scene.accept("a", "View", Scene.T0, null);
    long damaged = scene.accept("b", "View", Scene.T0 + 1, "{\"n\":1}");
    scene.accept("a", "View", Scene.T0 + 2, null);
    damage(damaged, "nonsense");
    assertEquals(Scene.T0, scene.storage.queue().oldestReceivedAtMillis());
    scene.drain();
    assertEquals(10, scene.scoreOf("a"));
    assertEquals(0, scene.storage.queue().depth());
    assertEquals(-1, scene.storage.queue().oldestReceivedAtMillis());
    assertEquals(2, scored);
    assertEquals(1, failed);
    FailedEvents.Failed kept = kept();
    assertEquals(damaged, kept.seq());
    assertEquals("View", kept.eventType());
    assertEquals(Scene.T0 + 1, kept.timestampMillis());
    assertEquals("{\"n\":1}", kept.metadata());
    assertEquals(List.of(), kept.aliases());
    assertEquals(
        "io.kenbun.lite.pipeline.StorageException: what is queued as "
            + damaged
            + " cannot be read: outbox alias list broken at 0",
        kept.reason());
    assertNull(kept.nextTryMillis());
  }

  @Test
  void everyKindOfDamageIsSetAside() throws Exception {
    String[] texts = {"", "email", "email:", "email:x:a", "email:99:a", "email:-5:a", "pager:1:a"};
    for (String text : texts) {
      damage(scene.accept("b", "View", Scene.T0, null), text);
    }
    scene.accept("a", "View", Scene.T0, null);
    scene.drain();
    assertEquals(5, scene.scoreOf("a"));
    assertEquals(texts.length, failed);
    assertEquals(texts.length, scene.storage.failedEvents().list(scene.unit.key(), 100).size());
  }

  @Test
  void aRetryFindsItUnreadableStillAndLeavesIt() throws Exception {
    long damaged = scene.accept("b", "View", Scene.T0, null);
    damage(damaged, "nonsense");
    scene.drain();
    assertTrue(scene.storage.failedEvents().retry(scene.unit.key(), damaged));
    scene.drain();
    assertEquals(2, kept().tries());
    assertNull(kept().nextTryMillis());
    assertFalse(scene.scoring.step());
    assertTrue(scene.storage.failedEvents().delete(scene.unit.key(), damaged));
    assertEquals(List.of(), scene.storage.failedEvents().list(scene.unit.key(), 10));
  }

  private FailedEvents.Failed kept() throws Exception {
    return scene.storage.failedEvents().list(scene.unit.key(), 10).get(0);
  }

  /** Has the row written into while the server is down: one that runs has the event in memory. */
  private void damage(long seq, String aliases) throws Exception {
    scene.close();
    try (Connection connection = TestStores.connect(data);
        PreparedStatement update =
            connection.prepareStatement("UPDATE outbox SET aliases = ? WHERE seq = ?")) {
      update.setString(1, aliases);
      update.setLong(2, seq);
      assertEquals(1, update.executeUpdate());
    }
    open();
  }
}
