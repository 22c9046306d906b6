package io.kenbun.client;

/**
 * Carries batches to kenbun. Two exist: over HTTP, and in memory for tests of applications. An
 * implementation knows nothing of queues.
 */
abstract class Transport {
  /** Takes the reply of a batch. */
  interface Receiver {
    /** Called once for each batch, on any thread, and never from inside {@link #send}. */
    void receive(Batch batch, Reply reply);
  }

  /** Sends a batch and returns at once. Never throws; each failure is a reply. */
  abstract void send(Batch batch, Receiver receiver);

  /** Ends what is under way and lets go of its threads. No reply has to come afterwards. */
  abstract void close();
}
