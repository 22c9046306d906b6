package io.kenbun.client;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Closes a client that nobody has closed when the virtual machine ends. */
final class ShutdownHook {
  private static final Logger LOG = Logger.getLogger("io.kenbun.client");

  private final Thread thread;

  ShutdownHook(Runnable close) {
    thread = new Thread(close, "kenbun-client-shutdown");
    thread.setContextClassLoader(null); // It would keep a redeployed application in memory.
  }

  void add() {
    try {
      Runtime.getRuntime().addShutdownHook(thread);
    } catch (IllegalStateException e) {
      LOG.log(Level.FINE, "the process is ending already, so nobody will flush", e);
    }
  }

  /** Removes it, unless it is what calls. */
  void remove() {
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      LOG.log(Level.FINE, "the process is ending, so its hooks can no longer be removed", e);
    }
  }
}
