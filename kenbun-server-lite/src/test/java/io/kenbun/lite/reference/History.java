package io.kenbun.lite.reference;

import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.time.Instant;
import java.util.List;

/**
 * Rules and what happened under them, printed so that a person can follow it.
 *
 * @param setup what the unit starts with
 * @param startMillis what the clock shows at first
 */
record History(long seed, RuleSetup setup, long startMillis, List<Step> steps) {
  History {
    steps = List.copyOf(steps);
  }

  History with(List<Step> others) {
    return new History(seed, setup, startMillis, others);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("seed ").append(seed).append(", starts with\n");
    text.append(words(setup)).append("from ").append(Instant.ofEpochMilli(startMillis));
    for (Step step : steps) {
      text.append('\n').append(step);
      if (step instanceof Step.Change change) {
        text.append('\n').append(words(change.setup()));
      }
    }
    return text.toString();
  }

  private static String words(RuleSetup setup) {
    StringBuilder text = new StringBuilder();
    for (Ruleset ruleset : setup.rulesets()) {
      text.append("  ruleset ").append(ruleset.key());
      text.append(ruleset.active() ? " " : " inactive ").append(ruleset.window()).append('\n');
      ruleset.rules().forEach(rule -> text.append("    ").append(rule).append('\n'));
    }
    setup.metadataFilters().forEach(filter -> text.append("  ").append(filter).append('\n'));
    setup.velocityFilters().forEach(filter -> text.append("  ").append(filter).append('\n'));
    setup.decayRules().forEach(rule -> text.append("  ").append(rule).append('\n'));
    setup.profileMappings().forEach(mapping -> text.append("  ").append(mapping).append('\n'));
    setup.profileRulesets().forEach(ruleset -> text.append("  ").append(ruleset).append('\n'));
    text.append("  hidden ").append(setup.hiddenEventTypes());
    text.append(", deleted rules' half-lives ").append(setup.retiredHalfLives()).append('\n');
    return text.append("  ").append(setup.settings()).append('\n').toString();
  }
}
