package io.kenbun.lite.http.triggers;

import io.kenbun.lite.engine.DryRun;
import io.kenbun.lite.engine.Thresholds;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.http.json.Timestamps;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.model.TriggerKind;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.DryRuns;
import io.kenbun.lite.store.reads.Reads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What a trigger would do, or would have done; nothing is kept and nobody told. Paused ones are
 * tried as well: that is when one asks. The contract names these calls and cuts what they take and
 * answer ({@code scoring.md} 9), so that both are ours. Histories are taken in the order in which
 * things happened. On workers.
 */
final class SimulationApi {
  private static final int DEFAULT_DAYS = 30;
  private static final int MAX_DAYS = 365;
  private static final int MAX_SHOWN = 100;

  private final RuleChanges changes;
  private final Reads reads;
  private final InstantSource clock;

  SimulationApi(RuleChanges changes, Reads reads, InstantSource clock) {
    this.changes = changes;
    this.reads = reads;
    this.clock = clock;
  }

  /** {@code POST /triggers/{id}/simulate}: were the lead's score to become {@code score} now. */
  void milestone(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> milestone(call, body));
  }

  private void milestone(Call call, JsonBody body) throws StorageException {
    RuleSetup setup = changes.current(call.unit());
    Milestone milestone =
        setup.milestones().stream()
            .filter(any -> any.id().equals(call.pathValue("id")))
            .findFirst()
            .orElseThrow(() -> Problem.notFound("no such trigger"));
    int highest = Milestone.MAX_SCORE_THRESHOLD;
    int score = body.whole("score", -highest, highest);
    String eventType = body.textOrNull("event_type", RawEvent.MAX_EVENT_TYPE_LENGTH, null);
    Lead lead = lead(call, body);
    Ruleset primary = setup.primaryRuleset();
    Long ruleset = milestone.ruleset();
    if (ruleset == null) {
      ruleset = primary == null ? null : primary.key();
    }
    long before = ruleset == null ? 0 : lead.scores().getOrDefault(ruleset, 0L);
    boolean isHeadline = primary != null && ruleset != null && ruleset == primary.key();
    long headline =
        isHeadline || primary == null ? score : lead.scores().getOrDefault(primary.key(), 0L);
    boolean entered = before < milestone.scoreThreshold();
    boolean crosses = entered != (score < milestone.scoreThreshold());
    String reason;
    boolean fires = false;
    if (!crosses) {
      reason = "Score does not cross " + milestone.scoreThreshold();
    } else if (!Thresholds.hasLevels(
        milestone, () -> setup.engagementLevel(headline), () -> profileLevel(setup, lead))) {
      reason = "Lead has another level than the trigger asks for";
    } else if (Thresholds.fires(
        milestone,
        entered,
        eventType,
        clock.millis(),
        reads.firings().memory(lead.key(), TriggerKind.MILESTONE, milestone.key()))) {
      fires = true;
      reason = "Score " + (entered ? "reaches " : "drops below ") + milestone.scoreThreshold();
    } else {
      reason = "Crossing is kept quiet by event_type, fire_mode, cooldown or notify_on_exit";
    }
    String event =
        (entered ? NotificationType.MILESTONE_ENTERED : NotificationType.MILESTONE_EXITED)
            .wireName();
    JsonOut out = new JsonOut().beginObject();
    out.field("trigger_id", milestone.id())
        .field("lead_id", lead.leadId())
        .field("previous_score", before)
        .field("score", score)
        .field("fires", fires)
        .field("event", crosses ? event : null)
        .field("reason", reason);
    call.answer(200, out.endObject());
  }

  private static String profileLevel(RuleSetup setup, Lead lead) {
    ProfileRuleset primary = setup.primaryProfileRuleset();
    long profile = primary == null ? 0 : lead.profileScores().getOrDefault(primary.key(), 0L);
    return Level.nameOf(setup.profileLevels(), profile);
  }

  /** {@code POST /sequences/{id}/simulate}: over a lead's last days. */
  void sequence(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          Sequence sequence =
              changes.current(call.unit()).sequences().stream()
                  .filter(any -> any.id().equals(call.pathValue("id")))
                  .findFirst()
                  .orElseThrow(() -> Problem.notFound("no such sequence"));
          DryRun trial = DryRun.of(sequence, changes.engine(call.unit()).windows());
          simulate(call, body, "sequence_id", sequence.id(), trial);
        });
  }

  /** {@code POST /surge-triggers/{id}/simulate}: over a lead's last days. */
  void surge(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          Surge surge = askedSurge(call);
          simulate(call, body, "surge_trigger_id", surge.id(), trial(call, surge));
        });
  }

  private Surge askedSurge(Call call) {
    return changes.current(call.unit()).surges().stream()
        .filter(any -> any.id().equals(call.pathValue("id")))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such surge trigger"));
  }

  private DryRun trial(Call call, Surge surge) {
    return DryRun.of(surge, changes.engine(call.unit()).windows());
  }

  private void simulate(Call call, JsonBody body, String name, String id, DryRun trial)
      throws StorageException {
    int days = days(body);
    Lead lead = lead(call, body);
    DryRuns.Run run = reads.dryRuns().run(trial, lead.key(), fromMillis(days));
    List<Long> fired = run.firedAtMillis();
    JsonOut out = new JsonOut().beginObject();
    out.field(name, id)
        .field("lead_id", lead.leadId())
        .field("days", days)
        .field("events", run.events())
        .field("complete", run.complete())
        .field("firings", fired.size())
        .beginArray("fired_at");
    int first = Math.max(0, fired.size() - MAX_SHOWN);
    fired.subList(first, fired.size()).forEach(at -> out.element(Timestamps.format(at)));
    call.answer(200, out.endArray().endObject());
  }

  /** {@code POST /surge-triggers/{id}/preview}: over all leads' last days. */
  void preview(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> preview(call, body));
  }

  private void preview(Call call, JsonBody body) throws StorageException {
    Surge surge = askedSurge(call);
    int days = days(body);
    DryRuns.Preview preview =
        reads.dryRuns().preview(trial(call, surge), call.unit().key(), fromMillis(days));
    JsonOut out = new JsonOut().beginObject();
    out.field("surge_trigger_id", surge.id())
        .field("days", days)
        .field("events", preview.events())
        .field("complete", preview.complete())
        .field("firings", preview.firings())
        .field("leads", preview.leads())
        .beginArray("sample_leads");
    for (DryRuns.LeadFirings lead : preview.most()) {
      out.beginObject()
          .field("lead_id", lead.leadId())
          .field("firings", lead.firings())
          .endObject();
    }
    call.answer(200, out.endArray().endObject());
  }

  private static int days(JsonBody body) {
    return body.whole("days", 1, MAX_DAYS, DEFAULT_DAYS);
  }

  private long fromMillis(int days) {
    return clock.millis() - Duration.ofDays(days).toMillis();
  }

  private Lead lead(Call call, JsonBody body) throws StorageException {
    String id = body.rawText("lead_id", RawEvent.MAX_LEAD_ID_LENGTH);
    Lead lead =
        reads.leads().lead(call.unit().key(), changes.engine(call.unit()), clock.millis(), id);
    if (lead == null) {
      throw Problem.notFound("lead_id", "no such lead");
    }
    return lead;
  }
}
