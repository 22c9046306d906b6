package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.SuppressionReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is to be kept.
 *
 * @param lead whose it is; null when it was suppressed before there was a lead
 * @param contributions what it gave, as facts
 * @param suppression why it gave nothing; null when it counts
 * @param marks a sum of {@link #REMOVED} and {@link #COLLAPSED}
 * @param alias the name it came under, when there is no lead
 */
public record ScoredEvent(
    QueuedEvent queued,
    @Nullable LeadState lead,
    List<Contribution> contributions,
    @Nullable SuppressionReason suppression,
    int marks,
    @Nullable String alias) {
  /** A reset took what it gave, for good. */
  public static final int REMOVED = 1;

  /** It was collapsed into another of its burst, so that velocity filters do not count it. */
  public static final int COLLAPSED = 2;

  public ScoredEvent {
    contributions = List.copyOf(contributions);
  }
}
