package io.kenbun.lite.http.auth;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long wrong credentials wait for their answer: the longer, the more of them came from the same
 * address or for the same client id within the last minute. Right ones never wait, so nobody can be
 * locked out. Holds a bounded number of both, the latest. Any thread.
 */
final class FailedLogins {
  private static final Logger log = LoggerFactory.getLogger(FailedLogins.class);
  private static final int MAX_KEYS = 4_096;
  private static final long FIRST_DELAY_MILLIS = 100;
  private static final long FORGOTTEN_AFTER_MILLIS = 60_000;
  private static final long TELL_EVERY_MILLIS = 10_000;

  private final InstantSource clock;
  private final long maxDelayMillis;

  // All of it guarded by this.
  private final Map<String, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MAX_KEYS;
        }
      };
  private long untold;
  private long toldMillis = Long.MIN_VALUE;

  FailedLogins(InstantSource clock, long maxDelayMillis) {
    this.clock = clock;
    this.maxDelayMillis = maxDelayMillis;
  }

  private record Failures(int count, long lastMillis) {}

  /**
   * Takes note of a failure; returns for how many milliseconds to hold its answer back.
   *
   * @param clientId one that exists; empty when none such was named, since what was sent instead
   *     may be a secret put in the wrong place
   */
  synchronized long delayMillis(String address, String clientId) {
    long nowMillis = clock.millis();
    int count = count("address " + address, nowMillis);
    if (!clientId.isEmpty()) {
      count = Math.max(count, count("client " + clientId, nowMillis));
    }
    tell(address, clientId, nowMillis);
    return Math.min(maxDelayMillis, FIRST_DELAY_MILLIS << Math.min(count - 1, 20));
  }

  private int count(String key, long nowMillis) {
    Failures before = failures.get(key);
    int count =
        before == null || nowMillis - before.lastMillis() > FORGOTTEN_AFTER_MILLIS
            ? 1
            : before.count() + 1;
    failures.put(key, new Failures(count, nowMillis));
    return count;
  }

  private void tell(String address, String clientId, long nowMillis) {
    untold++;
    if (toldMillis == Long.MIN_VALUE || nowMillis - toldMillis >= TELL_EVERY_MILLIS) {
      log.warn(
          "{} requests with wrong credentials, the last from {} for {}",
          untold,
          address,
          clientId.isEmpty() ? "no client id that exists" : "client id " + clientId);
      untold = 0;
      toldMillis = nowMillis;
    }
  }
}
