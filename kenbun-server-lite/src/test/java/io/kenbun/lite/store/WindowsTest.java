package io.kenbun.lite.store;

import static io.kenbun.lite.store.FiringsOf.sequence;
import static io.kenbun.lite.store.FiringsOf.surge;
import static io.kenbun.lite.store.Scene.T0;
import static io.kenbun.lite.store.Scene.email;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.model.VelocityFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each sentence of {@code scoring.md} 9.2 and 9.3, through the store. */
class WindowsTest {
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

  private void use(Sequence... sequences) {
    scene.rules(b -> b.sequences(List.of(sequences)));
  }

  private void use(Surge... surges) {
    scene.rules(b -> b.surges(List.of(surges)));
  }

  private void at(long offsetMillis, String type) throws Exception {
    scene.score("a", type, T0 + offsetMillis);
  }

  private void skipped(long offsetMillis, String type) throws Exception {
    scene.accept(
        new RawEvent(
            scene.unit.key(),
            null,
            List.of(email("a")),
            type,
            T0 + offsetMillis,
            scene.nowMillis,
            null,
            true));
    scene.drain();
  }

  private int completed() throws Exception {
    return FiringsOf.type(scene, NotificationType.SEQUENCE_COMPLETED).size();
  }

  private int surged() throws Exception {
    return FiringsOf.type(scene, NotificationType.SURGE_FIRED).size();
  }

  private void restart() throws Exception {
    List<Sequence> sequences = scene.setup().sequences();
    List<Surge> surges = scene.setup().surges();
    scene.close();
    scene = new Scene(data);
    scene.rules(b -> b.sequences(sequences).surges(surges));
  }

  @Test
  void orderedStepsMayHaveOthersBetweenThem() throws Exception {
    use(sequence(1, 60, true, "A", "B", "C"));
    at(0, "B");
    at(1, "A");
    at(2, "X");
    at(3, "C");
    at(4, "B");
    assertEquals(0, completed());
    at(5, "A");
    at(6, "C");
    assertEquals(1, completed());
  }

  @Test
  void tellsWhatTheContractSays() throws Exception {
    use(sequence(7, 60, false, "A", "B"));
    at(0, "B");
    long seq = scene.score("a", "A", T0 + 1);
    Firing firing = FiringsOf.type(scene, NotificationType.SEQUENCE_COMPLETED).get(0);
    assertEquals("s7", firing.triggerId());
    assertEquals(List.of("A", "B"), firing.eventTypes());
    assertEquals(60, firing.windowSeconds());
    assertEquals("A", firing.eventType());
    assertEquals(new EventId(seq).toString(), firing.eventId());
    assertEquals("Unclassified", firing.engagementLevel());
  }

  @Test
  void theWindowEndsAtTheMillisecond() throws Exception {
    use(sequence(1, 60, true, "A", "B"));
    at(0, "A");
    at(60_001, "B");
    assertEquals(0, completed());
    at(70_000, "A");
    at(130_000, "B");
    assertEquals(1, completed());
  }

  @Test
  void unorderedNeedsEachStepAsOftenAsItIsNamed() throws Exception {
    use(sequence(1, 60, false, "A", "B", "A"));
    at(0, "A");
    at(1, "B");
    at(2, "B");
    assertEquals(0, completed());
    at(3, "A");
    assertEquals(1, completed());
  }

  @Test
  void whatHasFiredIsUsedUp() throws Exception {
    use(sequence(1, 60, true, "A", "B"), sequence(2, 60, false, "A", "B"));
    at(0, "A");
    at(1, "A");
    at(2, "B");
    at(3, "B");
    assertEquals(2, completed());
    at(4, "A");
    assertEquals(3, completed()); // The unordered one, with the second B.
    at(5, "B");
    assertEquals(4, completed()); // The ordered one.
  }

  @Test
  void oneStepFiresEachTime() throws Exception {
    use(sequence(1, 60, true, "A"), sequence(2, 60, false, "A"));
    at(0, "A");
    at(0, "A");
    assertEquals(4, completed());
  }

  @Test
  void aLateEventCountsAtItsOwnTime() throws Exception {
    use(sequence(1, 60, true, "A", "B", "C"));
    at(0, "A");
    at(20, "C");
    at(10, "B"); // Ends nothing: the last step came after it.
    assertEquals(0, completed());
    at(30, "C");
    assertEquals(1, completed());
  }

