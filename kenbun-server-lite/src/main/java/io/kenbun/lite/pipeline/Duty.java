package io.kenbun.lite.pipeline;

/** What one node at a time does for all of them; with one node, that one. */
public enum Duty {
  /** What time does to scores, deletions, scoring anew. */
  UPKEEP,
  /** Removing what is too old. */
  SWEEPING,
  /** Sending webhooks. */
  WEBHOOKS
}
