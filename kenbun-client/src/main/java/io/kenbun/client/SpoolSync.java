package io.kenbun.client;

/**
 * When events that were written to the spool are forced onto the device. Whatever is chosen, a
 * killed process loses nothing that was written: only a power cut or a crash of the operating
 * system can.
 */
public enum SpoolSync {
  /** After each group of appends, before anything else happens: slow, and loses nothing. */
  ALWAYS,

  /** At most a tenth of a second after an append. The default. */
  INTERVAL,

  /** When the operating system likes: up to half a minute on common systems. */
  NEVER
}
