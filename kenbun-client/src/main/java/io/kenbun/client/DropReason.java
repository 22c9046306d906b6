package io.kenbun.client;

/** Why an event was not delivered and never will be. */
public enum DropReason {
  /** The queue was full: {@code track} returned false. */
  QUEUE_FULL,

  /** A newer event took its place, under {@link OverflowPolicy#DROP_OLDEST}. */
  PUSHED_OUT,

  /** It was tracked after the client had been closed: {@code track} returned false. */
  CLOSED,

  /** It was null: {@code track} returned false. */
  INVALID,

  /** It was still waiting in memory when the time that {@code close} was given had passed. */
  ABANDONED,

  /** The server refused it as too large (413), alone. */
  TOO_LARGE,

  /** The server refused it as malformed (400, 422 and other answers that no retry changes). */
  REFUSED,

  /** It was tried for longer than {@link RetryPolicy#budgetMillis}. */
  EXPIRED,

  /** It lay in a part of the spool that can no longer be read. */
  CORRUPT
}
