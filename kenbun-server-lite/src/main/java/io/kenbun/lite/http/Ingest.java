package io.kenbun.lite.http;

import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Queue;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /ingest}: takes one event and answers 202 once it is durable. Nothing waits
 * meanwhile: the queue calls back on the I/O thread, for all requests of one commit in one task.
 */
final class Ingest {
  private static final Logger log = LoggerFactory.getLogger(Ingest.class);
  private static final String ACCEPTED = "{\"message\":\"event queued\",\"event_id\":\"";

  private final Queue queue;
  private final InstantSource clock;

  Ingest(Queue queue, InstantSource clock) {
    this.queue = queue;
    this.clock = clock;
  }

  void accept(Call call) throws Exception {
    checkMediaType(call.requestHeaders());
    Body.read(
        call,
        call.limits().maxBodyBytes(),
        body -> queue(call, IngestReader.read(body, call.unit().key(), clock.millis())));
  }

  private void queue(Call call, RawEvent event) {
    Queue.Refusal refusal = queue.offer(new Waiting(call, event));
    if (refusal != null) {
      throw switch (refusal) {
        case FULL -> Problem.overloaded();
        case CLOSED -> Problem.shuttingDown();
      };
    }
  }

  /** Refuses a body that does not say it is JSON as it stands, in UTF-8. */
  static void checkMediaType(HeaderMap headers) {
    String encoding = headers.getFirst(Headers.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw Problem.unsupportedMediaType("Content-Encoding is not identity: " + encoding);
    }
    String type = headers.getFirst(Headers.CONTENT_TYPE);
    if (type != null && !type.equals("application/json") && !isJson(type)) {
      throw Problem.unsupportedMediaType("Content-Type is not application/json: " + type);
    }
  }

  private static boolean isJson(String type) {
    String normal = type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\t", "");
    int semicolon = normal.indexOf(';');
    if (semicolon < 0) {
      return normal.equals("application/json");
    }
    String parameter = normal.substring(semicolon + 1);
    return normal.substring(0, semicolon).equals("application/json")
        && (parameter.equals("charset=utf-8") || parameter.equals("charset=\"utf-8\""));
  }

  /** An event on its way to disk, and the request that waits for it. */
  private static final class Waiting extends Append {
    private final Call call;

    Waiting(Call call, RawEvent event) {
      super(List.of(event), call.ioThread());
      this.call = call;
    }

    @Override
    public void stored(long[] seqs) {
      String body = ACCEPTED + new EventId(seqs[0]) + "\"}";
      call.answer(202, body.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void failed(Exception cause) {
      log.debug("An event could not be stored", cause); // The store has told it once for all.
      call.fail(Problem.storageUnavailable());
    }
  }
}
