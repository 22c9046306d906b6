package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Profile;
import io.kenbun.lite.model.Firing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What people do to leads: reset, merge, delete. Any thread; each call waits for the batch that is
 * being scored, is one transaction or several, and leaves every score equal to a replay of the
 * history that survives. Events that were accepted and are not scored yet come after it.
 */
public final class LeadChanges {
  private final Storage storage;
  private final Rules rules;
  private final MetadataReader metadataReader;
  private final LeadProfiles profiles;
  private final Rescores rescores;
  private volatile Runnable upkeepWanted = () -> {};
  private PipelineListener listener = PipelineListener.NONE;
  private Onlooker onlooker = Onlooker.NOBODY;

  public LeadChanges(Storage storage, Rules rules, MetadataReader metadataReader) {
    this.storage = storage;
    this.rules = rules;
    this.metadataReader = metadataReader;
    this.profiles = new LeadProfiles(storage, rules, metadataReader);
    this.rescores = new Rescores(storage, rules, metadataReader);
  }

  /** Returns what people write about leads. */
  public LeadProfiles profiles() {
    return profiles;
  }

  /** Returns what scores leads anew. */
  public Rescores rescores() {
    return rescores;
  }

  /** Has {@code wake} run whenever there is something for {@link Upkeep} to do. */
  public void onUpkeepWanted(Runnable wake) {
    upkeepWanted = wake;
    rescores.onUpkeepWanted(wake);
  }

  /** Has both told of what fires. Called before the first change. */
  public void listen(PipelineListener newListener, Onlooker newOnlooker) {
    listener = newListener;
    onlooker = newOnlooker;
  }

  private Pass pass(ChangeTx tx, LeadBook book) {
    return new Pass(rules.current(), metadataReader, tx.tx(), book);
  }

  /**
   * Sets the lead's engagement scores to zero for good ({@code scoring.md} 10.1).
   *
   * @return what they were, by ruleset key; null when the unit has no such lead
   */
  public @Nullable Map<Long, Long> reset(long unit, String leadId) throws StorageException {
    List<Firing> fired = new ArrayList<>();
    Optional<Map<Long, Long>> scores =
        UncheckedStorageException.change(
            storage,
            tx -> {
              LeadState lead = lead(tx, unit, leadId);
              if (lead == null) {
                return Optional.empty();
              }
              long nowMillis = tx.tx().nowMillis();
              Engine engine = rules.current().engine(unit);
              Map<Long, Long> before = tx.scoresAt(lead.key(), engine, nowMillis);
              LeadBook book = tx.book(List.of(lead.key()));
              Pass pass = pass(tx, book);
              book.change(lead);
              lead.aboutToChange(nowMillis);
              Runnable done = pass.aboutToReset(lead);
              tx.removeContributions(lead.key());
              lead.ledger().reset(nowMillis);
              lead.keepZeros();
              done.run();
              lead.fades(engine.halfLives().fingerprint());
              lead.updated(nowMillis);
              pass.add(
                  SystemEvents.reset(
                      tx.tx().nextSystemSeq(),
                      lead,
                      before,
                      rules.current().setup(unit),
                      nowMillis));
              pass.finish();
              fired.addAll(pass.fired());
              return Optional.of(before);
            });
    if (!fired.isEmpty()) {
      listener.fired(fired);
      onlooker.fired(fired);
    }
    return scores.orElse(null);
  }

  private static @Nullable LeadState lead(ChangeTx tx, long unit, String leadId)
      throws StorageException {
    Long key = tx.leadKey(unit, leadId);
    return key == null ? null : tx.book(List.of(key)).byKey(key);
  }

  /**
   * What a merge is about.
   *
   * @param targetEvents how many events the target has
   * @param totalEvents how many it will have, before the {@code lead_merged} event
   * @param scores the headline score of each source now, by lead id
   */
  public record Merge(
      long targetEvents,
      long totalEvents,
      long targetAliases,
      long totalAliases,
      long targetScore,
      Map<String, Long> scores) {}

  /**
   * Says what {@link #merge} would do.
   *
   * @return null when one of the leads does not exist
   */
  public @Nullable Merge previewMerge(long unit, String target, Collection<String> sources)
      throws StorageException {
    Optional<Merge> merge =
        UncheckedStorageException.change(
            storage, tx -> Optional.ofNullable(describe(tx, unit, target, sources)));
    return merge.orElse(null);
  }

  private @Nullable Merge describe(
      ChangeTx tx, long unit, String target, Collection<String> sources) throws StorageException {
    Long targetKey = tx.leadKey(unit, target);
    if (targetKey == null) {
      return null;
    }
    long targetEvents = tx.countEvents(targetKey);
    long targetAliases = tx.countAliases(targetKey);
    long totalEvents = targetEvents;
    long totalAliases = targetAliases;
    Map<String, Long> scores = new LinkedHashMap<>();
    for (String source : sources) {
      Long key = tx.leadKey(unit, source);
      if (key == null) {
        return null;
      }
      totalEvents += tx.countEvents(key);
      totalAliases += tx.countAliases(key);
      scores.put(source, rescores.headline(tx, unit, key));
    }
    return new Merge(
        targetEvents,
        totalEvents,
        targetAliases,
        totalAliases,
        rescores.headline(tx, unit, targetKey),
        scores);
  }

