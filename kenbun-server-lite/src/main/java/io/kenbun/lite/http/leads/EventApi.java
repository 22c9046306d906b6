package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.model.SuppressionReason;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.EventQuery;
import io.kenbun.lite.store.reads.Reads;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Lists of events ({@code api.md} 5.1, 5.2). Runs on workers. */
final class EventApi {
  private final Reads reads;
  private final InstantSource clock;

  EventApi(Reads reads, InstantSource clock) {
    this.reads = reads;
    this.clock = clock;
  }

  /** {@code GET /events}: of the unit, the last to arrive first. */
  void list(Call call) throws StorageException {
    Query query = call.query();
    answer(call, query, query.text("lead_id"));
  }

  /** {@code GET /events/{leadID}}: of one lead, the last to happen first. */
  void ofLead(Call call) throws StorageException {
    String leadId = call.pathValue("leadID");
    if (!reads.leads().exists(call.unit().key(), leadId)) {
      throw Problem.notFound("no such lead");
    }
    answer(call, call.query(), leadId);
  }

  private void answer(Call call, Query query, @Nullable String leadId) throws StorageException {
    Span span = Span.of(query, clock);
    EventQuery asked =
        new EventQuery(
            query.page(),
            query.limit(),
            query.text("event_type"),
            leadId,
            suppressionReason(query),
            query.text("original_lead_id"),
            span == null ? null : span.fromMillis(),
            span == null ? null : span.toMillis());
    Page<StoredEvent> page = reads.events().page(call.unit().key(), asked);
    JsonOut out = new JsonOut().beginObject().beginArray("events");
    for (StoredEvent event : page.items()) {
      write(event, out);
    }
    out.endArray()
        .field("total", page.total())
        .field("page", page.page())
        .field("limit", page.limit())
        .endObject();
    call.answer(200, out);
  }

  private static @Nullable String suppressionReason(Query query) {
    String reason = query.text("suppression_reason");
    if (reason != null
        && !reason.equals(EventQuery.NOT_SUPPRESSED)
        && SuppressionReason.of(reason) == null) {
      throw Problem.invalidField(
          "suppression_reason",
          "suppression_reason is none of none, inorganic, inorganic_grouped, metadata_filter: "
              + reason);
    }
    return reason;
  }

  private static void write(StoredEvent event, JsonOut out) {
    String metadata = event.metadata();
    out.beginObject()
        .field("id", new EventId(event.seq()).toString())
        .field("lead_id", event.leadId())
        .field("event_type", event.eventType())
        .jsonField("metadata", metadata == null ? "{}" : metadata)
        .field("suppression_reason", event.suppressionReason())
        .field("original_lead_id", event.originalLeadId())
        .timeField("created_at", event.timestampMillis())
        .endObject();
  }
}
