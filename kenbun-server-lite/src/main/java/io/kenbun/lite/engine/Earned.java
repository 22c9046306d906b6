package io.kenbun.lite.engine;

import io.kenbun.lite.model.Contribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What an event gives in every ruleset, added up by how it fades, so that it can be applied without
 * looking at rules again. Immutable; made once for each set of rules that can match together.
 */
public final class Earned {
  /** Nothing. */
  public static final Earned NOTHING = new Earned(List.of(), List.of());

  private final List<Contribution> contributions;
  private final Share[] shares;
  private final boolean lowers;

  private Earned(List<Contribution> contributions, List<Share> shares) {
    this.contributions = contributions;
    this.shares = shares.toArray(Share[]::new);
    this.lowers = shares.stream().anyMatch(share -> share.lowers);
  }

  static Earned of(List<Contribution> contributions, HalfLives halfLives) {
    if (contributions.isEmpty()) {
      return NOTHING;
    }
    List<Share> shares = new ArrayList<>(contributions.size());
    for (Contribution contribution : contributions) {
      shares.add(new Share(contribution, halfLives));
    }
    return new Earned(List.copyOf(contributions), shares);
  }

  /** Returns the same as the facts that are kept with the event. */
  public List<Contribution> contributions() {
    return contributions;
  }

  boolean isNothing() {
    return shares.length == 0;
  }

  /** Says whether any part of it takes points away. */
  public boolean lowers() {
    return lowers;
  }

  Share[] shares() {
    return shares;
  }

  /** The part of one ruleset. */
  static final class Share {
    final long ruleset;
    final long sum;
    final long flat;
    final int[] days;
    final long[] fading;
    final boolean unclipped;
    final boolean lowers;
    final boolean decays;

    Share(Contribution contribution, HalfLives halfLives) {
      this.ruleset = contribution.ruleset();
      this.sum = contribution.sum();
      this.unclipped = contribution.unclipped();
      int[] lives = new int[contribution.hits().size()];
      long[] sums = new long[lives.length];
      int count = 0;
      long flatSum = 0;
      boolean negative = false;
      boolean decay = false;
      for (Contribution.Hit hit : contribution.hits()) {
        negative |= hit.weight() < 0;
        decay |= hit.rule() < 0;
        int halfLife = halfLives.days(hit.rule());
        if (halfLife == HalfLives.NEVER) {
          flatSum += hit.weight();
          continue;
        }
        int at = 0;
        while (at < count && lives[at] != halfLife) {
          at++;
        }
        lives[at] = halfLife;
        sums[at] += hit.weight();
        count = Math.max(count, at + 1);
      }
      this.flat = flatSum;
      this.days = Arrays.copyOf(lives, count);
      this.fading = Arrays.copyOf(sums, count);
      this.lowers = negative;
      this.decays = decay;
    }
  }
}
