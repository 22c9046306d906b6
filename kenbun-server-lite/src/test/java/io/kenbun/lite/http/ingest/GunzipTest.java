package io.kenbun.lite.http.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Gzip as it comes in, wherever it is cut, with every part its header may have. */
class GunzipTest {
  private static final String TEXT = "one line\nand another\n".repeat(50);
  private static final int HEADER = 10;

  @Test
  void piecesOfAnyLengthGiveTheSame() throws Exception {
    byte[] packed = gzip(TEXT);
    for (int piece : new int[] {1, 2, 3, 7, 64, packed.length}) {
      for (int room : new int[] {1, 5, 4_096}) {
        assertEquals(TEXT, gunzip(packed, piece, room), piece + " in, " + room + " out");
      }
    }
  }

  @Test
  void everyPartOfTheHeaderIsPassedOver() throws Exception {
    byte[] extra = {3, 0, 'a', 0, 'b'};
    byte[] name = {'n', 'a', 'm', 'e', 0};
    byte[] comment = {'c', 0};
    byte[] crc = {1, 2};
    for (int flags = 0; flags < 32; flags++) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] plain = gzip(TEXT);
      plain[3] = (byte) flags;
      packed.write(plain, 0, HEADER);
      if ((flags & 4) != 0) {
        packed.writeBytes(extra);
      }
      if ((flags & 8) != 0) {
        packed.writeBytes(name);
      }
      if ((flags & 16) != 0) {
        packed.writeBytes(comment);
      }
      if ((flags & 2) != 0) {
        packed.writeBytes(crc);
      }
      packed.write(plain, HEADER, plain.length - HEADER);
      assertEquals(TEXT, gunzip(packed.toByteArray(), 1, 100), "flags " + flags);
    }
  }

  @Test
  void anEmptyExtraPartIsNone() throws Exception {
    byte[] plain = gzip(TEXT);
    plain[3] = 4;
    byte[] packed = new byte[plain.length + 2];
    System.arraycopy(plain, 0, packed, 0, HEADER);
    System.arraycopy(plain, HEADER, packed, HEADER + 2, plain.length - HEADER);
    assertEquals(TEXT, gunzip(packed, 3, 100));
  }

  @Test
  void aHeaderOfAnotherKindIsRefused() throws Exception {
    int[][] wrong = {{0, 0x1e}, {1, 0x8a}, {2, 7}, {3, 32}, {3, 128}};
    for (int[] change : wrong) {
      byte[] packed = gzip(TEXT);
      packed[change[0]] = (byte) change[1];
      DataFormatException e =
          assertThrows(DataFormatException.class, () -> gunzip(packed, 100, 100));
      assertEquals("no gzip header", e.getMessage());
    }
  }

  @Test
  void itIsWholeAtTheEndOfAMemberAlone() throws Exception {
    byte[] packed = gzip(TEXT);
    for (int length = 0; length <= packed.length; length++) {
      try (Gunzip gunzip = new Gunzip()) {
        gunzip.input(Arrays.copyOf(packed, length), length);
        byte[] out = new byte[8_192];
        while (gunzip.read(out) > 0) {}
        assertEquals(length == packed.length, gunzip.isWhole(), "cut at " + length);
      }
    }
    try (Gunzip gunzip = new Gunzip()) {
      assertFalse(gunzip.isWhole());
    }
  }

  @Test
  void membersOneAfterAnotherAreOneText() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes(gzip("a"));
    packed.writeBytes(gzip(""));
    packed.writeBytes(gzip("b"));
    assertEquals("ab", gunzip(packed.toByteArray(), 1, 10));
    assertEquals("ab", gunzip(packed.toByteArray(), packed.size(), 10));
  }

  @Test
  void whatIsReadNeverExceedsTheRoomThatIsGiven() throws Exception {
    byte[] packed = gzip("x".repeat(1 << 20));
    assertTrue(packed.length < 2_048);
    try (Gunzip gunzip = new Gunzip()) {
      gunzip.input(packed, packed.length);
      byte[] out = new byte[1_000];
      int total = 0;
      for (int read = gunzip.read(out); read > 0; read = gunzip.read(out)) {
        assertTrue(read <= 1_000);
        total += read;
      }
      assertEquals(1 << 20, total);
    }
  }

  private static String gunzip(byte[] packed, int piece, int room) throws DataFormatException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Gunzip gunzip = new Gunzip()) {
      byte[] out = new byte[room];
      for (int from = 0; from < packed.length; from += piece) {
        byte[] in = Arrays.copyOfRange(packed, from, Math.min(packed.length, from + piece));
        gunzip.input(in, in.length);
        for (int read = gunzip.read(out); read > 0; read = gunzip.read(out)) {
          text.write(out, 0, read);
        }
      }
      assertTrue(gunzip.isWhole());
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }
}
