package io.kenbun.lite.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What one minute of {@link Soak} saw.
 *
 * @param heapMb what is live: after a full collection
 * @param handles all that is open, the sockets among them
 * @param files how many the data directory has
 * @param dataMb what holds the events: {@code kenbun.db}, or the database
 * @param passingMb what must not grow with them: the queue, the logs of both files, locks
 * @param stored how many events there are
 */
record SoakSample(
    String minute,
    double perSecond,
    double p99Millis,
    long oldestMillis,
    double heapMb,
    double rssMb,
    long threads,
    long handles,
    long sockets,
    long files,
    double dataMb,
    double passingMb,
    long stored,
    long webhooks,
    long messages) {
  static final String HEAD =
      "minute  events/s   p99 ms oldest ms heap MB  RSS MB threads handles sockets files"
          + "  data MB passing MB     stored webhooks  messages";

  /** What counts of a half. */
  private enum Extreme {
    LEAST,
    MOST;

    double of(DoubleStream values) {
      return (this == LEAST ? values.min() : values.max()).orElseThrow();
    }
  }

  /**
   * What may be more in the second half than in the first: a share of it, and so much besides. It
   * has grown when each of its extremes is more than that.
   */
  private record Bound(
      String what,
      ToDoubleFunction<SoakSample> of,
      List<Extreme> extremes,
      double factor,
      double besides) {
    double in(List<SoakSample> half, Extreme extreme) {
      return extreme.of(half.stream().mapToDouble(of));
    }
  }

  private static final List<Extreme> LEAST = List.of(Extreme.LEAST);
  private static final List<Extreme> MOST = List.of(Extreme.MOST);
  private static final List<Extreme> BOTH = List.of(Extreme.LEAST, Extreme.MOST);

  // Caches fill up at first, but what leaks is there in every minute from then on: the least of
  // each
  // half counts. Of resident memory it is the most: a heap is given pages as it needs them and
  // keeps
  // them. Connections and threads of webhooks come and go with waves of them: at first all leads
  // pass a milestone in the same minute, later some do in each, so that the least rises to what it
  // is while webhooks go out; what leaks is beyond the most, too. A log that once grew keeps up to
  // 64 MiB of its file.
  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("heap MB", SoakSample::heapMb, LEAST, 1.1, 4),
          new Bound("RSS MB", SoakSample::rssMb, MOST, 1.1, 16),
          new Bound("threads", SoakSample::threads, BOTH, 1, 2),
          new Bound("handles", SoakSample::handles, BOTH, 1, 4),
          new Bound("sockets", SoakSample::sockets, BOTH, 1, 4),
          new Bound("files", SoakSample::files, LEAST, 1, 0),
          new Bound("passing MB", SoakSample::passingMb, LEAST, 1.1, 64));

  /** How much more a stored event may take in the second half: indexes grow by whole pages. */
  private static final double MORE_FOR_AN_EVENT = 1.25;

  String line() {
    return String.format(
        Locale.ROOT,
        "%6s %9.0f %8.2f %9d %7.1f %7.0f %7d %7d %7d %5d %8.1f %10.1f %,10d %8d %9d",
        minute,
        perSecond,
        p99Millis,
        oldestMillis,
        heapMb,
        rssMb,
        threads,
        handles,
        sockets,
        files,
        dataMb,
        passingMb,
        stored,
        webhooks,
        messages);
  }

  /** Compares both halves, prints what counts of each, and adds what has grown to {@code wrong}. */
  static void compareHalves(List<SoakSample> samples, List<String> wrong) {
    int half = samples.size() / 2;
    List<SoakSample> first = samples.subList(0, half);
    List<SoakSample> second = samples.subList(half, samples.size());
    for (Bound bound : BOUNDS) {
      boolean grew = true;
      for (Extreme extreme : bound.extremes) {
        double before = bound.in(first, extreme);
        grew &=
            told(
                bound.what + ", " + extreme.name().toLowerCase(Locale.ROOT),
                before,
                bound.in(second, extreme),
                before * bound.factor + bound.besides);
      }
      if (grew) {
        wrong.add(bound.what + " grew");
      }
    }
    double before = bytesOfEvent(samples.get(0), samples.get(half));
    double after = bytesOfEvent(samples.get(half), samples.get(samples.size() - 1));
    if (told("bytes of an event", before, after, before * MORE_FOR_AN_EVENT)) {
      wrong.add("bytes of an event grew");
    }
  }

  /** Prints both; says whether it is more than it may be. */
  private static boolean told(String what, double before, double after, double most) {
    System.out.printf(
        Locale.ROOT,
        "%-18s first half %8.1f, second half %8.1f, at most %8.1f%n",
        what,
        before,
        after,
        most);
    return after > most;
  }

  private static double bytesOfEvent(SoakSample from, SoakSample to) {
    return (to.dataMb - from.dataMb) * 1e6 / (to.stored - from.stored);
  }
}
