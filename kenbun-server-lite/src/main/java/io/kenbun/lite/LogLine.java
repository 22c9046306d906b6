package io.kenbun.lite;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * What the log of the runnable jar looks like. A line that does not begin with a blank is an entry,
 * and whatever an entry is about (a path, a name, the text of an event in an error's message) can
 * neither begin one nor move a terminal's cursor: lines below the first are set in by a tab, and
 * what does not print is spelled out. Any thread.
 *
 * <pre>
 *   2026-11-02T09:14:03.512+0100 WARNING io.kenbun.lite.pipeline.Scoring: Event 7 cannot be scored
 *   (tab)java.lang.IllegalStateException: regex took more than 2000000 steps on 40 characters: (.*a){12}b
 *   (tab)at io.kenbun.lite.engine.Regex.isIn(Regex.java:66)
 * </pre>
 */
final class LogLine extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT);

  private final ZoneId zone;

  LogLine(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public String format(LogRecord entry) {
    StringBuilder line = new StringBuilder(160);
    line.append(TIME.format(ZonedDateTime.ofInstant(entry.getInstant(), zone)));
    line.append(' ').append(entry.getLevel().getName());
    line.append(' ').append(printable(String.valueOf(entry.getLoggerName()))).append(": ");
    line.append(printable(formatMessage(entry))).append('\n');
    if (entry.getThrown() != null) {
      StringWriter trace = new StringWriter();
      entry.getThrown().printStackTrace(new PrintWriter(trace));
      trace
          .toString()
          .lines()
          .forEach(one -> line.append('\t').append(printable(one.strip())).append('\n'));
    }
    return line.toString();
  }

  /** Returns {@code text} with everything that is no printed character as its Unicode escape. */
  static String printable(String text) {
    int bad = 0;
    while (bad < text.length() && isPrinted(text.charAt(bad))) {
      bad++;
    }
    if (bad == text.length()) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    safe.append(text, 0, bad);
    for (int i = bad; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPrinted(c)) {
        safe.append(c);
      } else {
        safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return safe.toString();
  }

  private static boolean isPrinted(char c) {
    return switch (Character.getType(c)) {
      // FORMAT: what turns the direction of writing around, among others.
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
