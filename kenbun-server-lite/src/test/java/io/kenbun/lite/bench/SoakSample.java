package io.kenbun.lite.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
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

  /** What may be more in the second half than in the first: a share of it, and so much besides. */
  private record Bound(
      String what,
      ToDoubleFunction<SoakSample> of,
      Function<DoubleStream, OptionalDouble> counts,
      double factor,
      double besides) {
    double in(List<SoakSample> half) {
      return counts.apply(half.stream().mapToDouble(of)).orElseThrow();
    }
  }

  // The least of each half counts: connections and threads of webhooks come and go, and caches fill
  // up at first, but what leaks is there in every minute from then on. Of resident memory it is the
  // most: a heap is given pages as it needs them and keeps them. A log that once grew keeps up to
  // 64 MiB of its file.
  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("heap MB", SoakSample::heapMb, DoubleStream::min, 1.1, 4),
          new Bound("RSS MB", SoakSample::rssMb, DoubleStream::max, 1.1, 16),
          new Bound("threads", SoakSample::threads, DoubleStream::min, 1, 2),
          new Bound("handles", SoakSample::handles, DoubleStream::min, 1, 4),
          new Bound("sockets", SoakSample::sockets, DoubleStream::min, 1, 4),
          new Bound("files", SoakSample::files, DoubleStream::min, 1, 0),
          new Bound("passing MB", SoakSample::passingMb, DoubleStream::min, 1.1, 64));

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
      double before = bound.in(first);
      double after = bound.in(second);
      double most = before * bound.factor + bound.besides;
      told(bound.what, before, after, most, wrong);
    }
    double before = bytesOfEvent(samples.get(0), samples.get(half));
    double after = bytesOfEvent(samples.get(half), samples.get(samples.size() - 1));
    told("bytes of an event", before, after, before * MORE_FOR_AN_EVENT, wrong);
  }

  private static void told(
      String what, double before, double after, double most, List<String> wrong) {
    System.out.printf(
        Locale.ROOT,
        "%-18s first half %8.1f, second half %8.1f, at most %8.1f%n",
        what,
        before,
        after,
        most);
    if (after > most) {
      wrong.add(String.format(Locale.ROOT, "%s grew from %.1f to %.1f", what, before, after));
    }
  }

  private static double bytesOfEvent(SoakSample from, SoakSample to) {
    return (to.dataMb - from.dataMb) * 1e6 / (to.stored - from.stored);
  }
}
