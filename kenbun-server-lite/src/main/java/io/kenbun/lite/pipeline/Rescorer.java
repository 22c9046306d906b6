package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.engine.Policies;
import io.kenbun.lite.engine.Replay;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.model.Contribution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Matches a lead's stored events once more, with the rules of now; for one transaction. */
final class Rescorer {
  private final Engine engine;
  private final MetadataReader metadataReader;
  private final ChangeTx tx;

  Rescorer(Engine engine, MetadataReader metadataReader, ChangeTx tx) {
    this.engine = engine;
    this.metadataReader = metadataReader;
    this.tx = tx;
  }

  /**
   * Keeps what the lead's next events from a time on give by the rules of now; its scores are left
   * to a replay.
   *
   * @param afterSeq the last that is done, see {@link ChangeTx#rescorable}
   * @param max the most events to look at
   * @return the seq of the last; {@link Long#MAX_VALUE} when there are no more
   */
  long rescore(long lead, long fromMillis, long afterSeq, int max) throws StorageException {
    List<ChangeTx.Rescorable> events = tx.rescorable(lead, afterSeq, max);
    for (ChangeTx.Rescorable event : events) {
      if (event.timestampMillis() < fromMillis) {
        continue;
      }
      List<Contribution> now = contributions(event);
      if (!now.equals(event.contributions())) {
        tx.contributions(event.seq(), now);
      }
    }
    return events.size() < max ? Long.MAX_VALUE : events.get(max - 1).seq();
  }

  /** Returns the ledger as it would be then, null when nothing was or would be given. */
  @Nullable Ledger preview(LeadState lead, long nowMillis) throws StorageException {
    Map<Long, List<Contribution>> changed = new HashMap<>();
    boolean any = false;
    for (ChangeTx.Rescorable event : tx.rescorable(lead.key(), Long.MIN_VALUE, Integer.MAX_VALUE)) {
      List<Contribution> now = contributions(event);
      any |= !now.isEmpty() || !event.contributions().isEmpty();
      if (!now.equals(event.contributions())) {
        changed.put(event.seq(), now);
      }
    }
    if (!any) {
      return null;
    }
    List<Replay.Past> history = new ArrayList<>();
    for (Replay.Past past : tx.tx().history(lead)) {
      List<Contribution> now = changed.get(past.seq());
      history.add(
          now == null || past.removed()
              ? past
              : new Replay.Past(
                  past.seq(), past.timeMillis(), now, past.activity(), false, past.decay()));
    }
    Ledger ledger = new Ledger(Standing.NEVER, Standing.NEVER, lead.ledger().resetMillis());
    ledger.watch(nowMillis);
    Replay.run(ledger, history, engine, nowMillis);
    return ledger;
  }

  long shown(Ledger ledger, long ruleset) {
    return Policies.shown(
        ledger.watched().getOrDefault(ruleset, 0.0), engine.halfLives().allowNegativeScores());
  }

  private List<Contribution> contributions(ChangeTx.Rescorable event) {
    if (!event.contributions().isEmpty() && event.contributions().get(0).hits().get(0).rule() < 0) {
      return decay(event.contributions());
    }
    return engine
        .earned(
            event.eventType(),
            event.timestampMillis(),
            new EventMetadata(event.metadata(), metadataReader))
        .contributions();
  }

  /** What decay took stays taken; whether the floor cuts it goes by the setting of now. */
  private List<Contribution> decay(List<Contribution> contributions) {
    Contribution taken = contributions.get(0);
    return List.of(
        new Contribution(taken.ruleset(), taken.hits(), engine.halfLives().allowNegativeScores()));
  }
}
