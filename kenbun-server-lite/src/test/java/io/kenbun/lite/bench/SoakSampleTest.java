package io.kenbun.lite.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SoakSampleTest {
  @Test
  void wavesThatBecomeRarerAreNoGrowth() {
    assertEquals(List.of(), wrong(0, 34, 57, 38, 57, 41, 56, 46, 57));
  }

  @Test
  void oneThreadMoreInEachMinuteIs() {
    assertEquals(List.of("threads grew"), wrong(0, 34, 35, 36, 37, 38, 39, 40, 41));
    assertEquals(List.of("threads grew"), wrong(0, 34, 57, 36, 59, 38, 61, 40, 63));
  }

  @Test
  void twoThreadsMoreAreNone() {
    assertEquals(List.of(), wrong(0, 34, 34, 34, 34, 36, 36, 36, 36));
    assertEquals(List.of("threads grew"), wrong(0, 34, 34, 34, 34, 37, 37, 37, 37));
  }

  @Test
  void memoryThatIsLiveMayNotGrow() {
    assertEquals(List.of("heap MB grew"), wrong(3, 9, 9, 9, 9, 9, 9, 9, 9));
    assertEquals(List.of(), wrong(1, 9, 9, 9, 9, 9, 9, 9, 9));
  }

  /** Returns what is said of minutes with so many threads, and so much more heap in each. */
  private static List<String> wrong(double heapMbEachMinute, int... threads) {
    List<SoakSample> samples = new ArrayList<>();
    for (int minute = 0; minute < threads.length; minute++) {
      samples.add(
          new SoakSample(
              String.valueOf(minute),
              1_000,
              1,
              0,
              20 + heapMbEachMinute * minute,
              200,
              threads[minute],
              100,
              20,
              7,
              minute,
              10,
              1_000L * minute,
              0,
              0));
    }
    List<String> wrong = new ArrayList<>();
    SoakSample.compareHalves(samples, wrong);
    return wrong;
  }
}
