package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.http.json.Timestamps;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.ScoreReads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scores now and before, and why they are what they are ({@code api.md} 7). Runs on workers. */
final class ScoreApi {
  private static final int DEFAULT_DAYS = 30;
  private static final int MAX_DAYS = 90;
  private static final int DEFAULT_GAINS = 10;

  private final LeadApi leads;
  private final ScoreReads scores;
  private final Rules rules;
  private final InstantSource clock;

  ScoreApi(LeadApi leads, ScoreReads scores, Rules rules, InstantSource clock) {
    this.leads = leads;
    this.scores = scores;
    this.rules = rules;
    this.clock = clock;
  }

  /** {@code GET /score/{leadID}}. */
  void score(Call call) throws StorageException {
    RuleSetup setup = rules.current().setup(call.unit().key());
    Lead lead = leads.lead(call);
    JsonOut out =
        new JsonOut()
            .beginObject()
            .field("lead_id", lead.leadId())
            .field("score", Scores.headline(setup, lead))
            .field("ruleset_id", Scores.rulesetId(setup, lead));
    Scores.write(setup, lead, out);
    call.answer(200, out.endObject());
  }

  /** {@code GET /lead/{leadID}/score-explain}: what moved the score in the last {@code hours}. */
  void explain(Call call) throws StorageException {
    int hours = Explanation.hours(call.query());
    Lead lead = leads.lead(call);
    JsonOut out = new JsonOut().beginObject();
    RuleSetup setup = rules.current().setup(call.unit().key());
    Explanation.write(scores, setup, lead, hours, clock.millis(), out);
    call.answer(200, out.endObject());
  }

  /** {@code GET /lead/{leadID}/score-history}: a snapshot for each hour and active ruleset. */
  void history(Call call) throws StorageException {
    Query query = call.query();
    long nowMillis = clock.millis();
    Period period = period(query, nowMillis);
    RuleSetup setup = rules.current().setup(call.unit().key());
    List<Ruleset> rulesets = rulesets(setup, query.text("ruleset_id"));
    Lead lead = leads.lead(call);
    List<ScoreReads.Snapshot> snapshots =
        scores.history(
            lead,
            rulesets,
            Math.max(period.startMillis, nowMillis - Duration.ofDays(MAX_DAYS).toMillis()),
            Math.min(period.endMillis, nowMillis),
            setup.settings().allowNegativeScores());
    JsonOut out = new JsonOut().beginObject();
    out.field("lead_id", lead.leadId()).beginArray("snapshots");
    for (ScoreReads.Snapshot snapshot : snapshots) {
      out.beginObject()
          .timeField("snapshot_at", snapshot.atMillis())
          .field("score", snapshot.score())
          .field("ruleset_id", snapshot.ruleset().id())
          .endObject();
    }
    out.endArray().field("count", snapshots.size()).beginObject("period");
    out.timeField("start", period.startMillis).timeField("end", period.endMillis);
    call.answer(200, out.endObject().endObject());
  }

  private record Period(long startMillis, long endMillis) {}

  private static Period period(Query query, long nowMillis) {
    String start = query.text("start_date");
    String end = query.text("end_date");
    if (start == null && end == null) {
      int days = query.whole("days", DEFAULT_DAYS, 1, MAX_DAYS);
      return new Period(nowMillis - Duration.ofDays(days).toMillis(), nowMillis);
    }
    if (query.text("days") != null) {
      throw Problem.invalidField("days", "days does not go with start_date and end_date");
    }
    Period period = new Period(time("start_date", start), time("end_date", end));
    if (period.endMillis < period.startMillis) {
      throw Problem.invalidField("end_date", "end_date before start_date: " + end + " < " + start);
    }
    return period;
  }

  private static long time(String name, @Nullable String text) {
    if (text == null) {
      throw Problem.missingField(name);
    }
    long millis = Timestamps.parse(text);
    if (millis == Timestamps.INVALID) {
      throw Problem.invalidField(
          name, name + " is no RFC 3339 time with an offset: \"" + text + "\"");
    }
    return millis;
  }

  private static List<Ruleset> rulesets(RuleSetup setup, @Nullable String id) {
    List<Ruleset> rulesets =
        setup.rulesets().stream()
            .filter(ruleset -> id == null ? ruleset.active() : ruleset.id().equals(id))
            .toList();
    if (id != null && rulesets.isEmpty()) {
      throw Problem.invalidField("ruleset_id", "ruleset_id names no ruleset: \"" + id + "\"");
    }
    return rulesets;
  }

  /** {@code GET /score-gains?range=&limit=}: who has gained most since the range began. */
  void gains(Call call) throws StorageException {
    Query query = call.query();
    int limit = query.whole("limit", DEFAULT_GAINS, 1, Query.MAX_LIMIT);
    String range = query.text("range");
    if (range != null && !List.of("today", "last_7d", "last_30d").contains(range)) {
      throw Problem.invalidField("range", "range is none of today, last_7d, last_30d: " + range);
    }
    Span asked = Span.of(query, clock);
    Span span = asked == null ? Span.lastDays(7, clock) : asked;
    Rules.Snapshot snapshot = rules.current();
    long unit = call.unit().key();
    Ruleset primary = snapshot.setup(unit).primaryRuleset();
    JsonOut out = new JsonOut().beginObject().beginArray("leads");
    if (primary != null) {
      for (ScoreReads.Gain gain :
          scores.gains(primary, snapshot.engine(unit), span.fromMillis(), clock.millis(), limit)) {
        out.beginObject()
            .field("lead_id", gain.leadId())
            .field("score", gain.score())
            .field("score_gain", gain.gain())
            .timeField("last_event_at", gain.lastEventAtMillis())
            .endObject();
      }
    }
    call.answer(200, out.endArray().endObject());
  }
}
