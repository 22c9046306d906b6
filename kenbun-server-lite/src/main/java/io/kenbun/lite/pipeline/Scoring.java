package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.QueuedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the scoring thread does: takes what is queued, works out what it earns, has it committed,
 * tells who waits.
 */
public final class Scoring implements Storage.BatchWorker {
  private static final Logger log = LoggerFactory.getLogger(Scoring.class);

  // A page that several events of a batch change is written once: with 100,000 leads, events write
  // a third of the bytes each at 32,000 in one transaction that they write at 8,000. Only a backlog
  // makes a batch that large; an event that comes alone is one.
  private static final int MAX_BATCH = 32_000;
  private static final int FIRST_BATCH = 2_000;
  private static final int MAX_BATCH_CHARS = 16 << 20;
  private static final int WORTHWHILE_BATCH = 1_000;

  private final Storage storage;
  private final Storage.Work work;
  private final Rules rules;
  private final MetadataReader metadataReader;
  private final Progress progress;
  private PipelineListener listener = PipelineListener.NONE;
  private Onlooker onlooker = Onlooker.NOBODY;
  // Confined to the scoring thread.
  private int limit = FIRST_BATCH;
  private int ceiling = FIRST_BATCH;
  private int drained;
  private int lastScored;
  private int lastSuppressed;
  private int lastFailed;
  private List<Firing> lastFired = List.of();
  private final List<SeenScore> seen = new ArrayList<>(0);
  private @Nullable QueuedEvent first; // Of the batch that was read last.

  public Scoring(Storage storage, Rules rules, MetadataReader metadataReader) {
    this(storage, rules, metadataReader, new Progress(storage.cursor()));
  }

  /**
   * Makes what one of several threads does.
   *
   * @param progress the same for all of them
   */
  public Scoring(Storage storage, Rules rules, MetadataReader metadataReader, Progress progress) {
    this.storage = storage;
    this.work = storage.work();
    this.rules = rules;
    this.metadataReader = metadataReader;
    this.progress = progress;
  }

  public Progress progress() {
    return progress;
  }

  /** Has {@code newListener} told of each batch. Called before the first step. */
  public void listen(PipelineListener newListener) {
    listener = newListener;
  }

  /** Shows {@code newOnlooker} what came of single events. Called before the first step. */
  public void show(Onlooker newOnlooker) {
    onlooker = newOnlooker;
  }

  /**
   * Scores one batch; says when the next is to come. An idle server scores at once. While events
   * trickle in, batches are let grow for a moment: each costs a sync and rewrites the pages of its
   * leads, and nobody waits for a score as one waits for a 202.
   */
  public Loop.Next scoreNext() throws StorageException {
    drained = 0;
    if (!step()) {
      return work.isHeldUp() ? Loop.Next.SOON : Loop.Next.WHEN_WOKEN;
    }
    return drained > 0 && drained < WORTHWHILE_BATCH ? Loop.Next.SOON : Loop.Next.AT_ONCE;
  }

  /** Says whether events are left in the queue that could not be taken a moment ago. */
  public boolean isHeldUp() {
    return work.isHeldUp();
  }

  /** Scores one batch; says whether there may be another. */
  public boolean step() throws StorageException {
    int count;
    first = null;
    seen.clear();
    lastScored = 0;
    lastSuppressed = 0;
    lastFailed = 0;
    try {
      count = work.drain(limit, this);
    } catch (StorageException e) {
      if (e.fault() == StorageException.Fault.STORAGE) {
        throw e; // None of the events is to blame: all of them wait until the store is well.
      }
      return narrowDown(e);
    } catch (RuntimeException e) {
      return narrowDown(e);
    }
    limit = Math.min(ceiling, 2 * limit);
    if (count > 0) {
      drained = count;
      listener.scored(lastScored, lastSuppressed, lastFailed);
      tell();
      progress.advance(storage.cursor());
      return true;
    }
    int again = work.drainFailed(this::applyAgain);
    tell();
    progress.advance(storage.cursor()); // Others may have scored.
    return again > 0;
  }

  private void tell() {
    seen.forEach(onlooker::scored);
    seen.clear();
    if (!lastFired.isEmpty()) {
      listener.fired(lastFired);
      onlooker.fired(lastFired);
      lastFired = List.of();
    }
  }

  /**
   * Something in the batch cannot be written. Half of it is tried, and half of that, until the one
   * event is found and set aside.
   */
  private boolean narrowDown(Exception cause) throws StorageException {
    if (limit > 1) {
      limit = limit / 2;
      return true;
    }
    log.warn("The event after {} cannot be scored and is set aside", storage.cursor(), cause);
    work.setNextAside(String.valueOf(cause));
    listener.scored(0, 0, 1);
    if (first != null && onlooker.wantsScore(first.event().unit())) {
      onlooker.scored(failed(new FailedEvent(first, String.valueOf(cause)), rules.current()));
    }
    progress.advance(storage.cursor());
    return true;
  }

  /** Returns how many events like these may be in memory at once. */
  private static int ceiling(List<QueuedEvent> batch) {
    long chars = 0;
    for (QueuedEvent queued : batch) {
      String metadata = queued.event().metadata();
      chars += metadata == null ? 0 : metadata.length();
    }
    long each = chars / batch.size() + 1;
    return (int) Math.max(1, Math.min(MAX_BATCH, MAX_BATCH_CHARS / each));
  }

  @Override
  public void apply(List<QueuedEvent> batch, Tx tx) throws StorageException {
    apply(batch, tx, false);
  }

  private void applyAgain(List<QueuedEvent> batch, Tx tx) throws StorageException {
    apply(batch, tx, true);
  }

  private void apply(List<QueuedEvent> batch, Tx tx, boolean again) throws StorageException {
    first = batch.get(0);
    seen.clear(); // Of the same events, when they come again.
    Rules.Snapshot snapshot = rules.current();
    Pass pass = new Pass(snapshot, metadataReader, tx, tx.load(batch));
    pass.show(onlooker);
    List<FailedEvent> failed = new ArrayList<>();
    try {
      for (QueuedEvent queued : batch) {
        try {
          pass.score(queued, again);
        } catch (UncheckedStorageException e) {
          throw e;
        } catch (RuntimeException | StackOverflowError e) {
          // One event that cannot be scored must hold up no other; nothing was changed for it.
          log.warn("Event {} cannot be scored and is set aside", queued.seq(), e);
          failed.add(new FailedEvent(queued, String.valueOf(e)));
        }
      }
      lastSuppressed = pass.suppressed();
      lastScored = batch.size() - lastSuppressed - failed.size();
      lastFailed = failed.size();
      ceiling = ceiling(batch);
      pass.finish();
      lastFired = pass.fired();
      seen.addAll(pass.seen());
      for (FailedEvent event : failed) {
        if (onlooker.wantsScore(event.queued().event().unit())) {
          seen.add(failed(event, snapshot));
        }
      }
    } catch (UncheckedStorageException e) {
      throw e.failure();
    }
    if (!failed.isEmpty()) {
      tx.setAside(failed);
    }
  }

  private static SeenScore failed(FailedEvent failed, Rules.Snapshot rules) {
    return new SeenScore(
        failed.queued(),
        null,
        null,
        List.of(),
        Map.of(),
        rules.setup(failed.queued().event().unit()),
        failed.reason());
  }
}
