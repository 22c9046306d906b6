package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Decay;
import io.kenbun.lite.engine.Earned;
import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Policies;
import io.kenbun.lite.engine.Profile;
import io.kenbun.lite.engine.Replay;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.engine.Suppression;
import io.kenbun.lite.engine.Windows;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction does to leads, in the contract's order ({@code scoring.md} 13): who is
 * meant, is it suppressed, what does it give, what does it do to the profile. For one thread and
 * one transaction; {@link #finish} ends it.
 */
final class Pass {
  private final Rules.Snapshot rules;
  private final MetadataReader metadataReader;
  private final Tx tx;
  private final LeadBook book;
  private final long nowMillis;
  private final Unsaved unsaved;
  private final List<LeadState> toReplay = new ArrayList<>();
  private final Set<LeadState> settled = new HashSet<>();
  private final Velocity velocity;
  private final Firings firings;
  private final ScoreWatch scoreWatch;
  private final WindowWatch windowWatch;
  private final Map<LeadState, Unsettled> unsettled = new HashMap<>();
  private final Map<LeadState, Integer> replays = new HashMap<>();
  private int suppressed;

  // A replay reads the lead's whole history, so that only so many are made at once in a
  // transaction; the crossings of what comes after are told together, by the last event.
  private static final int MAX_REPLAYS_AT_ONCE = 8;

  /** A change whose crossings only a replay can tell. */
  private static final class Unsettled {
    final long[] before;
    final QueuedEvent cause;

    Unsettled(long[] before, QueuedEvent cause) {
      this.before = before;
      this.cause = cause;
    }
  }

  Pass(Rules.Snapshot rules, MetadataReader metadataReader, Tx tx, LeadBook book) {
    this.rules = rules;
    this.metadataReader = metadataReader;
    this.tx = tx;
    this.book = book;
    this.nowMillis = tx.nowMillis();
    this.unsaved = new Unsaved(tx);
    this.velocity = new Velocity(tx, unsaved::flushEventsOf);
    this.firings = new Firings(tx);
    this.scoreWatch = new ScoreWatch(rules, tx, firings);
    this.windowWatch = new WindowWatch(rules, tx, firings, scoreWatch);
  }

  /**
   * Scores one event. When it throws a {@code RuntimeException}, nothing was changed for it.
   *
   * @param again whether it comes after events that it was queued before
   */
  void score(QueuedEvent queued, boolean again) throws StorageException {
    RawEvent event = queued.event();
    Engine engine = rules.engine(event.unit());
    EventMetadata metadata = new EventMetadata(event.metadata(), metadataReader);
    LeadState known = book.find(event);
    Suppression.Verdict verdict = velocity.verdict(engine.suppression(), event, known, metadata);
    if (verdict != null) {
      suppressed(queued, known, verdict);
      return;
    }
    Earned earned = engine.earned(event.eventType(), event.timestampMillis(), metadata);
    Mapped mapped = mapped(engine.profile(), event, known, metadata);
    LeadState lead = book.findOrCreate(event);
    if (lead.isNew()) {
      lead.fades(engine.halfLives().fingerprint());
    }
    boolean removed = Policies.isBeforeReset(event.timestampMillis(), lead.ledger().resetMillis());
    long[] before = aboutToScore(queued, lead, engine, removed ? Earned.NOTHING : earned, removed);
    Windows.Watched watched = engine.windows().watched(event.eventType());
    long headline = watched == null ? 0 : scoreWatch.headline(lead, before);
    apply(queued, lead, engine, removed ? Earned.NOTHING : earned, removed, again);
    velocity.count(engine.suppression(), lead, event);
    if (mapped != null) {
      lead.profile(mapped.profile);
      if (mapped.scores != null) {
        lead.newProfileScores(mapped.scores);
      }
    }
    lead.updated(event.receivedAtMillis());
    if (watched != null && windowWatch.mustLoad(lead, watched)) {
      unsaved.flushEventsOf(lead);
      windowWatch.load(lead, event, watched);
    }
    unsaved.add(
        new ScoredEvent(
            queued,
            lead,
            removed ? List.of() : earned.contributions(),
            null,
            removed ? ScoredEvent.REMOVED : 0,
            null));
    scored(queued, lead, before);
    if (watched != null) {
      windowWatch.happened(
          lead, queued, watched, headline, again, () -> unsaved.flushEventsOf(lead));
    }
  }

  /**
   * Tells of everything that crossed thresholds before the event.
   *
   * @return the watched scores before it; null when nothing is watched
   */
  private long @Nullable [] aboutToScore(
      QueuedEvent queued, LeadState lead, Engine engine, Earned earned, boolean removed)
      throws StorageException {
    if (!scoreWatch.isOn(lead.unit())) {
      return null;
    }
    RawEvent event = queued.event();
    boolean stale = lead.fades() != engine.halfLives().fingerprint();
    if ((stale || lead.replayWanted()) && mayReplayAtOnce(lead)) {
      lead.wantReplay();
      replayAtOnce(lead);
    }
    if (!lead.replayWanted() && lead.fades() == engine.halfLives().fingerprint()) {
      if (!removed) {
        lead.aboutToChange(nowMillis);
        lead.ledger()
            .decayBefore(
                event.timestampMillis(),
                earned,
                Policies.isActivity(event.eventType()),
                engine.decay(),
                application -> decayed(lead, application));
      }
      scoreWatch.catchUp(lead);
    }
    return scoreWatch.scores(lead);
  }

  /** Tells of what the event has crossed, or sees to it that it is told of. */
  private void scored(QueuedEvent queued, LeadState lead, long @Nullable [] before)
      throws StorageException {
    if (before == null) {
      return;
    }
    if (!lead.replayWanted()) {
      scoreWatch.changed(lead, before, queued, queued.event().skipTriggers());
      return;
    }
    Unsettled known = unsettled.get(lead);
    unsettled.put(lead, new Unsettled(known == null ? before : known.before, queued));
    if (!queued.event().skipTriggers() && mayReplayAtOnce(lead)) {
      replayAtOnce(lead);
    }
  }

  private boolean mayReplayAtOnce(LeadState lead) {
    return replays.getOrDefault(lead, 0) < MAX_REPLAYS_AT_ONCE;
  }

  private void replayAtOnce(LeadState lead) throws StorageException {
    replays.merge(lead, 1, Integer::sum);
    unsaved.flushEventsOf(lead);
    replay(lead);
  }

  private void apply(
      QueuedEvent queued,
      LeadState lead,
      Engine engine,
      Earned earned,
      boolean removed,
      boolean again) {
    RawEvent event = queued.event();
    boolean activity = Policies.isActivity(event.eventType());
    long timestampMillis = event.timestampMillis();
    if (activity && timestampMillis >= lead.ledger().activityMillis()) {
      lead.lastEventType(event.eventType());
    }
    lead.aboutToChange(nowMillis);
    if (removed) {
      if (!lead.ledger().takeRemoved(timestampMillis, activity)) {
        replayLater(lead);
      }
      return;
    }
    if (earned.lowers()) {
      lead.triggers().dueUnknown();
    }
    boolean stale = lead.fades() != engine.halfLives().fingerprint();
    boolean taken =
        !stale
            && !lead.replayWanted()
            && !(again && timestampMillis <= lead.ledger().foldedMillis())
            && lead.ledger()
                .take(
                    timestampMillis,
                    earned,
                    activity,
                    engine.decay(),
                    application -> decayed(lead, application));
    if (!taken) {
      if (activity) {
        lead.ledger().noteActivity(timestampMillis);
      }
      replayLater(lead);
    }
  }

  /** Returns how many of the events so far were kept without a score. */
  int suppressed() {
    return suppressed;
  }

  private void suppressed(QueuedEvent queued, @Nullable LeadState lead, Suppression.Verdict verdict)
      throws StorageException {
    RawEvent event = queued.event();
    if (lead != null && verdict.isCounted()) {
      velocity.count(rules.engine(event.unit()).suppression(), lead, event);
    }
    suppressed++;
    unsaved.add(
        new ScoredEvent(
            queued,
            lead,
            List.of(),
            verdict.reason(),
            verdict == Suppression.Verdict.COLLAPSED ? ScoredEvent.COLLAPSED : 0,
            lead == null ? Velocity.nameOf(event) : null));
  }

  /** A profile that an event has changed, and what it is worth; null when only times changed. */
  private record Mapped(String profile, @Nullable Map<Long, Long> scores) {}

  private @Nullable Mapped mapped(
      Profile profile, RawEvent event, @Nullable LeadState lead, EventMetadata metadata) {
    if (!profile.isMapped() || event.metadata() == null) {
      return null;
    }
    Map<String, Profile.Field> before =
        ProfileText.read(lead == null ? null : lead.profile(), metadataReader);
    Map<String, Profile.Field> after =
        profile.updated(before, metadata.get(), event.timestampMillis());
    if (after == before) {
      return null;
    }
    boolean same = Profile.haveSameValues(before, after);
    return new Mapped(ProfileText.write(after), same ? null : profile.scores(after));
  }

  /** Has the lead's scores worked out from its whole history before the transaction ends. */
  void replayLater(LeadState lead) {
    if (!lead.replayWanted()) {
      lead.wantReplay();
      toReplay.add(lead);
    }
  }

  /** Applies what decay is due by now. */
  void decay(LeadState lead) {
    Engine engine = rules.engine(lead.unit());
    book.change(lead);
    settled.add(lead);
    lead.aboutToChange(nowMillis);
    if (lead.fades() == engine.halfLives().fingerprint()) {
      lead.ledger()
          .decayUntil(nowMillis, engine.decay(), application -> decayed(lead, application));
      if (scoreWatch.isOn(lead.unit())) {
        scoreWatch.catchUp(lead);
      }
    } else {
      replayLater(lead);
    }
  }

  /** Brings what is shown in lists up to date; says whether that takes a replay. */
  boolean refresh(LeadState lead) {
    if (lead.fades() == rules.engine(lead.unit()).halfLives().fingerprint()) {
      book.refresh(lead);
      if (lead.decayDueMillis() <= nowMillis) {
        decay(lead); // First, or what fades would be told as if nothing had decayed before.
        return false;
      }
      long before = lead.decayDueMillis();
      boolean firstLook = false;
      if (scoreWatch.isOn(lead.unit())) {
        firstLook = lead.watchedAtMillis() == Standing.NEVER;
        scoreWatch.catchUp(lead);
      }
      due(lead);
      if (lead.decayDueMillis() != before || firstLook || firings.touched(lead)) {
        book.change(lead);
      }
      return false;
    }
    replayLater(lead);
    return true;
  }

  /**
   * Sets the lead's scores to zero for good.
   *
   * @return what must be called when that is done
   */
  Runnable aboutToReset(LeadState lead) {
    lead.triggers().dueUnknown();
    if (!scoreWatch.isOn(lead.unit())) {
      return () -> {};
    }
    scoreWatch.catchUp(lead);
    long[] before = scoreWatch.scores(lead);
    return () -> scoreWatch.changed(lead, before, null, false);
  }

  /** Has triggers remember of {@code into} what they do of both. */
  void mergeMemories(LeadState into, LeadState source) {
    firings.merge(into, source);
  }

  /** Returns what has fired. */
  List<Firing> fired() {
    return firings.all();
  }

  /** Has {@code onlooker} asked of each event whether it wants to see what came of it. */
  void show(Onlooker onlooker) {
    unsaved.show(onlooker);
  }

  /** Returns what the onlooker wants to see; after {@link #finish}. */
  List<SeenScore> seen() {
    return unsaved.seen(rules, scoreWatch);
  }

  private void decayed(LeadState lead, Decay.Application application) {
    keepDecay(lead, application);
    lead.triggers().dueUnknown();
    scoreWatch.decayed(lead, application);
  }

  private void keepDecay(LeadState lead, Decay.Application application) {
    try {
      unsaved.add(
          SystemEvents.decay(
              tx.nextSystemSeq(), lead, application, rules.setup(lead.unit()), nowMillis));
    } catch (StorageException e) {
      throw new UncheckedStorageException(e);
    }
  }

  /** Keeps an event that the server has made. */
  void add(ScoredEvent event) {
    unsaved.add(event);
  }

  /** Works out what is left to, and writes everything. */
  void finish() throws StorageException {
    unsaved.flush();
    for (LeadState lead : toReplay) {
      if (lead.replayWanted()) {
        replay(lead);
      }
    }
    unsaved.flush();
    for (LeadState lead : book.changed()) {
      due(lead);
    }
    tx.save(book);
    firings.save(); // After the leads: who is told may want to know of them.
  }

  private void replay(LeadState lead) throws StorageException {
    Engine engine = rules.engine(lead.unit());
    book.change(lead);
    settled.add(lead);
    lead.aboutToChange(nowMillis);
    lead.triggers().dueUnknown();
    Replay replay = Replay.run(lead.ledger(), tx.history(lead), engine, nowMillis);
    lead.keepZeros();
    lead.fades(engine.halfLives().fingerprint());
    lead.replayed();
    lead.lastEventType(tx.lastActivityType(lead));
    tx.remove(replay.removed());
    for (Decay.Application application : replay.added()) {
      keepDecay(lead, application);
    }
    Unsettled change = unsettled.remove(lead);
    if (change == null) {
      scoreWatch.moveBaseline(lead);
    } else {
      scoreWatch.changed(lead, change.before, change.cause, change.cause.event().skipTriggers());
    }
  }

  /**
   * Says when the lead is to be looked at again. A time too early costs one look in vain, so it is
   * left as it is by the events that put decay off.
   */
  private void due(LeadState lead) {
    boolean done = !settled.isEmpty() && settled.contains(lead);
    long decays =
        lead.ledger()
            .nextDecayMillis(rules.engine(lead.unit()).decay(), done ? nowMillis : Long.MIN_VALUE);
    long limit = done ? decays : Math.min(decays, lead.decayDueMillis());
    long next =
        !done && scoreWatch.isDueKnown(lead)
            ? decays
            : Math.min(decays, scoreWatch.dueMillis(lead, limit));
    if (done || next < lead.decayDueMillis()) {
      lead.decayDueMillis(next);
    }
  }
}
