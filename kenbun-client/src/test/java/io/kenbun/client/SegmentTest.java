package io.kenbun.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** What is believed of a file that an earlier process left. */
final class SegmentTest {
  private static final String NAME = "000000000000002a.seg";
  private static final int RECORD = 8 + 1 + 2 + 2 + 4 + 10;

  private static byte[] record(int number) {
    byte[] body = String.format("{\"n\":%4d}", number).getBytes(US_ASCII);
    return SpoolRecord.encode(new QueuedEvent(number, "unit", "k" + number, body, 0, null));
  }

  /** A file with so many records, each of the same size. */
  private static byte[] file(int records) {
    ByteBuffer file = ByteBuffer.allocate(20 + records * RECORD);
    file.put(Segment.header(42));
    for (int i = 0; i < records; i++) {
      file.put(record(i));
    }
    return file.array();
  }

  private static int at(int record) {
    return 20 + record * RECORD;
  }

  private static void expect(byte[] file, int count, int unsettled, String fault, int lost) {
    Segment.Scan scan = Segment.scan(NAME, file);
    assertEquals(fault, scan.fault);
    assertEquals(lost, scan.lost);
    assertNotNull(scan.segment);
    assertEquals(count, scan.segment.count);
    assertEquals(unsettled, scan.segment.unsettled());
    assertEquals(at(count), scan.segment.bytes);
  }

  private static final String DAMAGED = NAME + " is damaged";

  @Test
  void beginsAsItIsDrawn() {
    ByteBuffer header = ByteBuffer.allocate(20);
    header.put("KENBUNQ1".getBytes(US_ASCII)).putLong(42);
    CRC32 crc = new CRC32();
    crc.update(header.array(), 0, 16);
    header.putInt((int) crc.getValue());
    assertArrayEquals(header.array(), Segment.header(42));
    assertEquals(NAME, new Segment(42).name);
    assertEquals("ffffffffffffffff.seg", Segment.name(-1));
  }

  @Test
  void everyRecordOfAWholeFileIsThere() {
    expect(file(0), 0, 0, null, 0);
    expect(file(3), 3, 3, null, 0);
  }

  @Test
  void aFileThatEndsWithinItsHeaderHoldsNothing() {
    Segment.Scan scan = Segment.scan(NAME, Arrays.copyOf(file(0), 19));
    assertNull(scan.segment);
    assertNull(scan.fault);
    assertEquals(0, scan.lost);
  }

  @Test
  void aHeaderWithOneWrongBitIsNone() {
    for (int bit = 0; bit < 160; bit++) {
      byte[] file = file(2);
      file[bit / 8] ^= (byte) (1 << bit % 8);
      Segment.Scan scan = Segment.scan(NAME, file);
      assertNull(scan.segment);
      assertEquals(NAME + " has no valid header", scan.fault);
      assertEquals(1, scan.lost);
    }
  }

  @Test
  void aFileUnderAnotherNameIsNotBelieved() {
    Segment.Scan scan = Segment.scan("000000000000002b.seg", file(2));
    assertNull(scan.segment);
    assertEquals("000000000000002b.seg holds the records of " + NAME, scan.fault);
    assertEquals(1, scan.lost);
  }

  @Test
  void aRecordThatBreaksOffAnywhereIsLeftOutWithoutAWord() {
    for (int cut = 1; cut < RECORD; cut++) {
      expect(Arrays.copyOf(file(3), at(3) - cut), 2, 2, null, 0);
    }
  }

  @Test
  void aLastRecordOfFullLengthWithWrongBytesIsTornToo() {
    byte[] file = file(3);
    file[file.length - 1] ^= 1; // Its length was on the disk before all of its bytes.
    expect(file, 2, 2, null, 0);
  }

  @Test
  void aDamagedRecordBeforeAnIntactOneIsSkipped() {
    byte[] file = file(5);
    file[at(2) - 1] ^= 1;
    file[at(4) - 1] ^= 1;
    expect(file, 5, 3, DAMAGED, 2);
    Segment segment = Segment.scan(NAME, file).segment;
    assertTrue(segment.isSettled(43));
    assertFalse(segment.isSettled(44));
    assertTrue(segment.isSettled(45));
  }

