package io.kenbun.client;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who is told what happens to events: the application's listener, if it has one. Exists so that one
 * that throws harms nothing. The worker's.
 */
final class Audience {
  private static final Logger LOG = Logger.getLogger("io.kenbun.client");

  private final @Nullable DeliveryListener listener;

  Audience(@Nullable DeliveryListener listener) {
    this.listener = listener;
  }

  /** A call to the listener. */
  interface Telling {
    void to(DeliveryListener listener);
  }

  boolean isEmpty() {
    return listener == null;
  }

  void tell(Telling telling) {
    if (listener == null) {
      return;
    }
    try {
      telling.to(listener);
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "a kenbun DeliveryListener failed", e);
    }
  }
}
