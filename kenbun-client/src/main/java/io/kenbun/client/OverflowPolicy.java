package io.kenbun.client;

/** What {@link KenbunClient#track} does when the queue is full. Whatever is lost is counted. */
public enum OverflowPolicy {
  /** Refuses the new event: {@code track} returns false. The default. */
  DROP_NEWEST,

  /** Takes the new event and drops the oldest ones that wait and are not being sent. */
  DROP_OLDEST,

  /**
   * Waits for room, at most {@link KenbunClient.Builder#blockTimeout}, then refuses the new event.
   * For batch jobs; not for threads that serve users.
   */
  BLOCK
}
