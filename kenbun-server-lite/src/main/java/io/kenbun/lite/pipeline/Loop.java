package io.kenbun.lite.pipeline;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one step after another until it is closed: the policy for idling, waking and
 * failing, once for every worker.
 *
 * <pre>
 *   step: AT_ONCE ───────────&gt; again
 *   step: SOON ──────────────&gt; wait four times as long as it took, 20 to 200 ms, wake-ups or not, again
 *   step: WHEN_WOKEN ────────&gt; wait until wake() or the idle time is over
 *   step throws ─────────────&gt; log, wait longer each time (0.1 s doubling to 5 s), again
 *   close() ─────────────────&gt; again until a step returns WHEN_WOKEN or throws, then end
 * </pre>
 */
public final class Loop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LAST_PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long MIN_SOON_NANOS = Duration.ofMillis(20).toNanos();
  private static final long MAX_SOON_NANOS = Duration.ofMillis(200).toNanos();
  private static final int SOON_TIMES = 4;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Thread thread;
  private final long idleNanos;
  private final Step step;
  private volatile boolean woken;
  private volatile boolean closing;

  /** When the next step is to come. */
  public enum Next {
    /** There may be more to do. */
    AT_ONCE,
    /**
     * There is little to do now, and a moment later it may be worth more: for work that nobody
     * waits for.
     */
    SOON,
    /** There is nothing to do. */
    WHEN_WOKEN
  }

  /** One step's work. */
  @FunctionalInterface
  public interface Step {
    Next run() throws Exception;
  }

  /**
   * Makes a loop that is not started.
   *
   * @param idle how long to wait for a wake-up before looking again
   */
  public Loop(String name, Duration idle, Step step) {
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
    this.idleNanos = idle.toNanos();
    this.step = step;
  }

  public void start() {
    thread.start();
  }

  /** Ends the wait, if there is one. Any thread; a volatile read when the loop is awake already. */
  public void wake() {
    if (!woken) {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  /** Says whether the thread is running; false once it was closed. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Finishes what there is to do, then ends the thread; waits at most ten seconds for it. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    while (thread.isAlive() && deadline - System.nanoTime() > 0) {
      try {
        thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (thread.isAlive()) {
      log.warn("{} did not end within {} s", thread.getName(), CLOSE_TIMEOUT.toSeconds());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pauseNanos = FIRST_PAUSE_NANOS;
    while (true) {
      woken = false; // Before looking, so that what arrives during the look is looked for again.
      Next next;
      long startNanos = System.nanoTime();
      try {
        next = step.run();
        pauseNanos = FIRST_PAUSE_NANOS;
      } catch (Throwable e) { // Also an Error: a worker that is gone helps nobody.
        if (closing) {
          log.error("{} failed while ending", thread.getName(), e);
          return;
        }
        log.error("{} failed and tries again", thread.getName(), e);
        pause(pauseNanos);
        pauseNanos = Math.min(2 * pauseNanos, LAST_PAUSE_NANOS);
        continue;
      }
      if (next == Next.AT_ONCE) {
        continue;
      }
      if (next == Next.SOON) {
        pause(soonNanos(System.nanoTime() - startNanos));
        continue;
      }
      if (closing) {
        return;
      }
      if (!woken) {
        LockSupport.parkNanos(this, idleNanos);
      }
    }
  }

  /**
   * Returns how long it is until soon. What a step costs whatever there is to do takes a fifth of
   * the time at most: on a busy machine, or where many share a database, steps take longer, come
   * more seldom and do more each.
   */
  static long soonNanos(long tookNanos) {
    return Math.max(MIN_SOON_NANOS, Math.min(MAX_SOON_NANOS, SOON_TIMES * tookNanos));
  }

  /** Waits the whole time, wake-ups or not, unless the loop is to end. */
  private void pause(long nanos) {
    long deadline = System.nanoTime() + nanos;
    for (long rest = nanos; rest > 0 && !closing; rest = deadline - System.nanoTime()) {
      LockSupport.parkNanos(this, rest);
    }
  }
}
