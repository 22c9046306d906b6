package io.kenbun.lite.bench.load;

import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks a server five times a second how old the oldest event in its queue is. */
public final class QueueAge implements AutoCloseable {
  private static final int BETWEEN_MILLIS = 200;

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long mostMillis;
  private volatile boolean failed;

  /**
   * Begins.
   *
   * @param counting whether what it hears counts
   */
  public QueueAge(URI url, String cookie, AtomicBoolean counting) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!closed.await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS)) {
                  long age = Long.parseLong(Subject.status(url, cookie, "oldest_queued_age_ms"));
                  if (counting.get()) {
                    mostMillis = Math.max(mostMillis, age);
                  }
                }
              } catch (Exception e) {
                failed = true;
              }
            },
            "queue-age");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the oldest age that was seen. */
  public long mostMillis() {
    if (failed) {
      throw new IllegalStateException("the server did not say how old its queue is");
    }
    return mostMillis;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
