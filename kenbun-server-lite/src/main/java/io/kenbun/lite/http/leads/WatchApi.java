package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Watches;
import java.time.InstantSource;

/**
 * The leads that a caller keeps an eye on, by credential and unit ({@code api.md} 6.7). What is
 * predicted is kept and shown; nothing here decides how it came out. Runs on workers.
 */
final class WatchApi {
  private static final int MAX_PREDICTION_LENGTH = 200;
  private static final int MAX_NOTES_LENGTH = 2_000;

  private final LeadApi leads;
  private final Watches watches;
  private final InstantSource clock;

  WatchApi(LeadApi leads, Watches watches, InstantSource clock) {
    this.leads = leads;
    this.watches = watches;
    this.clock = clock;
  }

  /** {@code POST /leads/{leadID}/watch}; the body may be left out. */
  void watch(Call call) throws Exception {
    if (call.exchange().isRequestComplete()) {
      call.onWorker(() -> watch(call, JsonBody.EMPTY));
    } else {
      JsonBody.readForWorker(call, body -> watch(call, body));
    }
  }

  private void watch(Call call, JsonBody body) throws StorageException {
    String prediction = body.textOrNull("prediction", MAX_PREDICTION_LENGTH, null);
    String notes = body.textOrNull("prediction_notes", MAX_NOTES_LENGTH, null);
    Lead lead = leads.lead(call);
    String watchId =
        watches.add(
            call.caller().clientId(),
            lead.key(),
            call.unit().key(),
            prediction,
            notes,
            clock.millis());
    if (watchId == null) {
      throw Problem.conflict(null, "watched leads > " + Watches.MAX_PER_OWNER);
    }
    JsonOut out = new JsonOut().beginObject().field("watch_id", watchId);
    out.field("lead_id", lead.leadId()).field("message", "Lead added to watch list");
    call.answer(201, out.endObject());
  }

  /** {@code DELETE /leads/{leadID}/watch}. */
  void unwatch(Call call) throws StorageException {
    if (!watches.remove(call.caller().clientId(), leads.lead(call).key(), call.unit().key())) {
      throw Problem.notFound("lead is not watched");
    }
    call.answerNothing();
  }

  /** {@code GET /watched-leads}: all that the caller watches in the unit, the last first. */
  void list(Call call) throws StorageException {
    JsonOut out = new JsonOut().beginObject().beginArray("watched_leads");
    for (Watches.Watch watch : watches.of(call.caller().clientId(), call.unit().key())) {
      out.beginObject()
          .field("watch_id", watch.watchId())
          .field("lead_id", watch.leadId())
          .field("prediction", watch.prediction())
          .field("prediction_notes", watch.predictionNotes())
          .timeField("watched_at", watch.watchedAtMillis())
          .field("outcome", "pending")
          .timeField("outcome_at", null)
          .endObject();
    }
    call.answer(200, out.endArray().endObject());
  }
}
