package io.kenbun.lite.model;

/** The four canonical kinds of news about a lead ({@code scoring.md} 9). */
public enum NotificationType {
  MILESTONE_ENTERED("milestone.entered", TriggerKind.MILESTONE),
  MILESTONE_EXITED("milestone.exited", TriggerKind.MILESTONE),
  SEQUENCE_COMPLETED("sequence.completed", TriggerKind.SEQUENCE),
  SURGE_FIRED("surge.fired", TriggerKind.SURGE);

  private final String wireName;
  private final TriggerKind kind;

  NotificationType(String wireName, TriggerKind kind) {
    this.wireName = wireName;
    this.kind = kind;
  }

  /** Returns the name on the wire. */
  public String wireName() {
    return wireName;
  }

  /** Returns the kind of trigger that makes such news. */
  public TriggerKind kind() {
    return kind;
  }
}
