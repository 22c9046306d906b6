package io.kenbun.lite.http;

import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.ProfileRule;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules of a profile ruleset ({@code scoring.md} 7.2). */
final class ProfileRuleApi {
  private final RuleChanges changes;

  ProfileRuleApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** {@code GET /profile-scoring/rulesets/{id}/rules}, in the order they were made. */
  void list(Call call) {
    ProfileRuleset ruleset =
        ProfileRulesetApi.find(changes.current(call.unit()), call.pathValue("id"));
    JsonOut out = new JsonOut().beginObject().beginArray("rules");
    ruleset.rules().forEach(rule -> write(ruleset, rule, out));
    call.answer(200, out.endArray().endObject());
  }

  /** {@code POST /profile-scoring/rulesets/{id}/rules}. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT /profile-scoring/rulesets/{id}/rules/{ruleId}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("ruleId")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    String rulesetId = call.pathValue("id");
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              ProfileRuleset ruleset = ProfileRulesetApi.find(before, rulesetId);
              ProfileRule wanted =
                  read(body, id == null ? null : find(ruleset, rule -> rule.id().equals(id)));
              if (id == null || body.isGiven("profile_field")) {
                checkMapped(body, before, wanted.condition().field());
              }
              return kept.saveProfileRule(ruleset.key(), wanted, now);
            });
    ProfileRuleset ruleset = ProfileRulesetApi.find(changed.setup(), rulesetId);
    JsonOut out = new JsonOut();
    write(ruleset, find(ruleset, rule -> rule.key() == changed.made()), out);
    call.answer(status, out);
  }

  private static ProfileRule read(JsonBody body, @Nullable ProfileRule known) {
    Condition condition =
        Conditions.readOne(body, "profile_field", known == null ? null : known.condition());
    return new ProfileRule(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        condition,
        body.whole(
            "weight", Rule.MIN_WEIGHT, Rule.MAX_WEIGHT, known == null ? null : known.weight()),
        body.bool("active", known == null || known.active()),
        known == null ? 0 : known.createdAtMillis(),
        known == null ? 0 : known.updatedAtMillis());
  }

  /** Refuses a field that nothing fills: the rule would never match. */
  private static void checkMapped(JsonBody body, RuleSetup setup, String field) {
    if (setup.profileMappings().stream().noneMatch(any -> any.profileField().equals(field))) {
      throw body.invalid("profile_field", "is not mapped: \"" + field + '"');
    }
  }

  /** {@code DELETE /profile-scoring/rulesets/{id}/rules/{ruleId}}: scores stay as they are. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          ProfileRuleset ruleset = ProfileRulesetApi.find(before, call.pathValue("id"));
          long key = find(ruleset, rule -> rule.id().equals(call.pathValue("ruleId"))).key();
          kept.deleteProfileRule(ruleset.key(), key);
          return key;
        });
    call.answerNothing();
  }

  private static ProfileRule find(ProfileRuleset ruleset, Predicate<ProfileRule> asked) {
    return ruleset.rules().stream()
        .filter(asked)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such profile rule"));
  }

  private static void write(ProfileRuleset ruleset, ProfileRule rule, JsonOut out) {
    out.beginObject().field("id", rule.id()).field("ruleset_id", ruleset.id());
    Conditions.writeOne("profile_field", rule.condition(), out);
    out.field("weight", rule.weight())
        .field("active", rule.active())
        .timeField("created_at", rule.createdAtMillis())
        .timeField("updated_at", rule.updatedAtMillis())
        .endObject();
  }
}
