package io.kenbun.client;

import java.io.IOException;

/**
 * Carries batches to kenbun. Two exist: over HTTP, and in memory for tests of applications. An
 * implementation knows nothing of queues.
 */
abstract class Transport {
  /** Takes the reply of a batch. */
  interface Receiver {
    /** Called once for each batch, on any thread, also from inside {@link #send}. */
    void receive(Batch batch, Reply reply);
  }

  /** Sends a batch and returns at once. Never throws; each failure is a reply. */
  abstract void send(Batch batch, Receiver receiver);

  /** Imports history on the caller's thread. */
  abstract EventImport.Result importEvents(String unit, EventImport source) throws IOException;

  /** Ends what is under way and lets go of its threads. No reply has to come afterwards. */
  abstract void close();
}
