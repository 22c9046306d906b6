package io.kenbun.client;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How the client waits while the server cannot be reached or asks for patience. Numbers only.
 *
 * <p>There is one pause for the whole client. From the first failure on, time is cut into slots:
 * the first is {@link #firstPauseMillis} long, each later one at most double, never more than 2.4
 * first pauses or an eighth of how long the outage has lasted, and never more than half of {@link
 * #maxPauseMillis}. In each slot one request is tried, at a moment that is drawn from the whole of
 * it: so clients that failed together come back spread evenly, the end of an outage of five seconds
 * is noticed within two, and an hour without a server costs two requests a minute. A {@code
 * Retry-After} of the server replaces the pause if it is longer.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class RetryPolicy {
  /** The longest first pause: half a second. */
  public static final long DEFAULT_FIRST_PAUSE_MILLIS = 500;

  /** The longest pause of our own: a minute. */
  public static final long DEFAULT_MAX_PAUSE_MILLIS = 60_000;

  /** The longest {@code Retry-After} that is followed: ten minutes. */
  public static final long DEFAULT_MAX_RETRY_AFTER_MILLIS = 600_000;

  /** How long one event is tried: seven days. */
  public static final long DEFAULT_BUDGET_MILLIS = 7L * 24 * 3_600_000;

  private static final long MAX_PAUSE_MILLIS = 365L * 24 * 3_600_000;

  private static final RetryPolicy DEFAULT = new Builder().build();

  private final long firstPauseMillis;
  private final long maxPauseMillis;
  private final long maxRetryAfterMillis;
  private final long budgetMillis;
  private final double jitter;

  private RetryPolicy(Builder builder) {
    this.firstPauseMillis = builder.firstPauseMillis;
    this.maxPauseMillis = builder.maxPauseMillis;
    this.maxRetryAfterMillis = builder.maxRetryAfterMillis;
    this.budgetMillis = builder.budgetMillis;
    this.jitter = builder.jitter;
  }

  /** The policy of a client that was given none. */
  public static RetryPolicy standard() {
    return DEFAULT;
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The first pause after a failure, in milliseconds. */
  public long firstPauseMillis() {
    return firstPauseMillis;
  }

  /** The longest pause, in milliseconds. */
  public long maxPauseMillis() {
    return maxPauseMillis;
  }

  /** The longest {@code Retry-After} that is followed, in milliseconds. */
  public long maxRetryAfterMillis() {
    return maxRetryAfterMillis;
  }

  /** How long an event is tried, in milliseconds from its first attempt in this process. */
  public long budgetMillis() {
    return budgetMillis;
  }

  /** Over which part of its slot a trial is drawn, from 0 to 1. */
  public double jitter() {
    return jitter;
  }

  @Override
  public String toString() {
    return "RetryPolicy{firstPauseMillis="
        + firstPauseMillis
        + ", maxPauseMillis="
        + maxPauseMillis
        + ", maxRetryAfterMillis="
        + maxRetryAfterMillis
        + ", budgetMillis="
        + budgetMillis
        + ", jitter="
        + jitter
        + "}";
  }

  /**
   * Builds policies. Each method refuses what lies outside its range with an {@link
   * IllegalArgumentException}. Not safe for use by several threads.
   */
  public static final class Builder {
    private long firstPauseMillis = DEFAULT_FIRST_PAUSE_MILLIS;
    private long maxPauseMillis = DEFAULT_MAX_PAUSE_MILLIS;
    private long maxRetryAfterMillis = DEFAULT_MAX_RETRY_AFTER_MILLIS;
    private long budgetMillis = DEFAULT_BUDGET_MILLIS;
    private double jitter = 1;

    private Builder() {}

    /**
     * The longest that the first pause after a failure may be. Default {@value
     * #DEFAULT_FIRST_PAUSE_MILLIS} ms; 1 ms to 365 days.
     */
    public Builder firstPause(long pause, TimeUnit unit) {
      this.firstPauseMillis = pauseMillis("firstPause", pause, unit);
      return this;
    }

    /** The longest pause. Default {@value #DEFAULT_MAX_PAUSE_MILLIS} ms; 1 ms to 365 days. */
    public Builder maxPause(long pause, TimeUnit unit) {
      this.maxPauseMillis = pauseMillis("maxPause", pause, unit);
      return this;
    }

    /**
     * The longest {@code Retry-After} that is followed. Default {@value
     * #DEFAULT_MAX_RETRY_AFTER_MILLIS} ms; 1 ms to 365 days.
     */
    public Builder maxRetryAfter(long pause, TimeUnit unit) {
      this.maxRetryAfterMillis = pauseMillis("maxRetryAfter", pause, unit);
      return this;
    }

    /**
     * How long one event is tried from its first attempt before it is dropped as {@link
     * DropReason#EXPIRED}. Default {@value #DEFAULT_BUDGET_MILLIS} ms; from 1 ms. A server
     * recognises an event that comes twice for at least a day.
     */
    public Builder budget(long time, TimeUnit unit) {
      this.budgetMillis = millis("budget", time, unit);
      return this;
    }

    /**
     * Over which part of its slot a trial is drawn, so that many clients do not come back at one
     * moment: 1 all of it ("full jitter"), 0 none, always at the slot's end. Default 1.
     */
    public Builder jitter(double part) {
      if (!(part >= 0 && part <= 1)) {
        throw new IllegalArgumentException("jitter outside 0 to 1: " + part);
      }
      this.jitter = part;
      return this;
    }

    /**
     * Returns the policy.
     *
     * @throws IllegalArgumentException if the first pause is longer than the longest
     */
    public RetryPolicy build() {
      if (firstPauseMillis > maxPauseMillis) {
        throw new IllegalArgumentException(
            "firstPause > maxPause: " + firstPauseMillis + " ms > " + maxPauseMillis + " ms");
      }
      return new RetryPolicy(this);
    }

    private static long pauseMillis(String what, long pause, TimeUnit unit) {
      long millis = millis(what, pause, unit);
      if (millis > MAX_PAUSE_MILLIS) {
        throw new IllegalArgumentException(what + " > 365 days: " + pause + " " + unit);
      }
      return millis;
    }

    private static long millis(String what, long duration, TimeUnit unit) {
      long millis = Objects.requireNonNull(unit, "unit == null").toMillis(duration);
      if (millis < 1) {
        throw new IllegalArgumentException(what + " < 1 ms: " + duration + " " + unit);
      }
      return millis;
    }
  }
}
