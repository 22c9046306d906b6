package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;

/** {@code /decays}: rules that take points off for inactivity ({@code scoring.md} 6.2). */
final class DecayApi extends Resource<DecayRule, Long> {
  DecayApi(RuleChanges changes) {
    super(changes, "decay rule", "decays", DecayRule::id, DecayRule::key);
  }

  @Override
  protected List<DecayRule> all(Call call, RuleSetup setup) {
    return setup.decayRules();
  }

  @Override
  protected DecayRule read(Asked<DecayRule> asked) {
    JsonBody body = asked.body();
    DecayRule known = asked.known();
    return new DecayRule(
        asked.now(DecayRule::key, 0L),
        asked.now(DecayRule::id, ""),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(DecayRule::name)),
        points(asked),
        body.whole(
            "interval_days", 1, DecayRule.MAX_INTERVAL_DAYS, asked.now(DecayRule::intervalDays)),
        body.bool("active", asked.now(DecayRule::active, true)),
        Rulesets.read(body, asked.setup(), known == null ? null : known.ruleset()),
        asked.now(DecayRule::createdAtMillis, 0L));
  }

  /** Returns the points as what they take, whichever sign they were sent with. */
  private static int points(Asked<DecayRule> asked) {
    int points =
        asked
            .body()
            .whole(
                "points",
                -DecayRule.MAX_POINTS,
                DecayRule.MAX_POINTS,
                asked.now(DecayRule::points));
    if (points == 0) {
      throw asked.body().invalid("points", "is 0, which takes nothing");
    }
    return -Math.abs(points);
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, DecayRule wanted, long nowMillis)
      throws StorageException {
    return kept.saveDecayRule(before.unit().key(), wanted, nowMillis);
  }

  /** Gives nothing back. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, DecayRule gone, long nowMillis)
      throws StorageException {
    kept.deleteDecayRule(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<DecayRule> fields(RuleSetup setup) {
    return (rule, out) ->
        out.field("id", rule.id())
            .field("name", rule.name())
            .field("points", rule.points())
            .field("interval_days", rule.intervalDays())
            .field("active", rule.active())
            .field("ruleset_id", Rulesets.id(setup, rule.ruleset()))
            .timeField("created_at", rule.createdAtMillis());
  }
}
