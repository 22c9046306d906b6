package io.kenbun.lite.engine;

import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.HashMap;
import java.util.Map;

/**
 * In how many days what each rule gave fades to half: the half-life of the rule as it is now, a
 * deleted rule's last ({@code scoring.md} 6.1). Immutable; any thread.
 */
public final class HalfLives {
  /** A fingerprint that no half-lives have: what was added up has to be added up anew. */
  public static final long STALE = Long.MIN_VALUE + 2;

  /** Stands for a rule whose points do not fade. */
  static final int NEVER = 0;

  private final Map<Long, Integer> daysByRule = new HashMap<>();
  private final boolean allowNegativeScores;
  private final long fingerprint;

  public HalfLives(RuleSetup setup) {
    daysByRule.putAll(setup.retiredHalfLives());
    for (Ruleset ruleset : setup.rulesets()) {
      for (Rule rule : ruleset.rules()) {
        Integer days = rule.halfLifeDays();
        if (days == null) {
          daysByRule.remove(rule.key());
        } else {
          daysByRule.put(rule.key(), days);
        }
      }
    }
    this.allowNegativeScores = setup.settings().allowNegativeScores();
    long sum = 0;
    for (Map.Entry<Long, Integer> rule : daysByRule.entrySet()) {
      sum += mixed(rule.getKey() * 1_000_003 + rule.getValue());
    }
    this.fingerprint = sum << 1 | (allowNegativeScores ? 1 : 0);
  }

  /** Returns the rule's half-life in days, or {@link #NEVER}. */
  int days(long rule) {
    return rule < 0 ? NEVER : daysByRule.getOrDefault(rule, NEVER);
  }

  /** Says whether a score may be shown below zero. */
  public boolean allowNegativeScores() {
    return allowNegativeScores;
  }

  /**
   * Returns a number that changes when any half-life does, or the floor: what was added up under
   * another one has to be added up anew. 0 where nothing fades and zero is the floor.
   */
  public long fingerprint() {
    return fingerprint;
  }

  /** Says whether scores added up under that {@link #fingerprint} may be shown below zero. */
  public static boolean allowsNegativeScores(long fingerprint) {
    return (fingerprint & 1) != 0;
  }

  private static long mixed(long value) {
    long mixed = value * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 32);
  }
}
