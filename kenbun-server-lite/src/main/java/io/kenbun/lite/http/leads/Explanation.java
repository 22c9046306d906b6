package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.Driver;
import io.kenbun.lite.store.reads.ScoreReads;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Why a lead's score is what it is, as {@code score-explain} words it ({@code scoring.md} 10.3).
 */
final class Explanation {
  private static final int DEFAULT_HOURS = 24;
  private static final int MAX_HOURS = 8760;
  private static final int MAX_DRIVERS = 10;

  private Explanation() {}

  /** Returns how many hours back the query asks to look. */
  static int hours(Query query) {
    return query.whole("hours", DEFAULT_HOURS, 1, MAX_HOURS);
  }

  /** Writes the fields of the explanation into an object that is open. */
  static void write(
      ScoreReads scores, RuleSetup setup, Lead lead, int hours, long nowMillis, JsonOut out)
      throws StorageException {
    long fromMillis = nowMillis - Duration.ofHours(hours).toMillis();
    ScoreReads.Explanation explanation = scores.explanation(lead, fromMillis);
    out.beginArray("top_drivers");
    List<Driver> drivers = explanation.drivers();
    for (Driver driver : drivers.subList(0, Math.min(MAX_DRIVERS, drivers.size()))) {
      write(driver, out);
    }
    out.endArray().beginArray("snapshot");
    snapshot(setup, out);
    out.endArray()
        .field("decay_applied", explanation.decayApplied())
        .field("inorganic_count", explanation.inorganicCount())
        .field("range_hours", hours)
        .timeField("score_reset_at", lead.scoreResetAtMillis())
        .field("reset_excluded_count", explanation.resetExcludedCount());
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
   * Writes the weights in force: of each event type the largest by absolute value, largest first.
   */
  private static void snapshot(RuleSetup setup, JsonOut out) {
    Map<String, Integer> weights = new HashMap<>();
    for (Ruleset ruleset : setup.rulesets()) {
      if (ruleset.active()) {
        for (Rule rule : ruleset.rules()) {
          if (rule.active()) {
            weights.merge(rule.eventType(), rule.weight(), Explanation::larger);
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