  /**
   * Moves the sources' events and aliases to the target and soft-deletes them; what names a source
   * later means the target ({@code scoring.md} 13).
   *
   * @param sources distinct, and without the target
   * @param by who asked for it, for the {@code lead_merged} event
   * @return what it was about; null, and nothing is done, when one of the leads does not exist
   */
  public @Nullable Merge merge(long unit, String target, Collection<String> sources, String by)
      throws StorageException {
    Optional<Merge> merged =
        UncheckedStorageException.change(
            storage,
            tx -> {
              Merge merge = describe(tx, unit, target, sources);
              if (merge == null) {
                return Optional.empty();
              }
              List<Long> keys = new ArrayList<>();
              keys.add(known(tx.leadKey(unit, target), target));
              for (String source : sources) {
                keys.add(known(tx.leadKey(unit, source), source));
              }
              LeadBook book = tx.book(keys);
              LeadState into = known(book.byKey(keys.get(0)), target);
              long nowMillis = tx.tx().nowMillis();
              Pass pass = pass(tx, book);
              into.aboutToChange(nowMillis);
              for (long key : keys.subList(1, keys.size())) {
                LeadState source = known(book.byKey(key), String.valueOf(key));
                pass.mergeMemories(into, source);
                tx.merge(source, into);
                into.ledger().takeOver(source.ledger());
                mergeProfile(into, source, rules.current().engine(unit).profile());
              }
              matchIfRescored(tx, unit, into);
              into.forgetRecents();
              into.updated(nowMillis);
              pass.add(SystemEvents.merged(tx.tx().nextSystemSeq(), into, sources, by, nowMillis));
              pass.replayLater(into);
              pass.finish();
              return Optional.of(merge);
            });
    return merged.orElse(null);
  }

  /**
   * Matches all of the lead's events anew while a rescore is under way: it may have come past this
   * lead already, and not yet to the one whose events it was given.
   */
  private void matchIfRescored(ChangeTx tx, long unit, LeadState lead) throws StorageException {
    ChangeTx.Rescoring rescoring = tx.rescoring(unit);
    if (rescoring != null) {
      Rescorer rescorer = new Rescorer(rules.current().engine(unit), metadataReader, tx);
      long seq = Long.MIN_VALUE;
      while (seq != Long.MAX_VALUE) {
        seq = rescorer.rescore(lead.key(), rescoring.fromMillis(), seq, Upkeep.EVENTS_PER_STEP);
      }
    }
  }

  private void mergeProfile(LeadState into, LeadState source, Profile profile) {
    Map<String, Profile.Field> fields = ProfileText.read(into.profile(), metadataReader);
    Map<String, Profile.Field> merged =
        profile.merged(fields, ProfileText.read(source.profile(), metadataReader));
    if (!merged.equals(fields)) {
      into.profile(ProfileText.write(merged));
      if (!Profile.haveSameValues(fields, merged)) {
        into.newProfileScores(profile.scores(merged));
      }
    }
  }

  private static <T> T known(@Nullable T found, String what) {
    if (found == null) {
      throw new IllegalStateException("no lead " + what);
    }
    return found;
  }

  /**
   * Deletes a lead and everything of it; says whether the unit had it. It is gone when this
   * returns, and its id and aliases are free; of very many events the rest goes slice by slice in
   * {@link Upkeep}, also across a restart.
   */
  public boolean delete(long unit, String leadId) throws StorageException {
    boolean found =
        UncheckedStorageException.change(
            storage,
            tx -> {
              Long key = tx.leadKey(unit, leadId);
              if (key != null) {
                tx.deletionAsked(unit, leadId, key);
                tx.delete(key, Upkeep.EVENTS_PER_STEP);
              }
              return key != null;
            });
    upkeepWanted.run();
    return found;
  }

  /**
   * Deletes events of the unit with what they gave. Events of the server's own are left alone: what
   * they tell of has happened.
   *
   * @param seqs their seqs; those that are none are passed over
   * @return how many were deleted
   */
  public long deleteEvents(long unit, Collection<Long> seqs) throws StorageException {
    return UncheckedStorageException.change(
        storage,
        tx -> {
          ChangeTx.Deleted deleted = tx.deleteEvents(unit, seqs);
          LeadBook book = tx.book(deleted.leads());
          Pass pass = pass(tx, book);
          for (long key : deleted.leads()) {
            LeadState lead = book.byKey(key);
            if (lead != null) {
              lead.forgetRecents();
              pass.replayLater(lead);
            }
          }
          pass.finish();
          return deleted.events();
        });
  }

  /**
   * Deletes the unit's events of a type that are stored when it is called, with what they gave;
   * leads stay. Many are deleted slice by slice, so that scoring goes on; what a server that died
   * has left of it, {@link Upkeep} of the next does. Reads show the scores without what is gone at
   * once, lists when {@link Upkeep} has passed.
   *
   * @return what this call has deleted: of two at once, each its part
   */
  public ChangeTx.Deleted deleteEventsOfType(long unit, String eventType) throws StorageException {
    long deletion =
        UncheckedStorageException.change(storage, tx -> tx.deleteLater(unit, eventType));
    long events = 0;
    long scored = 0;
    while (true) {
      Optional<ChangeTx.Deleted> slice =
          UncheckedStorageException.change(
              storage, tx -> Optional.ofNullable(tx.deleteNext(deletion, Upkeep.EVENTS_PER_STEP)));
      if (slice.isEmpty()) {
        upkeepWanted.run();
        return new ChangeTx.Deleted(events, scored, List.of());
      }
      events += slice.get().events();
      scored += slice.get().scored();
    }
  }
}
