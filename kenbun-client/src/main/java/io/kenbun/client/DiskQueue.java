package io.kenbun.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import okio.Buffer;
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
 *
 * <p>Longer than our files should be, on purpose: every write is here, in the order in which it
 * happens, and nothing else is.
 */
final class DiskQueue extends EventQueue {
  private static final int GROUP_EVENTS = 256;
  private static final int GROUP_BYTES = 512 * 1024;
  private static final int CHUNK_BYTES = SpoolRecord.MAX_LENGTH + SpoolRecord.HEADER_BYTES;
  private static final long RETRY_NANOS = 5_000_000_000L;
  private static final long SYNC_NANOS = 100_000_000L;
  private static final long CURSOR_NANOS = 1_000_000_000L;
  private static final int MAX_SET_ASIDE = 4;

  private final SpoolFiles files;
  private final long maxBytes;
  private final SpoolSync sync;
  private final KeySequence keys;
  private final Counters counters;

  private boolean open;
  private boolean failing;
  private long retryAtNanos;
  private @Nullable String fault;
  private @Nullable String lastFault;

  private final Deque<Segment> segments = new ArrayDeque<>();
  private @Nullable Segment active;
  private SpoolFiles.@Nullable SpoolFile activeFile;
  private long appendPosition;
  private boolean unsynced;
  private long unsyncedSinceNanos;
  private boolean cursorStale;
  private long cursorWrittenNanos;

  /** Appended and not yet handed out, still in memory; ends where the disk has to be read. */
  private final Deque<QueuedEvent> fresh = new ArrayDeque<>();

  /** Polled, but not on disk. */
  private final Deque<QueuedEvent> stranded = new ArrayDeque<>();

  private long readPosition;
  private @Nullable Segment reading;
  private int readOffset;
  private long offsetPosition;
  private byte[] chunk = new byte[0];
  private int chunkAt;

