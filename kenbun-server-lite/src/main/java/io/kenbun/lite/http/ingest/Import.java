package io.kenbun.lite.http.ingest;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Ticks;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /import} ({@code scoring.md} 12): takes events from a CSV file and answers once all
 * rows that are right are durable. The file is read twice, so that one that is no CSV queues
 * nothing; a row that is wrong is counted, kept under {@code /lite/rejected}, and holds up no
 * other. A queue that is full is waited for. With an {@code Idempotency-Key} each row has a key of
 * its own, so that the same import may be sent again after it was cut off half-way.
 */
final class Import {
  private static final Logger log = LoggerFactory.getLogger(Import.class);
  private static final Executor ON_WRITER = Runnable::run;
  private static final int MAX_AT_ONCE = 2; // Each keeps a worker busy; the others serve reads.
  private static final int CHUNK_EVENTS = 1_000;
  private static final int MAX_CHUNKS_IN_FLIGHT = 4;
  private static final int MAX_KEY_LENGTH = 240;
  private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Queue queue;
  private final InstantSource clock;
  private final IngestLimits limits;
  private final RateLimit rateLimit;
  private final Semaphore running = new Semaphore(MAX_AT_ONCE);

  Import(Queue queue, InstantSource clock, IngestLimits limits, RateLimit rateLimit) {
    this.queue = queue;
    this.clock = clock;
    this.limits = limits;
    this.rateLimit = rateLimit;
  }

  /** Serves one; on a worker. */
  void accept(Call call) throws Exception {
    String key = IdempotencyKey.of(call.requestHeaders());
    if (key.length() > MAX_KEY_LENGTH) {
      throw Problem.invalidField(
          "Idempotency-Key",
          "Idempotency-Key of an import has more than "
              + MAX_KEY_LENGTH
              + " characters: "
              + key.length());
    }
    boolean skipTriggers = call.query().bool("skip_triggers");
    rateLimit.take(call.caller(), 0);
    if (!running.tryAcquire()) {
      throw Problem.overloaded();
    }
    try (Upload upload = Upload.read(call, limits.maxImportBytes())) {
      run(call, upload, key, skipTriggers || upload.skipTriggers());
    } catch (IOException e) {
      log.debug("An import ended before its end", e);
      call.onIoThread(call::abort);
    } finally {
      running.release();
    }
  }

  private void run(Call call, Upload upload, String key, boolean skipTriggers) throws Exception {
    EventCsv csv = new EventCsv(call.limits().maxBodyBytes());
    int[] count = {0};
    try (InputStream file = upload.open()) {
      csv.read(file, (line, row) -> count[0]++);
    }
    rateLimit.take(call.caller(), count[0]);
    Taking taking = new Taking(call, csv, key, skipTriggers);
    try (InputStream file = upload.open()) {
      csv.read(file, taking);
    }
    taking.end();
    call.watch().ingested(call, taking.imported);
    call.answer(
        202,
        new JsonOut()
            .beginObject()
            .field("imported", taking.imported)
            .field("errors", taking.errors)
            .endObject());
  }

  /** One import on its way into the queue. */
  private final class Taking implements EventCsv.Rows {
    private final Call call;
    private final EventCsv csv;
    private final String key;
    private final boolean skipTriggers;
    private final long unit;
    private final long nowMillis = clock.millis();
    private final ArrayDeque<Chunk> inFlight = new ArrayDeque<>();
    private List<RawEvent> events = new ArrayList<>(CHUNK_EVENTS);
    private List<String> keys = new ArrayList<>();
    private int imported;
    private int errors;

    Taking(Call call, EventCsv csv, String key, boolean skipTriggers) {
      this.call = call;
      this.csv = csv;
      this.key = key;
      this.skipTriggers = skipTriggers;
      this.unit = call.unit().key();
    }

    @Override
    public void row(int line, CsvRecord row) throws IOException {
      byte[] json = null;
      try {
        json = csv.json(row);
        RawEvent event = IngestReader.read(json, limits.maxJsonDepth(), unit, nowMillis);
        events.add(skipTriggers ? event.skippingTriggers() : event);
        if (!key.equals(Append.NO_KEY)) {
          keys.add(key + '#' + line);
        }
      } catch (Problem problem) {
        errors++;
        call.watch().lineRefused(call, problem, line, json);
      }
      if (events.size() == CHUNK_EVENTS) {
        queue();
      }
    }

    void end() {
      if (!events.isEmpty()) {
        queue();
      }
      while (!inFlight.isEmpty()) {
        await();
      }
    }

    private void queue() {
      Chunk chunk = new Chunk(events, keys);
      if (inFlight.size() == MAX_CHUNKS_IN_FLIGHT) {
        await();
      }
      offer(chunk);
      inFlight.add(chunk);
      imported += events.size();
      events = new ArrayList<>(CHUNK_EVENTS);
      keys = new ArrayList<>();
    }

    /** Puts it into the queue, waiting for room as long as others may be given it. */
    private void offer(Chunk chunk) {
      long until = Ticks.nanos() + MAX_WAIT_NANOS;
      Queue.Refusal refusal = queue.offer(chunk);
      while (refusal == Queue.Refusal.FULL && Ticks.nanos() < until) {
        if (inFlight.isEmpty()) {
          LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        } else {
          await();
        }
        refusal = queue.offer(chunk);
      }
      Ingest.refuse(refusal);
    }

    private void await() {
      try {
        inFlight.remove().done.get();
      } catch (ExecutionException e) {
        log.debug("Rows could not be stored", e); // The store has told it once for all.
        throw Problem.storageUnavailable();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Problem.shuttingDown();
      }
    }
  }

  /** Rows on their way to disk. */
  private static final class Chunk extends Append {
    final CompletableFuture<Boolean> done = new CompletableFuture<>();

    Chunk(List<RawEvent> events, List<String> keys) {
      super(events, keys, ON_WRITER);
    }

    @Override
    public void stored(long[] seqs) {
      done.complete(true);
    }

    @Override
    public void failed(Exception cause) {
      done.completeExceptionally(cause);
    }
  }
}
