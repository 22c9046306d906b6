package io.kenbun.lite.model;

/** What a trigger watches ({@code scoring.md} 9). */
public enum TriggerKind {
  /** A score that crosses a threshold. */
  MILESTONE("milestone"),
  /** Events of certain types within a time. */
  SEQUENCE("sequence"),
  /** Many events within a time. */
  SURGE("surge");

  private final String wireName;

  TriggerKind(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the name on the wire. */
  public String wireName() {
    return wireName;
  }
}
