package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.RawEvent;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The events of one request on their way to disk, and whom to tell. All of them become durable
 * together or none does. Exactly one of {@link #stored} and {@link #failed} is called, once, on
 * {@link #executor}; answers that go to one executor after one commit are handed over as one task,
 * since waking a thread costs more than the answer.
 */
public abstract class Append {
  private final List<RawEvent> events;
  private final Executor executor;

  protected Append(List<RawEvent> events, Executor executor) {
    this.events = List.copyOf(events);
    this.executor = executor;
  }

  public final List<RawEvent> events() {
    return events;
  }

  /** Returns where the outcome is to be told; compared by identity when outcomes are grouped. */
  public final Executor executor() {
    return executor;
  }

  /**
   * The events are safe.
   *
   * @param seqs their places, in the order of {@link #events}
   */
  public abstract void stored(long[] seqs);

  /** Nothing was kept. */
  public abstract void failed(Exception cause);
}
