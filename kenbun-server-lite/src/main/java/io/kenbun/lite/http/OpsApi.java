package io.kenbun.lite.http;

import io.kenbun.lite.http.call.BodyBudget;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.InFlight;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.call.RejectedRequests;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.DiskUse;
import io.kenbun.lite.store.reads.Reads;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What operators and their tools ask ({@code lite.md} 4). */
final class OpsApi {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private static final long WORTH_TELLING_MILLIS = 5_000;

  private final HttpServices services;
  private final InFlight inFlight;
  private final BodyBudget budget;
  private final RejectedRequests rejected;
  private final String version;
  private final BooleanSupplier stopping;

  OpsApi(
      HttpServices services,
      InFlight inFlight,
      BodyBudget budget,
      RejectedRequests rejected,
      String version,
      BooleanSupplier stopping) {
    this.services = services;
    this.inFlight = inFlight;
    this.budget = budget;
    this.rejected = rejected;
    this.version = version;
    this.stopping = stopping;
  }

  /** {@code GET /healthz}, {@code GET /}: the process answers. */
  void ok(Call call) {
    call.answer(200, new JsonOut().beginObject().field("status", "ok").endObject());
  }

  /** {@code GET /home}: for a browser the page at the root, wherever that comes from. */
  void home(Call call) {
    String accept = call.requestHeaders().getFirst(Headers.ACCEPT);
    if (accept != null && accept.contains("text/html")) {
      call.header(Headers.LOCATION, "/");
      call.answer(302, new byte[0]);
      return;
    }
    call.answer(
        200, new JsonOut().beginObject().field("status", "ok").field("page", "home").endObject());
  }

  /** {@code GET /readyz}: events would be taken. */
  void ready(Call call) {
    if (stopping.getAsBoolean()) {
      throw Problem.shuttingDown();
    }
    if (!services.canWrite().getAsBoolean()) {
      throw Problem.storageUnavailable();
    }
    JsonOut out = new JsonOut().beginObject().field("status", "ok");
    long heldUpMillis = services.queue().heldUpMillis();
    if (heldUpMillis >= WORTH_TELLING_MILLIS) {
      out.field("scoring_held_up_ms", heldUpMillis); // Events are taken all the same.
    }
    call.answer(200, out.endObject());
  }

  /** {@code GET /metrics}; on a worker. */
  void metrics(Call call) throws StorageException {
    String text =
        services
            .metrics()
            .text(
                services.queue(),
                inFlight.count(),
                budget.taken(),
                services.reads().deliveries().pending(),
                services.facts().get().disk(),
                services.clock());
    call.answer(200, PROMETHEUS, text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code GET /lite/rejected?limit=}: the last first, of the units that the caller may use. */
  void rejected(Call call) {
    int limit = call.query().limit();
    JsonOut out = new JsonOut().beginObject().beginArray("rejected");
    for (RejectedRequests.Entry entry : rejected.last(call.caller(), limit)) {
      out.beginObject();
      entry.write(out);
      out.endObject();
    }
    call.answer(200, out.endArray().endObject());
  }

  /** Null where it cannot be told. */
  private static @Nullable Number freeBytes(DiskUse disk) {
    return disk.freeBytes() < 0 ? null : disk.freeBytes();
  }

  /** {@code GET /lite/status}; on a worker. */
  void status(Call call) throws StorageException {
    Queue queue = services.queue();
    ServerFacts facts = services.facts().get();
    Reads.Totals totals = services.reads().figures().totals();
    long oldest = queue.oldestReceivedAtMillis();
    JsonOut out =
        new JsonOut()
            .beginObject()
            .field("version", version)
            .field("uptime_ms", facts.uptimeMillis())
            .field("engine", facts.engine())
            .field("data", facts.dataPath())
            .field("bytes_on_disk", facts.disk().bytes())
            .beginObject("disk")
            .field("free_bytes", freeBytes(facts.disk()))
            .field("low", facts.disk().isLow())
            .beginObject("bytes_by_file");
    facts.disk().bytesByFile().forEach((file, bytes) -> out.field(file, bytes.longValue()));
    out.endObject()
        .endObject()
        .field("chaos", services.chaos() != null)
        .field("queue_depth", queue.depth())
        .field(
            "oldest_queued_age_ms",
            oldest < 0 ? 0 : Math.max(0, services.clock().millis() - oldest))
        .beginObject("counts")
        .field("leads", totals.leads())
        .field("events", totals.events())
        .field("failed", totals.failed())
        .endObject()
        .endObject();
    call.answer(200, out);
  }
}
