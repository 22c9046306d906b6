package io.kenbun.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One file of the spool: a header and records, only ever appended to, deleted as a whole once every
 * record in it is settled. Nothing that was written is changed later, so nothing written can be
 * torn later.
 *
 * <pre>
 * 000000000000002a.seg      named after the position of its first record, in hex
 *
 *  0  8   "KENBUNQ1"
 *  8  8   position of the first record
 * 16  4   CRC-32 of the 16 bytes before
 * 20      records (see SpoolRecord), one after the other; the n-th has position first + n
 * </pre>
 */
final class Segment {
  static final int HEADER_BYTES = 20;

  /** A segment that has reached this size gets no more records. */
  static final int FULL_BYTES = 1 << 20;

  /** The largest that a segment can become: full but for a byte, and a group of appends. */
  static final int MAX_BYTES = 4 << 20;

  private static final byte[] MAGIC = "KENBUNQ1".getBytes(StandardCharsets.US_ASCII);

  final long first;
  final String name;

  /** Records in it, the unreadable ones included. */
  int count;

  /** Up to where it holds whole records. */
  int bytes = HEADER_BYTES;

  /** By index; what is unreadable counts as settled. */
  private final BitSet settled = new BitSet();

  private int settledCount;

  /** Whether records are still appended to it; then it stays although all of them are settled. */
  boolean isWritten;

  Segment(long first) {
    this.first = first;
    this.name = name(first);
  }

  static String name(long first) {
    StringBuilder name = new StringBuilder(Long.toHexString(first));
    while (name.length() < 16) {
      name.insert(0, '0');
    }
    return name.append(".seg").toString();
  }

  static byte[] header(long first) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(MAGIC).putLong(first);
    CRC32 crc = new CRC32();
    crc.update(header.array(), 0, 16);
    return header.putInt((int) crc.getValue()).array();
  }

  /** What reading a file found. */
  static final class Scan {
    final @Nullable Segment segment;

    /** Why the file was not read to its end, or null. */
    final @Nullable String fault;

    /** Records that are lost; the torn one at the very end is not among them. */
    final int lost;

    Scan(@Nullable Segment segment, @Nullable String fault, int lost) {
      this.segment = segment;
      this.fault = fault;
      this.lost = lost;
    }
  }

  /**
   * Reads a file that an earlier process left. A record that breaks off at the file's end was being
   * written when the process died: it was never complete, and is left out without a word. A record
   * that is whole but damaged is skipped if another one follows it; else the rest is given up.
   */
  static Scan scan(String name, byte[] file) {
    if (file.length < HEADER_BYTES) {
      return new Scan(null, null, 0); // It died while the header was being written.
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    long first = in.getLong(8);
    byte[] header = header(first);
    for (int i = 0; i < HEADER_BYTES; i++) {
      if (header[i] != file[i]) {
        return new Scan(null, name + " has no valid header", 1);
      }
    }
    if (!name.equals(name(first))) {
      return new Scan(null, name + " holds the records of " + name(first), 1);
    }
    Segment segment = new Segment(first);
    int lost = 0;
    while (segment.bytes < file.length) {
      int at = segment.bytes;
      int size = SpoolRecord.plausibleBytes(file, at, file.length);
      if (size > 0 && SpoolRecord.decode(file, at, file.length) == null) {
        if (isIntactAt(file, at + size)) {
          segment.settle(segment.count);
          lost++;
        } else if (at + size == file.length) {
          return new Scan(segment, lost == 0 ? null : damaged(name), lost); // Torn.
        } else {
          size = -1;
        }
      }
      if (size < 0) {
        boolean torn = isTorn(file, at);
        return new Scan(segment, torn && lost == 0 ? null : damaged(name), torn ? lost : lost + 1);
      }
      segment.count++;
      segment.bytes += size;
    }
    return new Scan(segment, lost == 0 ? null : damaged(name), lost);
  }

  private static String damaged(String name) {
    return name + " is damaged";
  }

  private static boolean isIntactAt(byte[] file, int at) {
    return SpoolRecord.plausibleBytes(file, at, file.length) > 0 && SpoolRecord.isIntact(file, at);
  }

  /** Whether the file ends in the middle of this record: too short for what its length says. */
  private static boolean isTorn(byte[] file, int at) {
    if (file.length - at < SpoolRecord.HEADER_BYTES) {
      return true;
    }
    int length = ByteBuffer.wrap(file).getInt(at);
    return length > 0
        && length <= SpoolRecord.MAX_LENGTH
        && length > file.length - at - SpoolRecord.HEADER_BYTES;
  }

  /**
   * Leaves out records from a position on: a write that failed may have left whole ones behind,
   * which were then written again to the next segment.
   */
  void endBefore(long position) {
    if (end() > position) {
      count = (int) Math.max(0, position - first);
      settled.clear(count, Math.max(count, settled.length()));
      settledCount = settled.cardinality();
    }
  }

  /** The position after the last record's. */
  long end() {
    return first + count;
  }

  boolean holds(long position) {
    return position >= first && position < end();
  }

  boolean isSettled(long position) {
    return settled.get((int) (position - first));
  }

  /** Marks one as settled; false if it was already. */
  boolean settle(long position) {
    return settle((int) (position - first));
  }

  private boolean settle(int index) {
    if (settled.get(index)) {
      return false;
    }
    settled.set(index);
    settledCount++;
    return true;
  }

  /** Whether the file is needed no more. */
  boolean isFinished() {
    return settledCount == count && !isWritten;
  }

  int unsettled() {
    return count - settledCount;
  }

  /** The position of the first record from {@code position} on that is not settled. */
  long nextUnsettled(long position) {
    return first + settled.nextClearBit((int) Math.max(0, position - first));
  }

  /** Reads from an offset up to the last whole record, at most {@code maxBytes}. */
  byte[] read(SpoolFiles files, int offset, int maxBytes) throws IOException {
    byte[] chunk = new byte[Math.min(maxBytes, bytes - offset)];
    try (SpoolFiles.SpoolFile file = files.open(name)) {
      file.read(offset, chunk, chunk.length);
    }
    return chunk;
  }
}
