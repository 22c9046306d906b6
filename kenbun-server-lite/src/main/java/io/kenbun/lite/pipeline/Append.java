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
  /** Stands for no idempotency key. */
  public static final String NO_KEY = "";

  private final List<RawEvent> events;
  private final List<String> keys;
  private final Executor executor;

  protected Append(List<RawEvent> events, Executor executor) {
    this(events, List.of(), executor);
  }

  /**
   * Makes an append of events that may have come before.
   *
   * @param keys the idempotency key of each event, {@link #NO_KEY} for one that has none; an empty
   *     list when none has. A key that the unit has seen within the last 24 hours or longer queues
   *     nothing and gets the seq of the first
   */
  protected Append(List<RawEvent> events, List<String> keys, Executor executor) {
    if (!keys.isEmpty() && keys.size() != events.size()) {
      throw new IllegalArgumentException("keys != events: " + keys.size() + ", " + events.size());
    }
    this.events = List.copyOf(events);
    this.keys = List.copyOf(keys);
    this.executor = executor;
  }

  /**
   * Returns the idempotency key of the event at {@code index}, {@link #NO_KEY} when it has none.
   */
  public final String key(int index) {
    return keys.isEmpty() ? NO_KEY : keys.get(index);
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
