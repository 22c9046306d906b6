package io.kenbun.lite.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** One line for each request, at debug, without what it must not tell. */
class AccessLogTest {
  private static final Logger ACCESS = Logger.getLogger("io.kenbun.lite.http.Access");

  @Test
  void aRequestIsOneLineWithoutItsQuery() throws Exception {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Handler handler = new Recorder(lines);
    ACCESS.addHandler(handler);
    ACCESS.setLevel(Level.FINE);
    try (TestServer server = new TestServer()) {
      server.send(
          "GET",
          "/lead/by-alias?value=ada@example.com",
          null,
          "Authorization",
          TestServer.DEV,
          "X-Request-Id",
          "a-1~!");
      String line = lines.poll(10, TimeUnit.SECONDS);
      assertTrue(
          line.matches(
              "method=GET path=/lead/by-alias status=400 micros=\\d+ bytes=\\d+ request=a-1~!"),
          line);
      assertFalse(line.contains("ada"), line);
    } finally {
      ACCESS.setLevel(null);
      ACCESS.removeHandler(handler);
    }
  }

  private static final class Recorder extends Handler {
    private final BlockingQueue<String> lines;

    Recorder(BlockingQueue<String> lines) {
      this.lines = lines;
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      lines.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
