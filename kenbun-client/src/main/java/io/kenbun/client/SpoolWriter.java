package io.kenbun.client;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Appends records to the newest segment: every write and every sync of events is here, in the order
 * in which it happens. The worker's.
 */
final class SpoolWriter {
  private static final long SYNC_NANOS = 100_000_000L;

  private final SpoolFiles files;
  private final Segments segments;
  private final SpoolSync sync;

  private @Nullable Segment segment;
  private SpoolFiles.@Nullable SpoolFile file;
  private boolean unsynced;
  private long syncDueNanos;

  SpoolWriter(SpoolFiles files, Segments segments, SpoolSync sync) {
    this.files = files;
    this.segments = segments;
    this.sync = sync;
  }

  /**
   * Appends events with consecutive positions by one write; nothing counts before that has
   * succeeded.
   *
   * @return the segment that has them now
   */
  Segment append(List<QueuedEvent> group, long nowNanos) throws IOException {
    Buffer records = new Buffer();
    for (QueuedEvent event : group) {
      records.write(SpoolRecord.encode(event));
    }
    int size = (int) records.size();
    Segment target = segmentFor(group.get(0).position);
    SpoolFiles.SpoolFile out = Objects.requireNonNull(file);
    out.write(target.bytes, records.readByteArray(), size);
    if (sync == SpoolSync.ALWAYS) {
      out.sync();
    } else if (!unsynced) {
      unsynced = true;
      syncDueNanos = nowNanos + SYNC_NANOS;
    }
    segments.appended(target, group.size(), size);
    return target;
  }

  /** The segment that the record at {@code position} goes to, made if need be. */
  private Segment segmentFor(long position) throws IOException {
    if (segment != null && segment.bytes < Segment.FULL_BYTES && segment.end() == position) {
      return segment;
    }
    close();
    Segment made = new Segment(position);
    SpoolFiles.SpoolFile out = files.open(made.name);
    try {
      out.truncate(0);
      out.write(0, Segment.header(position), Segment.HEADER_BYTES);
    } catch (IOException e) {
      out.close();
      throw e;
    }
    made.isWritten = true;
    segments.add(made);
    segment = made;
    file = out;
    return made;
  }

  /** Ends the segment being written, on the device if the policy asks for that. */
  void close() throws IOException {
    SpoolFiles.SpoolFile out = file;
    Segment ended = segment;
    file = null;
    segment = null;
    if (out == null || ended == null) {
      return;
    }
    ended.isWritten = false;
    try {
      if (unsynced && sync != SpoolSync.NEVER) {
        out.sync();
      }
      unsynced = false;
    } finally {
      out.close();
      if (ended.isFinished()) {
        segments.deleteFinished();
      }
    }
  }

  /** After a failure: what was whole before it counts, and nothing more goes to the file. */
  void abandon() {
    try {
      if (segment != null && file != null) {
        file.truncate(segment.bytes);
      }
    } catch (IOException e) {
      segments.distrustCursor(); // The next start sees by the positions what does not belong there.
    }
    try {
      close();
    } catch (IOException e) {
      unsynced = false; // It is the failure that is being told already.
    }
  }

  /**
   * Nothing can be read of a segment: nothing more is written to it, and its file stays as it is.
   */
  void leave(Segment unreadable) {
    if (file == null || !unreadable.equals(segment)) {
      return;
    }
    unreadable.isWritten = false;
    segment = null;
    unsynced = false;
    try {
      file.close();
    } catch (IOException e) {
      segments.distrustCursor(); // It is unreadable in any case, which is told.
    }
    file = null;
  }

  /**
   * Forces onto the device what has waited for that long enough.
   *
   * @return when it wants to be called again, in nanoseconds from now
   */
  long maintain(long nowNanos) throws IOException {
    if (!unsynced || sync != SpoolSync.INTERVAL || file == null) {
      return Long.MAX_VALUE;
    }
    if (syncDueNanos - nowNanos > 0) {
      return syncDueNanos - nowNanos;
    }
    unsynced = false;
    file.sync();
    return Long.MAX_VALUE;
  }
}
