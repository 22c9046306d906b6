package io.kenbun.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * What was settled when it was last written. Only a hint: where it is missing, old or damaged,
 * events are sent again, with their old keys. Big-endian, replaced as a whole.
 *
 * <pre>
 *  0  8    "KENBUNC1"
 *  8  8    everything before this position is settled
 * 16  4    n
 * 20  8n   settled positions after that one
 *  .  4    CRC-32 of all before
 * </pre>
 */
final class SpoolCursor {
  static final String NAME = "cursor";
  private static final int MAX_BYTES = 1 << 20;
  private static final byte[] MAGIC = "KENBUNC1".getBytes(StandardCharsets.US_ASCII);

  final long lowWater;
  final Set<Long> settled;

  SpoolCursor(long lowWater, Set<Long> settled) {
    this.lowWater = lowWater;
    this.settled = settled;
  }

  /** The position after the last one that it says anything about. */
  long end() {
    long end = lowWater;
    for (Long position : settled) {
      end = Math.max(end, position + 1);
    }
    return end;
  }

  /** Settles in a segment what was settled. */
  void settle(Segment segment) {
    for (long p = segment.first; p < segment.end(); p++) {
      if (p < lowWater || settled.contains(p)) {
        segment.settle(p);
      }
    }
  }

  void write(SpoolFiles files) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(24 + 8 * settled.size());
    out.put(MAGIC).putLong(lowWater).putInt(settled.size());
    for (Long position : settled) {
      out.putLong(position);
    }
    CRC32 crc = new CRC32();
    crc.update(out.array(), 0, out.position());
    out.putInt((int) crc.getValue());
    files.replace(NAME, out.array());
  }

  /** What the file says, or "nothing is settled" if it says nothing that can be believed. */
  static SpoolCursor read(SpoolFiles files) {
    SpoolCursor nothing = new SpoolCursor(Long.MIN_VALUE, new HashSet<>());
    byte[] bytes;
    try {
      bytes = files.read(NAME, MAX_BYTES);
    } catch (IOException e) {
      return nothing; // A hint that cannot be read is no hint.
    }
    if (bytes == null || bytes.length < 24) {
      return nothing;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    long lowWater = in.getLong();
    int count = in.getInt();
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, bytes.length - 4);
    if (!Arrays.equals(magic, MAGIC)
        || bytes.length != 24 + 8L * count
        || in.getInt(bytes.length - 4) != (int) crc.getValue()) {
      return nothing;
    }
    Set<Long> settled = new HashSet<>();
    for (int i = 0; i < count; i++) {
      settled.add(in.getLong());
    }
    return new SpoolCursor(lowWater, settled);
  }
}
