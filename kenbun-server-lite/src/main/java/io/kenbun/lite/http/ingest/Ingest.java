package io.kenbun.lite.http.ingest;

import io.kenbun.lite.http.call.Body;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.Queue;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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
  private final IngestLimits limits;
  private final RateLimit rateLimit;
  private final @Nullable Chaos chaos;

  Ingest(
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
    Body.checkMediaType(call.requestHeaders());
    String key = IdempotencyKey.of(call.requestHeaders());
    List<String> keys = key.equals(Append.NO_KEY) ? List.of() : List.of(key);
    rateLimit.take(call.caller(), 1);
    Body.read(call, call.limits().maxBodyBytes(), body -> queue(call, body, keys));
  }

  private void queue(Call call, byte[] body, List<String> keys) {
    RawEvent event =
        IngestReader.read(body, limits.maxJsonDepth(), call.unit().key(), clock.millis());
    offer(queue, new Waiting(call, List.of(event), keys, Ingest::accepted), chaos);
  }

  /** Has the events of a request queued, unless chaos comes in between. On its I/O thread. */
  static void offer(Queue queue, Waiting waiting, @Nullable Chaos chaos) {
    Chaos.Ingest struck = chaos == null ? null : chaos.strikeIngest();
    if (struck == null) {
      refuse(queue.offer(waiting));
      return;
    }
    waiting.call.onIoThreadAfter(
        struck.delayMillis(),
        () -> {
          if (struck.dropAfterCommit()) {
            waiting.answerIsLost = true;
          } else if (struck.status() != Chaos.SERVED) {
            throw Problem.chaos(struck.status());
          }
          refuse(queue.offer(waiting));
        });
  }

  /** Refuses a request that the queue has turned away. */
  static void refuse(Queue.@Nullable Refusal refusal) {
    if (refusal != null) {
      throw switch (refusal) {
        case FULL -> Problem.overloaded();
        case CLOSED -> Problem.shuttingDown();
      };
    }
  }

  private static byte[] accepted(long[] seqs) {
    String body = ACCEPTED + new EventId(seqs[0]) + "\"}";
    return body.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Events on their way to disk, and the request that waits for them. */
  static final class Waiting extends Append {
    private final Call call;
    private final Function<long[], byte[]> answer;
    private boolean answerIsLost; // I/O thread.

    /**
     * Makes it.
     *
     * @param answer the body of the 202, by the places that the events got
     */
    Waiting(Call call, List<RawEvent> events, List<String> keys, Function<long[], byte[]> answer) {
      super(events, keys, call.ioThread());
      this.call = call;
      this.answer = answer;
    }

    @Override
    public void stored(long[] seqs) {
      call.watch().ingested(call, seqs.length);
      if (answerIsLost) {
        call.abort();
      } else {
        call.answer(202, answer.apply(seqs));
      }
    }

    @Override
    public void failed(Exception cause) {
      log.debug("Events could not be stored", cause); // The store has told it once for all.
      call.fail(Problem.storageUnavailable());
    }
  }
}
