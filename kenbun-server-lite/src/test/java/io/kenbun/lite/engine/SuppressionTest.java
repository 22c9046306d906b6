package io.kenbun.lite.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.model.VelocityFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bursts and velocity filters ({@code scoring.md} 11.3): both sides of each window and number. */
class SuppressionTest {
  private static final OrgUnit UNIT = new OrgUnit(1, "u", "o", "U", "u", null, true);

  private static Suppression suppression(long fanOutMillis, VelocityFilter... filters) {
    return new Engine(
            RuleSetup.builder(UNIT)
                .settings(new ScoringSettings(false, false, 30, fanOutMillis))
                .velocityFilters(List.of(filters))
                .build())
        .suppression();
  }

  private static VelocityFilter filter(int threshold, long windowMillis, boolean keepFirst) {
    return new VelocityFilter(1, "if", "View", threshold, windowMillis, keepFirst, true, 0, 0);
  }

  /** Asks about an event at 10,000 that comes after others. */
  private static Suppression.@Nullable Verdict verdict(Suppression suppression, long... others) {
    return suppression.verdict(
        "View",
        10_000,
        Map::of,
        (after, until, enough) ->
            (int)
                Arrays.stream(others).filter(millis -> millis > after && millis <= until).count());
  }

  @ParameterizedTest
  @CsvSource({"9000, false", "9001, true", "10000, true", "10999, true", "11000, false"})
  void eventsLessThanTheWindowApartCollapse(long other, boolean collapses) {
    assertEquals(
        collapses ? Suppression.Verdict.COLLAPSED : null, verdict(suppression(1_000), other));
    assertNull(verdict(suppression(0), other));
  }

  @ParameterizedTest
  @CsvSource({
    "2, false, 8001 9000, TOO_MANY",
    "2, false, 8000 9000, ''",
    "2, false, 9000 10000, TOO_MANY",
    "2, false, 9000 10001, ''",
    "1, false, 9000, TOO_MANY",
    "1, true, 9000, NOT_FIRST",
    "0, true, 9000, NOT_FIRST",
    "0, true, '', ''",
    "0, false, '', TOO_MANY",
    "2, true, 9000, ''",
    "2, true, 9000 9001, NOT_FIRST"
  })
  void soManyPassWithinTheWindow(int threshold, boolean keepFirst, String others, String verdict) {
    long[] times =
        others.isEmpty()
            ? new long[0]
            : Arrays.stream(others.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    Suppression.Verdict found = verdict(suppression(0, filter(threshold, 2_000, keepFirst)), times);
    assertEquals(verdict, found == null ? "" : found.name());
  }

  @Test
  void aTypeIsLookedAtAsFarBackAndAsDeepAsItsFiltersAsk() {
    Suppression none = suppression(0);
    assertFalse(none.counts("View"));
    assertEquals(0, none.windowMillis("View"));
    assertEquals(1, none.depth("View"));
    Suppression some = suppression(1_000, filter(4, 300, false), filter(0, 5_000, true));
    assertTrue(some.counts("View") && some.counts("Other"));
    assertEquals(5_000, some.windowMillis("View"));
    assertEquals(1_000, some.windowMillis("Other"));
    assertEquals(4, some.depth("View"));
    assertTrue(suppression(0, filter(1, 1, true)).counts("View"));
    assertFalse(suppression(0, filter(1, 1, true)).counts("Other"));
  }
}
