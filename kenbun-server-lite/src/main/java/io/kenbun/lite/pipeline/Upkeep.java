package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.OrgUnit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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

  /**
   * How many events one transaction is about at most, but for a lead that has more and is replayed:
   * some ten milliseconds, for which scoring waits.
   */
  static final int EVENTS_PER_STEP = 2_000;

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
  private @Nullable List<Long> deletions; // What the server before this one has left; null: ask.
  private @Nullable Matched matched;
  private volatile boolean stopped;
  private PipelineListener listener = PipelineListener.NONE;
  private Onlooker onlooker = Onlooker.NOBODY;

  public Upkeep(Storage storage, Rules rules, MetadataReader metadataReader, InstantSource clock) {
    this.storage = storage;
    this.rules = rules;
    this.metadataReader = metadataReader;
    this.clock = clock;
  }

  /** Has {@code newListener} told of what fires. Called before the first step. */
  public void listen(PipelineListener newListener) {
    listener = newListener;
  }

  /** Shows {@code newOnlooker} what fires. Called before the first step. */
  public void show(Onlooker newOnlooker) {
    onlooker = newOnlooker;
  }

  private void tell(List<Firing> fired) {
    if (!fired.isEmpty()) {
      listener.fired(fired);
      onlooker.fired(fired);
    }
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
    return deleteOfLeads() || delete() || rescore() || pass() || decay();
  }

  private boolean deleteOfLeads() throws StorageException {
    return storage.change(tx -> tx.deleteNextOfLeads(EVENTS_PER_STEP));
  }

  /** Goes on with what was being deleted when the server was stopped. */
  private boolean delete() throws StorageException {
    List<Long> left = deletions;
    if (left == null) {
      left = new ArrayList<>(storage.change(ChangeTx::deletions));
      deletions = left;
    }
    if (left.isEmpty()) {
      return false;
    }
    long deletion = left.get(0);
    if (!storage.change(tx -> tx.deleteNext(deletion, EVENTS_PER_STEP) != null)) {
      left.remove(0);
    }
    return true;
  }

  /** Returns the first of the leads, as many as a transaction may be about. */
  static List<Long> few(ChangeTx tx, List<Long> leads) throws StorageException {
    long events = 0;
    for (int i = 0; i < leads.size(); i++) {
      events += tx.countEvents(leads.get(i));
      if (i > 0 && events > EVENTS_PER_STEP) {
        return leads.subList(0, i);
      }
    }
    return leads;
  }

  /** How far the events of one lead are matched anew, with which rules and from when on. */
  private record Matched(Rules.Snapshot with, long fromMillis, long lead, long seq) {}

  private boolean rescore() throws StorageException {
    AtomicReference<@Nullable Matched> reached = new AtomicReference<>();
    boolean any = storage.change(tx -> rescore(tx, reached));
    matched = reached.get(); // Not before: what is undone has to be matched again.
    return any;
  }

  private boolean rescore(ChangeTx tx, AtomicReference<@Nullable Matched> reached)
      throws StorageException {
    reached.set(null); // A transaction may come again.
    ChangeTx.Rescoring rescoring = tx.rescoring();
    if (rescoring == null) {
      return false;
    }
    long unit = rescoring.unit();
    List<Long> slice = few(tx, tx.leadsAfter(unit, rescoring.lastLead(), LEADS_PER_STEP));
    if (slice.isEmpty()) {
      tx.rescoreProgress(unit, null);
      log.info("Scored unit {} anew", unit);
      return true;
    }
    Rules.Snapshot snapshot = rules.current();
    Rescorer rescorer = new Rescorer(snapshot.engine(unit), metadataReader, tx);
    reached.set(matched(rescorer, snapshot, rescoring.fromMillis(), slice));
    if (reached.get() != null) {
      return true; // One lead with many events; they go on being matched.
    }
    LeadBook book = tx.book(slice);
    Pass pass = new Pass(snapshot, metadataReader, tx.tx(), book);
    for (long key : slice) {
      LeadState lead = book.byKey(key);
      if (lead != null) {
        pass.replayLater(lead);
      }
    }
    pass.finish();
    tx.rescoreProgress(unit, slice.get(slice.size() - 1));
    return true;
  }

  /**
   * Matches the leads' events anew: of a first lead with very many the next of them, beginning anew
   * when the rules have changed meanwhile, or the server was started anew.
   *
   * @return how far the one is that is not done; null when all of them are
   */
  private @Nullable Matched matched(
      Rescorer rescorer, Rules.Snapshot snapshot, long fromMillis, List<Long> leads)
      throws StorageException {
    Matched before = matched;
    for (long lead : leads) {
      long after =
          before != null
                  && isSame(before.with, snapshot)
                  && before.fromMillis == fromMillis
                  && before.lead == lead
              ? before.seq
              : Long.MIN_VALUE;
      long seq = rescorer.rescore(lead, fromMillis, after, EVENTS_PER_STEP);
      if (seq != Long.MAX_VALUE) {
        return new Matched(snapshot, fromMillis, lead, seq);
      }
    }
    return null;
  }

  /** Goes over all leads once an hour, and whenever the rules or many leads have changed. */
  private boolean pass() throws StorageException {
    Rules.Snapshot snapshot = rules.current();
    long hour = LeadState.hour(clock.millis());
    long changes = storage.leftToRefresh();
    if (!isSame(passedWith, snapshot) || passedHour != hour || passedChanges != changes) {
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
      long last = refresh(snapshot, leads);
      removeSegments(passedLead, last);
      passedLead = last;
      return true;
    }
    stale = false;
    return false;
  }

  @SuppressWarnings("ReferenceEquality") // A snapshot is replaced whole, and nothing else is asked.
  private static boolean isSame(Rules.@Nullable Snapshot known, Rules.Snapshot snapshot) {
    return known == snapshot;
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

  /** Brings the first of the leads up to date; returns the last of those. */
  private long refresh(Rules.Snapshot snapshot, List<Long> leads) throws StorageException {
    long[] last = new long[1];
    tell(
        storage.change(
            tx -> {
              LeadBook book = tx.book(leads);
              Pass pass = new Pass(snapshot, metadataReader, tx.tx(), book);
              long events = 0;
              for (long key : leads) {
                LeadState lead = book.byKey(key);
                if (lead != null) {
                  events += pass.refresh(lead) ? tx.countEvents(key) : 0;
                }
                last[0] = key;
                if (events > EVENTS_PER_STEP) {
                  break;
                }
              }
              pass.finish();
              return pass.fired();
            }));
    return last[0];
  }

  private boolean decay() throws StorageException {
    List<Long> due = storage.leadsWithDecayDue(clock.millis(), LEADS_PER_STEP);
    if (due.isEmpty()) {
      return false;
    }
    tell(
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
              return pass.fired();
            }));
    return true;
  }
}
