package io.kenbun.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a client with a spool: the worker appends what arrives to files before it sends any
 * of it, so that what is not delivered when the process dies is delivered by the next one.
 *
 * <pre>
 * intake ──append──> [seg][seg][seg .....]            readPosition: handed out up to here
 *    │                 ^ deleted once all is settled  appendPosition: the next record's
 *    └──disk fails or is full──> stranded ──> handed out from memory, after all that is on disk
 * </pre>
 *
 * <p>A disk that is full, broken or taken by another client makes this a queue in memory, whose
 * bounds then hold; it is tried again every few seconds.
 */
final class DiskQueue extends EventQueue {
  private static final int GROUP_EVENTS = 256;
  private static final int GROUP_BYTES = 512 * 1024;
  private static final int MAX_FRESH = 2 * GROUP_EVENTS;

  private final SpoolFiles files;
  private final long maxBytes;
  private final KeySequence keys;
  private final Counters counters;
  private final SpoolHealth health = new SpoolHealth();
  private final Segments segments;
  private final SpoolWriter writer;
  private final SpoolReader reader;

  private boolean open;
  private long appendPosition;
  private long readPosition;

  /** Appended and not yet handed out, still in memory; ends where the disk has to be read. */
  private final Deque<QueuedEvent> fresh = new ArrayDeque<>();

  /** Polled, but not on disk. */
  private final Deque<QueuedEvent> stranded = new ArrayDeque<>();

  DiskQueue(
      Intake intake,
      SpoolFiles files,
      long maxBytes,
      SpoolSync sync,
      KeySequence keys,
      Counters counters) {
    super(intake);
    this.files = files;
    this.maxBytes = maxBytes;
    this.keys = keys;
    this.counters = counters;
    this.segments = new Segments(files, health, counters);
    this.writer = new SpoolWriter(files, segments, sync);
    this.reader = new SpoolReader(files);
  }

  @Override
  @Nullable QueuedEvent next(long nowNanos) {
    append(nowNanos);
    while (readPosition < firstNotOnDisk()) {
      QueuedEvent event = fresh.isEmpty() ? readNext(nowNanos) : fresh.poll();
      if (event != null) {
        readPosition = event.position + 1;
        return event;
      }
    }
    QueuedEvent event = stranded.poll();
    if (event == null && isDiskAway(nowNanos)) {
      event = poll(nowNanos);
    }
    if (event != null) {
      readPosition = event.position + 1;
    }
    return event;
  }

  /** Up to where positions lie on disk, or have been handed out. */
  private long firstNotOnDisk() {
    QueuedEvent first = stranded.peek();
    return first == null ? appendPosition : first.position;
  }

  @Override
  long nextPosition() {
    return readPosition;
  }

  private boolean isDiskAway(long nowNanos) {
    return health.rests(nowNanos) || (open && segments.bytes() >= maxBytes);
  }

  /** The next event of the intake with its place in the order, or null. */
  private @Nullable QueuedEvent poll(long nowNanos) {
    Intake.Entry entry;
    while ((entry = intake.poll()) != null) {
      FlushRequest flush = entry.flush();
      if (flush == null) {
        byte[] body = EventCodec.encode(entry.event());
        return new QueuedEvent(appendPosition++, entry.unit, keys.next(), body, nowNanos, entry);
      }
      reached(flush, appendPosition);
    }
    return null;
  }

  // ---- Writing.

  /** Moves what has arrived to the disk, in groups, each with one write. */
  void append(long nowNanos) {
    while (!isDiskAway(nowNanos)) {
      if (!open && !tryToOpen(nowNanos)) {
        return;
      }
      List<QueuedEvent> group = group(nowNanos);
      if (group.isEmpty()) {
        return;
      }
      try {
        landed(writer.append(group, nowNanos), group);
        health.succeed();
      } catch (IOException e) {
        health.fail("the spool cannot be written: " + e.getMessage(), nowNanos);
        writer.abandon();
        for (int i = group.size() - 1; i >= 0; i--) {
          stranded.addFirst(group.get(i));
        }
      }
    }
  }

  private List<QueuedEvent> group(long nowNanos) {
    List<QueuedEvent> group = new ArrayList<>();
    int bytes = 0;
    while (group.size() < GROUP_EVENTS && bytes < GROUP_BYTES) {
      QueuedEvent event = stranded.poll();
      if (event == null) {
        event = poll(nowNanos);
      }
      if (event == null) {
        break;
      }
      group.add(event);
      bytes += event.body.length;
    }
    return group;
  }

  /** The group is on disk; what will be handed out soon stays in memory besides. */
  private void landed(Segment segment, List<QueuedEvent> group) {
    boolean keepFresh = follows(group.get(0).position);
    for (QueuedEvent event : group) {
      boolean wanted = landed(segment, event);
      keepFresh &= fresh.size() < MAX_FRESH;
      if (wanted && keepFresh) {
        fresh.add(event);
      }
    }
  }

