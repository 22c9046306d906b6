package io.kenbun.lite.http.ops;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.queue.FailedEvents;

/** Accepted events that could not be scored, and what a person may do about them. On workers. */
final class FailedApi {
  private final FailedEvents failed;

  FailedApi(FailedEvents failed) {
    this.failed = failed;
  }

  /** {@code GET /lite/failed?limit=}: the last first. */
  void list(Call call) throws StorageException {
    int limit = call.query().limit();
    JsonOut out = new JsonOut().beginObject().beginArray("failed");
    for (FailedEvents.Failed one : failed.list(call.unit().key(), limit)) {
      write(one, out);
    }
    call.answer(200, out.endArray().endObject());
  }

  /**
   * {@code POST /lite/failed/{id}/retry}: 202, since it is tried after the answer, within a second.
   */
  void retry(Call call) throws StorageException {
    String id = call.pathValue("id");
    found(failed.retry(call.unit().key(), seq(id)));
    call.answer(202, new JsonOut().beginObject().field("message", "event queued").endObject());
  }

  /** {@code DELETE /lite/failed/{id}}: the event is given up. */
  void delete(Call call) throws StorageException {
    found(failed.delete(call.unit().key(), seq(call.pathValue("id"))));
    call.answerNothing();
  }

  private static long seq(String id) {
    long seq = EventId.seqOf(id);
    found(seq > 0);
    return seq;
  }

  private static void found(boolean found) {
    if (!found) {
      throw Problem.notFound("no such failed event");
    }
  }

  private static void write(FailedEvents.Failed one, JsonOut out) {
    String metadata = one.metadata();
    out.beginObject()
        .field("id", new EventId(one.seq()).toString())
        .field("reason", one.reason())
        .field("tries", one.tries())
        .timeField("failed_at", one.failedAtMillis())
        .timeField("next_try_at", one.nextTryMillis())
        .timeField("received_at", one.receivedAtMillis())
        .field("lead_id", one.leadId())
        .beginArray("aliases");
    for (Alias alias : one.aliases()) {
      out.beginObject()
          .field("alias_kind", alias.kind().wireName())
          .field("raw_value", alias.value())
          .endObject();
    }
    out.endArray()
        .field("event_type", one.eventType())
        .timeField("timestamp", one.timestampMillis())
        .jsonField("metadata", metadata == null ? "{}" : metadata)
        .endObject();
  }
}
