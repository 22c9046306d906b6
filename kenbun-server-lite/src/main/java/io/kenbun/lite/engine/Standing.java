package io.kenbun.lite.engine;

import java.util.Arrays;

/**
 * A lead's points in one ruleset, added up so far that a new event need not look at older ones:
 *
 * <pre>
 *   sum at t = flat + amount(1) * 0.5^((t - ref) / days(1)) + amount(2) * … ,   for t from ref on
 * </pre>
 *
 * {@code flat} is what does not fade, an amount what fades with one half-life, as it stood at
 * {@code ref}. Before {@code ref} the sum cannot be told from here, since an event that was still
 * to come does not fade. Not for several threads.
 */
public final class Standing {
  /** Stands for a time that never was. */
  public static final long NEVER = Long.MIN_VALUE;

  private static final int[] NO_DAYS = {};
  private static final double[] NO_AMOUNTS = {};

  private final long ruleset;
  private double flat;
  private int[] days = NO_DAYS;
  private double[] amounts = NO_AMOUNTS;
  private long refMillis = NEVER;
  private long settledMillis = NEVER;
  private boolean changed;

  /** Makes the standing of a lead that the ruleset of that key has given nothing. */
  public Standing(long ruleset) {
    this.ruleset = ruleset;
  }

  /**
   * Makes a standing as it was kept.
   *
   * @param days the half-lives, each once; {@code amounts} go with them
   * @param settledMillis the timestamp of the last change that depends on what came before it: one
   *     that the floor cut, or a decay; {@link #NEVER} when there is none
   */
  public Standing(
      long ruleset, double flat, int[] days, double[] amounts, long refMillis, long settledMillis) {
    this.ruleset = ruleset;
    this.flat = flat;
    this.days = days.clone();
    this.amounts = amounts.clone();
    this.refMillis = refMillis;
    this.settledMillis = settledMillis;
  }

  /** Makes a standing of nothing where there was something. */
  public static Standing cleared(long ruleset) {
    Standing standing = new Standing(ruleset);
    standing.changed = true;
    return standing;
  }

  /** Returns the same points once more, as a value to keep. */
  public Standing copy() {
    return new Standing(ruleset, flat, days, amounts, refMillis, settledMillis);
  }

  public long ruleset() {
    return ruleset;
  }

  public double flat() {
    return flat;
  }

  /** Returns how many half-lives there are. */
  public int fadingCount() {
    return days.length;
  }

  public int days(int index) {
    return days[index];
  }

  /** Returns what had not faded at {@link #refMillis}. */
  public double amount(int index) {
    return amounts[index];
  }

  public long refMillis() {
    return refMillis;
  }

  public long settledMillis() {
    return settledMillis;
  }

  /** Says whether anything was added since it was made, or {@link #saved}. */
  public boolean isChanged() {
    return changed;
  }

  /** What was added is safe. */
  public void saved() {
    changed = false;
  }

  /** Says whether the sum at that time can be told from here. */
  public boolean isKnownAt(long timeMillis) {
    return days.length == 0 || timeMillis >= refMillis;
  }

  /**
   * Returns the sum at a time, which may lie below zero; at {@link #refMillis} for a time before
   * it.
   */
  public double sumAt(long timeMillis) {
    double sum = flat;
    for (int i = 0; i < days.length; i++) {
      sum += amounts[i] * Policies.fade(timeMillis - refMillis, days[i]);
    }
    return sum;
  }

  /** Returns the score at a time, rounded, as it is shown. */
  public long scoreAt(long timeMillis, boolean allowNegativeScores) {
    return Policies.shown(sumAt(timeMillis), allowNegativeScores);
  }

  /** Says whether time alone may raise the sum, because something negative fades. */
  public boolean mayRise() {
    for (double amount : amounts) {
      if (amount < 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds what an event of that time gives, cut where the floor is in its way; nothing later may
   * have been added before.
   *
   * @return what the sum changed by at that time
   */
  double add(long timeMillis, Earned.Share share) {
    double applied = (double) share.sum;
    double part = 1;
    if (share.sum < 0 && !share.unclipped) {
      applied = Policies.floored(sumAt(timeMillis), (double) share.sum);
      if (applied > share.sum) {
        part = applied / share.sum;
        settledMillis = timeMillis;
      }
    }
    if (share.decays) {
      settledMillis = timeMillis;
    }
    add(timeMillis, share, part);
    return applied;
  }

  /** Adds what an event gives that no floor cuts, whatever was added before. */
  void addUncut(long timeMillis, Earned.Share share) {
    add(timeMillis, share, 1);
  }

  private void add(long timeMillis, Earned.Share share, double part) {
    changed = true;
    flat += share.flat * part;
    if (share.days.length == 0) {
      return;
    }
    if (refMillis == NEVER) {
      refMillis = timeMillis;
    } else if (timeMillis > refMillis) {
      for (int i = 0; i < days.length; i++) {
        amounts[i] *= Policies.fade(timeMillis - refMillis, days[i]);
      }
      refMillis = timeMillis;
    }
    for (int i = 0; i < share.days.length; i++) {
      int at = indexOf(share.days[i]);
      amounts[at] += share.fading[i] * part * Policies.fade(refMillis - timeMillis, share.days[i]);
    }
  }

  private int indexOf(int halfLife) {
    for (int i = 0; i < days.length; i++) {
      if (days[i] == halfLife) {
        return i;
      }
    }
    days = Arrays.copyOf(days, days.length + 1);
    amounts = Arrays.copyOf(amounts, days.length);
    days[days.length - 1] = halfLife;
    return days.length - 1;
  }
}