  /** Whether everything before a position is handed out or fresh. */
  private boolean follows(long position) {
    QueuedEvent last = fresh.peekLast();
    return last == null ? readPosition == position : last.position + 1 == position;
  }

  /** The event needs its place in memory no more; false if it was pushed out meanwhile. */
  private boolean landed(Segment segment, QueuedEvent event) {
    Intake.Entry entry = Objects.requireNonNull(event.entry);
    event.entry = null;
    if (intake.claim(entry)) {
      intake.release(entry.event().weightBytes());
      return true;
    }
    segments.settle(segment, event.position);
    return false;
  }

  @Override
  @Nullable String takeFault() {
    return health.take();
  }

  private boolean tryToOpen(long nowNanos) {
    try {
      files.lock();
      try {
        // What was handed out from memory before the disk came keeps its smaller positions.
        appendPosition = segments.recover(appendPosition, nowNanos);
      } catch (IOException e) {
        files.unlock();
        throw e;
      }
    } catch (IOException e) {
      health.fail(String.valueOf(e.getMessage()), nowNanos);
      return false;
    }
    readPosition = segments.firstUnsettled(appendPosition);
    open = true;
    return true;
  }

  // ---- Reading.

  /** The record at or after readPosition, or null after a step that found none. */
  private @Nullable QueuedEvent readNext(long nowNanos) {
    Segment segment = segments.from(readPosition);
    if (segment == null) {
      readPosition = firstNotOnDisk();
      return null;
    }
    long position = Math.max(readPosition, segment.first);
    readPosition = position;
    if (segment.isSettled(position)) {
      readPosition++;
      return null;
    }
    SpoolRecord record;
    try {
      record = reader.read(segment, position);
    } catch (IOException e) {
      giveUp(segment, e.getMessage());
      return null;
    }
    if (record == null) {
      readPosition++;
      segments.settle(segment, position);
      counters.drop(DropReason.CORRUPT, 1);
      health.report("a record of " + segment.name + " is damaged; its event is lost");
      return null;
    }
    return new QueuedEvent(position, record.unit, record.key, record.body, nowNanos, null);
  }

  /** Nothing more can be read of this file: what was not handed out of it is lost. */
  private void giveUp(Segment segment, @Nullable String why) {
    int lost = segments.settleFrom(segment, readPosition);
    readPosition = segment.end();
    counters.drop(DropReason.CORRUPT, lost);
    writer.leave(segment);
    String told = why + "; " + lost + " events are lost";
    try {
      files.rename(segment.name, segment.name + ".bad");
    } catch (IOException e) {
      told = told + "; and it cannot be set aside";
    }
    health.report(told);
  }

  // ---- Settling.

  @Override
  void settle(QueuedEvent event) {
    if (event.entry != null) { // Never reached the disk.
      intake.release(event.event().weightBytes());
    } else {
      segments.settle(event.position);
    }
  }

  @Override
  long maintain(long nowNanos) {
    // Also while the worker has no room, and to find what an earlier process left.
    append(nowNanos);
    if (!open) {
      return health.untilRetry(nowNanos);
    }
    long wait = stranded.isEmpty() ? Long.MAX_VALUE : health.untilRetry(nowNanos);
    try {
      wait = Math.min(wait, writer.maintain(nowNanos));
    } catch (IOException e) {
      health.fail("the spool cannot be synced: " + e.getMessage(), nowNanos);
      writer.abandon();
    }
    return Math.min(wait, segments.maintain(appendPosition, nowNanos));
  }

  @Override
  void close(List<QueuedEvent> unsettled, List<Event> lost) {
    for (QueuedEvent event : unsettled) {
      if (event.entry != null) {
        intake.unclaim(event.entry);
        stranded.add(event);
      }
    }
    renumberStranded();
    for (int tries = 0; tries < 2; tries++) { // There will be no later one.
      health.retryNow();
      append(0);
    }
    QueuedEvent event;
    while ((event = stranded.poll()) != null || (event = poll(0)) != null) {
      if (claim(event)) {
        lost.add(event.event());
        settle(event);
      }
    }
    if (!open) {
      return;
    }
    open = false;
    try {
      writer.close();
      segments.writeCursor(appendPosition);
      files.unlock();
    } catch (IOException e) {
      health.report("the spool was not closed cleanly: " + e.getMessage());
    }
  }

  /** What was handed out from memory goes to the end; the files know no smaller positions. */
  private void renumberStranded() {
    List<QueuedEvent> old = new ArrayList<>(stranded);
    stranded.clear();
    for (QueuedEvent event : old) {
      stranded.add(event.at(appendPosition++));
    }
  }

  @Override
  boolean takes(boolean hasRoom, long nowNanos) {
    return hasRoom || !isDiskAway(nowNanos);
  }

  @Override
  boolean wantsEachEvent() {
    return true;
  }

  @Override
  long spooled() {
    return segments.unsettled();
  }

  @Override
  long spooledBytes() {
    return segments.bytes();
  }
}
