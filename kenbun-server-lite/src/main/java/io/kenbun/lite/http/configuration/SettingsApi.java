package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.ScoringSettings;

/**
 * The organization's scoring settings and the unit's session timeout ({@code api.md} 8.3). Runs on
 * workers.
 */
final class SettingsApi {
  private final RuleChanges changes;

  SettingsApi(RuleChanges changes) {
    this.changes = changes;
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
                if (!settings.isSameOrganization(before.settings()) && !mayUseAll(call)) {
                  throw Problem.forbidden("credential may not use every OU of the organization");
                }
                kept.saveSettings(call.unit().key(), settings);
                return settings;
              });
          call.answerNothing();
        });
  }

  /** Another unit's scores are no matter of who may not use it. */
  private boolean mayUseAll(Call call) {
    return changes.units().stream()
        .filter(unit -> unit.orgId().equals(call.unit().orgId()))
        .allMatch(unit -> call.caller().mayUse(unit.unitId()));
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
}
