package io.kenbun.lite.engine;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one unit, compiled: an event costs as much as the rules of its type, however many
 * others there are. Immutable; any thread.
 */
public final class Engine {
  private static final RulesOfType NONE = new RulesOfType(List.of());

  private final Map<String, RulesOfType> byType = new HashMap<>();
  private final boolean allowNegativeScores;

  public Engine(RuleSetup setup) {
    this.allowNegativeScores = setup.settings().allowNegativeScores();
    Map<String, List<RulesetRules>> collected = new HashMap<>();
    for (Ruleset ruleset : setup.rulesets()) {
      if (!ruleset.active()) {
        continue;
      }
      ruleset.rules().stream()
          .filter(Rule::active)
          .sorted(Comparator.comparingInt(Rule::priority))
          .forEach(
              rule -> {
                List<RulesetRules> ofType =
                    collected.computeIfAbsent(rule.eventType(), type -> new ArrayList<>());
                RulesetRules last = ofType.isEmpty() ? null : ofType.get(ofType.size() - 1);
                if (last == null || last.ruleset.key() != ruleset.key()) {
                  last = new RulesetRules(ruleset);
                  ofType.add(last);
                }
                last.rules.add(new CompiledRule(rule));
              });
    }
    collected.forEach((type, rules) -> byType.put(type, new RulesOfType(rules)));
  }

  /**
   * Works out what an event earns: in each active ruleset whose window covers it the weights of all
   * matching rules, added up ({@code scoring.md} 4.4), then cut so that the score stays at or above
   * zero ({@code scoring.md} 5.3).
   *
   * @param timestampMillis when the event happened; decides about date windows
   * @param metadata read only if a rule of this type looks into it
   * @param scores the lead's present score by {@link Ruleset#key() ruleset key}
   * @return a contribution for each ruleset in which a rule matched, in the order of the rulesets
   */
  public List<Contribution> score(
      String eventType,
      long timestampMillis,
      Supplier<Map<String, @Nullable Object>> metadata,
      LongUnaryOperator scores) {
    RulesOfType candidates = byType.getOrDefault(eventType, NONE);
    if (candidates.rulesets.isEmpty()) {
      return List.of();
    }
    Map<String, @Nullable Object> values = candidates.anyFilter ? metadata.get() : Map.of();
    List<Contribution> contributions = new ArrayList<>(candidates.rulesets.size());
    for (RulesetRules ruleset : candidates.rulesets) {
      if (!ruleset.ruleset.window().covers(timestampMillis)) {
        continue;
      }
      List<Contribution.Hit> hits = new ArrayList<>(ruleset.rules.size());
      long sum = 0;
      for (CompiledRule rule : ruleset.rules) {
        if (rule.matches(timestampMillis, values)) {
          hits.add(rule.hit);
          sum += rule.hit.weight();
        }
      }
      if (!hits.isEmpty()) {
        long key = ruleset.ruleset.key();
        contributions.add(new Contribution(key, floored(scores.applyAsLong(key), sum), hits));
      }
    }
    return contributions;
  }

  /**
   * Cuts a change so that the score does not pass below zero. The contract leaves open whether the
   * floor acts at each change or on the sum; here it acts at each change ({@code scoring.md} 5.3).
   */
  private long floored(long score, long change) {
    return allowNegativeScores ? change : Math.max(change, -Math.max(score, 0));
  }

  private static final class RulesOfType {
    final List<RulesetRules> rulesets;
    final boolean anyFilter;

    RulesOfType(List<RulesetRules> rulesets) {
      this.rulesets = List.copyOf(rulesets);
      this.anyFilter =
          rulesets.stream().flatMap(r -> r.rules.stream()).anyMatch(r -> !r.conditions.isEmpty());
    }
  }

  private static final class RulesetRules {
    final Ruleset ruleset;
    final List<CompiledRule> rules = new ArrayList<>();

    RulesetRules(Ruleset ruleset) {
      this.ruleset = ruleset;
    }
  }

  private static final class CompiledRule {
    final Rule rule;
    final Contribution.Hit hit;
    final List<Matcher> conditions;

    CompiledRule(Rule rule) {
      this.rule = rule;
      this.hit = new Contribution.Hit(rule.key(), rule.weight());
      List<Matcher> compiled = new ArrayList<>(rule.filters().size());
      for (Condition condition : rule.filters()) {
        compiled.add(new Matcher(condition));
      }
      this.conditions = List.copyOf(compiled);
    }

    boolean matches(long timestampMillis, Map<String, @Nullable Object> metadata) {
      if (!rule.window().covers(timestampMillis)) {
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
