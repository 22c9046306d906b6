package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.Query;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.store.firing.DeliveryReads;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was told of firings and what came of it ({@code lite.md} 4 and 5). On workers. */
public final class DeliveryApi {
  private final Deliveries deliveries;
  private final DeliveryReads reads;
  private final InstantSource clock;

  DeliveryApi(Deliveries deliveries, DeliveryReads reads, InstantSource clock) {
    this.deliveries = deliveries;
    this.reads = reads;
    this.clock = clock;
  }

  /** {@code GET /lite/deliveries?state=&page=&limit=}: the last made first, without bodies. */
  void list(Call call) throws StorageException {
    Query query = call.query();
    Page<DeliveryReads.Shown> page =
        reads.page(call.unit().key(), state(query), query.page(), query.limit());
    JsonOut out = new JsonOut().beginObject().beginArray("deliveries");
    for (DeliveryReads.Shown delivery : page.items()) {
      out.beginObject();
      write(delivery, out);
      out.endObject();
    }
    call.answer(
        200,
        out.endArray()
            .field("total", page.total())
            .field("page", page.page())
            .field("limit", page.limit())
            .endObject());
  }

  private static @Nullable DeliveryState state(Query query) {
    String name = query.text("state");
    DeliveryState state = name == null ? null : DeliveryState.of(name);
    if (name != null && state == null) {
      String names =
          Arrays.stream(DeliveryState.values())
              .map(DeliveryState::wireName)
              .collect(Collectors.joining(", "));
      throw Problem.invalidField(
          "state", "state is none of " + names + ": \"" + JsonBody.shortened(name) + '"');
    }
    return state;
  }

  /** {@code GET /lite/deliveries/{id}}: with the body as it is sent, and every try. */
  void one(Call call) throws StorageException {
    DeliveryReads.Shown delivery = find(call);
    JsonOut out = new JsonOut().beginObject();
    write(delivery, out);
    out.beginArray("attempts");
    for (DeliveryReads.Attempt attempt : delivery.attempts()) {
      out.beginObject()
          .timeField("at", attempt.atMillis())
          .field("took_ms", attempt.tookMillis())
          .field("status", attempt.status())
          .field("error", attempt.error());
      DeliveryReads.Exchange exchange = attempt.exchange();
      out.field("webhook_timestamp", exchange == null ? null : exchange.timestampSeconds())
          .field("webhook_signature", exchange == null ? null : exchange.signature())
          .field("answer", exchange == null ? null : exchange.answer())
          .endObject();
    }
    call.answer(200, out.endArray().field("body", delivery.body()).endObject());
  }

  /** {@code POST /lite/deliveries/{id}/retry}: 202, since it is tried after the answer. */
  void retry(Call call) throws StorageException {
    DeliveryReads.Shown delivery = find(call);
    if (!deliveries.retry(call.unit().key(), delivery.id(), clock.millis())) {
      throw Problem.conflict(null, "the delivery is " + delivery.state().wireName());
    }
    call.answer(202, new JsonOut().beginObject().field("message", "delivery queued").endObject());
  }

  /** {@code DELETE /lite/deliveries/{id}}: it is sent no more, but for a try that is under way. */
  void delete(Call call) throws StorageException {
    if (!deliveries.delete(call.unit().key(), call.pathValue("id"))) {
      throw notFound();
    }
    call.answerNothing();
  }

  private DeliveryReads.Shown find(Call call) throws StorageException {
    DeliveryReads.Shown delivery = reads.find(call.unit().key(), call.pathValue("id"));
    if (delivery == null) {
      throw notFound();
    }
    return delivery;
  }

  private static Problem notFound() {
    return Problem.notFound("no such delivery");
  }

  /** Writes the fields of an item of {@code GET /lite/deliveries}. */
  public static void write(DeliveryReads.Shown delivery, JsonOut out) {
    out.field("id", delivery.id())
        .field("event", delivery.event())
        .field("firing_id", delivery.firingId())
        .field("trigger_id", delivery.triggerId())
        .field("trigger_name", delivery.triggerName())
        .field("lead_id", delivery.leadId())
        .field("channel_id", delivery.channelId())
        .field("destination", delivery.target())
        .field("state", delivery.state().wireName())
        .field("tries", delivery.tries())
        .timeField("next_try_at", delivery.nextTryMillis())
        .field("last_status", delivery.lastStatus())
        .field("last_error", delivery.lastError())
        .timeField("created_at", delivery.createdAtMillis())
        .timeField("done_at", delivery.doneAtMillis());
  }
}
