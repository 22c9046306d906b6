package io.kenbun.lite.http;

import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.ScoringSettings;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.UnitCounts;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A unit's scoring settings and its event types ({@code api.md} 5.4, 8.3). Runs on workers. */
final class SettingsApi {
  /** Types of events that the server itself makes. */
  private static final Set<String> PROTECTED = Set.of("DECAY", "score_reset", "lead_merged");

  private final RuleChanges changes;
  private final UnitCounts counts;

  SettingsApi(RuleChanges changes, UnitCounts counts) {
    this.changes = changes;
    this.counts = counts;
  }

  /** {@code GET /settings/scoring}. */
  void scoring(Call call) {
    ScoringSettings settings = changes.current(call.unit()).settings();
    call.answer(
        200,
        new JsonOut()
            .beginObject()
            .field("allow_negative_scores", settings.allowNegativeScores())
            .field("abm_enabled", settings.abmEnabled())
            .field("session_timeout_minutes", settings.sessionTimeoutMinutes())
            .field("fan_out_window_ms", settings.fanOutWindowMillis())
            .endObject());
  }

  /** {@code PUT /settings/scoring}: changes what is given. */
  void updateScoring(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          changes.make(
              call.unit(),
              (before, kept, now) -> {
                ScoringSettings settings = read(body, before.settings());
                kept.saveSettings(call.unit().key(), settings);
                return settings;
              });
          call.answerNothing();
        });
  }

  private static ScoringSettings read(JsonBody body, ScoringSettings known) {
    return new ScoringSettings(
        body.bool("allow_negative_scores", known.allowNegativeScores()),
        body.bool("abm_enabled", known.abmEnabled()),
        body.whole(
            "session_timeout_minutes",
            1,
            ScoringSettings.MAX_SESSION_TIMEOUT_MINUTES,
            known.sessionTimeoutMinutes()),
        body.wholeLong(
            "fan_out_window_ms",
            0,
            ScoringSettings.MAX_FAN_OUT_WINDOW_MILLIS,
            known.fanOutWindowMillis()));
  }

  /** {@code GET /settings/ou/event-types}: a bare array by name, hidden types too. */
  void eventTypes(Call call) throws StorageException {
    RuleSetup setup = changes.current(call.unit());
    JsonOut out = new JsonOut().beginArray();
    for (Map.Entry<String, Long> type : counted(setup).entrySet()) {
      boolean isProtected = PROTECTED.contains(type.getKey());
      out.beginObject()
          .field("name", type.getKey())
          .field("hidden", setup.hiddenEventTypes().contains(type.getKey()))
          .field("ou_event_count", type.getValue())
          .field("protected", isProtected)
          .field("deletable", !isProtected)
          .endObject();
    }
    call.answer(200, out.endArray());
  }

  /** Returns how many events of each type there are; a rule or a hidden mark makes a type too. */
  private Map<String, Long> counted(RuleSetup setup) throws StorageException {
    Map<String, Long> counted = new TreeMap<>(counts.eventTypes(setup.unit().key()));
    setup.rulesets().stream()
        .flatMap(ruleset -> ruleset.rules().stream())
        .forEach(rule -> counted.putIfAbsent(rule.eventType(), 0L));
    setup.hiddenEventTypes().forEach(name -> counted.putIfAbsent(name, 0L));
    return counted;
  }

  /** {@code PUT /settings/ou/event-types/{name}}: hides a type, or shows it again. Ours. */
  void hideEventType(Call call) throws Exception {
    String name = call.pathValue("name");
    JsonBody.readForWorker(
        call,
        body -> {
          boolean hidden = body.bool("hidden");
          Map<String, Long> there = counted(changes.current(call.unit()));
          if (!there.containsKey(name)) {
            throw Problem.notFound("no such event type");
          }
          changes.make(
              call.unit(),
              (before, kept, now) -> {
                kept.hideEventType(call.unit().key(), name, hidden);
                return hidden;
              });
          call.answerNothing();
        });
  }
}
