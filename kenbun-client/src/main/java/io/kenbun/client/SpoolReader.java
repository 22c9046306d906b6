package io.kenbun.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads records in the order of their positions, a piece of the file at a time. The worker's.
 *
 * <pre>
 * segment:  header | record | record | record | rec...
 *                             ^ offset, of the record at position
 *                     [ chunk ......................... ]
 *                       ^ at
 * </pre>
 */
final class SpoolReader {
  private static final int CHUNK_BYTES = SpoolRecord.MAX_LENGTH + SpoolRecord.HEADER_BYTES;

  private final SpoolFiles files;
  private @Nullable Segment reading;
  private int offset;
  private long position;
  private byte[] chunk = new byte[0];
  private int at;

  SpoolReader(SpoolFiles files) {
    this.files = files;
  }

  /**
   * The record at a position that the segment holds, or null if it is damaged. Positions grow from
   * call to call.
   *
   * @throws IOException if the file cannot be read, or its records no longer lie as they did
   */
  @Nullable SpoolRecord read(Segment segment, long wanted) throws IOException {
    if (!segment.equals(reading)) {
      reading = segment;
      offset = Segment.HEADER_BYTES;
      position = segment.first;
      chunk = new byte[0];
      at = 0;
    }
    while (position < wanted) {
      skip(segment);
    }
    load(segment);
    return SpoolRecord.decode(chunk, at, chunk.length);
  }

  private void skip(Segment segment) throws IOException {
    load(segment);
    int size = SpoolRecord.plausibleBytes(chunk, at, chunk.length);
    at += size;
    offset += size;
    position++;
  }

  /** Reads on until all of the record at the offset is in the chunk. */
  private void load(Segment segment) throws IOException {
    if (SpoolRecord.plausibleBytes(chunk, at, chunk.length) < 0) {
      chunk = segment.read(files, offset, CHUNK_BYTES);
      at = 0;
      if (SpoolRecord.plausibleBytes(chunk, 0, chunk.length) < 0) {
        throw new IOException(segment.name + " has changed since it was written");
      }
    }
  }
}
