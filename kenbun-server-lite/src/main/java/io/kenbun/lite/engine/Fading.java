package io.kenbun.lite.engine;

/**
 * When points that fade take a score across a threshold.
 *
 * <p>A sum of exponentials has no inverse, so it is walked towards the crossing in steps that
 * cannot pass it: what is positive falls ever slower, so the line along its slope lies below it;
 * what is negative rises ever slower, so the line along its slope lies above it.
 *
 * <pre>
 *   sum at t + d  ≥  sum - d * |slope of what is positive|      not below the threshold under us
 *   sum at t + d  ≤  sum + d * |slope of what is negative|      not above the one over us
 * </pre>
 *
 * With positive points alone these are Newton's steps.
 */
final class Fading {
  private static final double MILLIS_PER_DAY = 86_400_000;
  private static final double LN_2 = Math.log(2);
  private static final int MAX_STEPS = 200;
  private static final double FAR_MILLIS = 1e15;

  private Fading() {}

  /**
   * Returns the first millisecond after {@code fromMillis} at which the shown score is below one of
   * {@code falling}, or at one of {@code rising}, that it was not before; after many steps perhaps
   * a time before it; {@link Long#MAX_VALUE} when there is none.
   *
   * @param more added to the standing's sum
   * @param limitMillis the search ends here: what it returns after this is no more than not before
   *     it
   */
  static long next(
      Standing standing,
      double more,
      int[] falling,
      int[] rising,
      long fromMillis,
      long limitMillis,
      boolean allowNegative) {
    long score = Policies.shown(standing.sumAt(fromMillis) + more, allowNegative);
    int below = Thresholds.Line.reached(falling, score);
    int reached = Thresholds.Line.reached(rising, score);
    boolean floor = below == 0 || (!allowNegative && falling[below - 1] <= 0);
    double under = floor ? Double.NEGATIVE_INFINITY : Policies.leastSum(falling[below - 1]);
    double over =
        reached == rising.length ? Double.POSITIVE_INFINITY : Policies.leastSum(rising[reached]);
    long time = Math.max(fromMillis, standing.refMillis());
    for (int step = 0; step < MAX_STEPS && time <= limitMillis; step++) {
      double sum = standing.flat() + more;
      double positive = 0;
      double negative = 0;
      double fall = 0;
      double rise = 0;
      for (int i = 0; i < standing.fadingCount(); i++) {
        double amount =
            standing.amount(i) * Policies.fade(time - standing.refMillis(), standing.days(i));
        double slope = amount * LN_2 / (MILLIS_PER_DAY * standing.days(i));
        if (amount > 0) {
          positive += amount;
          fall += slope;
        } else {
          negative += amount;
          rise -= slope;
        }
      }
      boolean neverUnder = sum + negative >= under || fall == 0;
      boolean neverOver = sum + positive < over || rise == 0;
      if (neverUnder && neverOver) {
        return Long.MAX_VALUE;
      }
      sum += positive + negative;
      double left = neverUnder ? FAR_MILLIS : (sum - under) / fall;
      left = neverOver ? left : Math.min(left, (over - sum) / rise);
      if (left >= FAR_MILLIS) {
        return Long.MAX_VALUE;
      }
      long next = time + Math.max(1, (long) left);
      if (left < 2) {
        long there = Policies.shown(standing.sumAt(next) + more, allowNegative);
        if (Thresholds.Line.reached(falling, there) < below
            || Thresholds.Line.reached(rising, there) > reached) {
          return next;
        }
      }
      time = next;
    }
    return time;
  }
}
