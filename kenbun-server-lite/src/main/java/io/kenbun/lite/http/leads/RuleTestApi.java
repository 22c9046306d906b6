package io.kenbun.lite.http.leads;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Policies;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.configuration.Conditions;
import io.kenbun.lite.http.configuration.RulesetApi;
import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.Reads;
import java.time.InstantSource;
import java.util.List;

/**
 * Trying out an engagement rule on a lead's past, without keeping anything ({@code scoring.md}
 * 4.6). Runs on workers.
 */
final class RuleTestApi {
  /** On how many events a rule is tried, the newest of its type; a lead may have millions. */
  private static final int MAX_EVENTS = 100_000;

  private final Reads reads;
  private final Rules rules;
  private final InstantSource clock;

  RuleTestApi(Reads reads, Rules rules, InstantSource clock) {
    this.reads = reads;
    this.rules = rules;
    this.clock = clock;
  }

  /** {@code POST /engagement-scoring/test}. */
  void engagement(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          Outcome outcome = engagement(call.unit(), body);
          JsonOut out = new JsonOut().beginObject();
          out.field("matches", outcome.matching() > 0)
              .field("reason", outcome.reason())
              .field("current_score", outcome.currentScore())
              .field("projected_score", outcome.projectedScore())
              .field("matching_events", outcome.matching());
          call.answer(200, out.endObject());
        });
  }

  /** {@code POST /api/v1/ou/{ouId}/scoring-rules/test}: the older shape of the same. */
  void older(Call call) throws Exception {
    OrgUnit unit = PathUnit.of(call, rules);
    JsonBody.readForWorker(
        call,
        body -> {
          Outcome outcome = engagement(unit, body);
          JsonOut out = new JsonOut().beginObject();
          out.field("matches", outcome.matching() > 0)
              .field("reason", outcome.reason())
              .field("currentScore", outcome.currentScore())
              .field("projectedScore", outcome.projectedScore())
              .field("matchingEvents", outcome.matching());
          call.answer(200, out.endObject());
        });
  }

  /** {@code POST /profile-scoring/test}: the same on the lead's profile as it is now. */
  void profile(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> profile(call, body));
  }

  /** What a rule would have done. */
  private record Outcome(long matching, String reason, long currentScore, long projectedScore) {}

  private Outcome engagement(OrgUnit unit, JsonBody body) throws StorageException {
    Rules.Snapshot snapshot = rules.current();
    RuleSetup setup = snapshot.setup(unit.key());
    String leadId = body.rawText("lead_id", RawEvent.MAX_LEAD_ID_LENGTH);
    JsonBody asked = body.object("rule");
    Rule rule = rule(asked);
    Engine alone = engine(unit, rule);
    Lead lead = lead(snapshot, unit, leadId);
    long[] matching = {0};
    double[] earned = {0};
    long nowMillis = clock.millis();
    reads
        .events()
        .visit(
            lead.key(),
            rule.eventType(),
            lead.scoreResetAtMillis() == null ? Long.MIN_VALUE : lead.scoreResetAtMillis(),
            MAX_EVENTS,
            (timestampMillis, metadata) -> {
              boolean matches =
                  matches(
                      alone,
                      rule.eventType(),
                      timestampMillis,
                      metadata == null ? "{}" : metadata,
                      "rule.attribute_filters");
              if (matches) {
                matching[0]++;
                earned[0] += left(rule, nowMillis - timestampMillis);
              }
            });
    long current = Scores.headline(setup, lead);
    return new Outcome(
        matching[0],
        reason(matching[0], rule),
        current,
        Policies.shown(current + earned[0], setup.settings().allowNegativeScores()));
  }

  /** Returns what a match of that age is worth by now. */
  private static double left(Rule rule, long ageMillis) {
    Integer days = rule.halfLifeDays();
    return days == null ? rule.weight() : rule.weight() * Policies.fade(ageMillis, days);
  }

  private void profile(Call call, JsonBody body) throws StorageException {
    Rules.Snapshot snapshot = rules.current();
    RuleSetup setup = snapshot.setup(call.unit().key());
    String leadId = body.rawText("lead_id", RawEvent.MAX_LEAD_ID_LENGTH);
    JsonBody asked = body.object("rule");
    Condition condition = Conditions.readOne(asked, "profile_field", null);
    int weight = asked.whole("weight", -Rule.MAX_WEIGHT, Rule.MAX_WEIGHT);
    Lead lead = lead(snapshot, call.unit(), leadId);
    boolean matches = matches(call.unit(), condition, lead);
    long current = Scores.profileHeadline(setup, lead);
    String reason =
        "Lead's "
            + condition.field()
            + (matches ? " matches " : " does not match ")
            + condition.label();
    call.answer(
        200,
        new JsonOut()
            .beginObject()
            .field("matches", matches)
            .field("reason", reason)
            .field("current_score", current)
            .field("projected_score", floored(setup, current + (matches ? weight : 0)))
            .endObject());
  }

  /** Has the engine decide about the one rule, over the profile as if it were metadata. */
  private static boolean matches(OrgUnit unit, Condition condition, Lead lead) {
    String type = "profile";
    Rule rule = new Rule(0, "", type, 1, true, List.of(condition), DateWindow.ALWAYS, 0);
    return matches(engine(unit, rule), type, 0, lead.profile(), "rule.value");
  }

  /**
   * Says whether the engine's one rule matches; {@code field} is what an endless regex is told by.
   */
  private static boolean matches(
      Engine alone, String eventType, long timestampMillis, String metadata, String field) {
    try {
      return !alone
          .earned(eventType, timestampMillis, () -> Json.readMetadata(metadata))
          .contributions()
          .isEmpty();
    } catch (IllegalStateException e) {
      throw Problem.invalidField(field, field + ": " + e.getMessage());
    }
  }

  private static Rule rule(JsonBody asked) {
    String eventType = asked.text("event_type", RawEvent.MAX_EVENT_TYPE_LENGTH);
    int weight = asked.whole("weight", -Rule.MAX_WEIGHT, Rule.MAX_WEIGHT);
    List<Condition> filters = Conditions.read(asked, "attribute_filters", "field", 0, List.of());
    DateWindow window = RulesetApi.window(asked, DateWindow.ALWAYS);
    Integer halfLifeDays = asked.wholeOrNull("half_life_days", 1, Rule.MAX_HALF_LIFE_DAYS, null);
    return new Rule(0, "", eventType, weight, true, filters, window, 0, halfLifeDays, 0, 0);
  }

  private static Engine engine(OrgUnit unit, Rule rule) {
    Ruleset ruleset =
        new Ruleset(0, "", "", "", "", true, true, DateWindow.ALWAYS, 0, List.of(rule));
    return new Engine(RuleSetup.builder(unit).rulesets(List.of(ruleset)).build());
  }

  private Lead lead(Rules.Snapshot snapshot, OrgUnit unit, String leadId) throws StorageException {
    Lead lead = reads.leads().lead(unit.key(), snapshot.engine(unit.key()), clock.millis(), leadId);
    if (lead == null) {
      throw Problem.notFound("lead_id", "no such lead");
    }
    return lead;
  }

  private static String reason(long matching, Rule rule) {
    String count = matching == 0 ? "no" : String.valueOf(matching);
    String events = matching == 1 ? " event" : " events";
    String filters = rule.filters().isEmpty() ? "" : " matching filters";
    return "Lead has " + count + " " + rule.eventType() + events + filters;
  }

  private static long floored(RuleSetup setup, long score) {
    return setup.settings().allowNegativeScores() ? score : Math.max(0, score);
  }
}
