package io.kenbun.lite.store.sqlite;

/** What an acknowledged event survives. */
public enum Durability {
  /**
   * The answer comes after the file was synced: an event survives the process and a power cut. The
   * default.
   */
  FULL,
  /**
   * The answer comes after the write: an event survives the process; an operating system crash may
   * lose the last moments.
   */
  NORMAL,
  /** Nothing is synced; for data that is thrown away at the end. */
  NONE;

  /** Returns the value of SQLite's {@code synchronous} that stands for it in WAL mode. */
  String pragma() {
    return switch (this) {
      case FULL -> "FULL";
      case NORMAL -> "NORMAL";
      case NONE -> "OFF";
    };
  }
}
