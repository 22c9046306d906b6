package io.kenbun.lite.http.ops;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.pipeline.Progress;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Rounds;
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
  private final @Nullable Rounds upkeep;
  private final @Nullable Rounds webhooks;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * Makes it.
   *
   * @param upkeep null when none is running
   * @param webhooks null when none are sent
   */
  public Drain(Queue queue, Progress progress, @Nullable Rounds upkeep, @Nullable Rounds webhooks) {
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
    waits.start(queue.lastSeq(), timeoutMillis);
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

    void start(long seq, int timeoutMillis) {
      timer = call.ioThread().executeAfter(this::late, timeoutMillis, TimeUnit.MILLISECONDS);
      cancel = progress.whenScored(seq, () -> onIoThread(this::allScored));
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

    private void await(@Nullable Rounds rounds, Runnable next) {
      if (rounds == null) {
        next.run();
      } else if (!answered) {
        cancel = rounds.whenIdle(() -> onIoThread(next));
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
