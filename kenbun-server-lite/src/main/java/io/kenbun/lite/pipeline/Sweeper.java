package io.kenbun.lite.pipeline;

import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What time does to the store by itself: events that are too old leave it, a slice at a time. */
public final class Sweeper {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
  private static final int MAX_EVENTS_PER_STEP = 2_000;

  private final Storage storage;
  private final InstantSource clock;
  private final Duration retainEvents;
  private long removed;

  /**
   * Makes a sweeper.
   *
   * @param retainEvents how long an event is kept after it was received; scores stay as they are
   */
  public Sweeper(Storage storage, InstantSource clock, Duration retainEvents) {
    this.storage = storage;
    this.clock = clock;
    this.retainEvents = retainEvents;
  }

  /** Removes one slice; says when the next is to come. */
  public Loop.Next removeNext() throws StorageException {
    int count = storage.removeEvents(clock.millis() - retainEvents.toMillis(), MAX_EVENTS_PER_STEP);
    removed += count;
    if (count < MAX_EVENTS_PER_STEP && removed > 0) {
      log.info("Removed {} events received more than {} days ago", removed, retainEvents.toDays());
      removed = 0;
    }
    return count == MAX_EVENTS_PER_STEP ? Loop.Next.AT_ONCE : Loop.Next.WHEN_WOKEN;
  }
}
