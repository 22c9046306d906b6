package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.engine.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lead while its events are being scored. Changed only inside the transaction that will write it;
 * a store that keeps it for the next batch must forget it when that transaction fails.
 */
public final class LeadState {
  private static final long MILLIS_PER_HOUR = 3_600_000;

  private final long key;
  private final long unit;
  private final String leadId;
  private final long createdAtMillis;
  private final Ledger ledger;
  private final List<Kept> kept = new ArrayList<>(2);
  private boolean isNew;
  private long updatedAtMillis;
  private @Nullable String lastEventType;
  private long fades;
  private long decayDueMillis = Long.MAX_VALUE;
  private @Nullable String profile;
  private @Nullable Map<Long, Long> newProfileScores;
  private @Nullable Map<String, Recent> recents;
  private final LeadTriggers triggers = new LeadTriggers();
  private long watchedAtMillis = Standing.NEVER;
  private boolean replayWanted;
  private boolean rarelyChanged;
  private long touched;

  /** Makes a lead that the store does not have yet. */
  LeadState(long key, long unit, String leadId, long createdAtMillis) {
    this(key, unit, leadId, createdAtMillis, createdAtMillis, null, new Ledger(), 0);
    this.isNew = true;
  }

  /**
   * Makes a lead as the store has it.
   *
   * @param ledger what stands, see {@link #kept}
   * @param fades the {@link io.kenbun.lite.engine.HalfLives#fingerprint} that the ledger is for
   */
  public LeadState(
      long key,
      long unit,
      String leadId,
      long createdAtMillis,
      long updatedAtMillis,
      @Nullable String lastEventType,
      Ledger ledger,
      long fades) {
    this.key = key;
    this.unit = unit;
    this.leadId = leadId;
    this.createdAtMillis = createdAtMillis;
    this.updatedAtMillis = updatedAtMillis;
    this.lastEventType = lastEventType;
    this.ledger = ledger;
    this.fades = fades;
  }

  /**
   * Since when a ruleset's score is as the store has it.
   *
   * <p>Before it changes in an hour after that, what stood is to be kept as a segment of the hourly
   * history.
   */
  public static final class Kept {
    private final long ruleset;
    private long sinceHour;
    private @Nullable Standing before;

    Kept(long ruleset, long sinceHour) {
      this.ruleset = ruleset;
      this.sinceHour = sinceHour;
    }

    /** Returns the first hour, counted from 1970, on which the snapshot is this one. */
    public long sinceHour() {
      return sinceHour;
    }

    /** Returns what stood at {@link #sinceHour}, if hours have passed with it, else null. */
    public @Nullable Standing before() {
      return before;
    }
  }

  /** Returns the hour a time lies in, counted from 1970. */
  public static long hour(long millis) {
    return Math.floorDiv(millis, MILLIS_PER_HOUR);
  }

  /** Enters what the store has of one ruleset's score, besides the ledger's standing. */
  public void enter(Standing standing, long sinceHour) {
    ledger.enter(standing);
    kept.add(new Kept(standing.ruleset(), sinceHour));
  }

  /** Holds on to what stands, in case that it is about to change. */
  void aboutToChange(long nowMillis) {
    for (int i = 0; i < kept.size(); i++) {
      Kept row = kept.get(i);
      if (row.before == null && row.sinceHour <= hour(nowMillis)) {
        Standing standing = ledger.standing(row.ruleset);
        row.before = standing == null ? new Standing(row.ruleset) : standing.copy();
      }
    }
  }

  /** Returns the row of the ruleset, a new one if need be. */
  public Kept kept(long ruleset, long nowMillis) {
    for (int i = 0; i < kept.size(); i++) {
      if (kept.get(i).ruleset == ruleset) {
        return kept.get(i);
      }
    }
    Kept row = new Kept(ruleset, hour(nowMillis) + 1);
    kept.add(row);
    return row;
  }

  /** The store has written the standing of {@code row}, and the segment before it. */
  public void saved(Kept row, long nowMillis) {
    row.before = null;
    row.sinceHour = hour(nowMillis) + 1;
  }

  /** The store has written the lead. */
  public void saved() {
    isNew = false;
    newProfileScores = null;
    rarelyChanged = false;
  }

  /** Says whether the book of that stamp touches it for the first time. */
  boolean touch(long stamp) {
    boolean first = touched != stamp;
    touched = stamp;
    return first;
  }

  /** Leaves a zero where there was a score and none is any more. */
  void keepZeros() {
    for (Kept row : kept) {
      if (ledger.standing(row.ruleset) == null) {
        ledger.enter(Standing.cleared(row.ruleset));
      }
    }
  }

  public long key() {
    return key;
  }

  /** Says whether the store does not have it yet. */
  public boolean isNew() {
    return isNew;
  }

  /**
   * Says whether more has changed than most events change: the last event and how far its scores
   * are added up.
   */
  public boolean isRarelyChanged() {
    return rarelyChanged;
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

  void updated(long nowMillis) {
    updatedAtMillis = Math.max(updatedAtMillis, nowMillis);
  }

  /** Returns the type of the event with the newest timestamp, null when there is none. */
  public @Nullable String lastEventType() {
    return lastEventType;
  }

  void lastEventType(@Nullable String eventType) {
    lastEventType = eventType;
  }

  public Ledger ledger() {
    return ledger;
  }

  public long fades() {
    return fades;
  }

  void fades(long fingerprint) {
    rarelyChanged = true;
    fades = fingerprint;
  }

  /** Returns a time before which no decay is due, {@link Long#MAX_VALUE} when none will be. */
  public long decayDueMillis() {
    return decayDueMillis;
  }

  /** Sets {@link #decayDueMillis}. */
  public void decayDueMillis(long millis) {
    rarelyChanged = true;
    decayDueMillis = millis;
  }

  /** Returns the profile as JSON, null when it is empty. */
  public @Nullable String profile() {
    return profile;
  }

  /** Sets {@link #profile}. */
  public void profile(@Nullable String json) {
    rarelyChanged = true;
    profile = json;
  }

  /** Returns the profile scores to be written, by ruleset key; null when they have not changed. */
  public @Nullable Map<Long, Long> newProfileScores() {
    return newProfileScores;
  }

  void newProfileScores(Map<Long, Long> scores) {
    newProfileScores = scores;
  }

  /** Has the scores worked out from the whole history at the end of the transaction. */
  void wantReplay() {
    replayWanted = true;
  }

  boolean replayWanted() {
    return replayWanted;
  }

  void replayed() {
    replayWanted = false;
  }

  Map<String, Recent> recents() {
    if (recents == null) {
      recents = new HashMap<>(4);
    }
    return recents;
  }

  /** Forgets what it knows of single events, since some of them have changed hands or gone. */
  void forgetRecents() {
    recents = null;
    triggers.forgetEvents();
  }

  LeadTriggers triggers() {
    return triggers;
  }

  /**
   * Returns until when its scores were watched for crossings, {@link Standing#NEVER} when they
   * never were.
   */
  public long watchedAtMillis() {
    return watchedAtMillis;
  }

  /** Sets {@link #watchedAtMillis}. */
  public void watchedAtMillis(long millis) {
    watchedAtMillis = millis;
  }
}
