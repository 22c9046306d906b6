package io.kenbun.lite.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets callers wait until a worker has looked, after they asked, and found nothing left to do. Any
 * thread.
 *
 * <pre>
 *   whenIdle() ──ticket──&gt; wakes the worker ──&gt; steps ──&gt; one that began later finds nothing ──&gt; done
 * </pre>
 */
public final class Rounds implements Idle {
  private final AtomicLong asked = new AtomicLong();
  private final Progress idle = new Progress(0);
  private volatile Runnable wake = () -> {};

  /** Returns {@code step} with an eye on what it finds; it must run in one thread. */
  public Loop.Step watch(Loop.Step step) {
    return () -> {
      long ticket = asked.get(); // Before the look: who asks during it may have come too late.
      Loop.Next next = step.run();
      if (next == Loop.Next.WHEN_WOKEN) {
        idle.advance(ticket);
      }
      return next;
    };
  }

  /** Has {@code newWake} run whenever somebody asks. Called before anybody does. */
  public void onAsked(Runnable newWake) {
    wake = newWake;
  }

  /** Does not block; {@code done} runs on the worker. */
  @Override
  public Runnable whenIdle(Runnable done) {
    Runnable cancel = idle.whenScored(asked.incrementAndGet(), done);
    wake.run();
    return cancel;
  }
}
