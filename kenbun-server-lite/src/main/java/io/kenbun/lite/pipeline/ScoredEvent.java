package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.QueuedEvent;
import java.util.List;

/** An event with whose it is and what it earned. */
public record ScoredEvent(QueuedEvent queued, LeadState lead, List<Contribution> contributions) {
  public ScoredEvent {
    contributions = List.copyOf(contributions);
  }
}
