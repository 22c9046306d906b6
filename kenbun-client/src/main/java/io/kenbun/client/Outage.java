package io.kenbun.client;

/**
 * Whether the server can be reached, and when it is tried again. The worker's.
 *
 * <p>There is one pause for the whole client. After it one request goes first; the others follow
 * only when it has succeeded.
 *
 * <pre>
 * well --failure--> paused --time--> trying (one request) --success--> well
 *                     ^                        |
 *                     +--------failure---------+
 * </pre>
 */
final class Outage {
  /** How long a refused unit or refused credentials rest before they are tried again. */
  static final long REFUSED_PAUSE_MILLIS = 30_000;

  static final long NANOS_PER_MILLI = 1_000_000;

  private final Backoff backoff;
  private final Clock clock;
  private final Counters counters;
  private final Audience audience;

  private int failures;
  private long failingSinceNanos;

  /** When the slot of the last trial ends; the next trial comes in the slot behind it. */
  private long slotEndNanos;

  private long pauses;
  private boolean paused;
  private long pausedUntilNanos;
  private boolean credentialsRefused;

  Outage(Backoff backoff, Clock clock, Counters counters, Audience audience) {
    this.backoff = backoff;
    this.clock = clock;
    this.counters = counters;
    this.audience = audience;
  }

  /** Whether nothing is to be sent at this moment. */
  boolean isPaused(long now) {
    if (paused && now - pausedUntilNanos >= 0) {
      paused = false;
    }
    return paused;
  }

  /** As {@link #isPaused(long)} said last. */
  boolean isPaused() {
    return paused;
  }

  long pausedUntilNanos() {
    return pausedUntilNanos;
  }

  /** Whether the last request failed, so that the next has to show that things are well again. */
  boolean lasts() {
    return failures > 0;
  }

  /** How many pauses have been: a failure from before a pause starts no other. */
  long pauses() {
    return pauses;
  }

  /** A request has succeeded, or was answered by a server that is well. */
  void end() {
    if (failures > 0) {
      failures = 0;
      credentialsRefused = false;
      audience.tell(DeliveryListener::recovered);
    }
  }

  /** A request has failed, and later may not. */
  void fail(Batch batch, Reply reply, long now) {
    long asked = reply.retryAfterMillis;
    if (batch.pauses != pauses) { // Sent before the present pause: it can only lengthen it.
      if (asked > 0 && paused) {
        long until = now + backoff.askedMillis(asked) * NANOS_PER_MILLI;
        pausedUntilNanos = until - pausedUntilNanos > 0 ? until : pausedUntilNanos;
      }
      return;
    }
    begin(now);
    long slotMillis = backoff.slotMillis(failures, (now - failingSinceNanos) / NANOS_PER_MILLI);
    long restNanos = Math.max(0, slotEndNanos - now);
    slotEndNanos = now + restNanos + slotMillis * NANOS_PER_MILLI;
    long pauseMillis = backoff.pauseMillis(restNanos / NANOS_PER_MILLI, slotMillis, asked);
    pause(reply.detail, pauseMillis, now);
    audience.tell(l -> l.retrying(batch.events.size(), reply.detail, pauseMillis));
  }

  /** The credentials are not accepted: told once, tried again slowly. */
  void refuseCredentials(Batch batch, Reply reply, long now) {
    if (!credentialsRefused) {
      credentialsRefused = true;
      audience.tell(l -> l.credentialsRefused(reply.detail));
    }
    if (batch.pauses == pauses) {
      begin(now);
      pause(reply.detail, REFUSED_PAUSE_MILLIS, now);
    }
  }

  private void begin(long now) {
    if (failures == 0) {
      failingSinceNanos = now;
      slotEndNanos = now;
    }
    failures++;
  }

  private void pause(String cause, long millis, long now) {
    counters.failed(cause, clock.epochMillis());
    pauses++;
    paused = true;
    pausedUntilNanos = now + millis * NANOS_PER_MILLI;
  }
}
