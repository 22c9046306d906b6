package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.SuppressionReason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of an event, for an {@link Onlooker}.
 *
 * @param leadId whose it is; null when it has no lead, or was set aside
 * @param contributions what it gave
 * @param scores of the lead by ruleset key, at the end of the batch that the event was in
 * @param setup the rules it was scored by
 * @param error why it was set aside; null when it was not
 */
public record SeenScore(
    QueuedEvent queued,
    @Nullable String leadId,
    @Nullable SuppressionReason suppression,
    List<Contribution> contributions,
    Map<Long, Long> scores,
    RuleSetup setup,
    @Nullable String error) {}
