package io.kenbun.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a spool in order, and which of their records are settled. The worker's, save for
 * the two sizes.
 *
 * <p>Finished segments are deleted; what is settled in the others is written to the cursor, at most
 * once a second.
 */
final class Segments {
  private static final long CURSOR_NANOS = 1_000_000_000L;
  private static final int MAX_SET_ASIDE = 4;

  private final SpoolFiles files;
  private final SpoolHealth health;
  private final Counters counters;

  private final Deque<Segment> segments = new ArrayDeque<>();
  private final AtomicLong unsettled = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private boolean cursorStale;
  private long cursorDueNanos;

  Segments(SpoolFiles files, SpoolHealth health, Counters counters) {
    this.files = files;
    this.health = health;
    this.counters = counters;
  }

  /** How many records are not settled. Any thread. */
  long unsettled() {
    return unsettled.get();
  }

  /** How many bytes the files take. Any thread. */
  long bytes() {
    return bytes.get();
  }

  // ---- What an earlier process left.

  /**
   * Takes in what an earlier process left: sets damaged files aside and deletes finished ones.
   *
   * @param atLeast the position that the next record would have in an empty spool
   * @return the position that the next record has
   */
  long recover(long atLeast, long nowNanos) throws IOException {
    SpoolCursor cursor = SpoolCursor.read(files);
    // No position that the cursor may call settled is used again, even if its record has gone.
    long end = Math.max(atLeast, cursor.end());
    int lost = 0;
    Deque<Segment> found = new ArrayDeque<>();
    for (String name : files.names(".seg")) {
      byte[] file = files.read(name, Segment.MAX_BYTES);
      Segment.Scan scan = file == null ? new Segment.Scan(null, null, 0) : Segment.scan(name, file);
      if (scan.fault != null && file != null) {
        files.replace(name + ".bad", file);
        health.report(
            scan.fault + " and was set aside; at least " + scan.lost + " events are lost");
        lost += scan.lost;
      }
      Segment segment = scan.segment;
      if (segment == null || segment.count == 0) {
        files.delete(name);
        continue;
      }
      cursor.settle(segment);
      end = Math.max(end, segment.end());
      Segment before = found.peekLast();
      if (before != null) {
        before.endBefore(segment.first);
      }
      found.add(segment);
    }
    forgetOldSetAside();
    segments.addAll(found);
    long records = 0;
    long size = 0;
    for (Segment segment : found) {
      records += segment.unsettled();
      size += segment.bytes;
    }
    counters.drop(DropReason.CORRUPT, lost);
    counters.recovered.addAndGet(records + lost);
    unsettled.set(records);
    bytes.set(size);
    deleteFinished();
    cursorStale = true;
    cursorDueNanos = nowNanos;
    return end;
  }

  private void forgetOldSetAside() throws IOException {
    String[] bad = files.names(".bad");
    for (int i = 0; i < bad.length - MAX_SET_ASIDE; i++) {
      files.delete(bad[i]);
    }
  }

  // ---- Records.

  /** A new segment, to which records will be appended. */
  void add(Segment segment) {
    segments.add(segment);
    bytes.addAndGet(segment.bytes);
  }

  /** Records have been appended to a segment. */
  void appended(Segment segment, int count, int size) {
    segment.count += count;
    segment.bytes += size;
    unsettled.addAndGet(count);
    bytes.addAndGet(size);
  }

  /** The segment with the first record at or after a position, or null. */
  @Nullable Segment from(long position) {
    for (Segment segment : segments) {
      if (segment.end() > position) {
        return segment;
      }
    }
    return null;
  }

  /** The first position that is not settled, or {@code end} if all are. */
  long firstUnsettled(long end) {
    Segment oldest = segments.peek();
    return oldest == null ? end : oldest.nextUnsettled(oldest.first);
  }

  /** Settles a record, and deletes its segment if that is finished now. */
  void settle(long position) {
    for (Segment segment : segments) {
      if (segment.holds(position)) {
        settle(segment, position);
        if (segment.isFinished()) {
          deleteFinished();
        }
        return;
      }
    }
  }

  /** Settles a record and leaves the files alone; false if it was settled before. */
  boolean settle(Segment segment, long position) {
    if (!segment.settle(position)) {
      return false;
    }
    unsettled.decrementAndGet();
    cursorStale = true;
    return true;
  }

  /** Settles the rest of a segment from a position on; returns how many records that were. */
  int settleFrom(Segment segment, long position) {
    int settled = 0;
    for (long p = position; p < segment.end(); p++) {
      if (settle(segment, p)) {
        settled++;
      }
    }
    return settled;
  }

  /** Deletes finished segments. One that resists costs room on the disk and goes at next start. */
  void deleteFinished() {
    List<Segment> kept = new ArrayList<>(segments.size());
    for (Segment segment : segments) {
      if (!segment.isFinished()) {
        kept.add(segment);
        continue;
      }
      try {
        files.delete(segment.name);
      } catch (IOException e) {
        health.report(String.valueOf(e.getMessage()));
      }
      bytes.addAndGet(-segment.bytes);
    }
    segments.clear();
    segments.addAll(kept);
  }

  // ---- The cursor.

  /** What the cursor says may be wrong. */
  void distrustCursor() {
    cursorStale = true;
  }

  /**
   * Writes the cursor if that is due.
   *
   * @param end the position of the next record
   * @return when it wants to be called again, in nanoseconds from now
   */
  long maintain(long end, long nowNanos) {
    if (!cursorStale) {
      return Long.MAX_VALUE;
    }
    if (cursorDueNanos - nowNanos > 0) {
      return cursorDueNanos - nowNanos;
    }
    cursorDueNanos = nowNanos + CURSOR_NANOS;
    try {
      writeCursor(end);
    } catch (IOException e) { // Again in a second; without it events come twice, not never.
      health.report("the spool's cursor cannot be written: " + e.getMessage());
    }
    return cursorStale ? CURSOR_NANOS : Long.MAX_VALUE;
  }

  void writeCursor(long end) throws IOException {
    long lowWater = firstUnsettled(end);
    Set<Long> settled = segments.isEmpty() ? Collections.emptySet() : new HashSet<>();
    for (Segment segment : segments) {
      for (long p = Math.max(lowWater, segment.first); p < segment.end(); p++) {
        if (segment.isSettled(p)) {
          settled.add(p);
        }
      }
    }
    new SpoolCursor(lowWater, settled).write(files);
    cursorStale = false;
  }
}
