package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.Queue;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /ingest/batch} ({@code lite.md} 3): takes many events, a line each, and answers once
 * all of them that are right are durable. Each line is read as soon as it is there, so that what is
 * kept of a body is its events; nothing of it is queued before its end has come.
 *
 * <pre>
 *   {"event_type":"Page View","lead_id":"ld_1","idempotency_key":"0192…"} LF
 *   {"event_type":"Page View"} LF                                              refused: missing_identity
 *                                                                              blank lines count for nothing
 *   202 {"accepted":1,"rejected":[{"line":2,"status":400,"code":"missing_identity","error":"…"}]}
 * </pre>
 */
final class Batch {
  private final Queue queue;
  private final InstantSource clock;
  private final IngestLimits limits;
  private final RateLimit rateLimit;
  private final @Nullable Chaos chaos;

  Batch(
      Queue queue,
      InstantSource clock,
      IngestLimits limits,
      RateLimit rateLimit,
      @Nullable Chaos chaos) {
    this.queue = queue;
    this.clock = clock;
    this.limits = limits;
    this.rateLimit = rateLimit;
    this.chaos = chaos;
  }

  void accept(Call call) throws Exception {
    HeaderMap headers = call.requestHeaders();
    checkMediaType(headers);
    boolean isGzip = isGzip(headers);
    IdempotencyKey.refuse(headers);
    rateLimit.take(call.caller(), 0);
    Inflow.read(call, limits.maxBatchBytes(), isGzip, new Taking(call));
  }

  private static void checkMediaType(HeaderMap headers) {
    String type = headers.getFirst(Headers.CONTENT_TYPE);
    if (type == null || !isNdjson(type)) {
      throw Problem.unsupportedMediaType("Content-Type is not application/x-ndjson: " + type);
    }
  }

  private static boolean isNdjson(String type) {
    String normal = type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\t", "");
    return normal.equals("application/x-ndjson")
        || normal.equals("application/x-ndjson;charset=utf-8")
        || normal.equals("application/x-ndjson;charset=\"utf-8\"");
  }

  private static boolean isGzip(HeaderMap headers) {
    HeaderValues values = headers.get(Headers.CONTENT_ENCODING);
    if (values == null || (values.size() == 1 && values.getFirst().equalsIgnoreCase("identity"))) {
      return false;
    }
    String first = values.getFirst();
    if (values.size() > 1
        || !(first.equalsIgnoreCase("gzip") || first.equalsIgnoreCase("x-gzip"))) {
      throw Problem.unsupportedMediaType(
          "Content-Encoding is neither gzip nor identity: " + String.join(", ", values));
    }
    return true;
  }

  private static boolean isBlank(byte[] line) {
    for (byte c : line) {
      if (c != ' ' && c != '\t' && c != '\r') {
        return false;
      }
    }
    return true;
  }

  /** One batch on its way in; on its I/O thread. */
  private final class Taking implements Inflow.Taker, Lines.Taker {
    private final Call call;
    private final long unit;
    private final long nowMillis = clock.millis();
    private final Lines lines;
    private final List<RawEvent> events = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final JsonOut rejected = new JsonOut();
    private boolean keyed;
    private int count;

    Taking(Call call) {
      this.call = call;
      this.unit = call.unit().key();
      this.lines = new Lines(call.limits().maxBodyBytes(), this);
    }

    @Override
    public void take(byte[] piece, int length) {
      call.reserve(length);
      lines.take(piece, length);
    }

    @Override
    public void line(int number, byte @Nullable [] line) {
      if (line != null && isBlank(line)) {
        return;
      }
      if (++count > limits.maxBatchLines()) {
        throw Problem.tooManyLines(limits.maxBatchLines());
      }
      try {
        if (line == null) {
          throw Problem.bodyTooLarge(call.limits().maxBodyBytes());
        }
        IngestReader.Line read =
            IngestReader.readLine(line, limits.maxJsonDepth(), unit, nowMillis);
        events.add(read.event());
        keys.add(read.key());
        keyed |= !read.key().equals(Append.NO_KEY);
      } catch (Problem problem) {
        if (count == events.size() + 1) {
          rejected.beginArray();
        }
        problem.write(number, rejected);
        call.watch().lineRefused(call, problem, number, line);
      }
    }

    @Override
    public void end() {
      lines.finish();
      if (count == 0) {
        throw Problem.invalidJson("body has no lines", null);
      }
      rateLimit.take(call.caller(), count);
      byte[] answer = answer();
      if (events.isEmpty()) {
        call.answer(202, answer);
        return;
      }
      List<String> own = keyed ? keys : List.of();
      Ingest.offer(queue, new Ingest.Waiting(call, events, own, seqs -> answer), chaos);
    }

    /** The answer of a batch that will be stored: who is refused is known by now. */
    private byte[] answer() {
      JsonOut out = new JsonOut().beginObject().field("accepted", events.size());
      out.jsonField("rejected", count == events.size() ? "[]" : rejected.endArray().text());
      return out.endObject().bytes();
    }
  }
}
