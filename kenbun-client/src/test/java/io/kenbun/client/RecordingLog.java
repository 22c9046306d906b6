package io.kenbun.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the client logs, and nothing of it on the console. */
final class RecordingLog extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("io.kenbun.client");
  private final boolean parents = logger.getUseParentHandlers();

  final List<String> lines = new CopyOnWriteArrayList<>();

  RecordingLog() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  @Override
  public void publish(LogRecord line) {
    lines.add(line.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(parents);
  }
}
