package io.kenbun.lite.pipeline;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
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

  private final Storage storage;
  private final Rules rules;
  private final MetadataReader metadataReader;
  private final Progress progress;

  public Scoring(Storage storage, Rules rules, MetadataReader metadataReader) {
    this.storage = storage;
    this.rules = rules;
    this.metadataReader = metadataReader;
    this.progress = new Progress(storage.cursor());
  }

  public Progress progress() {
    return progress;
  }

  /** Scores one batch; says whether there was one. */
  public boolean step() throws StorageException {
    int count = storage.drain(this);
    if (count > 0) {
      progress.advance(storage.cursor());
    }
    return count > 0;
  }

  @Override
  public void apply(List<QueuedEvent> batch, Tx tx) throws StorageException {
    Rules.Snapshot snapshot = rules.current();
    LeadBook book = tx.load(batch);
    List<ScoredEvent> scored = new ArrayList<>(batch.size());
    List<FailedEvent> failed = new ArrayList<>();
    for (QueuedEvent queued : batch) {
      List<Contribution> contributions;
      try {
        contributions = contributions(snapshot, book, queued.event());
      } catch (RuntimeException e) {
        // One event that cannot be scored must hold up no other; nothing was changed for it so far.
        log.warn("Event {} cannot be scored and is set aside", queued.seq(), e);
        failed.add(new FailedEvent(queued, String.valueOf(e)));
        continue;
      }
      LeadState lead = book.findOrCreate(queued.event());
      lead.apply(queued, contributions);
      scored.add(new ScoredEvent(queued, lead, contributions));
    }
    tx.save(book, scored);
    if (!failed.isEmpty()) {
      tx.setAside(failed);
    }
  }

  private List<Contribution> contributions(Rules.Snapshot snapshot, LeadBook book, RawEvent event) {
    LeadState lead = book.find(event);
    String metadata = event.metadata();
    Map<String, @Nullable Object> none = Map.of();
    return snapshot
        .engine(event.unit())
        .score(
            event.eventType(),
            event.timestampMillis(),
            () -> metadata == null ? none : metadataReader.read(metadata),
            ruleset -> lead == null ? 0 : lead.score(ruleset));
  }
}
