package io.kenbun.lite.http.ops;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.pipeline.Idle;
import io.kenbun.lite.pipeline.Progress;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.StorageException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;

/**
 * {@code POST /lite/drain}: answers once everything accepted before the call is scored, what time
 * does to scores by itself is done up to now, and the webhooks that came of it were tried. Whoever
 * waits costs an entry in a list and a timer, no thread.
 */
public final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);
  private static final int DEFAULT_TIMEOUT_MILLIS = 10_000;
  private static final int MAX_TIMEOUT_MILLIS = 600_000;

  private final Queue queue;
  private final Progress progress;
  private final @Nullable Idle upkeep;
  private final @Nullable Idle webhooks;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * Makes it.
   *
   * @param upkeep null when none is running
   * @param webhooks null when none are sent
   */
  public Drain(Queue queue, Progress progress, @Nullable Idle upkeep, @Nullable Idle webhooks) {
    this.queue = queue;
    this.progress = progress;
    this.upkeep = upkeep;
    this.webhooks = webhooks;
  }

  void drain(Call call) {
    int timeoutMillis =
        call.query().whole("timeout_ms", DEFAULT_TIMEOUT_MILLIS, 1, MAX_TIMEOUT_MILLIS);
    Waiting waits = new Waiting(call);
    waiting.add(waits);
    if (stopping) { // After it was added: else stop() might have missed it.
      waits.refuse();
      return;
    }
    waits.start(timeoutMillis);
  }

  /** Sends everybody home who waits; scoring may take longer than a shutdown should. */
  public void stop() {
    stopping = true;
    for (Waiting waits : waiting) {
      waits.onIoThread(waits::refuse);
    }
  }

  /** One caller; everything about it happens on its I/O thread. */
  private final class Waiting {
    private final Call call;
    private boolean answered;
    private XnioExecutor.@Nullable Key timer;
    private @Nullable Runnable cancel;

    Waiting(Call call) {
      this.call = call;
    }

    void start(int timeoutMillis) {
      onWorker(
          () -> {
            try {
              long seq = queue.lastSeqOfAll();
              waitFor(done -> progress.whenScored(seq, done), this::allScored);
              onIoThread(() -> startTimer(timeoutMillis));
            } catch (StorageException e) {
              log.debug("What there is to drain cannot be told", e);
              onIoThread(this::unavailable);
            }
          });
    }

    private void startTimer(int timeoutMillis) {
      if (!answered) {
        timer = call.ioThread().executeAfter(this::late, timeoutMillis, TimeUnit.MILLISECONDS);
      }
    }

    /** Other nodes are asked, too, for which an I/O thread has no time. */
    private void onWorker(Runnable task) {
      try {
        call.ioThread().getWorker().execute(task);
      } catch (RejectedExecutionException e) {
        log.debug("The server ended before a drain could begin", e);
      }
    }

    /** Begins to wait, and leaves word how to stop. */
    private void waitFor(Idle worker, Runnable next) {
      Runnable stop = worker.whenIdle(() -> onIoThread(next));
      onIoThread(
          () -> {
            if (answered) {
              stop.run();
            } else {
              cancel = stop;
            }
          });
    }

    private void unavailable() {
      if (end()) {
        call.fail(Problem.storageUnavailable());
      }
    }

    void onIoThread(Runnable task) {
      try {
        call.ioThread().execute(task);
      } catch (RejectedExecutionException e) {
        log.debug("The server ended before a drain could be answered", e);
      }
    }

    void refuse() {
      if (end()) {
        call.fail(Problem.shuttingDown());
      }
    }

    private void allScored() {
      await(upkeep, this::upkeepDone);
    }

    private void upkeepDone() {
      await(webhooks, this::done);
    }

    private void await(@Nullable Idle worker, Runnable next) {
      if (worker == null) {
        next.run();
      } else if (!answered) {
        onWorker(() -> waitFor(worker, next));
      }
    }

    private void done() {
      if (end()) {
        call.answer(200, new JsonOut().beginObject().field("drained", true).endObject());
      }
    }

    private void late() {
      if (end()) {
        JsonOut out = new JsonOut().beginObject().field("drained", false);
        call.answer(504, out.field("queue_depth", queue.depth()).endObject());
      }
    }

    /** Says whether this is the first outcome. */
    private boolean end() {
      boolean first = !answered;
      answered = true;
      waiting.remove(this);
      if (timer != null) {
        timer.remove();
      }
      if (cancel != null) {
        cancel.run();
      }
      return first;
    }
  }
}
