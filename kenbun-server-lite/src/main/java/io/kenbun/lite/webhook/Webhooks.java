package io.kenbun.lite.webhook;

import io.kenbun.lite.pipeline.Chaos;
import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.MovableClock;
import io.kenbun.lite.pipeline.Rounds;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.store.firing.DeliveryReads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that send webhooks: one that decides, one that writes down, and one for each try that
 * waits for an answer, gone after half a minute without work. Any thread may start and close it.
 */
public final class Webhooks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);

  /** How late a retry may be by itself; a new delivery wakes the loop. */
  private static final Duration IDLE = Duration.ofMillis(200);

  /** How long a delivery that is over is kept unless it is said otherwise. */
  public static final Duration RETAIN = Duration.ofDays(30);

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);
  private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(2);
  private static final long STACK_BYTES = 256 << 10;

  private final Sender sender;
  private final ThreadPoolExecutor threads;
  private final Rounds rounds = new Rounds();
  private final DeliveryWorker worker;
  private final Loop workerLoop;
  private final Loop recorderLoop;

  /**
   * Makes it, not started.
   *
   * @param clock when deliveries are due; a {@link MovableClock} wakes this when it is moved
   * @param realClock what {@code webhook-timestamp} shows, since receivers hold it to theirs
   * @param version what {@code User-Agent} shows
   * @param onDuty whether it is this node that sends
   * @param chaos trouble on purpose, null for none
   * @param retain how long a delivery that is over is kept
   */
  public Webhooks(
      Deliveries deliveries,
      DeliveryReads reads,
      AddressGuard guard,
      InstantSource clock,
      InstantSource realClock,
      RandomGenerator random,
      DeliveryListener listener,
      String version,
      BooleanSupplier onDuty,
      @Nullable Chaos chaos,
      Duration retain) {
    this.sender = new Sender(guard, realClock, version, Sender.TIMEOUT, chaos);
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            0,
            Lanes.SLOTS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              String name = "kenbun-webhook-" + count.incrementAndGet();
              Thread thread = new Thread(null, task, name, STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
    Recorder recorder = new Recorder(deliveries, clock, retain);
    this.worker =
        new DeliveryWorker(
            reads,
            sender,
            new RetrySchedule(random),
            recorder,
            threads,
            clock,
            listener,
            rounds,
            onDuty);
    this.workerLoop = new Loop("kenbun-webhooks", IDLE, worker::step);
    this.recorderLoop = new Loop("kenbun-webhook-records", BETWEEN_SWEEPS, recorder::writeNext);
    worker.onWork(workerLoop::wake);
    rounds.onAsked(worker::mayHaveNew);
    recorder.onAdded(recorderLoop::wake);
    recorder.onWritten(workerLoop::wake);
    deliveries.listen(worker::mayHaveNew, worker::changed);
    if (clock instanceof MovableClock movable) {
      movable.onMove(workerLoop::wake);
      movable.onMove(recorderLoop::wake);
    }
  }

  /** Returns what tells when everything that is due was tried and written down. */
  public Rounds rounds() {
    return rounds;
  }

  /** Begins to send, with what an earlier process has left behind first. */
  public void start() {
    recorderLoop.start();
    workerLoop.start();
  }

  /**
   * Sends nothing more, waits two seconds for answers that are on their way, and writes down what
   * came. What got no answer is sent again by the next start.
   */
  @Override
  public void close() {
    worker.stop();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE_AT_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
        sender.cancel();
        if (!threads.awaitTermination(PATIENCE_AT_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
          log.warn("Some webhooks did not end within {} s", PATIENCE_AT_CLOSE.toSeconds());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workerLoop.close();
    recorderLoop.close();
    sender.close();
  }
}
