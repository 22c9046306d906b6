package io.kenbun.lite.command;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a file has gone, on one line of a terminal that is written over ten times a second at
 * most. Not thread-safe.
 *
 * <pre>
 *   events.csv [###########.........]  55 %  127.0 of 231.0 MB
 * </pre>
 */
final class ProgressBar {
  private static final int WIDTH = 20;
  private static final long BETWEEN_NANOS = 100_000_000;

  private final PrintStream terminal;
  private final String name;
  private final long total;
  private final @Nullable String unit;
  private long lastNanos;
  private boolean drawn;

  /**
   * Makes the bar of something.
   *
   * @param total in bytes
   */
  ProgressBar(PrintStream terminal, String name, long total) {
    this(terminal, name, total, null);
  }

  /**
   * The same.
   *
   * @param unit what is counted; null: bytes, shown in millions
   */
  ProgressBar(PrintStream terminal, String name, long total, @Nullable String unit) {
    this.unit = unit;
    this.terminal = terminal;
    this.name = name;
    this.total = total;
  }

  /** Shows that {@code done} bytes have gone, if there was none shown just before. */
  void show(long done, long nowNanos) {
    if (drawn && done < total && nowNanos - lastNanos < BETWEEN_NANOS) {
      return;
    }
    lastNanos = nowNanos;
    drawn = true;
    int full = total == 0 ? WIDTH : (int) (WIDTH * done / total);
    terminal.print(
        String.format(
            Locale.ROOT,
            "\r%s [%s%s] %3d %%  %s",
            name,
            "#".repeat(full),
            ".".repeat(WIDTH - full),
            total == 0 ? 100 : 100 * done / total,
            unit == null
                ? String.format(Locale.ROOT, "%.1f of %.1f MB", done / 1e6, total / 1e6)
                : done + " of " + total));
    terminal.flush();
  }

  /** Ends the line, so that what is printed next stands on its own. */
  void end() {
    if (drawn) {
      terminal.println();
    }
  }
}
