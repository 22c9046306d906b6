package io.kenbun.client;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The door of the queue: what runs on the callers' threads. Admits by number and bytes, keeps the
 * order, and wakes the worker when it asked to be woken; no lock, no I/O, no encoding.
 *
 * <p>An event's reservation is given back only when it is settled, so the bounds cover every stage:
 * waiting here, encoded, and in flight.
 *
 * <pre>
 * reserved (one atomic long)   | 23 bits: events | 40 bits: bytes |
 * </pre>
 */
final class Intake {
  static final int MAX_EVENTS = 5_000_000;
  static final long MAX_BYTES = 1L << 38;

  private static final int BYTE_BITS = 40;
  private static final long ONE_EVENT = 1L << BYTE_BITS;
  private static final long BYTE_MASK = ONE_EVENT - 1;

  private final int maxEvents;
  private final long maxBytes;
  private final OverflowPolicy policy;
  private final long blockNanos;
  private final Signal signal;
  private final Counters counters;
  private final Losses losses;

  private final ConcurrentLinkedQueue<Entry> entries = new ConcurrentLinkedQueue<>();

  /** What may be pushed out, oldest first; null unless the policy is DROP_OLDEST. */
  private final @Nullable ConcurrentLinkedDeque<Entry> evictable;

  private final AtomicLong reserved = new AtomicLong();

  /** The worker is woken once this many events are reserved; MAX_VALUE: it is awake. */
  private final AtomicLong wakeAt = new AtomicLong(Long.MAX_VALUE);

  /** Flushes that have been asked for and not ended. */
  private final AtomicInteger flushes = new AtomicInteger();

  private volatile boolean closed;
  private volatile boolean sealed;
  private volatile @Nullable Thread worker;

  private final Object space = new Object();
  private final AtomicInteger blocked = new AtomicInteger();

  private long held; // The worker's: taken and not released.

