package io.kenbun.lite.store.queue;

import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.Onlooker;
import io.kenbun.lite.pipeline.PipelineListener;
import io.kenbun.lite.pipeline.Queue.Refusal;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Ticks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes requests durable many at a time. They wait in memory while the commit before theirs is
 * synced, then all that came meanwhile share the next commit: under load a sync serves hundreds of
 * requests, and an idle server answers after one.
 *
 * <pre>
 *   offer ──&gt; waiting (bounded) ──&gt; [ Writer: ≤ 1,000 events, one commit ] ──&gt; stored(seqs), grouped by executor
 * </pre>
 *
 * <p>One thread writes; any may offer.
 */
public final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
  private static final int MAX_WAITING_REQUESTS = 16_384;
  private static final int MAX_EVENTS_PER_COMMIT = 1_000;
  private static final long MAX_GATHER_NANOS = 2_000_000;
  private static final int MAX_GATHERED_EVENTS = 100;

  private final Writer writer;
  private final ArrayBlockingQueue<Append> waiting = new ArrayBlockingQueue<>(MAX_WAITING_REQUESTS);
  private final AtomicLong waitingEvents = new AtomicLong();
  private final WriteHealth health;
  private final List<Append> committing = new ArrayList<>(); // Confined to the loop.
  private final Loop loop;
  private final boolean gathers;
  private int expected; // Requests of those who send all the time. Confined to the loop, as is:
  private long tookNanos; // The last commit.
  private volatile boolean closed;
  private volatile Runnable onStored = () -> {};
  private volatile PipelineListener listener = PipelineListener.NONE;
  private volatile Onlooker onlooker = Onlooker.NOBODY;

  /** Where events become durable; called by one thread. */
  public interface Writer {
    /** Commits the events of {@code appends}, all or none. */
    Committed commit(List<Append> appends) throws StorageException;

    /** Does what there is to do while nobody asks. */
    Loop.Next idle() throws StorageException;

    /** Finds out, while nobody asks, whether what ailed it is over. */
    void probe() throws StorageException;
  }

  /**
   * What was committed.
   *
   * @param seqs the places of each append's events
   * @param fresh the events that were not known by their keys, in order
   */
  public record Committed(List<long[]> seqs, List<QueuedEvent> fresh) {}

  /**
   * Makes it, not started.
   *
   * @param gathers whether a commit waits a moment for the requests that follow the last answers
   */
  public GroupCommit(String name, Writer writer, InstantSource clock, boolean gathers) {
    this.writer = writer;
    this.gathers = gathers;
    this.health = new WriteHealth(clock);
    this.loop = new Loop(name, Duration.ofSeconds(1), this::commitNext);
  }

  public void onStored(Runnable wake) {
    onStored = wake;
  }

  public void listen(PipelineListener newListener) {
    listener = newListener;
  }

  public void show(Onlooker newOnlooker) {
    onlooker = newOnlooker;
  }

  public void start() {
    loop.start();
  }

  /**
   * Takes {@code append} and returns null, or says why not; never blocks.
   *
   * @param room for how many more events, besides those that wait in memory
   */
  public @Nullable Refusal offer(Append append, long room) {
    if (closed) {
      return Refusal.CLOSED;
    }
    int count = append.events().size();
    if (waitingEvents.get() + count > room) {
      return Refusal.FULL;
    }
    waitingEvents.addAndGet(count);
    if (!waiting.offer(append)) {
      waitingEvents.addAndGet(-count);
      return Refusal.FULL;
    }
    if (closed && waiting.remove(append)) { // Nobody may be left to take it.
      waitingEvents.addAndGet(-count);
      return Refusal.CLOSED;
    }
    loop.wake();
    return null;
  }

  /** Says whether events can be taken: the writer lives, and its last commit did not fail. */
  public boolean canWrite() {
    return !closed && loop.isAlive() && health.isWell();
  }

  /** Commits what waits, at most a batch of it; says when to look again. */
  private Loop.Next commitNext() {
    gather();
    int count = 0;
    for (Append next = waiting.peek(); next != null; next = waiting.peek()) {
      int events = next.events().size();
      if (count > 0 && count + events > MAX_EVENTS_PER_COMMIT) {
        break;
      }
      committing.add(next);
      waiting.remove();
      count += events;
    }
    if (committing.isEmpty()) {
      expected = 0;
      return idle();
    }
    int requests = committing.size();
    long startNanos = Ticks.nanos();
    Committed committed;
    try {
      committed = writer.commit(committing);
      health.succeeded();
      tookNanos = Ticks.nanos() - startNanos;
      expected = requests + waiting.size();
      listener.committed(count, tookNanos);
    } catch (StorageException | RuntimeException e) {
      health.failed(committing.size(), e);
      listener.commitFailed();
      waitingEvents.addAndGet(-count);
      tell(List.of(), e);
      return waiting.isEmpty() ? Loop.Next.WHEN_WOKEN : Loop.Next.AT_ONCE;
    }
    waitingEvents.addAndGet(-count);
    for (QueuedEvent fresh : committed.fresh) { // Before anybody can show what they were worth.
      onlooker.queued(fresh.seq(), fresh.event());
    }
    onStored.run();
    tell(committed.seqs, null);
    return Loop.Next.AT_ONCE;
  }

  /**
   * Waits for as many requests as there were in the last commit and behind it, half as long as that
   * took at most. Who has been answered sends the next: without that, half of those who send all
   * the time would share one commit and half of them the other, of which each costs as much as one
   * of all. A hundred events are worth a commit of their own.
   */
  private void gather() {
    if (!gathers || waiting.isEmpty()) {
      return;
    }
    long nanos = Math.min(tookNanos / 2, MAX_GATHER_NANOS);
    long until = Ticks.nanos() + nanos;
    for (long rest = nanos;
        rest > 0
            && !closed
            && waiting.size() < expected
            && waitingEvents.get() < MAX_GATHERED_EVENTS;
        rest = until - Ticks.nanos()) {
      LockSupport.parkNanos(this, rest);
    }
  }

  private Loop.Next idle() {
    try {
      if (health.isWell()) {
        return writer.idle();
      }
      writer.probe();
      health.succeeded();
    } catch (StorageException e) {
      health.failed(0, e);
    }
    return Loop.Next.WHEN_WOKEN;
  }

  /**
   * Tells each request its outcome: one task for each executor, since waking a thread is what
   * costs.
   */
  private void tell(List<long[]> seqs, @Nullable Exception failure) {
    IdentityHashMap<Executor, List<Runnable>> byExecutor = new IdentityHashMap<>();
    for (int i = 0; i < committing.size(); i++) {
      Append append = committing.get(i);
      long[] own = failure == null ? seqs.get(i) : new long[0];
      byExecutor
          .computeIfAbsent(append.executor(), executor -> new ArrayList<>())
          .add(failure == null ? () -> append.stored(own) : () -> append.failed(failure));
    }
    committing.clear();
    byExecutor.forEach(
        (executor, outcomes) -> {
          try {
            executor.execute(() -> outcomes.forEach(GroupCommit::run));
          } catch (RuntimeException e) {
            log.warn("{} answers had nobody to take them", outcomes.size(), e);
          }
        });
  }

  private static void run(Runnable outcome) {
    try {
      outcome.run();
    } catch (RuntimeException e) {
      log.warn("An answer could not be given", e);
    }
  }

  /** Turns new requests away, commits those taken, and ends the writer. */
  public void close() {
    closed = true;
    loop.close();
    List<Append> late = new ArrayList<>();
    waiting.drainTo(late);
    committing.addAll(late);
    tell(List.of(), new IllegalStateException("queue closed"));
  }
}
