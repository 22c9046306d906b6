package io.kenbun.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One event as it lies on disk. Big-endian.
 *
 * <pre>
 *  0  4   length n of what follows the checksum, 4 to 524,288
 *  4  4   CRC-32 of the length's four bytes and of those n
 *  8  1   length k of the idempotency key, ASCII
 *  9  k   the key
 *  .  2   length u of the organizational unit, UTF-8
 *  .  u   the unit
 *  .  ..  the body of POST /ingest, UTF-8 JSON, up to n
 * </pre>
 *
 * <p>The length is checked against the limit and against what the file still holds before a byte of
 * memory is taken for it, and the checksum before anything in it is believed.
 */
final class SpoolRecord {
  static final int HEADER_BYTES = 8;
  static final int MAX_LENGTH = 512 * 1024;
  private static final int MIN_LENGTH = 4;

  final String key;
  final String unit;
  final byte[] body;

  /** What it takes in the file. */
  final int bytes;

  private SpoolRecord(String key, String unit, byte[] body, int bytes) {
    this.key = key;
    this.unit = unit;
    this.body = body;
    this.bytes = bytes;
  }

  /** The bytes of a record. No event that could be built reaches a third of the largest length. */
  static byte[] encode(QueuedEvent event) {
    byte[] key = event.key.getBytes(StandardCharsets.US_ASCII);
    byte[] unit = event.unit.getBytes(StandardCharsets.UTF_8);
    int length = 1 + key.length + 2 + unit.length + event.body.length;
    if (length > MAX_LENGTH) {
      throw new IllegalStateException("record > " + MAX_LENGTH + " bytes: " + length);
    }
    byte[] record = new byte[HEADER_BYTES + length];
    ByteBuffer out = ByteBuffer.wrap(record);
    out.putInt(length).putInt(0);
    out.put((byte) key.length).put(key);
    out.putShort((short) unit.length).put(unit).put(event.body);
    out.putInt(4, checksum(record, 0, length));
    return record;
  }

  /**
   * How many bytes the record at {@code at} takes if its length can be true, or -1.
   *
   * @param end where the file's bytes end
   */
  static int plausibleBytes(byte[] file, int at, int end) {
    if (end - at < HEADER_BYTES) {
      return -1;
    }
    int length = ByteBuffer.wrap(file).getInt(at);
    if (length < MIN_LENGTH || length > MAX_LENGTH || length > end - at - HEADER_BYTES) {
      return -1;
    }
    return HEADER_BYTES + length;
  }

  /** Whether a record of a plausible length is what was written. */
  static boolean isIntact(byte[] file, int at) {
    ByteBuffer in = ByteBuffer.wrap(file);
    return in.getInt(at + 4) == checksum(file, at, in.getInt(at));
  }

  /** The record at {@code at}, or null if it is not intact. */
  static @Nullable SpoolRecord decode(byte[] file, int at, int end) {
    int bytes = plausibleBytes(file, at, end);
    if (bytes < 0 || !isIntact(file, at)) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file, at + HEADER_BYTES, bytes - HEADER_BYTES);
    int keyLength = in.get() & 0xff;
    if (keyLength > in.remaining() - 2) {
      return null;
    }
    byte[] key = new byte[keyLength];
    in.get(key);
    int unitLength = in.getShort() & 0xffff;
    if (unitLength > in.remaining()) {
      return null;
    }
    byte[] unit = new byte[unitLength];
    in.get(unit);
    byte[] body = new byte[in.remaining()];
    in.get(body);
    return new SpoolRecord(
        new String(key, StandardCharsets.US_ASCII),
        new String(unit, StandardCharsets.UTF_8),
        body,
        bytes);
  }

  private static int checksum(byte[] file, int at, int length) {
    CRC32 crc = new CRC32();
    crc.update(file, at, 4);
    crc.update(file, at + HEADER_BYTES, length);
    return (int) crc.getValue();
  }
}
