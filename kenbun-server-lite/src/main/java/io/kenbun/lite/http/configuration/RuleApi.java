package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /rules}: engagement rules of all rulesets, in their order, highest priority first ({@code
 * scoring.md} 4.2, 4.3). A change leaves earlier scores as they are.
 */
final class RuleApi extends Resource<RuleApi.Placed, Long> {
  RuleApi(RuleChanges changes) {
    super(changes, "rule", "rules", placed -> placed.rule().id(), placed -> placed.rule().key());
  }

  /** A rule and the ruleset that it is in. */
  record Placed(Ruleset ruleset, Rule rule) {}

  @Override
  protected List<Placed> all(Call call, RuleSetup setup) {
    return setup.rulesets().stream()
        .flatMap(ruleset -> ruleset.rules().stream().map(rule -> new Placed(ruleset, rule)))
        .toList();
  }

  @Override
  protected Placed read(Asked<Placed> asked) {
    Placed placed = new Placed(ruleset(asked), rule(asked));
    checkAlone(placed);
    return placed;
  }

  /** Returns the ruleset that the rule goes into and stays in. */
  private static Ruleset ruleset(Asked<Placed> asked) {
    JsonBody body = asked.body();
    Placed known = asked.known();
    if (known == null) {
      return Rulesets.named(body, asked.setup());
    }
    if (body.isGiven("ruleset_id") && !body.rawText("ruleset_id").equals(known.ruleset().id())) {
      throw body.invalid("ruleset_id", "cannot change: " + known.ruleset().id());
    }
    return known.ruleset();
  }

  private static Rule rule(Asked<Placed> asked) {
    JsonBody body = asked.body();
    Rule known = asked.now(Placed::rule);
    return new Rule(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text(
            "event_type",
            1,
            RawEvent.MAX_EVENT_TYPE_LENGTH,
            known == null ? null : known.eventType()),
        body.whole(
            "weight", Rule.MIN_WEIGHT, Rule.MAX_WEIGHT, known == null ? null : known.weight()),
        body.bool("active", known == null || known.active()),
        Conditions.read(
            body, "attribute_filters", "field", 0, known == null ? List.of() : known.filters()),
        RulesetApi.window(body, known == null ? DateWindow.ALWAYS : known.window()),
        known == null ? 0 : known.priority(),
        halfLife(body, known),
        known == null ? 0 : known.createdAtMillis(),
        known == null ? 0 : known.updatedAtMillis());
  }

  private static @Nullable Integer halfLife(JsonBody body, @Nullable Rule known) {
    return body.wholeOrNull(
        "half_life_days", 1, Rule.MAX_HALF_LIFE_DAYS, known == null ? null : known.halfLifeDays());
  }

  /** Refuses a second rule for the same events: they would count twice, and mostly by mistake. */
  private static void checkAlone(Placed placed) {
    Rule wanted = placed.rule();
    Set<Condition> filters = new HashSet<>(wanted.filters());
    for (Rule other : placed.ruleset().rules()) {
      if (other.key() != wanted.key()
          && other.eventType().equals(wanted.eventType())
          && filters.equals(new HashSet<>(other.filters()))) {
        throw Problem.conflict(
            "event_type",
            "a rule of the ruleset has the same event_type and attribute_filters: " + other.id());
      }
    }
  }

  /** Keeps a rule, a new one last in the order of its ruleset. */
  @Override
  protected Long save(Configuration kept, RuleSetup before, Placed wanted, long nowMillis)
      throws StorageException {
    return kept.saveRule(wanted.ruleset().key(), wanted.rule(), nowMillis);
  }

  @Override
  protected void delete(Configuration kept, RuleSetup before, Placed gone, long nowMillis)
      throws StorageException {
    kept.deleteRule(gone.rule().key(), nowMillis);
  }

  @Override
  protected Fields<Placed> fields(RuleSetup setup) {
    return (placed, out) -> write(placed.ruleset(), placed.rule(), out);
  }

  /** Writes the fields of a rule into the object that is open. */
  static void write(Ruleset ruleset, Rule rule, JsonOut out) {
    out.field("id", rule.id())
        .field("ruleset_id", ruleset.id())
        .field("event_type", rule.eventType())
        .field("weight", rule.weight())
        .field("active", rule.active());
    Conditions.write("attribute_filters", "field", rule.filters(), out);
    out.field("half_life_days", rule.halfLifeDays());
    RulesetApi.write(rule.window(), out);
    out.field("priority", rule.priority())
        .timeField("created_at", rule.createdAtMillis())
        .timeField("updated_at", rule.updatedAtMillis());
  }
}
