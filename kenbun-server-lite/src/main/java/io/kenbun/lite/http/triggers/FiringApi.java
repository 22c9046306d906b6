package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.FiringReads;

/** What has fired, the last first, also of triggers that are gone. Runs on workers. */
final class FiringApi {
  private final FiringReads firings;

  FiringApi(FiringReads firings) {
    this.firings = firings;
  }

  /** {@code GET /milestone-events?trigger_id=}: who came up to a threshold. */
  void milestones(Call call) throws StorageException {
    list(call, NotificationType.MILESTONE_ENTERED, "trigger");
  }

  /** {@code GET /sequence-events?sequence_id=}. */
  void sequences(Call call) throws StorageException {
    list(call, NotificationType.SEQUENCE_COMPLETED, "sequence");
  }

  /** {@code GET /surge-events?surge_trigger_id=}. */
  void surges(Call call) throws StorageException {
    list(call, NotificationType.SURGE_FIRED, "surge_trigger");
  }

  private void list(Call call, NotificationType type, String trigger) throws StorageException {
    Query query = call.query();
    Page<Firing> page =
        firings.page(
            call.unit().key(), type, query.text(trigger + "_id"), query.page(), query.limit());
    JsonOut out = new JsonOut().beginObject().beginArray("events");
    for (Firing firing : page.items()) {
      out.beginObject()
          .field("id", firing.id())
          .field(trigger + "_id", firing.triggerId())
          .field(trigger + "_name", firing.triggerName())
          .field("lead_id", firing.leadId());
      write(firing, out);
      out.timeField("fired_at", firing.firedAtMillis()).endObject();
    }
    out.endArray()
        .field("total", page.total())
        .field("page", page.page())
        .field("limit", page.limit());
    call.answer(200, out.endObject());
  }

  private static void write(Firing firing, JsonOut out) {
    switch (firing.type().kind()) {
      case MILESTONE -> out.field("score", firing.score()).field("event_type", firing.eventType());
      case SEQUENCE -> {
        out.beginArray("event_types");
        firing.eventTypes().forEach(out::element);
        out.endArray();
      }
      case SURGE -> {
        Long windowSeconds = firing.windowSeconds();
        out.field("event_type", firing.eventType())
            .field("count", firing.count())
            .field("window_seconds", windowSeconds == null ? 0 : windowSeconds);
      }
    }
  }
}
