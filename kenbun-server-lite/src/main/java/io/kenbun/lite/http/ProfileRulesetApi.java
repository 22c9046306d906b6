package io.kenbun.lite.http;

import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Profile rulesets ({@code scoring.md} 7.2). */
final class ProfileRulesetApi {
  private final RuleChanges changes;

  ProfileRulesetApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** {@code GET /profile-scoring/rulesets}, in the order they were made. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginObject().beginArray("rulesets");
    changes.current(call.unit()).profileRulesets().forEach(ruleset -> write(ruleset, out));
    call.answer(200, out.endArray().endObject());
  }

  /** {@code GET /profile-scoring/rulesets/{id}}. */
  void one(Call call) {
    JsonOut out = new JsonOut();
    write(find(changes.current(call.unit()), call.pathValue("id")), out);
    call.answer(200, out);
  }

  /** {@code POST /profile-scoring/rulesets}. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT /profile-scoring/rulesets/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("id")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              ProfileRuleset wanted = read(body, id == null ? null : find(before, id));
              checkFits(before, wanted);
              return kept.saveProfileRuleset(call.unit().key(), wanted, now);
            });
    JsonOut out = new JsonOut();
    write(find(changed.setup(), ruleset -> ruleset.key() == changed.made()), out);
    call.answer(status, out);
  }

  private static ProfileRuleset read(JsonBody body, @Nullable ProfileRuleset known) {
    return new ProfileRuleset(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, known == null ? null : known.name()),
        body.text(
            "description",
            0,
            RuleSetup.MAX_DESCRIPTION_LENGTH,
            known == null ? "" : known.description()),
        body.bool("active", known == null || known.active()),
        body.bool("is_primary", known != null && known.primary()),
        known == null ? 0 : known.createdAtMillis(),
        known == null ? 0 : known.updatedAtMillis(),
        known == null ? List.of() : known.rules());
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

  /** {@code DELETE /profile-scoring/rulesets/{id}}: its rules go, past scores stay as they are. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          long key = find(before, call.pathValue("id")).key();
          kept.deleteProfileRuleset(call.unit().key(), key);
          return key;
        });
    call.answerNothing();
  }

  /** Returns the ruleset of the unit, or throws 404. */
  static ProfileRuleset find(RuleSetup setup, String id) {
    return find(setup, ruleset -> ruleset.id().equals(id));
  }

  private static ProfileRuleset find(RuleSetup setup, Predicate<ProfileRuleset> asked) {
    return setup.profileRulesets().stream()
        .filter(asked)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such profile ruleset"));
  }

  private static void write(ProfileRuleset ruleset, JsonOut out) {
    out.beginObject()
        .field("id", ruleset.id())
        .field("name", ruleset.name())
        .field("description", ruleset.description())
        .field("active", ruleset.active())
        .field("is_primary", ruleset.primary())
        .timeField("created_at", ruleset.createdAtMillis())
        .timeField("updated_at", ruleset.updatedAtMillis())
        .endObject();
  }
}
