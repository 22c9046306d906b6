package io.kenbun.lite.pipeline;

/** Measures how long things take. Nothing is ever decided by it: what is, asks the clock. */
public final class Ticks {
  private Ticks() {}

  /** Returns nanoseconds since a moment that means nothing; only differences do. */
  public static long nanos() {
    return System.nanoTime();
  }
}