  @Test
  void twoDamagedRecordsInARowEndWhatCanBeBelieved() {
    byte[] file = file(5);
    file[at(2) - 1] ^= 1;
    file[at(3) - 1] ^= 1;
    expect(file, 1, 1, DAMAGED, 1);
  }

  @Test
  void aDamagedRecordBeforeATornOneEndsWhatCanBeBelieved() {
    byte[] file = Arrays.copyOf(file(3), at(3) - 5);
    file[at(2) - 1] ^= 1;
    expect(file, 1, 1, DAMAGED, 1);
  }

  @Test
  void aTornEndAfterASkippedRecordIsStillTold() {
    byte[] file = Arrays.copyOf(file(4), at(4) - 5);
    file[at(1) - 1] ^= 1;
    expect(file, 3, 2, DAMAGED, 1);
    byte[] full = file(4);
    full[at(1) - 1] ^= 1;
    full[at(4) - 1] ^= 1;
    expect(full, 3, 2, DAMAGED, 1);
  }

  @Test
  void aLengthThatCannotBeTrueEndsWhatCanBeBelieved() {
    for (int length : new int[] {0, 3, -1, Integer.MIN_VALUE, 524_289, Integer.MAX_VALUE}) {
      byte[] file = file(3);
      ByteBuffer.wrap(file).putInt(at(1), length);
      expect(file, 1, 1, DAMAGED, 1);
    }
  }

  @Test
  void aLengthBeyondTheFileIsTornUpToTheLargestRecord() {
    byte[] file = file(3);
    ByteBuffer.wrap(file).putInt(at(1), 524_288);
    expect(file, 1, 1, null, 0);
    ByteBuffer.wrap(file).putInt(at(1), 524_289);
    expect(file, 1, 1, DAMAGED, 1);
    byte[] short1 = Arrays.copyOf(file(1), at(1) + 9);
    ByteBuffer.wrap(short1).putInt(at(1), 1);
    expect(short1, 1, 1, DAMAGED, 1); // Shorter than any record, and all of it there.
    byte[] short2 = Arrays.copyOf(file(1), at(1) + 8);
    ByteBuffer.wrap(short2).putInt(at(1), 1);
    expect(short2, 1, 1, null, 0);
  }

  @Test
  void settlesEachRecordOnce() {
    Segment segment = new Segment(42);
    segment.count = 3;
    assertEquals(45, segment.end());
    assertFalse(segment.holds(41));
    assertTrue(segment.holds(42));
    assertTrue(segment.holds(44));
    assertFalse(segment.holds(45));
    assertEquals(42, segment.nextUnsettled(42));
    assertTrue(segment.settle(42));
    assertFalse(segment.settle(42));
    assertEquals(43, segment.nextUnsettled(0));
    assertTrue(segment.settle(44));
    assertEquals(43, segment.nextUnsettled(43));
    assertEquals(1, segment.unsettled());
    assertFalse(segment.isFinished());
    assertTrue(segment.settle(43));
    assertEquals(45, segment.nextUnsettled(42));
    assertTrue(segment.isFinished());
    segment.isWritten = true;
    assertFalse(segment.isFinished());
  }

  @Test
  void leavesOutWhatALaterSegmentBeginsWith() {
    Segment segment = new Segment(42);
    segment.count = 5;
    segment.settle(43);
    segment.settle(46);
    segment.endBefore(47);
    assertEquals(5, segment.count);
    assertEquals(3, segment.unsettled());
    segment.endBefore(45);
    assertEquals(3, segment.count);
    assertEquals(2, segment.unsettled());
    assertFalse(segment.isSettled(46));
    segment.endBefore(40);
    assertEquals(0, segment.count);
    assertEquals(0, segment.unsettled());
  }
}
