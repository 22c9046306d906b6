package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.OrgUnit;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What time does to scores by itself, a slice at a time: decay that is due, once an hour the scores
 * that fade, leads whose half-lives have changed, a rescore that was asked for. Whatever was missed
 * while it did not run is made up for, and comes out the same. For one thread.
 */
public final class Upkeep {
  /** How many leads one transaction is about at most. */
  static final int LEADS_PER_STEP = 500;

  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final long HOURS_OF_HISTORY = 90L * 24;

  private final Storage storage;
  private final Rules rules;
  private final MetadataReader metadataReader;
  private final InstantSource clock;
  private Rules.@Nullable Snapshot passedWith;
  private long passedHour = Long.MIN_VALUE;
  private long passedUnitsBefore = Long.MIN_VALUE;
  private long passedLead;
  private long passedChanges;
  private boolean stale = true;
  private volatile boolean stopped;

  public Upkeep(Storage storage, Rules rules, MetadataReader metadataReader, InstantSource clock) {
    this.storage = storage;
    this.rules = rules;
    this.metadataReader = metadataReader;
    this.clock = clock;
  }

  /** Does one slice of what there is to do; says when the next is to come. */
  public Loop.Next next() throws StorageException {
    try {
      return !stopped && step() ? Loop.Next.AT_ONCE : Loop.Next.WHEN_WOKEN;
    } catch (UncheckedStorageException e) {
      throw e.failure();
    }
  }

  /** Leaves what is not done to the next start. Any thread. */
  public void stop() {
    stopped = true;
  }

  /** Does everything that is due now, for tests and for a clock that was moved. */
  public void catchUp() throws StorageException {
    Loop.Next next = Loop.Next.AT_ONCE;
    while (next == Loop.Next.AT_ONCE) {
      next = next();
    }
  }

  private boolean step() throws StorageException {
    return rescore() || pass() || decay();
  }

  private boolean rescore() throws StorageException {
    Map<Long, Long> rescoring = storage.change(ChangeTx::rescoring);
    if (rescoring.isEmpty()) {
      return false;
    }
    Map.Entry<Long, Long> first = rescoring.entrySet().iterator().next();
    storage.change(
        tx -> {
          long unit = first.getKey();
          List<Long> slice = tx.leadsAfter(unit, first.getValue(), LEADS_PER_STEP);
          if (slice.isEmpty()) {
            tx.rescoreProgress(unit, null);
            log.info("Scored unit {} anew", unit);
            return unit;
          }
          LeadBook book = tx.book(slice);
          Pass pass = new Pass(rules.current(), metadataReader, tx.tx(), book);
          Rescorer rescorer = new Rescorer(rules.current().engine(unit), metadataReader, tx);
          for (long key : slice) {
            LeadState lead = book.byKey(key);
            if (lead != null) {
              rescorer.rescore(lead);
              pass.replayLater(lead);
            }
          }
          pass.finish();
          tx.rescoreProgress(unit, slice.get(slice.size() - 1));
          return unit;
        });
    return true;
  }

  /** Goes over all leads once an hour, and whenever the rules or many leads have changed. */
  private boolean pass() throws StorageException {
    Rules.Snapshot snapshot = rules.current();
    long hour = LeadState.hour(clock.millis());
    long changes = storage.leftToRefresh();
    if (!isSame(snapshot) || passedHour != hour || passedChanges != changes) {
      passedChanges = changes;
      passedWith = snapshot;
      passedHour = hour;
      passedUnitsBefore = Long.MIN_VALUE;
      passedLead = 0;
      stale = true;
    }
    if (!stale) {
      return false;
    }
    for (OrgUnit unit : snapshot.units()) {
      if (unit.key() <= passedUnitsBefore) {
        continue;
      }
      List<Long> leads =
          storage.leadsToRefresh(
              unit.key(),
              passedLead,
              snapshot.engine(unit.key()).halfLives().fingerprint(),
              !snapshot.setup(unit.key()).decayRules().isEmpty(),
              LEADS_PER_STEP);
      if (leads.isEmpty()) {
        removeSegments(passedLead, Long.MAX_VALUE);
        passedUnitsBefore = unit.key();
        passedLead = 0;
        continue;
      }
      refresh(snapshot, leads);
      long last = leads.get(leads.size() - 1);
      removeSegments(passedLead, last);
      passedLead = last;
      return true;
    }
    stale = false;
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // A snapshot is replaced whole, and nothing else is asked.
  private boolean isSame(Rules.Snapshot snapshot) {
    return passedWith == snapshot;
  }

  private void removeSegments(long afterLead, long toLead) throws StorageException {
    if (passedHour % 24 == 0) {
      storage.change(
          tx -> {
            tx.removeSegments(afterLead + 1, toLead, passedHour - HOURS_OF_HISTORY);
            return toLead;
          });
    }
  }

  private void refresh(Rules.Snapshot snapshot, List<Long> leads) throws StorageException {
    storage.change(
        tx -> {
          LeadBook book = tx.book(leads);
          Pass pass = new Pass(snapshot, metadataReader, tx.tx(), book);
          for (long key : leads) {
            LeadState lead = book.byKey(key);
            if (lead != null) {
              pass.refresh(lead);
            }
          }
          pass.finish();
          return leads;
        });
  }

  private boolean decay() throws StorageException {
    List<Long> due = storage.leadsWithDecayDue(clock.millis(), LEADS_PER_STEP);
    if (due.isEmpty()) {
      return false;
    }
    storage.change(
        tx -> {
          LeadBook book = tx.book(due);
          Pass pass = new Pass(rules.current(), metadataReader, tx.tx(), book);
          for (long key : due) {
            LeadState lead = book.byKey(key);
            if (lead != null) {
              pass.decay(lead);
            }
          }
          pass.finish();
          return due;
        });
    return true;
  }
}
