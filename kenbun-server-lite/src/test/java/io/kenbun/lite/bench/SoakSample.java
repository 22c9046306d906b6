package io.kenbun.lite.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

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
      String what, ToDoubleFunction<SoakSample> of, double factor, double besides) {}

  // Caches of statements, identities and pages fill up at first, and threads that wait for webhooks
  // come and go: what leaks goes on growing. A log that once grew keeps up to 64 MiB of its file.
  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("heap MB", SoakSample::heapMb, 1.1, 4),
          new Bound("RSS MB", SoakSample::rssMb, 1.1, 16),
          new Bound("threads", SoakSample::threads, 1, 4),
          new Bound("handles", SoakSample::handles, 1, 8),
          new Bound("sockets", SoakSample::sockets, 1, 8),
          new Bound("files", SoakSample::files, 1, 2),
          new Bound("passing MB", SoakSample::passingMb, 1.1, 64));

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

  /** Compares the medians of both halves, prints them, and adds what has grown to {@code wrong}. */
  static void compareHalves(List<SoakSample> samples, List<String> wrong) {
    int half = samples.size() / 2;
    List<SoakSample> first = samples.subList(0, half);
    List<SoakSample> second = samples.subList(half, samples.size());
    for (Bound bound : BOUNDS) {
      double before = median(first, bound.of);
      double after = median(second, bound.of);
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

  private static double median(List<SoakSample> samples, ToDoubleFunction<SoakSample> of) {
    double[] sorted = samples.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static double bytesOfEvent(SoakSample from, SoakSample to) {
    return (to.dataMb - from.dataMb) * 1e6 / (to.stored - from.stored);
  }
}
