package io.kenbun.lite.webhook;

import io.kenbun.lite.store.firing.Deliveries;

/** Is told of tries, for counting. Called by one thread; must not block. */
public interface DeliveryListener {
  /**
   * A try is over.
   *
   * @param tookNanos until its answer, or until none was waited for any more
   */
  void tried(Deliveries.Outcome outcome, long tookNanos);
}
