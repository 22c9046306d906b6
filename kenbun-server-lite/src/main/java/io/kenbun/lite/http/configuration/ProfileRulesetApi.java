package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;

/** {@code /profile-scoring/rulesets} ({@code scoring.md} 7.2). */
final class ProfileRulesetApi extends Resource<ProfileRuleset, Long> {
  ProfileRulesetApi(RuleChanges changes) {
    super(changes, "profile ruleset", "rulesets", ProfileRuleset::id, ProfileRuleset::key);
  }

  @Override
  protected List<ProfileRuleset> all(Call call, RuleSetup setup) {
    return setup.profileRulesets();
  }

  @Override
  protected ProfileRuleset read(Asked<ProfileRuleset> asked) {
    JsonBody body = asked.body();
    ProfileRuleset wanted =
        new ProfileRuleset(
            asked.now(ProfileRuleset::key, 0L),
            asked.now(ProfileRuleset::id, ""),
            body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(ProfileRuleset::name)),
            body.text(
                "description",
                0,
                RuleSetup.MAX_DESCRIPTION_LENGTH,
                asked.now(ProfileRuleset::description, "")),
            body.bool("active", asked.now(ProfileRuleset::active, true)),
            body.bool("is_primary", asked.now(ProfileRuleset::primary, false)),
            asked.now(ProfileRuleset::createdAtMillis, 0L),
            asked.now(ProfileRuleset::updatedAtMillis, 0L),
            asked.now(ProfileRuleset::rules, List.of()));
    checkFits(asked.setup(), wanted);
    return wanted;
  }

  private static void checkFits(RuleSetup before, ProfileRuleset wanted) {
    long activeOthers = 0;
    for (ProfileRuleset other : before.profileRulesets()) {
      if (other.key() != wanted.key()) {
        if (other.name().equals(wanted.name())) {
          throw Problem.conflict("name", "another profile ruleset has that name: " + other.id());
        }
        activeOthers += other.active() ? 1 : 0;
      }
    }
    RulesetApi.checkActive(wanted.active(), activeOthers);
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, ProfileRuleset wanted, long nowMillis)
      throws StorageException {
    return kept.saveProfileRuleset(before.unit().key(), wanted, nowMillis);
  }

  /** Removes its rules with it; past scores stay as they are. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, ProfileRuleset gone, long nowMillis)
      throws StorageException {
    kept.deleteProfileRuleset(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<ProfileRuleset> fields(RuleSetup setup) {
    return (ruleset, out) ->
        out.field("id", ruleset.id())
            .field("name", ruleset.name())
            .field("description", ruleset.description())
            .field("active", ruleset.active())
            .field("is_primary", ruleset.primary())
            .timeField("created_at", ruleset.createdAtMillis())
            .timeField("updated_at", ruleset.updatedAtMillis());
  }
}
