package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.engine.Profile;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has leads scored anew with the rules in force, or says what that would do. Any thread; done slice
 * by slice, so that scoring goes on.
 */
public final class Rescores {
  private final Storage storage;
  private final Rules rules;
  private final MetadataReader metadataReader;
  private volatile Runnable upkeepWanted = () -> {};

  Rescores(Storage storage, Rules rules, MetadataReader metadataReader) {
    this.storage = storage;
    this.rules = rules;
    this.metadataReader = metadataReader;
  }

  void onUpkeepWanted(Runnable wake) {
    upkeepWanted = wake;
  }

  /**
   * Has every lead of the unit scored anew, with the rules in force when its turn comes ({@code
   * scoring.md} 10.2); {@link Upkeep} does it, also across restarts.
   *
   * @param fromMillis what events gave that happened before it stays
   */
  public void rescore(long unit, long fromMillis) throws StorageException {
    UncheckedStorageException.change(
        storage,
        tx -> {
          tx.startRescore(unit, fromMillis);
          return unit;
        });
    upkeepWanted.run();
  }

  /** Does the same with all that ever happened. */
  public void rescore(long unit) throws StorageException {
    rescore(unit, Long.MIN_VALUE);
  }

  /**
   * What scoring anew would do, of the headline score.
   *
   * @param affected leads that anything was given; the three counts add up to it
   */
  public record Effect(
      long leads,
      long affected,
      long increases,
      long decreases,
      long unchanged,
      double averageChange) {}

  /** Works out what {@link #rescore} would do now; takes about as long, and changes nothing. */
  public Effect preview(long unit) throws StorageException {
    RescoreCount count = new RescoreCount();
    long last = 0;
    while (true) {
      long after = last;
      List<Long> slice =
          UncheckedStorageException.change(storage, tx -> preview(tx, unit, after, count));
      if (slice.isEmpty()) {
        return count.result();
      }
      last = slice.get(slice.size() - 1);
    }
  }

  private List<Long> preview(ChangeTx tx, long unit, long after, RescoreCount count)
      throws StorageException {
    RuleSetup setup = rules.current().setup(unit);
    Engine engine = rules.current().engine(unit);
    Ruleset primary = setup.primaryRuleset();
    List<Long> slice = Upkeep.few(tx, tx.leadsAfter(unit, after, Upkeep.LEADS_PER_STEP));
    LeadBook book = tx.book(slice);
    for (long key : slice) {
      LeadState lead = book.byKey(key);
      if (lead == null) {
        continue;
      }
      Rescorer rescorer = new Rescorer(engine, metadataReader, tx);
      Ledger ledger = rescorer.preview(lead, tx.tx().nowMillis());
      long score = primary == null || ledger == null ? 0 : rescorer.shown(ledger, primary.key());
      count.add(headline(tx, unit, key), score, ledger != null);
    }
    return slice;
  }

  /**
   * Works out what {@link #rescoreProfiles} would change of the score of the primary profile
   * ruleset.
   */
  public Effect previewProfiles(long unit) throws StorageException {
    return profiles(unit, false);
  }

  /**
   * Gives every lead of the unit the profile scores that its profile comes to with the rules in
   * force; done when this returns, slice by slice. A slice that was not reached keeps what it had.
   */
  public void rescoreProfiles(long unit) throws StorageException {
    profiles(unit, true);
  }

  private Effect profiles(long unit, boolean keep) throws StorageException {
    RescoreCount count = new RescoreCount();
    long last = 0;
    while (true) {
      long after = last;
      List<Long> slice =
          UncheckedStorageException.change(storage, tx -> profiles(tx, unit, after, keep, count));
      if (slice.isEmpty()) {
        return count.result();
      }
      last = slice.get(slice.size() - 1);
    }
  }

  private List<Long> profiles(ChangeTx tx, long unit, long last, boolean keep, RescoreCount count)
      throws StorageException {
    ProfileRuleset primary = rules.current().setup(unit).primaryProfileRuleset();
    Profile profile = rules.current().engine(unit).profile();
    List<Long> slice = tx.leadsAfter(unit, last, Upkeep.LEADS_PER_STEP);
    LeadBook book = tx.book(slice);
    Pass pass = new Pass(rules.current(), metadataReader, tx.tx(), book);
    for (long key : slice) {
      LeadState lead = book.byKey(key);
      if (lead == null) {
        continue;
      }
      Map<Long, Long> before = tx.tx().profileScores(lead);
      Map<Long, Long> now = profile.scores(ProfileText.read(lead.profile(), metadataReader));
      boolean affected = lead.profile() != null;
      Map<Long, Long> after = new HashMap<>(before); // Of rulesets not in force they stay.
      after.putAll(now);
      count.add(headline(before, primary), headline(after, primary), affected);
      if (keep && affected && !after.equals(before)) {
        book.change(lead);
        lead.newProfileScores(now);
      }
    }
    pass.finish();
    return slice;
  }

  private static long headline(Map<Long, Long> scores, @Nullable ProfileRuleset primary) {
    return primary == null ? 0 : scores.getOrDefault(primary.key(), 0L);
  }

  /** Returns the lead's score by the primary ruleset now; 0 where there is none. */
  long headline(ChangeTx tx, long unit, long lead) throws StorageException {
    Ruleset primary = rules.current().setup(unit).primaryRuleset();
    return primary == null
        ? 0
        : tx.scoresAt(lead, rules.current().engine(unit), tx.tx().nowMillis())
            .getOrDefault(primary.key(), 0L);
  }
}
