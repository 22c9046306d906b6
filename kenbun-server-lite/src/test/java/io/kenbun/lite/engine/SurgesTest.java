package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Surge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Surges against the rolling window of {@code scoring.md} 9.3: (t - W, t]. */
class SurgesTest {
  private static final OrgUnit UNIT = new OrgUnit(1, "u", "o", "U", "u", null, true);

  private static Surge surge(@Nullable String type, int threshold, long seconds) {
    return new Surge(1, "sg", "S", type, threshold, seconds, true, Destinations.NONE, 0, 0);
  }

  private static Windows windows(Surge... surges) {
    return new Windows(RuleSetup.builder(UNIT).surges(List.of(surges)).build());
  }

  /** Fires when the count goes from below the threshold to it, or past it. */
  private static List<Long> naive(Surge surge, List<DryRun.Event> events) {
    List<Long> firings = new ArrayList<>();
    List<DryRun.Event> seen = new ArrayList<>();
    for (DryRun.Event event : events) {
      if (surge.eventType() != null && !surge.eventType().equals(event.eventType())) {
        continue;
      }
      long after = event.timestampMillis() - surge.windowSeconds() * 1_000;
      long before = seen.stream().filter(other -> other.timestampMillis() > after).count();
      seen.add(event);
      if (before < surge.threshold() && before + 1 >= surge.threshold()) {
        firings.add(event.timestampMillis());
      }
    }
    return firings;
  }

  @Test
  void aSurgeFiresWhereTheContractSays() {
    int firings = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      Surge surge =
          surge(random.nextBoolean() ? "A" : null, 1 + random.nextInt(5), 1 + random.nextInt(5));
      List<DryRun.Event> events = new ArrayList<>();
      long time = 1_000_000;
      for (int i = random.nextInt(50); i >= 0; i--) {
        time += random.nextInt(4) * 500 + (random.nextInt(8) == 0 ? 1 : 0);
        events.add(new DryRun.Event(time, random.nextInt(4) == 0 ? "B" : "A"));
      }
      List<Long> expected = naive(surge, events);
      assertEquals(expected, DryRun.of(surge, windows(surge)).firings(events), "seed " + seed);
      firings += expected.size();
    }
    assertTrue(firings > 5_000, "firings: " + firings);
  }

  @Test
  void surgesThatCountTheSameLookAsFarBackAsTheirLongestAndDeepest() {
    Windows windows =
        windows(surge("A", 3, 60), surge("A", 9, 7), surge(null, 4, 2), surge("DECAY", 1, 1));
    Windows.Watched watched = windows.watched("A");
    assertNotNull(watched);
    assertEquals(2, watched.surges().size());
    Windows.Surges ofType = watched.surges().get(0);
    assertEquals(2, ofType.size());
    assertEquals(9, ofType.depth());
    assertEquals(60_000, ofType.windowMillis());
    assertEquals(7, ofType.surge(1).windowSeconds());
    Windows.Surges ofAll = watched.surges().get(1);
    assertEquals(1, ofAll.size());
    assertNull(windows.watched("DECAY"));
    Windows.Watched other = windows.watched("B");
    assertNotNull(other);
    assertEquals(List.of(ofAll), other.surges());
    assertNull(windows(surge("A", 1, 1)).watched("B"));
  }

  /** Of three in two seconds; the late one is at 10,000. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          8001 9000               | -9999 | 10000
          5000 8001 9000          | -9999 | 10000
          7000 8000 9000          | -9999 | -
          8000 9000               | -9999 | -
          8001 10000              | -9999 | 10000
          8001 8002 9000          | -9999 | -
          9001 11000              | -9999 | 11000
          9000 11000              | -9999 | -
          10001 11999             | -9999 | 11999
          10001 12000             | -9999 | -
          10500 11000             | -9999 | 11000
          8001 9000               | 9999  | 10000
          8001 9000               | 10000 | -
          9500 11000              | 10999 | 11000
          9500 11000              | 11000 | -
          8001 9000 11000         | 10000 | -
          9000 9500 12500         | -9999 | 10000
          9000 10001 12000 12001  | -9999 | 10001
          """)
  void aLateEventFiresWhereItMakesTheCountReachTheThreshold(
      String others, long firedAtMillis, @Nullable Long reached) {
    long[] ascending = Arrays.stream(others.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    assertEquals(
        reached == null ? Long.MIN_VALUE : reached,
        Windows.Surges.reachedAt(surge("A", 3, 2), ascending, 10_000, firedAtMillis));
  }
}
