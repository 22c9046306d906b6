package io.kenbun.lite.engine;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one unit, compiled: an event costs as much as the rules of its type, however many
 * others there are. Immutable to the eye; any thread.
 */
public final class Engine {
  private final Map<String, RulesOfType> byType = new HashMap<>();
  private final HalfLives halfLives;
  private final Decay decay;
  private final Suppression suppression;
  private final Profile profile;

  public Engine(RuleSetup setup) {
    this.halfLives = new HalfLives(setup);
    this.decay = new Decay(setup, halfLives);
    this.suppression = new Suppression(setup);
    this.profile = new Profile(setup);
    Map<String, List<CompiledRule>> collected = new HashMap<>();
    for (Ruleset ruleset : setup.rulesets()) {
      if (!ruleset.active()) {
        continue;
      }
      ruleset.rules().stream()
          .filter(Rule::active)
          .filter(rule -> !setup.hiddenEventTypes().contains(rule.eventType()))
          .filter(rule -> !Policies.earnsNothing(rule.eventType()))
          .sorted(Comparator.comparingInt(Rule::priority))
          .forEach(
              rule ->
                  collected
                      .computeIfAbsent(rule.eventType(), type -> new ArrayList<>())
                      .add(new CompiledRule(ruleset, rule)));
    }
    boolean unclipped = setup.settings().allowNegativeScores();
    collected.forEach(
        (type, rules) -> byType.put(type, new RulesOfType(rules, halfLives, unclipped)));
  }

  /**
   * Works out what an event gives: in each active ruleset whose window covers it the weights of all
   * matching rules ({@code scoring.md} 4.4).
   *
   * @param timestampMillis when the event happened; decides about date windows
   * @param metadata read only if a rule of this type looks into it
   */
  public Earned earned(
      String eventType, long timestampMillis, Supplier<Map<String, @Nullable Object>> metadata) {
    RulesOfType candidates = byType.get(eventType);
    return candidates == null ? Earned.NOTHING : candidates.earned(timestampMillis, metadata);
  }

  /** Returns what facts from before come to under today's half-lives. */
  public Earned earned(List<Contribution> contributions) {
    return Earned.of(contributions, halfLives);
  }

  public HalfLives halfLives() {
    return halfLives;
  }

  public Decay decay() {
    return decay;
  }

  public Suppression suppression() {
    return suppression;
  }

  public Profile profile() {
    return profile;
  }

  /** The rules of one event type, in the order of rulesets and priorities. */
  private static final class RulesOfType {
    private static final int CACHED = 64;

    private final CompiledRule[] rules;
    private final boolean anyFilter;
    private final boolean anyWindow;
    private final HalfLives halfLives;
    private final boolean unclipped;
    private final Earned all;
    private final @Nullable Filters filters;
    // What was put together lately, by which rules matched. A race loses an entry at most: what is
    // in here is immutable.
    private final @Nullable Known[] known = new Known[CACHED];

    RulesOfType(List<CompiledRule> rules, HalfLives halfLives, boolean unclipped) {
      this.rules = rules.toArray(CompiledRule[]::new);
      this.halfLives = halfLives;
      this.unclipped = unclipped;
      this.anyFilter = rules.stream().anyMatch(rule -> rule.conditions.length > 0);
      this.anyWindow = rules.stream().anyMatch(rule -> rule.windowed);
      this.all = compose(rules);
      this.filters =
          rules.size() <= Filters.MAX_RULES
              ? new Filters(rules.stream().map(rule -> rule.filters).toList())
              : null;
    }

    Earned earned(long timestampMillis, Supplier<Map<String, @Nullable Object>> metadata) {
      if (!anyFilter && !anyWindow) {
        return all;
      }
      Map<String, @Nullable Object> values = anyFilter ? metadata.get() : Map.of();
      return filters == null
          ? byList(timestampMillis, values)
          : byMask(filters.matching(inForce(timestampMillis), values));
    }

    private long inForce(long timestampMillis) {
      if (!anyWindow) {
        return -1L >>> (Long.SIZE - rules.length);
      }
      long mask = 0;
      for (int i = 0; i < rules.length; i++) {
        if (rules[i].covers(timestampMillis)) {
          mask |= 1L << i;
        }
      }
      return mask;
    }

    private Earned byMask(long mask) {
      if (mask == 0) {
        return Earned.NOTHING;
      }
      long hash = mask * 0x9E3779B97F4A7C15L;
      int slot = (int) (hash >>> 58);
      Known found = known[slot];
      if (found != null && found.mask == mask) {
        return found.earned;
      }
      List<CompiledRule> matching = new ArrayList<>(Long.bitCount(mask));
      for (int i = 0; i < rules.length; i++) {
        if ((mask & (1L << i)) != 0) {
          matching.add(rules[i]);
        }
      }
      Earned earned = compose(matching);
      known[slot] = new Known(mask, earned);
      return earned;
    }

    private Earned byList(long timestampMillis, Map<String, @Nullable Object> values) {
      List<CompiledRule> matching = null;
      for (CompiledRule rule : rules) {
        if (rule.matches(timestampMillis, values)) {
          if (matching == null) {
            matching = new ArrayList<>();
          }
          matching.add(rule);
        }
      }
      return matching == null ? Earned.NOTHING : compose(matching);
    }

    private Earned compose(List<CompiledRule> matching) {
      List<Contribution> contributions = new ArrayList<>(1);
      for (int from = 0; from < matching.size(); ) {
        long ruleset = matching.get(from).ruleset.key();
        List<Contribution.Hit> hits = new ArrayList<>();
        int to = from;
        for (; to < matching.size() && matching.get(to).ruleset.key() == ruleset; to++) {
          if (hits.isEmpty() || Policies.EVERY_MATCH_COUNTS) {
            hits.add(matching.get(to).hit);
          }
        }
        Contribution plain = new Contribution(ruleset, hits, false);
        contributions.add(
            unclipped && plain.sum() < 0 ? new Contribution(ruleset, hits, true) : plain);
        from = to;
      }
      return Earned.of(contributions, halfLives);
    }
  }

  private static final class Known {
    final long mask;
    final Earned earned;

    Known(long mask, Earned earned) {
      this.mask = mask;
      this.earned = earned;
    }
  }

  private static final class CompiledRule {
    final Ruleset ruleset;
    final DateWindow window;
    final boolean windowed;
    final Contribution.Hit hit;
    final List<Condition> filters;
    final Matcher[] conditions;

    CompiledRule(Ruleset ruleset, Rule rule) {
      this.ruleset = ruleset;
      this.window = rule.window();
      this.windowed = !isAlways(rule.window()) || !isAlways(ruleset.window());
      this.hit = new Contribution.Hit(rule.key(), rule.weight());
      this.filters = rule.filters();
      this.conditions = Matcher.all(filters);
    }

    private static boolean isAlways(DateWindow window) {
      return window.start() == null && window.end() == null;
    }

    boolean covers(long timestampMillis) {
      return !windowed
          || (ruleset.window().covers(timestampMillis) && window.covers(timestampMillis));
    }

    boolean matches(long timestampMillis, Map<String, @Nullable Object> metadata) {
      if (!covers(timestampMillis)) {
        return false;
      }
      for (Matcher condition : conditions) {
        if (!condition.matches(metadata)) {
          return false;
        }
      }
      return true;
    }
  }
}
