package io.kenbun.lite.testkit;

import io.kenbun.client.Alias;
import io.kenbun.client.Event;
import java.util.Arrays;

/** Prints how long starts, resets and closes of the kit take: the first and the p50 of 20 after. */
final class StartTimes {
  private static final int STARTS = 20;

  private StartTimes() {}

  public static void main(String[] args) throws Exception {
    long[] starts = new long[STARTS + 1];
    long[] resets = new long[STARTS + 1];
    long[] closes = new long[STARTS + 1];
    long[] rounds = new long[STARTS + 1];
    for (int i = 0; i <= STARTS; i++) {
      long before = System.nanoTime();
      KenbunLiteKit kit = KenbunLiteKit.start();
      starts[i] = System.nanoTime() - before;
      before = System.nanoTime();
      kit.client().track(Event.builder("Page View").alias(Alias.email("ada@example.com")).build());
      kit.leads().email("ada@example.com").hasScore(1);
      rounds[i] = System.nanoTime() - before;
      before = System.nanoTime();
      kit.reset();
      resets[i] = System.nanoTime() - before;
      before = System.nanoTime();
      kit.close();
      closes[i] = System.nanoTime() - before;
    }
    print("start", starts);
    print("track and assert", rounds);
    print("reset", resets);
    print("close", closes);
  }

  private static void print(String what, long[] nanos) {
    long first = nanos[0];
    long[] warm = Arrays.copyOfRange(nanos, 1, nanos.length);
    Arrays.sort(warm);
    System.out.printf(
        "%-17s first %4d ms, then p50 %4d ms, slowest %4d ms%n",
        what,
        first / 1_000_000,
        warm[warm.length / 2] / 1_000_000,
        warm[warm.length - 1] / 1_000_000);
  }
}
