package io.kenbun.lite.http;

import io.kenbun.lite.model.DecayRule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rules that take points off for inactivity ({@code scoring.md} 6.2). */
final class DecayApi {
  private final RuleChanges changes;

  DecayApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** {@code GET /decays}, in the order they were made. */
  void list(Call call) {
    RuleSetup setup = changes.current(call.unit());
    JsonOut out = new JsonOut().beginObject().beginArray("decays");
    setup.decayRules().forEach(rule -> write(setup, rule, out));
    call.answer(200, out.endArray().endObject());
  }

  /** {@code POST /decays}. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT /decays/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("id")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              DecayRule known = id == null ? null : find(before, rule -> rule.id().equals(id));
              return kept.saveDecayRule(call.unit().key(), read(body, before, known), now);
            });
    JsonOut out = new JsonOut();
    RuleSetup setup = changed.setup();
    write(setup, find(setup, rule -> rule.key() == changed.made()), out);
    call.answer(status, out);
  }

  private static DecayRule read(JsonBody body, RuleSetup setup, @Nullable DecayRule known) {
    return new DecayRule(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, known == null ? null : known.name()),
        points(body, known),
        body.whole(
            "interval_days",
            1,
            DecayRule.MAX_INTERVAL_DAYS,
            known == null ? null : known.intervalDays()),
        body.bool("active", known == null || known.active()),
        ruleset(body, setup, known),
        known == null ? 0 : known.createdAtMillis());
  }

  /** Returns the points as what they take, whichever sign they were sent with. */
  private static int points(JsonBody body, @Nullable DecayRule known) {
    int points =
        body.whole(
            "points",
            -DecayRule.MAX_POINTS,
            DecayRule.MAX_POINTS,
            known == null ? null : known.points());
    if (points == 0) {
      throw body.invalid("points", "is 0, which takes nothing");
    }
    return -Math.abs(points);
  }

  private static @Nullable Long ruleset(JsonBody body, RuleSetup setup, @Nullable DecayRule known) {
    if (!body.has("ruleset_id")) {
      return known == null ? null : known.ruleset();
    }
    return body.isGiven("ruleset_id") ? RulesetApi.named(body, "ruleset_id", setup).key() : null;
  }

  /** {@code DELETE /decays/{id}}: gives nothing back. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          long key = find(before, rule -> rule.id().equals(call.pathValue("id"))).key();
          kept.deleteDecayRule(call.unit().key(), key);
          return key;
        });
    call.answerNothing();
  }

  private static DecayRule find(RuleSetup setup, Predicate<DecayRule> asked) {
    return setup.decayRules().stream()
        .filter(asked)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such decay rule"));
  }

  private static void write(RuleSetup setup, DecayRule rule, JsonOut out) {
    Long only = rule.ruleset();
    String rulesetId =
        setup.rulesets().stream()
            .filter(ruleset -> only != null && only == ruleset.key())
            .map(Ruleset::id)
            .findFirst()
            .orElse(null);
    out.beginObject()
        .field("id", rule.id())
        .field("name", rule.name())
        .field("points", rule.points())
        .field("interval_days", rule.intervalDays())
        .field("active", rule.active())
        .field("ruleset_id", rulesetId)
        .timeField("created_at", rule.createdAtMillis())
        .endObject();
  }
}
