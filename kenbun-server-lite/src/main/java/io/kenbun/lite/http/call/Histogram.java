package io.kenbun.lite.http.call;

import java.util.concurrent.atomic.LongAdder;

/** Counts values by size. Any thread; a handful of nanoseconds each. */
final class Histogram {
  private final long[] bounds;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  /**
   * Makes an empty one.
   *
   * @param bounds the largest value of each bucket, rising; one more takes what is larger
   */
  Histogram(long... bounds) {
    this.bounds = bounds.clone();
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(long value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sum.add(value);
  }

  /** Writes it; its numbers are {@code unit} times as large as what is shown. */
  void write(String name, double unit, StringBuilder out) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      total += counts[i].sum();
      String bound = i < bounds.length ? Metrics.number(bounds[i] / unit) : "+Inf";
      out.append(name).append("_bucket{le=\"").append(bound).append("\"} ").append(total);
      out.append('\n');
    }
    out.append(name).append("_sum ").append(Metrics.number(sum.sum() / unit)).append('\n');
    out.append(name).append("_count ").append(total).append('\n');
  }
}
