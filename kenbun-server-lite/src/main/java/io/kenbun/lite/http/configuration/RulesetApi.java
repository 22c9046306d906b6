package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /rulesets}: engagement rulesets and the order of their rules ({@code scoring.md} 4.1,
 * 4.3).
 */
public final class RulesetApi extends Resource<Ruleset, Long> {
  private static final String DEFAULT_SCORE_FIELD = "engagement_score";
  private static final int MAX_RULES = 10_000;

  private final RuleChanges changes;

  RulesetApi(RuleChanges changes) {
    super(changes, "ruleset", "rulesets", Ruleset::id, Ruleset::key);
    this.changes = changes;
  }

  @Override
  protected List<Ruleset> all(Call call, RuleSetup setup) {
    return setup.rulesets();
  }

  @Override
  protected Ruleset read(Asked<Ruleset> asked) {
    JsonBody body = asked.body();
    Ruleset wanted =
        new Ruleset(
            asked.now(Ruleset::key, 0L),
            asked.now(Ruleset::id, ""),
            body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(Ruleset::name)),
            body.text(
                "description",
                0,
                RuleSetup.MAX_DESCRIPTION_LENGTH,
                asked.now(Ruleset::description, "")),
            body.text(
                "score_field",
                1,
                RuleSetup.MAX_NAME_LENGTH,
                asked.now(Ruleset::scoreField, DEFAULT_SCORE_FIELD)),
            body.bool("active", asked.now(Ruleset::active, true)),
            body.bool("is_primary", asked.now(Ruleset::primary, false)),
            window(body, asked.now(Ruleset::window, DateWindow.ALWAYS)),
            asked.now(Ruleset::createdAtMillis, 0L),
            asked.now(Ruleset::rules, List.of()));
    checkActive(asked.setup(), wanted);
    return wanted;
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

  @Override
  protected Long save(Configuration kept, RuleSetup before, Ruleset wanted, long nowMillis)
      throws StorageException {
    return kept.saveRuleset(before.unit().key(), wanted, nowMillis);
  }

  /** Removes its rules and decay rules with it. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, Ruleset gone, long nowMillis)
      throws StorageException {
    kept.deleteRuleset(before.unit().key(), gone.key(), nowMillis);
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
      out.beginObject();
      RuleApi.write(ruleset, rule, out);
      out.endObject();
    }
    call.answer(200, out.endArray().endObject());
  }

  private static Ruleset find(RuleSetup setup, String id) {
    return setup.rulesets().stream()
        .filter(ruleset -> ruleset.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such ruleset"));
  }

  @Override
  protected Fields<Ruleset> fields(RuleSetup setup) {
    return (ruleset, out) -> {
      out.field("id", ruleset.id())
          .field("name", ruleset.name())
          .field("description", ruleset.description())
          .field("score_field", ruleset.scoreField())
          .field("active", ruleset.active())
          .field("is_primary", ruleset.primary());
      write(ruleset.window(), out);
      out.timeField("created_at", ruleset.createdAtMillis());
    };
  }

  /** Reads {@code start_date} and {@code end_date}; null opens that side. */
  public static DateWindow window(JsonBody body, DateWindow known) {
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
