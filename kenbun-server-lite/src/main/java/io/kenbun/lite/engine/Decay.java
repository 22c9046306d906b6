package io.kenbun.lite.engine;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.List;

/**
 * The decay rules of a unit, compiled: when points are due to be taken for inactivity, and from
 * which rulesets ({@code scoring.md} 6.2). Immutable; any thread.
 *
 * <pre>
 *   base = the latest of: last activity, last reset, the rule's beginning
 *   due at base + interval, base + 2 * interval, …   each once
 * </pre>
 */
public final class Decay {
  private static final long MILLIS_PER_DAY = 86_400_000L;

  private final List<Step> steps = new ArrayList<>();
  private final long shortestMillis;
  private final boolean allowNegativeScores;

  Decay(RuleSetup setup, HalfLives halfLives) {
    this.allowNegativeScores = setup.settings().allowNegativeScores();
    long shortest = Long.MAX_VALUE;
    for (DecayRule rule : setup.decayRules()) {
      if (!rule.active() || rule.points() == 0) {
        continue;
      }
      shortest = Math.min(shortest, rule.intervalDays() * MILLIS_PER_DAY);
      List<Target> targets = new ArrayList<>();
      for (Ruleset ruleset : setup.rulesets()) {
        Long only = rule.ruleset();
        if (ruleset.active() && (only == null || only == ruleset.key())) {
          targets.add(new Target(ruleset.key(), earned(rule, ruleset.key(), halfLives)));
        }
      }
      steps.add(new Step(rule, targets));
    }
    this.shortestMillis = shortest;
  }

  private Earned earned(DecayRule rule, long ruleset, HalfLives halfLives) {
    Contribution.Hit hit = new Contribution.Hit(-rule.key(), -Math.abs(rule.points()));
    return Earned.of(
        List.of(new Contribution(ruleset, List.of(hit), allowNegativeScores)), halfLives);
  }

  boolean isNone() {
    return steps.isEmpty();
  }

  /** Returns the shortest interval of any rule, {@link Long#MAX_VALUE} when there is none. */
  long shortestMillis() {
    return shortestMillis;
  }

  boolean allowNegativeScores() {
    return allowNegativeScores;
  }

  List<Step> steps() {
    return steps;
  }

  /**
   * Says whether a {@code DECAY} event is one that this works out by itself, from the history; if
   * not, its rule has been changed or is gone, and the event is all that is left of it.
   */
  public boolean derives(long decayRule, long timeMillis) {
    for (Step step : steps) {
      if (step.rule.key() == decayRule) {
        return timeMillis > step.rule.inForceSinceMillis();
      }
    }
    return false;
  }

  /**
   * One application of a decay rule to one ruleset's score of a lead.
   *
   * @param points what it took, zero or below, after the floor
   * @param inactiveSinceMillis from when the lead had been inactive
   */
  public record Application(
      DecayRule rule,
      long ruleset,
      long timeMillis,
      double points,
      long inactiveSinceMillis,
      Earned earned) {}

  /** One rule with the rulesets it is for. */
  static final class Step {
    final DecayRule rule;
    final List<Target> targets;

    Step(DecayRule rule, List<Target> targets) {
      this.rule = rule;
      this.targets = List.copyOf(targets);
    }

    long baseMillis(long activityMillis, long resetMillis) {
      return Math.max(Math.max(activityMillis, resetMillis), rule.inForceSinceMillis());
    }

    /** Returns when it is due next after {@code afterMillis}. */
    long nextMillis(long baseMillis, long afterMillis) {
      long interval = rule.intervalDays() * MILLIS_PER_DAY;
      long past = afterMillis <= baseMillis ? 0 : (afterMillis - baseMillis) / interval;
      return baseMillis + (past + 1) * interval;
    }
  }

  /** One ruleset of a rule, and what an application gives there. */
  static final class Target {
    final long ruleset;
    final Earned earned;

    Target(long ruleset, Earned earned) {
      this.ruleset = ruleset;
      this.earned = earned;
    }
  }

  /** Is told of each application, in order. */
  @FunctionalInterface
  public interface Listener {
    /** Takes no notice. */
    Listener NONE = application -> {};

    void applied(Application application);
  }
}