  private final AtomicLong spooled = new AtomicLong();
  private final AtomicLong spooledBytes = new AtomicLong();

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
    this.sync = sync;
    this.keys = keys;
    this.counters = counters;
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
    return (failing && nowNanos - retryAtNanos < 0) || isFull();
  }

  private boolean isFull() {
    return open && spooledBytes.get() >= maxBytes;
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
        write(group, nowNanos);
        recoveredFromFailure();
      } catch (IOException e) {
        failed("the spool cannot be written: " + e.getMessage(), nowNanos);
        abandonActive();
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

  private void write(List<QueuedEvent> group, long nowNanos) throws IOException {
    Buffer records = new Buffer();
    for (QueuedEvent event : group) {
      records.write(SpoolRecord.encode(event));
    }
    int size = (int) records.size();
    long first = group.get(0).position;
    Segment segment = segmentFor(first);
    SpoolFiles.SpoolFile file = Objects.requireNonNull(activeFile);
    file.write(segment.bytes, records.readByteArray(), size);
    if (sync == SpoolSync.ALWAYS) {
      file.sync();
    } else if (!unsynced) {
      unsynced = true;
      unsyncedSinceNanos = nowNanos;
    }
    // Written: only now do the numbers change.
    boolean keepFresh = fresh.isEmpty() ? readPosition == first : followsFresh(group);
    segment.bytes += size;
    segment.count += group.size();
    spooled.addAndGet(group.size());
    spooledBytes.addAndGet(size);
    for (QueuedEvent event : group) {
      boolean wanted = landed(segment, event);
      keepFresh &= fresh.size() < 2 * GROUP_EVENTS;
      if (wanted && keepFresh) {
        fresh.add(event);
      }
    }
  }

  private boolean followsFresh(List<QueuedEvent> group) {
    QueuedEvent last = fresh.peekLast();
    return last != null && last.position + 1 == group.get(0).position;
  }

  /** The event needs its place in memory no more; false if it was pushed out meanwhile. */
  private boolean landed(Segment segment, QueuedEvent event) {
    Intake.Entry entry = event.entry;
    event.entry = null;
    if (entry == null) {
      return true;
    }
    if (intake.claim(entry)) {
      intake.release(entry.event().weightBytes());
      return true;
    }
    segment.settle(event.position);
    spooled.decrementAndGet();
    cursorStale = true;
    return false;
  }

  /** The segment that the record at {@code position} goes to, made if need be. */
  private Segment segmentFor(long position) throws IOException {
    if (active != null
        && active.bytes < Segment.FULL_BYTES
        && active.first + active.count == position) {
      return active;
    }
    closeActive();
    Segment segment = new Segment(position);
    SpoolFiles.SpoolFile file = files.open(segment.name);
    try {
      file.truncate(0);
      file.write(0, Segment.header(position), Segment.HEADER_BYTES);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    segments.add(segment);
    spooledBytes.addAndGet(segment.bytes);
    active = segment;
    activeFile = file;
    return segment;
  }

  private void closeActive() throws IOException {
    SpoolFiles.SpoolFile file = activeFile;
    Segment segment = active;
    activeFile = null;
    active = null;
    if (file == null) {
      return;
    }
    try {
      if (unsynced && sync != SpoolSync.NEVER) {
        file.sync();
      }
      unsynced = false;
    } finally {
      file.close();
      if (segment != null && segment.isDone()) {
        deleteDone();
      }
    }
  }

  /** After a failed write: what was whole before it counts, and nothing more goes to the file. */
  private void abandonActive() {
    try {
      if (active != null && activeFile != null) {
        activeFile.truncate(active.bytes);
      }
    } catch (IOException e) {
      cursorStale = true; // The next start sees by the positions what does not belong there.
    }
    try {
      closeActive();
    } catch (IOException e) {
      unsynced = false; // It is the failure that is being told already.
    }
  }

  private void failed(String what, long nowNanos) {
    failing = true;
    retryAtNanos = nowNanos + RETRY_NANOS;
    if (!what.equals(lastFault)) { // Told once, until it works again or fails in another way.
      lastFault = what;
      fault = what;
    }
  }

  private void recoveredFromFailure() {
    failing = false;
    lastFault = null;
  }

  @Override
  @Nullable String takeFault() {
    String taken = fault;
    fault = null;
    return taken;
  }

  // ---- Opening: what an earlier process left.

  private boolean tryToOpen(long nowNanos) {
    try {
      files.lock();
      try {
        recover();
        writeCursor(nowNanos);
      } catch (IOException e) {
        files.unlock();
        segments.clear();
        throw e;
      }
      open = true;
      recoveredFromFailure();
      return true;
    } catch (IOException e) {
      failed(String.valueOf(e.getMessage()), nowNanos);
      return false;
    }
  }

  private void recover() throws IOException {
    SpoolCursor cursor = SpoolCursor.read(files);
    long end = Math.max(appendPosition, cursor.lowWater);
    long found = 0;
    long bytes = 0;
    int lost = 0;
    for (String name : files.names(".seg")) {
      byte[] file = files.read(name, Segment.MAX_BYTES);
      Segment.Scan scan = file == null ? new Segment.Scan(null, null, 0) : Segment.scan(name, file);
      if (scan.fault != null && file != null) {
        files.replace(name + ".bad", file);
      }
      if (scan.fault != null) {
        fault = scan.fault + " and was set aside; at least " + scan.lost + " events are lost";
        lost += scan.lost;
      }
      Segment segment = scan.segment;
      if (segment == null || segment.count == 0) {
        files.delete(name);
        continue;
      }
      for (long p = segment.first; p < segment.first + segment.count; p++) {
        if (p < cursor.lowWater || cursor.settled.contains(p)) {
          segment.settle(p);
        }
      }
      end = Math.max(end, segment.first + segment.count);
      Segment before = segments.peekLast();
      if (before != null) {
        before.endBefore(segment.first);
      }
      segments.add(segment);
    }
    for (Segment segment : segments) {
      found += segment.unsettled();
      bytes += segment.bytes;
    }
    forgetOldSetAside();
    if (lost > 0) {
      counters.drop(DropReason.CORRUPT, lost);
    }
    counters.recovered.addAndGet(found + lost);
    spooled.set(found);
    spooledBytes.set(bytes);
    deleteDone();
    // What was handed out from memory before the disk came back keeps its smaller positions.
    appendPosition = end;
    Segment oldest = segments.peek();
    readPosition = oldest == null ? end : oldest.nextUnsettled(oldest.first);
  }

  private void forgetOldSetAside() throws IOException {
    String[] bad = files.names(".bad");
    for (int i = 0; i < bad.length - MAX_SET_ASIDE; i++) {
      files.delete(bad[i]);
    }
  }

  // ---- Reading.

  /** The record at or after readPosition, or null after a step that found none. */
  private @Nullable QueuedEvent readNext(long nowNanos) {
    Segment segment = find();
    if (segment == null) {
      readPosition = firstNotOnDisk();
      return null;
    }
    try {
      if (!segment.equals(reading) || offsetPosition > readPosition) {
        reading = segment;
        readOffset = Segment.HEADER_BYTES;
        offsetPosition = segment.first;
        chunk = new byte[0];
        chunkAt = 0;
      }
      while (offsetPosition < readPosition) {
        skipRecord(segment);
      }
      int at = recordAt(segment);
      SpoolRecord record = SpoolRecord.decode(chunk, at, chunk.length);
      skipRecord(segment);
      long position = readPosition;
      if (segment.isSettled(position)) {
        readPosition++;
        return null;
      }
      if (record == null) {
        damaged(segment, position);
        return null;
      }
      return new QueuedEvent(position, record.unit, record.key, record.body, nowNanos, null);
    } catch (IOException e) {
      giveUp(segment, e.getMessage());
      return null;
    }
  }

  /** The segment with the first record at or after readPosition, which moves there. */
  private @Nullable Segment find() {
    for (Segment segment : segments) {
      if (segment.first + segment.count > readPosition) {
        readPosition = Math.max(readPosition, segment.first);
        return segment;
      }
    }
    return null;
  }

  private void skipRecord(Segment segment) throws IOException {
    int at = recordAt(segment);
    int size = SpoolRecord.plausibleBytes(chunk, at, chunk.length);
    chunkAt += size;
    readOffset += size;
    offsetPosition++;
  }

  private void damaged(Segment segment, long position) {
    segment.settle(position);
    readPosition++;
    spooled.decrementAndGet();
    cursorStale = true;
    counters.drop(DropReason.CORRUPT, 1);
    fault = "a record of " + segment.name + " is damaged; its event is lost";
  }

  /** Where in the chunk the record at readOffset begins; reads on until all of it is there. */
  private int recordAt(Segment segment) throws IOException {
    if (SpoolRecord.plausibleBytes(chunk, chunkAt, chunk.length) < 0) {
      chunk = segment.read(files, readOffset, CHUNK_BYTES);
      chunkAt = 0;
      if (SpoolRecord.plausibleBytes(chunk, 0, chunk.length) < 0) {
        throw new IOException(segment.name + " has changed since it was written");
      }
    }
    return chunkAt;
  }

  /** Nothing more can be read of this file: what was not handed out of it is lost. */
  private void giveUp(Segment segment, @Nullable String why) {
    int lost = 0;
    for (long p = readPosition; p < segment.first + segment.count; p++) {
      if (segment.settle(p)) {
        lost++;
      }
    }
    readPosition = segment.first + segment.count;
    spooled.addAndGet(-lost);
    cursorStale = true;
    counters.drop(DropReason.CORRUPT, lost);
    fault = why + "; " + lost + " events are lost";
    if (segment.equals(active)) {
      abandonActive();
    }
    try {
      files.rename(segment.name, segment.name + ".bad");
    } catch (IOException e) {
      fault = fault + "; and it cannot be set aside";
    }
  }

  // ---- Settling.

  @Override
  void settle(QueuedEvent event) {
    if (event.entry != null) { // Never reached the disk.
      intake.release(event.event().weightBytes());
      return;
    }
    for (Segment segment : segments) {
      if (segment.holds(event.position)) {
        if (segment.settle(event.position)) {
          spooled.decrementAndGet();
          cursorStale = true;
        }
        if (segment.isDone() && !segment.equals(active)) {
          deleteDone();
        }
        return;
      }
    }
  }

  /**
   * Deletes finished segments. One that cannot be deleted costs room and is tried at next start.
   */
  private void deleteDone() {
    List<Segment> kept = new ArrayList<>(segments.size());
    for (Segment segment : segments) {
      if (!segment.isDone() || segment.equals(active)) {
        kept.add(segment);
        continue;
      }
      try {
        files.delete(segment.name);
      } catch (IOException e) {
        fault = e.getMessage();
      }
      spooledBytes.addAndGet(-segment.bytes);
    }
    segments.clear();
    segments.addAll(kept);
  }

  @Override
  long maintain(long nowNanos) {
    append(
        nowNanos); // Also while the worker has no room, and to find what an earlier process left.
    boolean pending = !open || !stranded.isEmpty();
    long wait = pending && failing ? Math.max(1, retryAtNanos - nowNanos) : Long.MAX_VALUE;
    if (unsynced && sync == SpoolSync.INTERVAL && activeFile != null) {
      long due = unsyncedSinceNanos + SYNC_NANOS - nowNanos;
      if (due <= 0) {
        syncActive(nowNanos);
      } else {
        wait = due;
      }
    }
    if (cursorStale && open) {
      long due = cursorWrittenNanos + CURSOR_NANOS - nowNanos;
      if (due <= 0) {
        tryWriteCursor(nowNanos);
        due = CURSOR_NANOS;
      }
      wait = Math.min(wait, due);
    }
    return wait;
  }

  private void syncActive(long nowNanos) {
    unsynced = false;
    try {
      if (activeFile != null) {
        activeFile.sync();
      }
    } catch (IOException e) {
      failed("the spool cannot be synced: " + e.getMessage(), nowNanos);
      abandonActive();
    }
  }

  private void tryWriteCursor(long nowNanos) {
    try {
      writeCursor(nowNanos);
    } catch (IOException e) {
      cursorWrittenNanos = nowNanos; // Again in a second; without it events come twice, not never.
      fault = "the spool's cursor cannot be written: " + e.getMessage();
    }
  }

  private void writeCursor(long nowNanos) throws IOException {
    Segment oldest = segments.peek();
    long lowWater = oldest == null ? appendPosition : oldest.nextUnsettled(oldest.first);
    Set<Long> settled = new HashSet<>();
    for (Segment segment : segments) {
      for (long p = Math.max(lowWater, segment.first); p < segment.first + segment.count; p++) {
        if (segment.isSettled(p)) {
          settled.add(p);
        }
      }
    }
    new SpoolCursor(lowWater, settled).write(files);
    cursorStale = false;
    cursorWrittenNanos = nowNanos;
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
      failing = false;
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
    try {
      closeActive();
      deleteDone();
      writeCursor(0);
      files.unlock();
    } catch (IOException e) {
      fault = "the spool was not closed cleanly: " + e.getMessage();
    }
    open = false;
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
    return spooled.get();
  }

  @Override
  long spooledBytes() {
    return spooledBytes.get();
  }
}
