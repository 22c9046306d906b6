package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.TriggerKind;

/** What a trigger remembers of a lead, to be kept. */
public record Remembered(LeadState lead, Key trigger, TriggerMemory memory) {
  /** Names a trigger: each kind has keys of its own. */
  public record Key(TriggerKind kind, long trigger) {}
}
