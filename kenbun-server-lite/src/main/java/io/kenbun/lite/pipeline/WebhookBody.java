package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.TriggerKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON that webhooks carry ({@code scoring.md} 9.6). Written once, when the trigger fires: each
 * try sends the same bytes.
 *
 * <pre>
 *   {"id","event","fired_at","trigger":{"id","name","type","score_threshold"?},
 *    "lead":{"lead_id","aliases":[{"alias_kind","raw_value"}],"owner_name"?},
 *    "score","previous_score","ruleset_id","engagement_level",
 *    "event_type","event_id","event_types"?,"count"?,"window_seconds"?}
 * </pre>
 *
 * <p>What has a question mark is left out where the trigger's kind has no such thing, or the lead
 * no owner. {@code event_type} and {@code event_id} are null when no event caused the firing.
 * Stateless; any thread.
 */
public final class WebhookBody {
  private WebhookBody() {}

  /**
   * Returns the body of one delivery.
   *
   * @param id of the delivery, its {@code webhook-id}
   */
  public static String of(
      String id, Firing firing, List<Alias> aliases, @Nullable String ownerName) {
    StringBuilder json = new StringBuilder(640);
    json.append("{\"id\":");
    SystemEvents.text(json, id);
    text(json, "event", firing.type().wireName());
    text(json, "fired_at", Instant.ofEpochMilli(firing.firedAtMillis()).toString());
    json.append(",\"trigger\":{\"id\":");
    SystemEvents.text(json, firing.triggerId());
    text(json, "name", firing.triggerName());
    TriggerKind kind = firing.type().kind();
    text(json, "type", kind.wireName());
    number(json, "score_threshold", firing.scoreThreshold());
    json.append("},\"lead\":{\"lead_id\":");
    SystemEvents.text(json, firing.leadId());
    aliases(json, aliases);
    if (ownerName != null) {
      text(json, "owner_name", ownerName);
    }
    json.append('}');
    number(json, "score", firing.score());
    number(json, "previous_score", firing.previousScore());
    text(json, "ruleset_id", firing.rulesetId());
    text(json, "engagement_level", firing.engagementLevel());
    text(json, "event_type", firing.eventType());
    text(json, "event_id", firing.eventId());
    if (kind == TriggerKind.SEQUENCE) {
      json.append(",\"event_types\":[");
      String comma = "";
      for (String eventType : firing.eventTypes()) {
        json.append(comma);
        SystemEvents.text(json, eventType);
        comma = ",";
      }
      json.append(']');
    }
    number(json, "count", firing.count());
    number(json, "window_seconds", firing.windowSeconds());
    return json.append('}').toString();
  }

  /** Returns the body that a channel's test call sends; it has an event of its own. */
  public static String ofTest(String id, Channel channel, long nowMillis) {
    StringBuilder json = new StringBuilder(160).append("{\"id\":");
    SystemEvents.text(json, id);
    text(json, "event", "channel.test");
    text(json, "fired_at", Instant.ofEpochMilli(nowMillis).toString());
    json.append(",\"channel\":{\"id\":");
    SystemEvents.text(json, channel.id());
    text(json, "name", channel.name());
    return json.append("}}").toString();
  }

  private static void aliases(StringBuilder json, List<Alias> aliases) {
    json.append(",\"aliases\":[");
    String comma = "";
    for (Alias alias : aliases) {
      json.append(comma).append("{\"alias_kind\":");
      SystemEvents.text(json, alias.kind().wireName());
      text(json, "raw_value", alias.value());
      json.append('}');
      comma = ",";
    }
    json.append(']');
  }

  private static void text(StringBuilder json, String name, @Nullable String value) {
    json.append(",\"").append(name).append("\":");
    if (value == null) {
      json.append("null");
    } else {
      SystemEvents.text(json, value);
    }
  }

  /** Writes a number, or nothing. */
  private static void number(StringBuilder json, String name, @Nullable Number value) {
    if (value != null) {
      json.append(",\"").append(name).append("\":").append(value.longValue());
    }
  }
}
