package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Decay;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The events that the server itself puts on a lead's timeline. Stateless; any thread. */
final class SystemEvents {
  static final String RESET = "score_reset";
  static final String MERGED = "lead_merged";
  private static final String DECAY = "DECAY";

  private SystemEvents() {}

  /** Makes the {@code DECAY} event of one application ({@code scoring.md} 6.2). */
  static ScoredEvent decay(
      long seq, LeadState lead, Decay.Application application, RuleSetup setup, long nowMillis) {
    StringBuilder json = new StringBuilder(160).append("{\"channel\":\"system\"");
    json.append(",\"decay_rule_id\":");
    text(json, application.rule().id());
    json.append(",\"ruleset_id\":");
    text(json, rulesetId(setup, application.ruleset()));
    json.append(",\"points\":");
    number(json, application.points());
    json.append(",\"inactive_since\":");
    text(json, Instant.ofEpochMilli(application.inactiveSinceMillis()).toString());
    json.append('}');
    return event(
        seq,
        lead,
        DECAY,
        application.timeMillis(),
        nowMillis,
        json.toString(),
        application.earned().contributions());
  }

  /**
   * Makes the {@code score_reset} event, with what the lead had before ({@code scoring.md} 10.1).
   */
  static ScoredEvent reset(
      long seq, LeadState lead, Map<Long, Long> scores, RuleSetup setup, long nowMillis) {
    StringBuilder json = new StringBuilder(64);
    json.append("{\"channel\":\"system\",\"previous_scores\":{");
    String comma = "";
    for (Map.Entry<Long, Long> score : scores.entrySet()) {
      json.append(comma);
      text(json, rulesetId(setup, score.getKey()));
      json.append(':').append(score.getValue());
      comma = ",";
    }
    json.append("}}");
    return event(seq, lead, RESET, nowMillis, nowMillis, json.toString(), List.of());
  }

  /** Makes the {@code lead_merged} event of the lead that took the others in. */
  static ScoredEvent merged(
      long seq, LeadState lead, Collection<String> sourceLeadIds, String by, long nowMillis) {
    StringBuilder json = new StringBuilder(64);
    json.append("{\"channel\":\"system\",\"source_lead_ids\":[");
    String comma = "";
    for (String source : sourceLeadIds) {
      json.append(comma);
      text(json, source);
      comma = ",";
    }
    json.append("],\"merged_by\":");
    text(json, by);
    json.append('}');
    return event(seq, lead, MERGED, nowMillis, nowMillis, json.toString(), List.of());
  }

  private static ScoredEvent event(
      long seq,
      LeadState lead,
      String eventType,
      long timestampMillis,
      long nowMillis,
      String metadata,
      List<Contribution> contributions) {
    RawEvent event =
        new RawEvent(
            lead.unit(), lead.leadId(), List.of(), eventType, timestampMillis, nowMillis, metadata);
    return new ScoredEvent(new QueuedEvent(seq, event), lead, contributions, null, 0, null);
  }

  private static String rulesetId(RuleSetup setup, long key) {
    return setup.rulesets().stream()
        .filter(ruleset -> ruleset.key() == key)
        .map(Ruleset::id)
        .findFirst()
        .orElse("");
  }

  private static void number(StringBuilder json, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      json.append((long) value);
    } else {
      json.append(value);
    }
  }

  /** Writes a JSON string. */
  static void text(StringBuilder json, String value) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