  Intake(
      int maxEvents,
      long maxBytes,
      OverflowPolicy policy,
      long blockNanos,
      Signal signal,
      Counters counters,
      Losses losses) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.policy = policy;
    this.blockNanos = blockNanos;
    this.signal = signal;
    this.counters = counters;
    this.losses = losses;
    this.evictable =
        policy == OverflowPolicy.DROP_OLDEST ? new ConcurrentLinkedDeque<Entry>() : null;
  }

  /**
   * An event on its way, or a flush. The number that it is says who may have it, which matters
   * under {@link OverflowPolicy#DROP_OLDEST} only:
   *
   * <pre>
   * QUEUED --poll--&gt; HELD &lt;--unclaim/claim--&gt; CLAIMED (in flight, or on disk, or settled)
   *    |              |
   *    +-- pushed out +--&gt; EVICTED
   * </pre>
   */
  static final class Entry extends AtomicInteger {
    private static final long serialVersionUID = 1;

    private static final int QUEUED = 0;
    private static final int HELD = 1;
    private static final int CLAIMED = 2;
    private static final int EVICTED = 3;

    private final transient Object load;
    final transient String unit;

    Entry(Event event, String unit) {
      this.load = event;
      this.unit = unit;
    }

    Entry(FlushRequest flush) {
      this.load = flush;
      this.unit = "";
    }

    @Nullable FlushRequest flush() {
      return load instanceof FlushRequest ? (FlushRequest) load : null;
    }

    /** The event; only if this is no flush. */
    Event event() {
      return (Event) load;
    }
  }

  /** Takes an event, or counts it as lost and returns false. Any thread; see OverflowPolicy. */
  boolean offer(Event event, String unit) {
    if (closed) {
      losses.lost(event, DropReason.CLOSED, "tracked after close");
      return false;
    }
    int weight = event.weightBytes();
    long now = reserve(weight);
    if (now < 0) {
      now = overflow(weight);
      if (now < 0) {
        losses.lost(event, DropReason.QUEUE_FULL, "the queue is full");
        return false;
      }
    }
    Entry entry = new Entry(event, unit);
    counters.accepted.incrementAndGet();
    entries.offer(entry);
    if (evictable != null) {
      evictable.offer(entry);
    }
    if (sealed && entries.remove(entry)) { // The worker has gone since the first check.
      counters.accepted.decrementAndGet();
      reserved.addAndGet(-ONE_EVENT - weight);
      losses.lost(event, DropReason.CLOSED, "tracked after close");
      return false;
    }
    long threshold = wakeAt.get();
    if (now >>> BYTE_BITS >= threshold && wakeAt.compareAndSet(threshold, Long.MAX_VALUE)) {
      signal.raise();
    }
    return true;
  }

  /** The reservations after adding one, or -1 if it does not fit. */
  private long reserve(int weight) {
    long delta = ONE_EVENT + weight;
    long now = reserved.addAndGet(delta);
    if (now >>> BYTE_BITS <= maxEvents && (now & BYTE_MASK) <= maxBytes) {
      return now;
    }
    reserved.addAndGet(-delta);
    return -1;
  }

  private long overflow(int weight) {
    if (weight > maxBytes || policy == OverflowPolicy.DROP_NEWEST) {
      return -1;
    }
    return policy == OverflowPolicy.DROP_OLDEST ? pushOut(weight) : awaitSpace(weight);
  }

  private long pushOut(int weight) {
    while (evictable != null) {
      Entry oldest = evictable.poll();
      if (oldest == null) {
        return -1; // Everything is being sent.
      }
      if (oldest.compareAndSet(Entry.QUEUED, Entry.EVICTED)) {
        boolean unused = entries.remove(oldest); // At the front, unless the worker was quicker.
      } else if (!oldest.compareAndSet(Entry.HELD, Entry.EVICTED)) {
        continue; // Being sent; it comes back here if that fails.
      }
      reserved.addAndGet(-ONE_EVENT - oldest.event().weightBytes());
      losses.lost(oldest.event(), DropReason.PUSHED_OUT, "newer events took its place");
      long now = reserve(weight);
      if (now >= 0) {
        return now;
      }
    }
    return -1;
  }

  private long awaitSpace(int weight) {
    if (Thread.currentThread() == worker) {
      return -1; // A listener tracks: the thread that makes room must not wait for room.
    }
    long deadline = Clock.SYSTEM.nanos() + blockNanos;
    blocked.incrementAndGet();
    try {
      synchronized (space) {
        while (!closed) {
          long now = reserve(weight);
          if (now >= 0) {
            return now;
          }
          signal.raise();
          long left = deadline - Clock.SYSTEM.nanos();
          if (left <= 0) {
            return -1;
          }
          TimeUnit.NANOSECONDS.timedWait(space, left);
        }
        return -1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    } finally {
      blocked.decrementAndGet();
    }
  }

  /** Sends a marker after the events that are here. Any thread. */
  void mark(FlushRequest flush) {
    flushes.incrementAndGet();
    entries.offer(new Entry(flush));
    signal.raise();
  }

  /** Whether somebody waits for a flush. */
  boolean isUrgent() {
    return flushes.get() > 0;
  }

  void flushEnded() {
    flushes.decrementAndGet();
  }

  /** The next entry, or null. The worker's. */
  @Nullable Entry poll() {
    Entry entry;
    while ((entry = entries.poll()) != null) {
      if (entry.flush() != null) {
        return entry;
      }
      if (entry.compareAndSet(Entry.QUEUED, Entry.HELD)) {
        held++;
        return entry;
      }
    }
    return null;
  }

  /** Whether the worker may send a held entry; false if it was pushed out, and is forgotten now. */
  boolean claim(Entry entry) {
    if (evictable == null) {
      return true;
    }
    if (entry.compareAndSet(Entry.HELD, Entry.CLAIMED)) {
      evictable.removeFirstOccurrence(entry);
      return true;
    }
    held--;
    return false;
  }

  /** Sending it failed; it may be pushed out again, before all others. The worker's. */
  void unclaim(Entry entry) {
    if (evictable != null) {
      entry.set(Entry.HELD);
      evictable.addFirst(entry);
    }
  }

  /** Gives back the reservation of an entry that was claimed. The worker's. */
  void release(int weight) {
    held--;
    reserved.addAndGet(-ONE_EVENT - weight);
    if (blocked.get() > 0) {
      synchronized (space) {
        space.notifyAll();
      }
    }
  }

  /** Arms the wake-up for when {@code more} entries wait here; false if they already do. */
  boolean wakeWhen(int more) {
    long threshold = held + more;
    wakeAt.set(threshold);
    return entries.isEmpty() || reserved.get() >>> BYTE_BITS < threshold;
  }

  void awake() {
    wakeAt.set(Long.MAX_VALUE);
  }

  void servedBy(Thread thread) {
    worker = thread;
  }

  boolean isWorker(Thread thread) {
    return thread == worker;
  }

  /** From now on events are refused. */
  void close() {
    closed = true;
    synchronized (space) {
      space.notifyAll();
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean isClosed() {
    return closed;
  }

  /** From now on nobody polls: an event that slipped in is taken back by its own caller. */
  void seal() {
    sealed = true;
  }

  long queued() {
    return reserved.get() >>> BYTE_BITS;
  }

  long queuedBytes() {
    return reserved.get() & BYTE_MASK;
  }
}
