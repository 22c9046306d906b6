package io.kenbun.lite.store.leads;

import io.kenbun.lite.engine.HalfLives;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.pipeline.LeadState;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * What lists of leads are filtered and sorted by, held in memory: {@value #BYTES_PER_LEAD} bytes a
 * lead, by key. Read from the store when the first list is asked for, and kept up to date by the
 * transactions that write leads; dropped when one of them fails.
 *
 * <p>Two indexes in the store, on what changes with each event, did the same for a third more
 * processor time and a third more bytes written for every event scored, and had to be walked from
 * their start for the thousandth page. Going over all leads costs the same for every page, and
 * counts them on the way.
 *
 * <p>Any thread. Written under the lock of the store's writer, so that no change is missed.
 */
public final class LeadColumns {
  public static final int BYTES_PER_LEAD = 32;
  private static final int CHUNK_BITS = 14;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private final long maxKey;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final List<Chunk> chunks = new ArrayList<>(); // Guarded by lock.
  private final Map<Long, Long> rulesets = new HashMap<>(); // By unit. Guarded by lock.
  private volatile boolean held;

  /** Makes empty ones, to hold leads with keys up to {@code maxKey}. */
  public LeadColumns(long maxKey) {
    this.maxKey = maxKey;
  }

  /** So many leads with keys that follow each other. */
  private static final class Chunk {
    final long[] lastEventAt = new long[CHUNK];
    final long[] createdAt = new long[CHUNK];
    final long[] score = new long[CHUNK];
    final int[] eventType = new int[CHUNK];
    final int[] unit = new int[CHUNK]; // 0: no lead.
  }

  public long maxKey() {
    return maxKey;
  }

  /** Says whether nothing is held, so that writers need not tell. */
  public boolean isEmpty() {
    return !held;
  }

  /** Says whether the unit's leads are held with their scores of that ruleset. */
  public boolean covers(long unit, long ruleset) {
    lock.readLock().lock();
    try {
      Long known = rulesets.get(unit);
      return held && known != null && known == ruleset;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Forgets everything. */
  public void drop() {
    lock.writeLock().lock();
    try {
      held = false;
      chunks.clear();
      rulesets.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Is told of one lead after the other. */
  public final class Filling implements AutoCloseable {
    private Filling() {
      lock.writeLock().lock();
    }

    /** Enters a lead with a score of 0. */
    public void lead(
        long key, long unit, long createdAt, @Nullable Long lastEventAt, long eventType) {
      put(key, unit, createdAt, lastEventAt == null ? Standing.NEVER : lastEventAt, eventType);
    }

    /** All leads are entered. */
    public void leadsDone() {
      held = true;
    }

    /** The unit's scores are of that ruleset, and 0 until they are told. */
    public void ruleset(long unit, long ruleset) {
      for (Chunk chunk : chunks) {
        for (int i = 0; i < CHUNK; i++) {
          if (chunk.unit[i] == unit) {
            chunk.score[i] = 0;
          }
        }
      }
      rulesets.put(unit, ruleset);
    }

    public void score(long key, long score) {
      if (key >>> CHUNK_BITS < chunks.size()) {
        chunks.get((int) (key >>> CHUNK_BITS)).score[(int) key & (CHUNK - 1)] = score;
      }
    }

    @Override
    public void close() {
      lock.writeLock().unlock();
    }
  }

  /** Begins to fill them; nobody reads until it is closed. */
  public Filling fill() {
    return new Filling();
  }

  /** Resolves the name of an event type to its key. */
  interface TypeKeys<E extends Exception> {
    long key(long unit, String name) throws E;
  }

  /** Takes over what a transaction writes of leads. */
  <E extends Exception> void update(
      Collection<LeadState> changed,
      Collection<LeadState> refreshed,
      long nowMillis,
      TypeKeys<E> types)
      throws E {
    if (!held) {
      return;
    }
    lock.writeLock().lock();
    try {
      for (LeadState lead : changed) {
        String type = lead.lastEventType();
        put(
            lead.key(),
            lead.unit(),
            lead.createdAtMillis(),
            lead.ledger().activityMillis(),
            type == null ? -1 : types.key(lead.unit(), type));
        if (!held) {
          return; // One too many; nothing more is to be entered.
        }
        scores(lead, nowMillis);
      }
      for (LeadState lead : refreshed) {
        scores(lead, nowMillis);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void scores(LeadState lead, long nowMillis) {
    Long ruleset = rulesets.get(lead.unit());
    Standing standing = ruleset == null ? null : lead.ledger().standing(ruleset);
    if (standing != null) {
      chunks.get((int) (lead.key() >>> CHUNK_BITS)).score[(int) lead.key() & (CHUNK - 1)] =
          standing.scoreAt(nowMillis, HalfLives.allowsNegativeScores(lead.fades()));
    }
  }

  private void put(long key, long unit, long createdAt, long lastEventAt, long eventType) {
    if (key > maxKey) {
      drop();
      return;
    }
    int at = (int) (key >>> CHUNK_BITS);
    while (chunks.size() <= at) {
      chunks.add(new Chunk());
    }
    Chunk chunk = chunks.get(at);
    int i = (int) key & (CHUNK - 1);
    if (chunk.unit[i] != unit) {
      chunk.unit[i] = (int) unit;
      chunk.score[i] = 0;
    }
    chunk.createdAt[i] = createdAt;
    chunk.lastEventAt[i] = lastEventAt;
    chunk.eventType[i] = (int) eventType;
  }

  /** Takes a lead out that is gone. */
  public void remove(long key) {
    lock.writeLock().lock();
    try {
      int at = (int) (key >>> CHUNK_BITS);
      if (at < chunks.size()) {
        chunks.get(at).unit[(int) key & (CHUNK - 1)] = 0;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The keys of one page of leads, and how many all pages have. */
  public record Slice(long total, List<Long> keys) {}

  /**
   * Returns the leads that are asked for; null when they are not held, or not any more.
   *
   * @param eventType the key of the query's event type, -1 when there is none of that name
   * @param only the keys that count; null: all
   */
  public @Nullable Slice slice(
      long unit, long ruleset, LeadQuery query, long eventType, @Nullable BitSet only) {
    lock.readLock().lock();
    try {
      if (!covers(unit, ruleset)) {
        return null;
      }
      BitSet matches = matches(unit, query, eventType, only);
      int total = matches.cardinality();
      int from = (int) Math.min(total, query.offset());
      int to = Math.min(total, from + query.limit());
      List<Long> keys =
          switch (query.sort()) {
            case CREATED_AT -> RankedLeads.byKey(matches, total, from, to, query.ascending());
            case SCORE ->
                RankedLeads.byValue(
                    matches,
                    key -> chunks.get(key >>> CHUNK_BITS).score[key & (CHUNK - 1)],
                    query.ascending(),
                    from,
                    to);
            case LAST_EVENT_AT ->
                RankedLeads.byValue(
                    matches,
                    key -> chunks.get(key >>> CHUNK_BITS).lastEventAt[key & (CHUNK - 1)],
                    query.ascending(),
                    from,
                    to);
          };
      return new Slice(total, keys);
    } finally {
      lock.readLock().unlock();
    }
  }

  private record Place(long score, long lastEventAt, long key) {
    private static final Comparator<Place> LOWEST_FIRST =
        Comparator.comparingLong(Place::score)
            .thenComparingLong(Place::lastEventAt)
            .thenComparing(Comparator.comparingLong(Place::key).reversed());
  }

  /**
   * Returns the keys of the leads with the highest scores, the highest first; of those that tie,
   * the ones first that were active last. Null when they are not held, or when fewer have a score
   * above zero: one of zero may have been given nothing, which is not held.
   */
  public @Nullable List<Long> top(long unit, long ruleset, int limit) {
    lock.readLock().lock();
    try {
      if (!covers(unit, ruleset)) {
        return null;
      }
      PriorityQueue<Place> best = new PriorityQueue<>(limit + 1, Place.LOWEST_FIRST);
      long least = 1;
      for (int at = 0; at < chunks.size(); at++) {
        Chunk chunk = chunks.get(at);
        for (int i = 0; i < CHUNK; i++) {
          if (chunk.score[i] >= least && chunk.unit[i] == unit) {
            best.add(
                new Place(chunk.score[i], chunk.lastEventAt[i], ((long) at << CHUNK_BITS) + i));
            if (best.size() > limit) {
              best.remove();
              least = best.element().score();
            }
          }
        }
      }
      if (best.size() < limit) {
        return null;
      }
      List<Place> places = new ArrayList<>(best);
      places.sort(Place.LOWEST_FIRST.reversed());
      return places.stream().map(Place::key).toList();
    } finally {
      lock.readLock().unlock();
    }
  }

  private BitSet matches(long unit, LeadQuery query, long eventType, @Nullable BitSet only) {
    boolean anyType = query.eventType() == null;
    long activeFrom = orElse(query.lastEventSinceMillis(), Long.MIN_VALUE);
    long createdFrom = orElse(query.createdFromMillis(), Long.MIN_VALUE);
    long createdTo = orElse(query.createdToMillis(), Long.MAX_VALUE);
    List<LeadQuery.Band> bands = query.scores();
    BitSet matches = new BitSet(chunks.size() << CHUNK_BITS);
    for (int at = 0; at < chunks.size(); at++) {
      Chunk chunk = chunks.get(at);
      int first = at << CHUNK_BITS;
      for (int i = 0; i < CHUNK; i++) {
        if (chunk.unit[i] == unit
            && (anyType || chunk.eventType[i] == eventType)
            && chunk.lastEventAt[i] >= activeFrom
            && chunk.createdAt[i] >= createdFrom
            && chunk.createdAt[i] < createdTo
            && (bands == null || isIn(bands, chunk.score[i]))
            && (only == null || only.get(first + i))) {
          matches.set(first + i);
        }
      }
    }
    return matches;
  }

  private static boolean isIn(List<LeadQuery.Band> bands, long score) {
    for (int i = 0; i < bands.size(); i++) {
      if (bands.get(i).contains(score)) {
        return true;
      }
    }
    return false;
  }

  private static long orElse(@Nullable Long value, long otherwise) {
    return value == null ? otherwise : value;
  }
}
