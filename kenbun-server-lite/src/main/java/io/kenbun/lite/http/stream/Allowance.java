package io.kenbun.lite.http.stream;

/** So much a second, and twice that at once. Guarded by its owner. */
final class Allowance {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private double left;
  private long atNanos;

  Allowance(int perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.left = 2.0 * perSecond;
    this.atNanos = nowNanos;
  }

  /** Takes {@code amount}, more than there is if anything is left; says whether there was. */
  boolean take(int amount, long nowNanos) {
    left = Math.min(2 * perSecond, left + (nowNanos - atNanos) / NANOS_PER_SECOND * perSecond);
    atNanos = nowNanos;
    if (left < 1) {
      return false;
    }
    left -= amount;
    return true;
  }
}
