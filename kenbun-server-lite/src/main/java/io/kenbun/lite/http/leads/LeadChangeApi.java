package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.EventReads;
import io.kenbun.lite.store.reads.LeadReads;
import io.kenbun.lite.store.reads.Reads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What people do to leads and their events: reset, merge, delete ({@code scoring.md} 10.1, 13).
 * Runs on workers; each call waits for the batch that is being scored.
 */
final class LeadChangeApi {
  private static final int MAX_SOURCES = 100;
  private static final int MAX_EVENTS = 1_000;

  /** The server's own record of what has happened. */
  static final Set<String> PROTECTED_TYPES = Set.of("DECAY", "score_reset", "lead_merged");

  private final LeadChanges changes;
  private final Reads reads;
  private final Rules rules;

  LeadChangeApi(LeadChanges changes, Reads reads, Rules rules) {
    this.changes = changes;
    this.reads = reads;
    this.rules = rules;
  }

  /** {@code POST /leads/{leadID}/reset-scores}. */
  void reset(Call call) throws StorageException {
    String leadId = call.pathValue("leadID");
    Map<Long, Long> before = changes.reset(call.unit().key(), leadId);
    if (before == null) {
      throw Problem.notFound("no such lead");
    }
    RuleSetup setup = rules.current().setup(call.unit().key());
    JsonOut out = new JsonOut().beginObject().field("status", "ok").field("lead_id", leadId);
    out.beginObject("previous_scores");
    for (Ruleset ruleset : setup.rulesets()) {
      Long score = before.get(ruleset.key());
      if (score != null) {
        out.field(ruleset.id(), score);
      }
    }
    call.answer(200, out.endObject().endObject());
  }

  /** {@code DELETE /lead/{leadID}}: the lead is gone at once, its events some time later. */
  void delete(Call call) throws StorageException {
    String leadId = call.pathValue("leadID");
    if (!changes.delete(call.unit().key(), leadId)) {
      throw Problem.notFound("no such lead");
    }
    JsonOut out = new JsonOut().beginObject().field("message", "Lead deletion initiated");
    call.answer(200, out.field("lead_id", leadId).endObject());
  }

  /** {@code GET /lead/{leadID}/deletion}: how far it is, for a week. Ours. */
  void deletion(Call call) throws StorageException {
    String leadId = call.pathValue("leadID");
    LeadReads.Deletion deletion = reads.leads().deletion(call.unit().key(), leadId);
    if (deletion == null) {
      throw Problem.notFound("no deletion of such a lead");
    }
    JsonOut out = new JsonOut().beginObject().field("lead_id", leadId);
    out.field("status", deletion.done() ? "completed" : "in_progress")
        .timeField("initiated_at", deletion.askedAtMillis());
    call.answer(200, out.endObject());
  }

  /** Who is to become part of whom. */
  private record Asked(String target, List<String> sources) {}

  private Asked asked(Call call, JsonBody body) throws StorageException {
    String target = body.rawText("targetLeadId", RawEvent.MAX_LEAD_ID_LENGTH);
    List<String> sources = body.texts("sourceLeadIds", 1, MAX_SOURCES);
    checkLead(call, "targetLeadId", target);
    List<String> seen = new ArrayList<>();
    for (String source : sources) {
      String field = "sourceLeadIds[" + seen.size() + "]";
      if (source.equals(target)) {
        throw Problem.invalidField(field, field + " is the target");
      }
      if (seen.contains(source)) {
        throw Problem.invalidField(field, field + " is given twice");
      }
      checkLead(call, field, source);
      seen.add(source);
    }
    return new Asked(target, seen);
  }

  private void checkLead(Call call, String field, String leadId) throws StorageException {
    if (!reads.leads().exists(call.unit().key(), leadId)) {
      throw Problem.notFound(field, "no such lead");
    }
  }

  /** {@code POST /leads/merge/preview}. */
  void previewMerge(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          Asked asked = asked(call, body);
          LeadChanges.Merge merge =
              changes.previewMerge(call.unit().key(), asked.target, asked.sources);
          if (merge == null) {
            throw Problem.notFound("no such lead");
          }
          JsonOut out = new JsonOut().beginObject();
          leads(asked, out);
          out.field("target_events", merge.targetEvents())
              .field("total_events", merge.totalEvents() - merge.targetEvents())
              .field("total_aliases", merge.totalAliases() - merge.targetAliases())
              .field("total_sessions", 0)
              .field("duplicate_aliases", 0) // An alias belongs to one lead.
              .field("target_score", merge.targetScore())
              .beginObject("source_scores");
          merge.scores().forEach(out::field);
          out.endObject().field("account_conflict", false).beginArray("accounts").endArray();
          call.answer(200, out.endObject());
        });
  }

  /** {@code POST /leads/merge}. */
  void merge(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          Asked asked = asked(call, body);
          LeadChanges.Merge merge =
              changes.merge(
                  call.unit().key(), asked.target, asked.sources, call.caller().clientId());
          if (merge == null) {
            throw Problem.notFound("no such lead");
          }
          JsonOut out = new JsonOut().beginObject().field("status", "ok");
          leads(asked, out);
          out.field("events_moved", merge.totalEvents() - merge.targetEvents())
              .field("aliases_moved", merge.totalAliases() - merge.targetAliases());
          call.answer(200, out.endObject());
        });
  }

  private static void leads(Asked asked, JsonOut out) {
    out.field("target_lead_id", asked.target).beginArray("source_lead_ids");
    asked.sources.forEach(out::element);
    out.endArray();
  }

  /** {@code DELETE /events/batch}: events that there are not, or not any more, are passed over. */
  void deleteEvents(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          List<Long> seqs = new ArrayList<>();
          for (String id : body.texts("event_ids", 1, MAX_EVENTS)) {
            long seq = EventId.seqOf(id);
            if (seq != -1) { // An id that is none of ours is of no event.
              seqs.add(seq);
            }
          }
          long deleted = changes.deleteEvents(call.unit().key(), seqs);
          call.answer(200, new JsonOut().beginObject().field("deleted", deleted).endObject());
        });
  }

  /**
   * {@code DELETE /event-types/{eventType}/events}: says what it would do until it is confirmed.
   */
  void deleteEventsOfType(Call call) throws StorageException {
    String type = call.pathValue("eventType");
    boolean confirmed = call.query().bool("confirm");
    long unit = call.unit().key();
    if (PROTECTED_TYPES.contains(type)) {
      throw Problem.conflict(null, "events of type " + type + " are protected");
    }
    if (!reads.events().isType(unit, type)) {
      throw Problem.notFound("no such event type");
    }
    JsonOut out =
        new JsonOut().beginObject().field("event_type", type).field("dry_run", !confirmed);
    if (confirmed) {
      ChangeTx.Deleted deleted = changes.deleteEventsOfType(unit, type);
      out.field("events", deleted.events()).field("event_scores", deleted.scored());
    } else {
      EventReads.Counts counts = reads.events().count(unit, type);
      out.field("events", counts.events()).field("event_scores", counts.scored());
    }
    call.answer(200, out.endObject());
  }
}
