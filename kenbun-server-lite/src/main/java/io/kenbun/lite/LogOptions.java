package io.kenbun.lite;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import picocli.CommandLine.Option;

/** What the command line logs, and how. */
final class LogOptions {
  private static final Logger ROOT = Logger.getLogger("");

  // Held, since the logging framework itself lets go of a logger that nobody holds, and of its
  // level.
  private final List<Logger> quietened = new ArrayList<>();

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "${env:KENBUN_LOG_LEVEL:-info}",
      description = "error, warn, info or debug (info).")
  private String logLevel = "info";

  /** Sets up logging: one line for each entry, on standard error. */
  void apply() {
    Level level =
        switch (logLevel.toLowerCase(Locale.ROOT)) {
          case "error" -> Level.SEVERE;
          case "warn" -> Level.WARNING;
          case "info" -> Level.INFO;
          case "debug" -> Level.FINE;
          default ->
              throw new ConfigException(
                  "--log-level is error, warn, info or debug: \"" + logLevel + '"');
        };
    // The HTTP library announces its version three times over at each start.
    for (String noisy : List.of("io.undertow", "org.xnio", "org.jboss.threads")) {
      Logger logger = Logger.getLogger(noisy);
      logger.setLevel(level.equals(Level.INFO) ? Level.WARNING : level);
      quietened.add(logger);
    }
    ROOT.setLevel(level);
    for (java.util.logging.Handler handler : ROOT.getHandlers()) {
      handler.setLevel(level);
      if (handler.getFormatter() instanceof SimpleFormatter
          && System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
        handler.setFormatter(new LogLine(ZoneId.systemDefault()));
      }
    }
  }
}
