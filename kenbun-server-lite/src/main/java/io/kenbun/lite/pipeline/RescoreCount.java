package io.kenbun.lite.pipeline;

/** Counts what a rescore does, or would do, to one lead after the other. For one thread. */
final class RescoreCount {
  private long leads;
  private long increases;
  private long decreases;
  private long unchanged;
  private long change;

  void add(long before, long after, boolean affected) {
    leads++;
    if (!affected) {
      return;
    }
    change += after - before;
    if (after > before) {
      increases++;
    } else if (after < before) {
      decreases++;
    } else {
      unchanged++;
    }
  }

  Rescores.Effect result() {
    long affected = increases + decreases + unchanged;
    double average = affected == 0 ? 0 : (double) change / affected;
    return new Rescores.Effect(leads, affected, increases, decreases, unchanged, average);
  }
}
