package io.kenbun.client;

import java.util.Random;

/**
 * The arithmetic of {@link RetryPolicy}: from how often and how long it has failed to how long to
 * wait. No clock, no state but the random source.
 */
final class Backoff {
  private final RetryPolicy policy;
  private final Random random;

  Backoff(RetryPolicy policy, Random random) {
    this.policy = policy;
    this.random = random;
  }

  /**
   * How long to wait, in milliseconds.
   *
   * @param failures failures in a row, 1 for the first
   * @param outageMillis since the first of them
   * @param retryAfterMillis what the server asked for, or -1
   */
  long pauseMillis(int failures, long outageMillis, long retryAfterMillis) {
    long first = policy.firstPauseMillis();
    int doublings = Math.min(failures - 1, 40);
    long doubled = first > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : first << doublings;
    long patience = Math.max(3 * first, outageMillis / 10 * 3);
    long ceiling = Math.min(policy.maxPauseMillis(), Math.min(doubled, patience));
    long own = ceiling - (long) (policy.jitter() * random.nextDouble() * ceiling);
    long asked = Math.min(retryAfterMillis, policy.maxRetryAfterMillis());
    return Math.max(1, Math.max(own, asked));
  }
}
