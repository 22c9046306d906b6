package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sequences against what {@code scoring.md} 9.2 says, word by word, of all events each time. */
class StepsTest {
  private static final OrgUnit UNIT = new OrgUnit(1, "u", "o", "U", "u", null, true);
  private static final List<String> TYPES = List.of("A", "B", "C");
  private static final long SECOND = 1_000;

  private static Sequence sequence(long key, boolean ordered, long seconds, List<String> types) {
    return new Sequence(
        key, "sq" + key, "S", types, seconds, null, ordered, true, Destinations.NONE, 0, 0);
  }

  private static Windows windows(Sequence... sequences) {
    return new Windows(RuleSetup.builder(UNIT).sequences(List.of(sequences)).build());
  }

  private static List<Steps.Part> parts(Windows windows, String eventType) {
    Windows.Watched watched = windows.watched(eventType);
    return watched == null ? List.of() : watched.sequences();
  }

  /** The contract's words: W is what lies within the window and after the last firing. */
  private static List<Long> naive(Sequence sequence, List<DryRun.Event> events) {
    List<Long> firings = new ArrayList<>();
    List<DryRun.Event> unused = new ArrayList<>();
    for (DryRun.Event event : events) {
      unused.add(event);
      if (!sequence.eventTypes().contains(event.eventType())) {
        continue;
      }
      long from = event.timestampMillis() - sequence.windowSeconds() * SECOND;
      List<DryRun.Event> within =
          unused.stream().filter(other -> other.timestampMillis() >= from).toList();
      if (sequence.ordered() ? endsWith(sequence, within) : holds(sequence, within)) {
        firings.add(event.timestampMillis());
        unused.clear();
      }
    }
    return firings;
  }

  private static boolean endsWith(Sequence sequence, List<DryRun.Event> within) {
    List<String> steps = sequence.eventTypes();
    int left = steps.size() - 1;
    int at = within.size() - 1;
    if (!within.get(at).eventType().equals(steps.get(left))) {
      return false;
    }
    for (; at >= 0 && left >= 0; at--) {
      left -= within.get(at).eventType().equals(steps.get(left)) ? 1 : 0;
    }
    return left < 0;
  }

  private static boolean holds(Sequence sequence, List<DryRun.Event> within) {
    List<String> missing = new ArrayList<>(sequence.eventTypes());
    within.forEach(event -> missing.remove(event.eventType()));
    return missing.isEmpty();
  }

  private static Sequence random(Random random, long key) {
    List<String> types = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      types.add(TYPES.get(random.nextInt(TYPES.size())));
    }
    return sequence(key, random.nextBoolean(), 1 + random.nextInt(6), types);
  }

  private static List<DryRun.Event> events(Random random) {
    List<DryRun.Event> events = new ArrayList<>();
    long time = 1_000_000;
    for (int i = random.nextInt(40); i >= 0; i--) {
      time += random.nextInt(4) * SECOND / 2 + (random.nextInt(8) == 0 ? 1 : 0);
      String type = random.nextInt(6) == 0 ? "Other" : TYPES.get(random.nextInt(3));
      events.add(new DryRun.Event(time, type));
    }
    return events;
  }

  @Test
  void aSequenceFiresWhereTheContractSays() {
    int firings = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      Sequence sequence = random(random, 1);
      List<DryRun.Event> events = events(random);
      List<Long> expected = naive(sequence, events);
      assertEquals(
          expected,
          DryRun.of(sequence, windows(sequence)).firings(events),
          () -> sequence + " of " + events);
      firings += expected.size();
    }
    assertTrue(firings > 2_500, "firings: " + firings);
  }

  @Test
  void sequencesOfOneLeadDoNotMeetInItsSlots() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Sequence[] sequences = {random(random, 1), random(random, 2), random(random, 3)};
      List<DryRun.Event> events = events(random);
      Windows windows = windows(sequences);
      long[] slots = windows.newSlots(Standing.NEVER);
      List<List<Long>> firings = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (DryRun.Event event : events) {
        for (Steps.Part part : parts(windows, event.eventType())) {
          if (part.take(slots, event.timestampMillis())) {
            part.steps().clear(slots);
            firings.get((int) part.steps().sequence().key() - 1).add(event.timestampMillis());
          }
        }
      }
      for (int i = 0; i < sequences.length; i++) {
        assertEquals(naive(sequences[i], events), firings.get(i), "seed " + seed + ", " + i);
      }
    }
  }

  @Test
  void theWindowIncludesItsFirstMillisecond() {
    for (boolean ordered : new boolean[] {true, false}) {
      DryRun run = run(sequence(1, ordered, 5, List.of("A", "B")));
      assertEquals(List.of(5_000L), run.firings(events("A", 0, "B", 5_000)));
      assertEquals(List.of(), run.firings(events("A", 0, "B", 5_001)));
      assertEquals(5_000, run.windowMillis());
    }
  }

  private static DryRun run(Sequence sequence) {
    return DryRun.of(sequence, windows(sequence));
  }

  private static List<DryRun.Event> events(Object... typesAndMillis) {
    List<DryRun.Event> events = new ArrayList<>();
    for (int i = 0; i < typesAndMillis.length; i += 2) {
      long millis = ((Number) typesAndMillis[i + 1]).longValue();
      events.add(new DryRun.Event(millis, (String) typesAndMillis[i]));
    }
    return events;
  }

  @Test
  void whatCameBeforeTheNewestIsLate() {
    Windows windows =
        windows(sequence(1, true, 5, List.of("A", "B")), sequence(2, false, 70, List.of("C", "C")));
    long[] slots = windows.newSlots(100);
    Steps first = windows.all().get(0);
    Steps second = windows.all().get(1);
    assertEquals(70_000, windows.longestMillis());
    assertTrue(first.isLate(slots, 99));
    assertFalse(first.isLate(slots, 100));
    assertFalse(first.take(slots, "A", 200));
    assertTrue(first.isLate(slots, 199));
    assertFalse(first.isLate(slots, 200));
    assertFalse(second.isLate(slots, 100));
    assertFalse(second.take(slots, "A", 300)); // None of its steps.
    assertFalse(second.isLate(slots, 100));
    assertTrue(first.take(slots, "B", 200));
    first.clear(slots);
    assertTrue(first.isLate(slots, 199));
    assertTrue(first.has("B") && !first.has("C"));
    assertNull(first.part("C"));
  }

  @Test
  void aSequenceWithAStepThatIsNotSeenRests() {
    Sequence hidden = sequence(1, true, 5, List.of("A", "B"));
    Sequence system = sequence(2, true, 5, List.of("A", "DECAY"));
    Windows windows =
        new Windows(
            RuleSetup.builder(UNIT)
                .sequences(List.of(hidden, system))
                .hiddenEventTypes(Set.of("B"))
                .build());
    assertEquals(List.of(), windows.all());
    assertEquals(List.of(), parts(windows, "A"));
    assertTrue(windows.isSeen("A"));
    assertFalse(windows.isSeen("B") || windows.isSeen("score_reset"));
    assertTrue(windows.isSame(windows));
    assertFalse(windows.isSame(windows(hidden)));
    assertTrue(windows(hidden).isSame(windows(hidden)));
  }
}
