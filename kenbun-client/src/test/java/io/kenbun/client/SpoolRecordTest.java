package io.kenbun.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The record's format, byte by byte, and both sides of each of its limits. */
final class SpoolRecordTest {
  private static QueuedEvent event(String key, String unit, byte[] body) {
    return new QueuedEvent(0, unit, key, body, 0, null);
  }

  /** A record whose checksum is right, whatever the rest says. */
  private static byte[] sealed(byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(8 + content.length);
    out.putInt(content.length).putInt(0).put(content);
    CRC32 crc = new CRC32();
    crc.update(out.array(), 0, 4);
    crc.update(content);
    return out.putInt(4, (int) crc.getValue()).array();
  }

  private static SpoolRecord decoded(byte[] file) {
    return SpoolRecord.decode(file, 0, file.length);
  }

  @Test
  void liesOnDiskAsItIsDrawn() {
    byte[] record = SpoolRecord.encode(event("k1", "ü", "{}".getBytes(UTF_8)));
    byte[] content = {2, 'k', '1', 0, 2, (byte) 0xc3, (byte) 0xbc, '{', '}'};
    assertArrayEquals(sealed(content), record);
    SpoolRecord read = decoded(record);
    assertEquals("k1", read.key);
    assertEquals("ü", read.unit);
    assertArrayEquals("{}".getBytes(UTF_8), read.body);
    assertEquals(17, read.bytes);
  }

  @Test
  void aFlippedBitAnywhereIsSeenInTheLengthToo() {
    byte[] record =
        SpoolRecord.encode(event("key", "unit", "{\"event_type\":\"T\"}".getBytes(UTF_8)));
    byte[] file = Arrays.copyOf(record, 3 * record.length); // So that a longer one could be true.
    for (int bit = 0; bit < 8 * record.length; bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertNull(decoded(flipped), "bit " + bit);
    }
    assertNotNull(decoded(file));
  }

  @Test
  void theChecksumCoversTheLength() {
    byte[] content = {0, 0, 0, '{', '}', 0};
    byte[] record = sealed(content);
    CRC32 withoutLength = new CRC32();
    withoutLength.update(content);
    ByteBuffer.wrap(record).putInt(4, (int) withoutLength.getValue());
    assertNull(decoded(record));
  }

  @Test
  void isAtMostHalfAMebibyte() {
    int most = SpoolRecord.MAX_LENGTH - 3;
    byte[] record = SpoolRecord.encode(event("", "", new byte[most]));
    assertEquals(8 + 524_288, record.length);
    assertNotNull(decoded(record));
    assertEquals(
        "record > 524288 bytes: 524289",
        assertThrows(
                IllegalStateException.class,
                () -> SpoolRecord.encode(event("", "", new byte[most + 1])))
            .getMessage());
  }

  @Test
  void aLengthIsPlausibleOnlyWithinItsLimitsAndTheFile() {
    assertEquals(12, plausible(4, 12, 0));
    assertEquals(-1, plausible(3, 12, 0)); // Shorter than the shortest record.
    assertEquals(-1, plausible(5, 12, 0)); // Longer than the file.
    assertEquals(-1, plausible(-1, 12, 0));
    assertEquals(8 + 524_288, plausible(524_288, 8 + 524_288, 0));
    assertEquals(-1, plausible(524_289, 8 + 524_289, 0));
    assertEquals(12, plausible(4, 112, 100));
    assertEquals(-1, plausible(5, 112, 100));
    assertEquals(-1, SpoolRecord.plausibleBytes(new byte[107], 100, 107)); // No room for a header.
    assertEquals(-1, SpoolRecord.plausibleBytes(new byte[8], 8, 8));
  }

  private static int plausible(int length, int end, int at) {
    byte[] file = new byte[end];
    ByteBuffer.wrap(file).putInt(at, length);
    return SpoolRecord.plausibleBytes(file, at, end);
  }

  @Test
  void theLengthsInsideAreHeldToTheRecord() {
    SpoolRecord whole = decoded(sealed(new byte[] {2, 'k', 'l', 0, 0}));
    assertEquals("kl", whole.key);
    assertEquals(0, whole.body.length);
    assertNull(decoded(sealed(new byte[] {3, 'k', 'l', 0, 0}))); // The unit's length has no room.
    SpoolRecord unit = decoded(sealed(new byte[] {0, 0, 2, 'u', 'v'}));
    assertEquals("uv", unit.unit);
    assertNull(decoded(sealed(new byte[] {0, 0, 3, 'u', 'v'})));
    assertNull(decoded(sealed(new byte[] {(byte) 200, 'k', 'l', 0, 0})));
  }
}
