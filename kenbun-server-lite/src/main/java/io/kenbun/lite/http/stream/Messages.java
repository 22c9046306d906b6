package io.kenbun.lite.http.stream;

import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.SeenScore;
import org.jspecify.annotations.Nullable;

/** The data of messages, each JSON on one line. */
final class Messages {
  private Messages() {}

  static byte[] event(long atMillis, long seq, RawEvent event) {
    JsonOut out =
        new JsonOut()
            .beginObject()
            .timeField("at", atMillis)
            .field("event_id", new EventId(seq).toString())
            .field("event_type", event.eventType())
            .timeField("timestamp", event.timestampMillis())
            .field("lead_id", event.leadId())
            .beginArray("aliases");
    for (Alias alias : event.aliases()) {
      out.beginObject()
          .field("kind", alias.kind().wireName())
          .field("value", alias.value())
          .endObject();
    }
    return out.endArray().jsonField("metadata", oneLine(event.metadata())).endObject().bytes();
  }

  /** Line breaks in JSON stand between its tokens only, where a space does as well. */
  private static String oneLine(@Nullable String json) {
    return json == null ? "{}" : json.replace('\n', ' ').replace('\r', ' ');
  }

  static byte[] score(long atMillis, SeenScore seen) {
    RawEvent event = seen.queued().event();
    JsonOut out =
        new JsonOut()
            .beginObject()
            .timeField("at", atMillis)
            .field("event_id", new EventId(seen.queued().seq()).toString())
            .field("event_type", event.eventType())
            .field("lead_id", seen.leadId())
            .field("fate", fate(seen))
            .field(
                "suppression_reason",
                seen.suppression() == null ? null : seen.suppression().wireName())
            .field("points", seen.contributions().stream().mapToLong(Contribution::sum).sum())
            .beginArray("gains");
    RuleSetup setup = seen.setup();
    for (Contribution contribution : seen.contributions()) {
      Ruleset ruleset = ruleset(setup, contribution.ruleset());
      for (Contribution.Hit hit : contribution.hits()) {
        out.beginObject()
            .field("ruleset_id", ruleset == null ? null : ruleset.id())
            .field("rule_id", ruleset == null ? null : ruleId(ruleset, hit.rule()))
            .field("points", hit.weight())
            .endObject();
      }
    }
    out.endArray().beginObject("scores");
    seen.scores()
        .forEach(
            (key, score) -> {
              Ruleset ruleset = ruleset(setup, key);
              if (ruleset != null) {
                out.field(ruleset.id(), score);
              }
            });
    return out.endObject().field("error", seen.error()).endObject().bytes();
  }

  private static String fate(SeenScore seen) {
    if (seen.error() != null) {
      return "failed";
    }
    return seen.suppression() == null ? "scored" : "suppressed";
  }

  private static @Nullable Ruleset ruleset(RuleSetup setup, long key) {
    for (Ruleset ruleset : setup.rulesets()) {
      if (ruleset.key() == key) {
        return ruleset;
      }
    }
    return null;
  }

  private static @Nullable String ruleId(Ruleset ruleset, long key) {
    for (Rule rule : ruleset.rules()) {
      if (rule.key() == key) {
        return rule.id();
      }
    }
    return null;
  }

  static byte[] trigger(Firing firing) {
    return new JsonOut()
        .beginObject()
        .timeField("at", firing.firedAtMillis())
        .field("firing_id", firing.id())
        .field("kind", firing.type().kind().wireName())
        .field("trigger_id", firing.triggerId())
        .field("name", firing.triggerName())
        .field("event", firing.type().wireName())
        .field("lead_id", firing.leadId())
        .endObject()
        .bytes();
  }
}
