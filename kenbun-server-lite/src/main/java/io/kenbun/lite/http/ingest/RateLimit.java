package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.call.Credential;
import io.kenbun.lite.http.call.Problem;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many events each credential may send over time: a bucket that fills at the limit's pace up to
 * one second's worth. Whoever has at least one token left may send, even a batch of more events
 * than that; the bucket then goes into debt, and nothing more is taken until it is paid off. So a
 * batch is never impossible, and nobody gets more than the limit in the long run. Any thread.
 */
final class RateLimit {
  private static final int MAX_BUCKETS = 10_000;

  private final int eventsPerSecond;
  private final InstantSource clock;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  /**
   * Makes a limit.
   *
   * @param eventsPerSecond 0 for none
   */
  RateLimit(int eventsPerSecond, InstantSource clock) {
    this.eventsPerSecond = eventsPerSecond;
    this.clock = clock;
  }

  /** Refuses a credential whose bucket is empty; {@code events} of 0 only asks. */
  void take(Credential caller, int events) {
    if (eventsPerSecond == 0) {
      return;
    }
    long nowMillis = clock.millis();
    if (buckets.size() >= MAX_BUCKETS) {
      buckets.values().removeIf(bucket -> bucket.isFull(nowMillis));
    }
    long waitMillis =
        buckets
            .computeIfAbsent(caller.clientId(), any -> new Bucket(nowMillis))
            .take(events, nowMillis);
    if (waitMillis > 0) {
      throw Problem.rateLimited(eventsPerSecond, (waitMillis + 999) / 1_000);
    }
  }

  /** Tokens are thousandths of an event, so that each millisecond brings a whole number of them. */
  private final class Bucket {
    private long tokens = 1_000L * eventsPerSecond; // Guarded by this.
    private long filledMillis; // Guarded by this.

    Bucket(long nowMillis) {
      filledMillis = nowMillis;
    }

    /** Takes {@code events} and returns 0, or takes none and returns how long to wait. */
    synchronized long take(int events, long nowMillis) {
      fill(nowMillis);
      if (tokens < 1_000) {
        return (1_000 - tokens + eventsPerSecond - 1) / eventsPerSecond;
      }
      tokens -= 1_000L * events;
      return 0;
    }

    synchronized boolean isFull(long nowMillis) {
      fill(nowMillis);
      return tokens == 1_000L * eventsPerSecond;
    }

    /** A clock that was set back brings nothing, and takes nothing away. */
    private void fill(long nowMillis) {
      long elapsed = Math.max(0, nowMillis - filledMillis);
      long missing = 1_000L * eventsPerSecond - tokens;
      tokens +=
          elapsed > missing / eventsPerSecond
              ? missing
              : Math.min(missing, elapsed * eventsPerSecond);
      filledMillis = nowMillis;
    }
  }
}
