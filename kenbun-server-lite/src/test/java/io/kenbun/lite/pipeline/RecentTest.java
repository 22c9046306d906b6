package io.kenbun.lite.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RecentTest {
  private static final int DEPTH = 4;
  private static final long WINDOW = 100;

  @Test
  void countsWhatLiesInTheWindowEndIncluded() {
    Recent recent = new Recent(new long[] {30, 10, 20}, 0);
    assertEquals(2, recent.count(10, 30));
    assertEquals(1, recent.count(10, 29));
    assertEquals(3, recent.count(9, 30));
  }

  @Test
  void keepsNoTimestampThatMakingRoomHasJustLeftToTheStore() {
    Recent recent = new Recent(new long[] {1_000}, 0);
    recent.add(500, DEPTH, WINDOW); // Room is made: all up to 900 is the store's from here on.
    assertEquals(900, recent.knownAfterMillis());
    assertEquals(0, recent.count(0, 999));
  }

  @Test
  void keepsTheFirstTimestampAfterWhatIsTheStores() {
    Recent recent = new Recent(new long[] {1_000}, 0);
    recent.add(901, DEPTH, WINDOW);
    assertEquals(900, recent.knownAfterMillis());
    assertEquals(1, recent.count(900, 999));
  }

  @Test
  void leavesToTheStoreWhatItSaidItHas() {
    Recent recent = new Recent(new long[] {1_000}, 950);
    recent.add(950, DEPTH, WINDOW);
    assertEquals(0, recent.count(0, 999));
    recent.add(951, DEPTH, WINDOW);
    assertEquals(1, recent.count(0, 999));
  }
}
