package io.kenbun.client;

import org.jspecify.annotations.Nullable;

/**
 * Whether the spool's disk can be used, and what there is to tell about it. Exists so that a disk
 * that fails at every write is told once and tried again every few seconds, not at every event.
 */
final class SpoolHealth {
  private static final long RETRY_NANOS = 5_000_000_000L;

  private boolean failing;
  private long retryAtNanos;
  private @Nullable String untold;
  private @Nullable String failure;

  /** The disk cannot be used: it is left alone for a while. The same failure is told once. */
  void fail(String what, long nowNanos) {
    failing = true;
    retryAtNanos = nowNanos + RETRY_NANOS;
    if (!what.equals(failure)) {
      failure = what;
      untold = what;
    }
  }

  /** It worked: the next failure is told again, whatever it is. */
  void succeed() {
    failing = false;
    failure = null;
  }

  /** Something to tell that does not keep the disk from being used. */
  void report(String what) {
    untold = what;
  }

  /** Lets the disk be tried at once. */
  void retryNow() {
    failing = false;
  }

  /** Whether the disk is to be left alone at this moment. */
  boolean rests(long nowNanos) {
    return failing && nowNanos - retryAtNanos < 0;
  }

  /** How long until it may be tried again after a failure; never 0, which would be a busy loop. */
  long untilRetry(long nowNanos) {
    long left = retryAtNanos - nowNanos;
    return left > 0 ? left : RETRY_NANOS;
  }

  /** What has not been told yet, once, or null. */
  @Nullable String take() {
    String taken = untold;
    untold = null;
    return taken;
  }
}
