package io.kenbun.lite.http;

import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Driver;
import io.kenbun.lite.store.Reads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A lead's score, and why it is what it is ({@code api.md} 7.1, 7.2). Runs on workers. */
final class ScoreApi {
  private static final int DEFAULT_HOURS = 24;
  private static final int MAX_HOURS = 8760;
  private static final int MAX_DRIVERS = 10;

  private final Reads reads;
  private final Rules rules;
  private final InstantSource clock;

  ScoreApi(Reads reads, Rules rules, InstantSource clock) {
    this.reads = reads;
    this.rules = rules;
    this.clock = clock;
  }

  /** {@code GET /score/{leadID}}. */
  void score(Call call) throws StorageException {
    Lead lead = LeadApi.lead(reads, call);
    RuleSetup setup = rules.current().setup(call.unit().key());
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
    int hours = call.query().whole("hours", DEFAULT_HOURS, 1, MAX_HOURS);
    Lead lead = LeadApi.lead(reads, call);
    long fromMillis = clock.millis() - Duration.ofHours(hours).toMillis();
    JsonOut out = new JsonOut().beginObject().beginArray("top_drivers");
    List<Driver> drivers = reads.drivers(lead, fromMillis);
    for (Driver driver : drivers.subList(0, Math.min(MAX_DRIVERS, drivers.size()))) {
      write(driver, out);
    }
    out.endArray().beginArray("snapshot");
    snapshot(rules.current().setup(call.unit().key()), out);
    out.endArray()
        .field("decay_applied", 0) // Nothing decays yet.
        .field("inorganic_count", reads.inorganicCount(lead, fromMillis))
        .field("range_hours", hours)
        .field("score_reset_at", (String) null) // Nothing resets a score yet.
        .field("reset_excluded_count", 0);
    call.answer(200, out.endObject());
  }

  private static void write(Driver driver, JsonOut out) {
    out.beginObject()
        .field("rule_id", driver.ruleId())
        .field("event_type", driver.eventType())
        .field("count", driver.count())
        .field("weight", driver.weight())
        .field("total", driver.total());
    String label = driver.filterLabel();
    if (label != null) {
      out.field("filter_label", label);
    }
    out.endObject();
  }

  /**
   * Writes the weights in force: of each event type the largest by absolute value, largest first
   * ({@code scoring.md} 10.3).
   */
  private static void snapshot(RuleSetup setup, JsonOut out) {
    Map<String, Integer> weights = new HashMap<>();
    for (Ruleset ruleset : setup.rulesets()) {
      if (ruleset.active()) {
        for (Rule rule : ruleset.rules()) {
          if (rule.active()) {
            weights.merge(rule.eventType(), rule.weight(), ScoreApi::larger);
          }
        }
      }
    }
    weights.entrySet().stream()
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<String, Integer> e) -> -Math.abs((long) e.getValue()))
                .thenComparing(Map.Entry::getKey))
        .forEach(
            entry ->
                out.beginObject()
                    .field("event_type", entry.getKey())
                    .field("weight", entry.getValue())
                    .endObject());
  }

  private static int larger(int a, int b) {
    return Math.abs((long) b) > Math.abs((long) a) ? b : a;
  }
}
