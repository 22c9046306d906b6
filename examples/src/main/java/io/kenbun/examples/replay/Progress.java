package io.kenbun.examples.replay;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far a replay is: a bar that is redrawn on a terminal, else a line now and then.
 *
 * <p>Writes to the given writer only; time comes from the given source of nanoseconds.
 */
final class Progress {
  private static final int BAR_CELLS = 30;
  private static final long BAR_PAUSE_NANOS = 200_000_000L;
  private static final long LINE_PAUSE_NANOS = 10_000_000_000L;

  private final PrintWriter out;
  private final boolean bar;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private long shownNanos;

  Progress(PrintWriter out, boolean bar, LongSupplier nanoTime) {
    this.out = out;
    this.bar = bar;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    this.shownNanos = startNanos;
  }

  /** Tells whether a person watches: then a line may be drawn over. */
  @SuppressWarnings("SystemConsoleNull") // The answer up to JDK 21; later ones are asked below.
  static boolean onTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException beforeJdk22) {
      return true;
    }
  }

  /** Returns the seconds since the start. */
  double seconds() {
    return (nanoTime.getAsLong() - startNanos) / 1e9;
  }

  /** Shows the figures, unless others were shown a moment ago. */
  void show(double share, long delivered, long dropped) {
    long now = nanoTime.getAsLong();
    if (now - shownNanos < (bar ? BAR_PAUSE_NANOS : LINE_PAUSE_NANOS)) {
      return;
    }
    shownNanos = now;
    String figures =
        String.format(
            Locale.ROOT,
            "%3.0f %%  %,d delivered  %,.0f/s  %,d dropped",
            share * 100,
            delivered,
            delivered / Math.max(seconds(), 1e-3),
            dropped);
    if (bar) {
      int done = (int) Math.min(BAR_CELLS, Math.max(0, share * BAR_CELLS));
      out.print("\r[" + "#".repeat(done) + "-".repeat(BAR_CELLS - done) + "] " + figures + "  ");
    } else {
      out.println(figures);
    }
    out.flush();
  }

  /** Wipes the bar, so that what is printed next starts on a clean line. */
  void clear() {
    if (bar) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
