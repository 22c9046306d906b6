package io.kenbun.lite.http.stream;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.pipeline.Ticks;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The last messages of one unit, and who listens to them. Any thread.
 *
 * <pre>
 *   id     first … … … … last        one after the other, none left out
 *          │ evicted by count or bytes, and counted by kind
 *   each   kind, ordinal among its kind, JSON
 * </pre>
 *
 * <p>Ids begin at the time the feed was made, in microseconds, and grow slower than that, so that
 * those of a feed that is made after a restart are all higher: who comes back with an old one is
 * seen to have missed something.
 */
final class Feed {
  private final OrgUnit unit;
  private final StreamLimits limits;
  private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile Set<Kind> wanted = EnumSet.noneOf(Kind.class); // Replaced whole, under this.
  // Guarded by this.
  private final @Nullable Message[] ring;
  private final Map<Kind, Lane> lanes = new EnumMap<>(Kind.class);
  private long firstId;
  private long nextId;
  private long bytes;
  private int entered;

  private static final class Message {
    final Lane lane;
    final long ordinal; // Among its kind.
    final byte[] json;

    Message(Lane lane, byte[] json) {
      this.lane = lane;
      this.ordinal = lane.added++;
      this.json = json;
    }
  }

  /** The messages of one kind. Guarded by the feed. */
  private static final class Lane {
    final Kind kind;
    final Allowance allowance;
    long added;
    long evicted;
    long refused;

    Lane(Kind kind, Allowance allowance) {
      this.kind = kind;
      this.allowance = allowance;
    }
  }

  Feed(OrgUnit unit, StreamLimits limits, long realMillis) {
    this.unit = unit;
    this.limits = limits;
    this.ring = new Message[limits.maxMessages()];
    this.firstId = realMillis * 1_000 + 1;
    this.nextId = firstId;
    for (Kind kind : Kind.values()) {
      lanes.put(kind, new Lane(kind, new Allowance(limits.perSecond(kind), Ticks.nanos())));
    }
  }

  OrgUnit unit() {
    return unit;
  }

  /** Says whether anybody has ever asked for that kind, who may come back for it. */
  boolean wants(Kind kind) {
    return wanted.contains(kind);
  }

  /** Says whether a message of about so many characters may be added; counts one that may not. */
  synchronized boolean admits(Kind kind, int chars) {
    Lane lane = lane(kind);
    boolean admitted = lane.allowance.take(1 + chars / 1_024, Ticks.nanos());
    lane.refused += admitted ? 0 : 1;
    return admitted;
  }

  /** Counts messages that could not be made. */
  synchronized void refused(Kind kind, int count) {
    lane(kind).refused += count;
  }

  private Lane lane(Kind kind) {
    return Objects.requireNonNull(lanes.get(kind));
  }

  /** Adds a message, in place of the oldest if need be, and has the listeners look. */
  void add(Kind kind, byte[] json) {
    synchronized (this) {
      while (nextId > firstId
          && (nextId - firstId == ring.length || bytes + json.length > limits.maxBytes())) {
        evict();
      }
      ring[index(nextId++)] = new Message(lane(kind), json);
      bytes += json.length;
    }
    signal();
  }

  /** Has the listeners look, since something was added or refused. */
  void signal() {
    for (Listener listener : listeners) {
      listener.signal();
    }
  }

  private void evict() {
    Message oldest = message(firstId);
    bytes -= oldest.json.length;
    oldest.lane.evicted++;
    ring[index(firstId++)] = null;
  }

  private Message message(long id) {
    return Objects.requireNonNull(ring[index(id)]);
  }

  private int index(long id) {
    return (int) (id % ring.length);
  }

  /** Keeps the feed for one more, who will join. */
  synchronized void enter(Set<Kind> kinds) {
    entered++;
    Set<Kind> all = EnumSet.copyOf(kinds);
    all.addAll(wanted);
    wanted = all;
  }

  void join(Listener listener) {
    listeners.add(listener);
  }

  /** One that has entered has gone, whether it had joined or not; says whether nobody is left. */
  synchronized boolean leave(@Nullable Listener listener) {
    listeners.remove(listener);
    entered--;
    return entered == 0;
  }

  synchronized boolean isDeserted() {
    return entered == 0;
  }

  void end() {
    for (Listener listener : listeners) {
      listener.end();
    }
  }

  /** How far a listener has come with one kind. */
  private static final class Passed {
    final Lane lane;
    long ordinal;
    long refused;

    Passed(Lane lane) {
      this.lane = lane;
      this.ordinal = lane.added;
      this.refused = lane.refused;
    }

    /** Returns how many it has missed since the last time, besides those that are still held. */
    long skipped() {
      long skipped = lane.refused - refused + Math.max(0, lane.evicted - ordinal);
      refused = lane.refused;
      ordinal = Math.max(ordinal, lane.evicted);
      return skipped;
    }
  }

  /** Where a listener is. Used by its I/O thread. */
  final class Place {
    private final Map<Kind, Passed> passed = new EnumMap<>(Kind.class);
    private long next;

    private Place(Set<Kind> kinds, long next) {
      this.next = next;
      for (Kind kind : kinds) {
        passed.put(kind, new Passed(lane(kind)));
      }
      for (long id = nextId - 1; id >= next; id--) {
        Message message = message(id);
        Passed kind = passed.get(message.lane.kind);
        if (kind != null) {
          kind.ordinal = message.ordinal;
        }
      }
    }

    /** Returns the id after which it goes on. */
    long lastId() {
      return next - 1;
    }

    /** Writes what comes next, at least one message if there is one, and up to about a size. */
    void read(Frames out, int maxBytes) {
      synchronized (Feed.this) {
        long skipped = passed.values().stream().mapToLong(Passed::skipped).sum();
        if (skipped > 0) {
          out.skipped(skipped);
        }
        for (next = Math.max(next, firstId); next < nextId && out.size() < maxBytes; next++) {
          Message message = message(next);
          Passed kind = passed.get(message.lane.kind);
          if (kind != null) {
            kind.ordinal = message.ordinal + 1;
            out.message(next, message.lane.kind.wireName(), message.json);
          }
        }
      }
    }
  }

  /** Returns the place after everything there is. */
  synchronized Place atEnd(Set<Kind> kinds) {
    return new Place(kinds, nextId);
  }

  /** Returns the place after that id; at the start when the buffer does not reach back to it. */
  synchronized Place after(long id, Set<Kind> kinds) {
    return new Place(kinds, id >= firstId - 1 && id < nextId ? id + 1 : firstId);
  }
}
