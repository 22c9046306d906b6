package io.kenbun.lite.http.ops;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.pipeline.Chaos;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Trouble on purpose ({@code lite.md} 7): 404 unless the server was started with {@code --chaos}.
 *
 * <pre>
 *   {"ingest":{"rate":0.2,"status":503,"delay_ms":0,"drop_after_commit":false},
 *    "webhooks":{"rate":0,"delay_ms":0}}          of a PUT, what is not given stays
 * </pre>
 */
final class ChaosApi {
  private static final int FIRST_ERROR = 400;
  private static final int LAST_ERROR = 599;

  private final @Nullable Chaos chaos;
  private final Object lock = new Object(); // One change at a time: it reads what it changes.

  ChaosApi(@Nullable Chaos chaos) {
    this.chaos = chaos;
  }

  /** {@code GET /lite/chaos}. */
  void read(Call call) {
    call.answer(200, json(chaos()));
  }

  /** {@code PUT /lite/chaos}. */
  void set(Call call) throws Exception {
    Chaos known = chaos();
    JsonBody.readForWorker(
        call,
        body -> {
          synchronized (lock) {
            known.set(ingest(body, known.ingest()), webhooks(body, known.webhooks()));
          }
          call.answer(200, json(known));
        });
  }

  private static Chaos.Ingest ingest(JsonBody body, Chaos.Ingest known) {
    if (!body.isGiven("ingest")) {
      return known;
    }
    JsonBody ingest = body.object("ingest");
    int status = ingest.whole("status", Chaos.SERVED, LAST_ERROR, known.status());
    if (status != Chaos.SERVED && status < FIRST_ERROR) {
      throw ingest.invalid(
          "status",
          "is neither "
              + Chaos.SERVED
              + " nor "
              + FIRST_ERROR
              + " to "
              + LAST_ERROR
              + ": "
              + status);
    }
    return new Chaos.Ingest(
        ingest.fraction("rate", known.rate()),
        status,
        ingest.whole("delay_ms", 0, Chaos.MAX_DELAY_MILLIS, known.delayMillis()),
        ingest.bool("drop_after_commit", known.dropAfterCommit()));
  }

  private static Chaos.Webhooks webhooks(JsonBody body, Chaos.Webhooks known) {
    if (!body.isGiven("webhooks")) {
      return known;
    }
    JsonBody webhooks = body.object("webhooks");
    return new Chaos.Webhooks(
        webhooks.fraction("rate", known.rate()),
        webhooks.whole("delay_ms", 0, Chaos.MAX_DELAY_MILLIS, known.delayMillis()));
  }

  private static JsonOut json(Chaos chaos) {
    Chaos.Ingest ingest = chaos.ingest();
    Chaos.Webhooks webhooks = chaos.webhooks();
    return new JsonOut()
        .beginObject()
        .beginObject("ingest")
        .jsonField("rate", decimal(ingest.rate()))
        .field("status", ingest.status())
        .field("delay_ms", ingest.delayMillis())
        .field("drop_after_commit", ingest.dropAfterCommit())
        .endObject()
        .beginObject("webhooks")
        .jsonField("rate", decimal(webhooks.rate()))
        .field("delay_ms", webhooks.delayMillis())
        .endObject()
        .endObject();
  }

  private static String decimal(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private Chaos chaos() {
    if (chaos == null) {
      throw Problem.notFound("no such path"); // As if it were not there.
    }
    return chaos;
  }
}
