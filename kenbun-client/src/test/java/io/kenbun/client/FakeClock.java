package io.kenbun.client;

/** A clock that stands still until a test moves it. */
final class FakeClock extends Clock {
  private long epochMillis = 1_757_946_600_000L;
  private long nanos = -5; // Negative: nobody may take it for a date or for "unset".

  @Override
  long epochMillis() {
    return epochMillis;
  }

  @Override
  long nanos() {
    return nanos;
  }

  void advanceMillis(long millis) {
    epochMillis += millis;
    advanceNanos(millis * 1_000_000);
  }

  void advanceNanos(long by) {
    nanos += by;
  }

  /** What a user or a time server does to a device's clock. */
  void jumpWallClockMillis(long millis) {
    epochMillis += millis;
  }
}
