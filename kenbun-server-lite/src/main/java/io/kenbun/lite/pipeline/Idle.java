package io.kenbun.lite.pipeline;

/** A worker that one can wait for, here or on another node. Any thread. */
@FunctionalInterface
public interface Idle {
  /**
   * Has {@code done} run, on a thread that it must not hold up, once the worker has looked after
   * this call and found nothing left to do. May block for a moment.
   *
   * @return what ends the wait, for a caller that has lost patience
   */
  Runnable whenIdle(Runnable done);
}
