package io.kenbun.lite.http;

import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Engagement rulesets and the order of their rules ({@code scoring.md} 4.1, 4.3). */
final class RulesetApi {
  private static final String DEFAULT_SCORE_FIELD = "engagement_score";
  private static final int MAX_RULES = 10_000;

  private final RuleChanges changes;

  RulesetApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** {@code GET /rulesets}, in the order they were made. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginObject().beginArray("rulesets");
    changes.current(call.unit()).rulesets().forEach(ruleset -> write(ruleset, out));
    call.answer(200, out.endArray().endObject());
  }

  /** {@code GET /rulesets/{id}}. */
  void one(Call call) {
    answer(call, 200, find(changes.current(call.unit()), call.pathValue("id")));
  }

  /** {@code POST /rulesets}. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT /rulesets/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("id")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              Ruleset known = id == null ? null : find(before, id);
              Ruleset wanted = read(body, known);
              checkActive(before, wanted);
              return kept.saveRuleset(call.unit().key(), wanted, now);
            });
    answer(call, status, byKey(changed.setup(), changed.made()));
  }

  private static Ruleset read(JsonBody body, @Nullable Ruleset known) {
    return new Ruleset(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, known == null ? null : known.name()),
        body.text(
            "description",
            0,
            RuleSetup.MAX_DESCRIPTION_LENGTH,
            known == null ? "" : known.description()),
        body.text(
            "score_field",
            1,
            RuleSetup.MAX_NAME_LENGTH,
            known == null ? DEFAULT_SCORE_FIELD : known.scoreField()),
        body.bool("active", known == null || known.active()),
        body.bool("is_primary", known != null && known.primary()),
        window(body, known == null ? DateWindow.ALWAYS : known.window()),
        known == null ? 0 : known.createdAtMillis(),
        known == null ? List.of() : known.rules());
  }

  private static void checkActive(RuleSetup before, Ruleset wanted) {
    long others =
        before.rulesets().stream()
            .filter(ruleset -> ruleset.active() && ruleset.key() != wanted.key())
            .count();
    checkActive(wanted.active(), others);
  }

  /** Holds a surface to its number of active rulesets, of which {@code others} are there. */
  static void checkActive(boolean active, long others) {
    if (active && others >= Ruleset.MAX_ACTIVE) {
      throw Problem.conflict(
          "active", "at most " + Ruleset.MAX_ACTIVE + " rulesets can be active at once");
    }
  }

  /** {@code DELETE /rulesets/{id}}: its rules and decay rules go with it. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          Ruleset ruleset = find(before, call.pathValue("id"));
          kept.deleteRuleset(call.unit().key(), ruleset.key(), now);
          return ruleset.key();
        });
    call.answerNothing();
  }

  /** {@code PUT /rulesets/{id}/reorder}: the first gets the highest priority. */
  void reorder(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          List<String> ids = body.texts("rule_ids", 0, MAX_RULES);
          changes.make(
              call.unit(),
              (before, kept, now) -> {
                Ruleset ruleset = find(before, call.pathValue("id"));
                List<Long> keys = keys(body, ruleset, ids);
                kept.reorderRules(ruleset.key(), keys, now);
                return keys;
              });
          call.answerNothing();
        });
  }

  private static List<Long> keys(JsonBody body, Ruleset ruleset, List<String> ids) {
    Map<String, Long> left = new HashMap<>();
    ruleset.rules().forEach(rule -> left.put(rule.id(), rule.key()));
    List<Long> keys = new ArrayList<>();
    for (String id : ids) {
      Long key = left.remove(id);
      if (key == null) {
        throw body.invalid(
            "rule_ids[" + keys.size() + "]",
            "is no rule of the ruleset, or named twice: \"" + JsonBody.shortened(id) + '"');
      }
      keys.add(key);
    }
    if (!left.isEmpty()) {
      throw body.invalid("rule_ids", "lacks rules of the ruleset: " + left.size());
    }
    return keys;
  }

  /** {@code GET /rulesets/{id}/rules}, highest priority first. */
  void rules(Call call) {
    Ruleset ruleset = find(changes.current(call.unit()), call.pathValue("id"));
    JsonOut out = new JsonOut().beginObject().beginArray("rules");
    for (Rule rule : ruleset.rules()) {
      RuleApi.write(ruleset, rule, out);
    }
    call.answer(200, out.endArray().endObject());
  }

  /** Returns the ruleset of the unit, or throws 404. */
  static Ruleset find(RuleSetup setup, String id) {
    return setup.rulesets().stream()
        .filter(ruleset -> ruleset.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such ruleset"));
  }

  /** Returns the ruleset that a body names, or throws 404 with the field. */
  static Ruleset named(JsonBody body, String field, RuleSetup setup) {
    String id = body.rawText(field);
    return setup.rulesets().stream()
        .filter(ruleset -> ruleset.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound(body.path(field), "no such ruleset"));
  }

  private static Ruleset byKey(RuleSetup setup, long key) {
    return setup.rulesets().stream()
        .filter(ruleset -> ruleset.key() == key)
        .findFirst()
        .orElseThrow();
  }

  private static void answer(Call call, int status, Ruleset ruleset) {
    JsonOut out = new JsonOut();
    write(ruleset, out);
    call.answer(status, out);
  }

  private static void write(Ruleset ruleset, JsonOut out) {
    out.beginObject()
        .field("id", ruleset.id())
        .field("name", ruleset.name())
        .field("description", ruleset.description())
        .field("score_field", ruleset.scoreField())
        .field("active", ruleset.active())
        .field("is_primary", ruleset.primary());
    write(ruleset.window(), out);
    out.timeField("created_at", ruleset.createdAtMillis()).endObject();
  }

  /** Reads {@code start_date} and {@code end_date}; null opens that side. */
  static DateWindow window(JsonBody body, DateWindow known) {
    LocalDate start = body.date("start_date", known.start());
    LocalDate end = body.date("end_date", known.end());
    if (start != null && end != null && end.isBefore(start)) {
      throw body.invalid("end_date", "is before start_date: " + end + " < " + start);
    }
    return new DateWindow(start, end);
  }

  /** Writes {@code start_date} and {@code end_date} into the object that is open. */
  static void write(DateWindow window, JsonOut out) {
    LocalDate start = window.start();
    LocalDate end = window.end();
    out.field("start_date", start == null ? null : start.toString())
        .field("end_date", end == null ? null : end.toString());
  }
}
