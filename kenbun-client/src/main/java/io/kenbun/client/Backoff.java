package io.kenbun.client;

import java.util.Random;

/**
 * The arithmetic of {@link RetryPolicy}: from how often and how long it has failed to how long to
 * wait. No clock, no state but the random source.
 *
 * <pre>
 * failure                                                    one request in each slot, anywhere
 *   | 0.5 s |     1 s      |      1.2 s      |      1.2 s      | ...
 *   X   x   |          x   |  x              |        x        |
 *                      |--rest--|--position--|  the pause after the third x
 * </pre>
 */
final class Backoff {
  private final RetryPolicy policy;
  private final Random random;

  Backoff(RetryPolicy policy, Random random) {
    this.policy = policy;
    this.random = random;
  }

  /**
   * How long the slot is in which the next request is tried, in milliseconds.
   *
   * @param failures failures in a row, 1 for the first
   * @param outageMillis since the first of them
   */
  long slotMillis(int failures, long outageMillis) {
    long first = policy.firstPauseMillis();
    int doublings = Math.min(failures - 1, 40);
    long doubled = first > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : first << doublings;
    long patience = Math.max(first * 12 / 5, outageMillis / 8);
    // Two slots are the longest pause.
    return Math.max(1, Math.min(policy.maxPauseMillis() / 2, Math.min(doubled, patience)));
  }

  /**
   * How long to wait, in milliseconds.
   *
   * @param restMillis what is left of the slot of the request that failed
   * @param slotMillis how long the next slot is
   * @param retryAfterMillis what the server asked for, or -1
   */
  long pauseMillis(long restMillis, long slotMillis, long retryAfterMillis) {
    long position = slotMillis - (long) (policy.jitter() * random.nextDouble() * slotMillis);
    return Math.max(1, Math.max(restMillis + position, askedMillis(retryAfterMillis)));
  }

  /** What of a server's {@code Retry-After} is followed, in milliseconds; -1 for none. */
  long askedMillis(long retryAfterMillis) {
    return Math.min(retryAfterMillis, policy.maxRetryAfterMillis());
  }
}
