package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;

/**
 * {@code /profile-scoring/rulesets/{id}/rules}: the rules of a profile ruleset ({@code scoring.md}
 * 7.2).
 */
final class ProfileRuleApi extends Resource<ProfileRuleApi.Placed, Long> {
  ProfileRuleApi(RuleChanges changes) {
    super(
        changes,
        "profile rule",
        "rules",
        placed -> placed.rule().id(),
        placed -> placed.rule().key());
  }

  /** A rule and the ruleset that it is in. */
  record Placed(ProfileRuleset ruleset, ProfileRule rule) {}

  @Override
  protected List<Placed> all(Call call, RuleSetup setup) {
    ProfileRuleset ruleset = ruleset(call, setup);
    return ruleset.rules().stream().map(rule -> new Placed(ruleset, rule)).toList();
  }

  private static ProfileRuleset ruleset(Call call, RuleSetup setup) {
    String id = call.pathValue("id");
    return setup.profileRulesets().stream()
        .filter(ruleset -> ruleset.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such profile ruleset"));
  }

  @Override
  protected String idOf(Call call) {
    return call.pathValue("ruleId");
  }

  @Override
  protected Placed read(Asked<Placed> asked) {
    JsonBody body = asked.body();
    ProfileRuleset ruleset = ruleset(asked.call(), asked.setup());
    ProfileRule rule =
        new ProfileRule(
            asked.now(known -> known.rule().key(), 0L),
            asked.now(known -> known.rule().id(), ""),
            Conditions.readOne(body, "profile_field", asked.now(known -> known.rule().condition())),
            body.whole(
                "weight",
                Rule.MIN_WEIGHT,
                Rule.MAX_WEIGHT,
                asked.now(known -> known.rule().weight())),
            body.bool("active", asked.now(known -> known.rule().active(), true)),
            asked.now(known -> known.rule().createdAtMillis(), 0L),
            asked.now(known -> known.rule().updatedAtMillis(), 0L));
    if (asked.known() == null || body.isGiven("profile_field")) {
      checkMapped(body, asked.setup(), rule.condition().field());
    }
    return new Placed(ruleset, rule);
  }

  /** Refuses a field that nothing fills: the rule would never match. */
  private static void checkMapped(JsonBody body, RuleSetup setup, String field) {
    if (setup.profileMappings().stream().noneMatch(any -> any.profileField().equals(field))) {
      throw body.invalid("profile_field", "is not mapped: \"" + field + '"');
    }
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, Placed wanted, long nowMillis)
      throws StorageException {
    return kept.saveProfileRule(wanted.ruleset().key(), wanted.rule(), nowMillis);
  }

  /** Leaves scores as they are. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, Placed gone, long nowMillis)
      throws StorageException {
    kept.deleteProfileRule(gone.ruleset().key(), gone.rule().key());
  }

  @Override
  protected Fields<Placed> fields(RuleSetup setup) {
    return (placed, out) -> {
      ProfileRule rule = placed.rule();
      out.field("id", rule.id()).field("ruleset_id", placed.ruleset().id());
      Conditions.writeOne("profile_field", rule.condition(), out);
      out.field("weight", rule.weight())
          .field("active", rule.active())
          .timeField("created_at", rule.createdAtMillis())
          .timeField("updated_at", rule.updatedAtMillis());
    };
  }
}
