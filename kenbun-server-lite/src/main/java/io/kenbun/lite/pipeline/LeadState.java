package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.QueuedEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lead while its events are being scored. Changed only by the scoring thread, inside the
 * transaction that will write it; a store that keeps it for the next batch must forget it when that
 * transaction fails.
 */
public final class LeadState {
  /** The {@link #key()} of a lead that no store has written yet. */
  public static final long UNWRITTEN = 0;

  private long key;
  private final long unit;
  private final String leadId;
  private final long createdAtMillis;
  private long updatedAtMillis;
  private long lastEventAtMillis;
  private @Nullable String lastEventType;
  private final Map<Long, Long> scores = new HashMap<>(4);

  /** Makes a lead that the store does not have yet. */
  LeadState(long unit, String leadId, long createdAtMillis) {
    this(UNWRITTEN, unit, leadId, createdAtMillis, createdAtMillis, Long.MIN_VALUE, null, Map.of());
  }

  /**
   * Makes a lead as the store has it; {@code lastEventAtMillis} is {@link Long#MIN_VALUE} when it
   * has no event.
   */
  public LeadState(
      long key,
      long unit,
      String leadId,
      long createdAtMillis,
      long updatedAtMillis,
      long lastEventAtMillis,
      @Nullable String lastEventType,
      Map<Long, Long> scores) {
    this.key = key;
    this.unit = unit;
    this.leadId = leadId;
    this.createdAtMillis = createdAtMillis;
    this.updatedAtMillis = updatedAtMillis;
    this.lastEventAtMillis = lastEventAtMillis;
    this.lastEventType = lastEventType;
    this.scores.putAll(scores);
  }

  public long key() {
    return key;
  }

  /** Gives the lead the number under which the store has just written it. */
  public void written(long newKey) {
    if (key != UNWRITTEN) {
      throw new IllegalStateException("lead written twice: " + leadId);
    }
    key = newKey;
  }

  public long unit() {
    return unit;
  }

  public String leadId() {
    return leadId;
  }

  public long createdAtMillis() {
    return createdAtMillis;
  }

  public long updatedAtMillis() {
    return updatedAtMillis;
  }

  public long lastEventAtMillis() {
    return lastEventAtMillis;
  }

  public @Nullable String lastEventType() {
    return lastEventType;
  }

  /** Returns the score kept by the ruleset of that key, 0 when it never gave the lead points. */
  public long score(long ruleset) {
    return scores.getOrDefault(ruleset, 0L);
  }

  public Map<Long, Long> scores() {
    return scores;
  }

  void apply(QueuedEvent queued, List<Contribution> contributions) {
    for (Contribution contribution : contributions) {
      scores.merge(contribution.ruleset(), Math.round(contribution.applied()), Long::sum);
    }
    long timestampMillis = queued.event().timestampMillis();
    if (timestampMillis >= lastEventAtMillis) {
      lastEventAtMillis = timestampMillis;
      lastEventType = queued.event().eventType();
    }
    updatedAtMillis = Math.max(updatedAtMillis, queued.event().receivedAtMillis());
  }
}
