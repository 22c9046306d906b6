package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RuleSetup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of one transaction that the store does not know yet: written together, as late as may
 * be, since somebody who asks the store about a lead must be told of all that came before. For one
 * thread and one transaction.
 */
final class Unsaved {
  private final Tx tx;
  private final List<ScoredEvent> events = new ArrayList<>();
  private final Set<LeadState> leads = new HashSet<>();
  private boolean anyWithoutLead;
  private final List<ScoredEvent> wanted = new ArrayList<>(0);
  private Onlooker onlooker = Onlooker.NOBODY;

  Unsaved(Tx tx) {
    this.tx = tx;
  }

  /** Has {@code newOnlooker} asked of each event whether it wants to see what came of it. */
  void show(Onlooker newOnlooker) {
    onlooker = newOnlooker;
  }

  void add(ScoredEvent event) {
    events.add(event);
    QueuedEvent queued = event.queued();
    if (!EventId.isSystem(queued.seq()) && onlooker.wantsScore(queued.event().unit())) {
      wanted.add(event);
    }
    LeadState lead = event.lead();
    if (lead == null) {
      anyWithoutLead = true;
    } else {
      leads.add(lead);
    }
  }

  /** Makes the store know all events of a lead, or of those that have none. */
  void flushEventsOf(@Nullable LeadState lead) throws StorageException {
    if (lead == null ? anyWithoutLead : leads.contains(lead)) {
      flush();
    }
  }

  void flush() throws StorageException {
    if (!events.isEmpty()) {
      tx.save(events);
      events.clear();
      leads.clear();
      anyWithoutLead = false;
    }
  }

  /** Returns what the onlooker wants to see, with the scores as they stand. */
  List<SeenScore> seen(Rules.Snapshot rules, ScoreWatch scores) {
    List<SeenScore> all = new ArrayList<>(wanted.size());
    for (ScoredEvent event : wanted) {
      RuleSetup setup = rules.setup(event.queued().event().unit());
      LeadState lead = event.lead();
      all.add(
          new SeenScore(
              event.queued(),
              lead == null ? null : lead.leadId(),
              event.suppression(),
              event.contributions(),
              lead == null ? Map.of() : scores.shown(lead),
              setup,
              null));
    }
    return all;
  }
}
