package io.kenbun.client;

/**
 * The only place where this library reads time. Exists so that tests move the clock by hand instead
 * of sleeping.
 *
 * <p>Wall time stamps events and nothing else; everything that waits counts {@link #nanos}, so a
 * device clock that jumps neither hastens nor delays a delivery.
 */
abstract class Clock {
  static final Clock SYSTEM =
      new Clock() {
        @Override
        long epochMillis() {
          return System.currentTimeMillis();
        }

        @Override
        long nanos() {
          return System.nanoTime();
        }
      };

  /** Wall time in milliseconds since 1970-01-01T00:00:00Z; may jump both ways. */
  abstract long epochMillis();

  /** Monotonic time in nanoseconds from an arbitrary origin; compare by subtraction only. */
  abstract long nanos();
}
