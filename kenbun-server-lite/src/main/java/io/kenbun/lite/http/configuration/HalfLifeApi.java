package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Suggested half-lives for rules that have none ({@code scoring.md} 6.1). */
final class HalfLifeApi {
  private static final int MAX_RULES = 10_000;

  /** In days; event types in small letters with blanks, which both spellings come to. */
  private static final Map<String, Integer> SUGGESTED =
      Map.of("page view", 14, "email click", 28, "demo request", 90);

  private final RuleChanges changes;

  HalfLifeApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** {@code GET /scoring/half-life-suggestions?dimension=engagement|all}. */
  void suggestions(Call call) {
    String dimension = call.query().text("dimension");
    if (dimension != null && !dimension.equals("engagement") && !dimension.equals("all")) {
      throw Problem.invalidField(
          "dimension",
          "dimension is none of engagement, all: \"" + JsonBody.shortened(dimension) + '"');
    }
    JsonOut rules = new JsonOut().beginArray();
    int count = 0;
    for (Ruleset ruleset : changes.current(call.unit()).rulesets()) {
      for (Rule rule : ruleset.rules()) {
        Integer days = suggested(rule);
        if (days != null && rule.halfLifeDays() == null) {
          write(ruleset, rule, days, rules);
          count++;
        }
      }
    }
    JsonOut out = new JsonOut().beginObject().field("eligible_count", count);
    call.answer(200, out.jsonField("rules", rules.endArray().text()).endObject());
  }

  /** {@code POST /scoring/half-life-suggestions/apply}: all of the rules or none. */
  void apply(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          List<String> ids = body.texts("rule_ids", 1, MAX_RULES);
          int applied =
              changes
                  .make(
                      call.unit(),
                      (before, kept, now) -> {
                        Map<Long, Integer> days = wanted(body, before, ids);
                        kept.saveHalfLives(days, now);
                        return days.size();
                      })
                  .made();
          call.answer(200, new JsonOut().beginObject().field("applied", applied).endObject());
        });
  }

  /** Returns the days by rule; a rule that has a half-life keeps it. */
  private static Map<Long, Integer> wanted(JsonBody body, RuleSetup setup, List<String> ids) {
    Map<String, Rule> rules = new HashMap<>();
    for (Ruleset ruleset : setup.rulesets()) {
      ruleset.rules().forEach(rule -> rules.put(rule.id(), rule));
    }
    Map<Long, Integer> daysByRule = new HashMap<>();
    List<String> seen = new ArrayList<>();
    for (String id : ids) {
      String at = "rule_ids[" + seen.size() + "]";
      seen.add(id);
      Rule rule = rules.get(id);
      if (rule == null) {
        throw Problem.notFound(body.path(at), "no such rule");
      }
      Integer days = suggested(rule);
      if (days == null) {
        throw body.invalid(at, "has no suggestion: \"" + rule.eventType() + '"');
      }
      if (rule.halfLifeDays() == null) {
        daysByRule.put(rule.key(), days);
      }
    }
    return daysByRule;
  }

  private static @Nullable Integer suggested(Rule rule) {
    return SUGGESTED.get(rule.eventType().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  private static void write(Ruleset ruleset, Rule rule, int days, JsonOut out) {
    out.beginObject()
        .field("rule_id", rule.id())
        .field("ruleset_id", ruleset.id())
        .field("dimension", "engagement")
        .field("event_type", rule.eventType())
        .field("current_half_life_days", rule.halfLifeDays())
        .field("suggested_half_life_days", days)
        .field("source", "research")
        .endObject();
  }
}
