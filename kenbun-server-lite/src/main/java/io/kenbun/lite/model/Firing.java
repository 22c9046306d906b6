package io.kenbun.lite.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a trigger has fired for a lead: what the histories show and webhooks carry ({@code
 * scoring.md} 9.6). It is written in the transaction of the change that caused it, so that there is
 * one for each cause.
 *
 * @param id unique in this server; also the {@code webhook-id} of its webhook's every try
 * @param trigger the {@link TriggerKind kind}'s own key of the trigger
 * @param scoreThreshold of a milestone, else null
 * @param lead the lead's key
 * @param firedAtMillis when it was found out, by the server's clock
 * @param score of the trigger's ruleset, the primary one where a trigger has none, after the change
 * @param rulesetId null when the unit has no such ruleset
 * @param engagementLevel after the change
 * @param eventType of the event that caused it, null when none did: points faded, or were taken
 * @param eventId of that event
 * @param eventTypes the steps of a sequence, else empty
 * @param count how many events a surge counted, else null
 * @param windowSeconds of a sequence or surge, else null
 */
public record Firing(
    String id,
    long unit,
    NotificationType type,
    long trigger,
    String triggerId,
    String triggerName,
    @Nullable Integer scoreThreshold,
    long lead,
    String leadId,
    long firedAtMillis,
    long score,
    long previousScore,
    @Nullable String rulesetId,
    String engagementLevel,
    @Nullable String eventType,
    @Nullable String eventId,
    List<String> eventTypes,
    @Nullable Integer count,
    @Nullable Long windowSeconds) {

  public Firing {
    eventTypes = List.copyOf(eventTypes);
  }
}
