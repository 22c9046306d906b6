package io.kenbun.lite.reference;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.reference.ReferenceLead.Decay;
import io.kenbun.lite.reference.ReferenceLead.Earned;
import io.kenbun.lite.reference.ReferenceLead.Fact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of one lead and one ruleset, from its whole history each time: floor ({@code
 * scoring.md} 5.3), half-life (6.1), decay (6.2).
 */
final class ReferenceFold {
  private static final double DAY_MILLIS = 86_400_000;
  private static final long DAY = 86_400_000;

  /** What is left of doubles that cancel out is no score. */
  private static final double NO_POINTS = 1e-9;

  private final RuleSetup setup;
  private final ReferenceLead lead;
  private final long ruleset;
  private final Map<Long, Integer> halfLives = new HashMap<>();
  private final List<Part> parts = new ArrayList<>();

  /** What one rule gave by one event, after the floor; does not fade without a half-life. */
  private record Part(double amount, long timestampMillis, @Nullable Integer halfLifeDays) {
    double at(long millis) {
      if (halfLifeDays == null) {
        return amount;
      }
      double days = Math.max(0, millis - timestampMillis) / DAY_MILLIS;
      return amount * Math.pow(0.5, days / halfLifeDays);
    }
  }

  /**
   * Something that happens at a moment: at one moment what rules in force take, what others took,
   * events.
   */
  private record Moment(long timestampMillis, int order, long arrival, Runnable happens) {}

  private ReferenceFold(RuleSetup setup, ReferenceLead lead, long ruleset) {
    this.setup = setup;
    this.lead = lead;
    this.ruleset = ruleset;
    halfLives.putAll(setup.retiredHalfLives());
    for (Ruleset each : setup.rulesets()) {
      for (Rule rule : each.rules()) {
        halfLives.put(rule.key(), rule.halfLifeDays());
      }
    }
  }

  /** Returns the sum behind the score at {@code nowMillis}, neither floored nor rounded. */
  static double sum(RuleSetup setup, ReferenceLead lead, long ruleset, long nowMillis) {
    ReferenceFold fold = new ReferenceFold(setup, lead, ruleset);
    fold.run(fold.moments());
    return fold.sumAt(nowMillis);
  }

  /**
   * Works out the applications of the decay rules in force, from scratch: those that were made
   * before are made again where they are still due. What a rule took that is gone by now is a fact
   * like any other.
   */
  static void settle(RuleSetup setup, ReferenceLead lead, Ruleset ruleset, long untilMillis) {
    List<DecayRule> inForce =
        setup.decayRules().stream()
            .filter(DecayRule::active)
            .filter(rule -> rule.ruleset() == null || rule.ruleset() == ruleset.key())
            .toList();
    lead.decays.removeIf(
        decay ->
            decay.ruleset() == ruleset.key()
                && !decay.removedByReset()
                && inForce.stream().anyMatch(rule -> rule.key() == decay.rule()));
    ReferenceFold fold = new ReferenceFold(setup, lead, ruleset.key());
    List<Moment> moments = fold.moments();
    for (int i = 0; i < inForce.size(); i++) {
      fold.addDue(inForce.get(i), i + 1, untilMillis, moments);
    }
    fold.run(moments);
  }

  private void addDue(DecayRule rule, int order, long untilMillis, List<Moment> moments) {
    List<Long> activity =
        lead.facts.stream().filter(Fact::qualifies).map(Fact::timestampMillis).sorted().toList();
    for (int i = 0; i < activity.size(); i++) {
      long end = i + 1 < activity.size() ? activity.get(i + 1) : untilMillis;
      long base = Math.max(activity.get(i), Math.max(lead.resetAtMillis, rule.createdAtMillis()));
      for (long at = base + rule.intervalDays() * DAY; at <= end; at += rule.intervalDays() * DAY) {
        long due = at;
        moments.add(new Moment(due, order, 0, () -> apply(rule, base, due)));
      }
    }
  }

  private void apply(DecayRule rule, long base, long due) {
    boolean allowed = setup.settings().allowNegativeScores();
    if (allowed || sumAt(due) > NO_POINTS) {
      Decay decay =
          new Decay(rule.key(), ruleset, base, due, -Math.abs(rule.points()), !allowed, false);
      lead.decays.add(decay);
      add(decay);
    }
  }

  private List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    for (Decay decay : List.copyOf(lead.decays)) {
      if (decay.ruleset() == ruleset && !decay.removedByReset()) {
        moments.add(
            new Moment(decay.timestampMillis(), Integer.MAX_VALUE - 1, 0, () -> add(decay)));
      }
    }
    for (Fact fact : lead.facts) {
      Earned earned = fact.earned.get(ruleset);
      if (earned != null && !fact.removedByReset) {
        moments.add(
            new Moment(
                fact.timestampMillis(), Integer.MAX_VALUE, fact.arrival, () -> add(fact, earned)));
      }
    }
    return moments;
  }

  private void run(List<Moment> moments) {
    moments.sort(
        Comparator.comparingLong(Moment::timestampMillis)
            .thenComparingInt(Moment::order)
            .thenComparingLong(Moment::arrival));
    moments.forEach(moment -> moment.happens().run());
  }

  private void add(Fact fact, Earned earned) {
    double applied = clipped(earned.sum(), fact.timestampMillis(), earned.clippable());
    double share = applied == earned.sum() ? 1 : applied / earned.sum();
    for (Contribution.Hit hit : earned.hits()) {
      parts.add(new Part(hit.weight() * share, fact.timestampMillis(), halfLives.get(hit.rule())));
    }
  }

  private void add(Decay decay) {
    double applied = clipped(decay.points(), decay.timestampMillis(), decay.clippable());
    parts.add(new Part(applied, decay.timestampMillis(), null));
  }

  private double clipped(long change, long atMillis, boolean clippable) {
    return clippable ? Math.max((double) change, -Math.max(0, sumAt(atMillis))) : change;
  }

  private double sumAt(long millis) {
    return parts.stream().mapToDouble(part -> part.at(millis)).sum();
  }
}