  @Test
  void aLateEventCompletesWhatHadHappenedBeforeIt() throws Exception {
    use(sequence(1, 60, true, "A", "B"), sequence(2, 60, false, "A", "B"));
    at(0, "A");
    at(40_000, "A");
    at(30_000, "B");
    assertEquals(2, completed());
    at(50_000, "B"); // With the A of 40.
    assertEquals(4, completed());
    at(20_000, "A");
    at(25_000, "B"); // Before the last that fired: used up.
    assertEquals(4, completed());
  }

  @Test
  void suppressedHiddenAndSystemEventsAreNoSteps() throws Exception {
    scene.rules(
        b ->
            b.sequences(
                    List.of(
                        sequence(1, 60, true, "A", "B"),
                        sequence(2, 60, true, "DECAY"),
                        sequence(3, 60, true, "H")))
                .surges(List.of(surge(1, null, 3, 60)))
                .hiddenEventTypes(Set.of("H"))
                .velocityFilters(
                    List.of(new VelocityFilter(1, "v", "A", 0, 1_000, false, true, 0, 0))));
    scene.score("a", "Z", T0);
    at(1, "A");
    at(2, "B");
    at(3, "DECAY");
    at(4, "H");
    assertEquals(0, completed());
    assertEquals(0, surged());
    at(5, "Z");
    assertEquals(1, surged());
  }

  @Test
  void aSkippedImportCompletesInSilence() throws Exception {
    use(sequence(1, 60, true, "A", "B"));
    skipped(0, "A");
    skipped(1, "B");
    at(2, "B");
    assertEquals(0, completed());
    skipped(3, "A");
    at(4, "B");
    assertEquals(1, completed());
  }

  @Test
  void aRestartForgetsNoStep() throws Exception {
    use(sequence(1, 60, true, "A", "B"), sequence(2, 60, false, "A", "B"));
    at(0, "A");
    restart();
    at(1, "B");
    assertEquals(2, completed());
    restart();
    at(2, "B");
    at(1, "A");
    assertEquals(2, completed());
  }

  @Test
  void surgeFiresAtTheThreshold() throws Exception {
    use(surge(1, "A", 3, 60), surge(2, null, 4, 60), surge(3, "A", 1, 60));
    at(0, "A");
    assertEquals(1, surged());
    at(1, "A");
    at(2, "B");
    assertEquals(1, surged());
    at(3, "A");
    assertEquals(3, surged());
    at(4, "A");
    assertEquals(3, surged());
    Firing firing = FiringsOf.type(scene, NotificationType.SURGE_FIRED).get(1);
    assertEquals("u1", firing.triggerId());
    assertEquals(3, firing.count());
    assertEquals(60, firing.windowSeconds());
  }

  @Test
  void theOldestEventLeavesTheWindowAtTheMillisecond() throws Exception {
    use(surge(1, "A", 2, 60));
    at(0, "A");
    at(60_000, "A");
    assertEquals(0, surged());
    at(119_999, "A");
    assertEquals(1, surged());
  }

  @Test
  void surgeFiresAgainOnlyOnceTheCountHasFallenBelow() throws Exception {
    use(surge(1, "A", 2, 60));
    at(0, "A");
    at(10_000, "A");
    at(59_999, "A"); // Both are still in.
    at(69_999, "A"); // 10,000 is out of (9,999, …] by a millisecond: it is still in.
    assertEquals(1, surged());
    at(129_999, "A"); // 69,999 has just left.
    assertEquals(1, surged());
    at(130_000, "A");
    assertEquals(2, surged());
  }

  @Test
  void aLateEventThatFillsAWindowFires() throws Exception {
    use(surge(1, "A", 3, 60));
    at(0, "A");
    at(2_000, "A");
    at(1_000, "A"); // Three at 2,000.
    assertEquals(1, surged());
    at(3_000, "A");
    at(1_500, "A");
    at(500, "A");
    assertEquals(1, surged());
  }

  @Test
  void aLeadAlreadyAboveFiresNothingAtActivation() throws Exception {
    use(surge(1, "A", 9, 60));
    at(0, "A");
    at(1, "A");
    at(2, "A");
    use(surge(1, "A", 2, 60));
    at(3, "A");
    assertEquals(0, surged());
  }

  @Test
  void aRestartCountsTheSame() throws Exception {
    use(surge(1, "A", 3, 60), surge(2, null, 3, 60));
    at(0, "A");
    at(1, "A");
    restart();
    at(2, "A");
    assertEquals(2, surged());
    restart();
    at(3, "A");
    at(1, "A");
    assertEquals(2, surged());
  }

  @Test
  void aSkippedImportSurgesInSilence() throws Exception {
    use(surge(1, "A", 2, 60));
    skipped(0, "A");
    skipped(1, "A");
    at(2, "A");
    assertEquals(0, surged());
  }
}
