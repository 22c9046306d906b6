package io.kenbun.client;

/** What came of a {@link KenbunClient#flush} or {@link KenbunClient#close}. Immutable. */
public final class FlushResult {
  private final long delivered;
  private final long spooled;
  private final long dropped;
  private final long queued;
  private final boolean complete;

  FlushResult(long delivered, long spooled, long dropped, long queued, boolean complete) {
    this.delivered = delivered;
    this.spooled = spooled;
    this.dropped = dropped;
    this.queued = queued;
    this.complete = complete;
  }

  /** How many events the server acknowledged while the call lasted, later ones included. */
  public long delivered() {
    return delivered;
  }

  /** How many events lie safely on disk and wait for the server; 0 without a spool. */
  public long spooled() {
    return spooled;
  }

  /** How many events were given up while the call lasted, for any {@link DropReason}. */
  public long dropped() {
    return dropped;
  }

  /** How many events still wait in memory alone, including those being sent; 0 after a close. */
  public long queued() {
    return queued;
  }

  /**
   * True if every event that was accepted before the call has been delivered or dropped for a
   * reason other than the end of the time. False if some still wait, in memory or on disk.
   */
  public boolean isComplete() {
    return complete;
  }

  @Override
  public String toString() {
    return "FlushResult{delivered="
        + delivered
        + ", spooled="
        + spooled
        + ", dropped="
        + dropped
        + ", queued="
        + queued
        + ", complete="
        + complete
        + "}";
  }
}
