package io.kenbun.lite.store.queue;

import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the outbox can be written, and the telling of it: once when it begins to fail, once a
 * minute while it does, once when it is well again. Under load it would fail thousands of times a
 * second. Written by the writer alone.
 */
final class WriteHealth {
  private static final Logger log = LoggerFactory.getLogger(WriteHealth.class);
  private static final long TELL_AGAIN_MILLIS = 60_000;

  private final InstantSource clock;
  private volatile boolean well = true;
  private long refused;
  private long toldMillis;

  WriteHealth(InstantSource clock) {
    this.clock = clock;
  }

  boolean isWell() {
    return well;
  }

  void succeeded() {
    if (!well) {
      log.info("Events are stored again; {} requests were refused meanwhile", refused);
      refused = 0;
      well = true;
    }
  }

  void failed(int requests, Exception cause) {
    refused += requests;
    long nowMillis = clock.millis();
    if (well || nowMillis - toldMillis >= TELL_AGAIN_MILLIS) {
      log.error("Events cannot be stored and are refused with 503, {} so far", refused, cause);
      toldMillis = nowMillis;
    }
    well = false;
  }
}
