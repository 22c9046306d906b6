package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the spool does when an operation on its files fails, or a file has changed. */
final class DiskQueueBrokenDiskTest extends SpoolDirectory {
  @Test
  void aWriteThatFailsIsCutOffToldOnceAndTriedAgainAfterFiveSeconds() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offer(0);
    rig.append();
    long whole = directory.toPath().resolve(FIRST).toFile().length();
    files.takeLog();
    files.full = true;
    rig.offerAll(1, 3);
    assertEquals(5_000_000_000L, rig.maintain());
    assertEquals(List.of("write " + FIRST, "truncate " + FIRST, "close " + FIRST), files.takeLog());
    assertEquals(whole, directory.toPath().resolve(FIRST).toFile().length());
    assertEquals(
        "the spool cannot be written: broken write: No space left on device",
        rig.queue.takeFault());
    assertFalse(rig.queue.takes(false, rig.clock.nanos()));
    assertTrue(rig.queue.takes(true, rig.clock.nanos()));

    rig.clock.advanceNanos(4_999_999_999L);
    assertEquals(1, rig.maintain());
    assertEquals(List.of(), files.takeLog());
    rig.clock.advanceNanos(1);
    assertEquals(5_000_000_000L, rig.maintain());
    assertNull(rig.queue.takeFault()); // The same as before.

    files.full = false;
    rig.clock.advanceMillis(5000);
    assertEquals(NEVER, rig.maintain());
    assertTrue(rig.queue.takes(false, rig.clock.nanos()));
    assertEquals(3, rig.queue.spooled());
    files.full = true;
    rig.offer(3);
    rig.append();
    assertNotNull(rig.queue.takeFault()); // It had worked again meanwhile.
    assertEquals(SpoolRig.numbers(0, 4), rig.deliverAll());
  }

  @Test
  void aWriteThatCannotEvenBeCutOffIsWrittenAgainToTheNextSegment() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offer(0);
    rig.append();
    files.full = true;
    files.broken = "truncate";
    rig.offerAll(1, 10);
    rig.append();
    files.full = false;
    files.broken = "";
    rig.clock.advanceMillis(5000);
    rig.append();
    files.log.clear();
    rig.maintain();
    assertTrue(files.log.contains("write cursor.tmp"));
    rig.close();
    assertEquals(List.of(FIRST, Segment.name(1)), List.of(names(".seg")));
    assertEquals(SpoolRig.numbers(0, 10), SpoolRig.in(directory).deliverAll());
  }

  @Test
  void aSegmentWhoseHeaderCannotBeWrittenIsClosed() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    files.full = true;
    rig.offer(0);
    rig.append();
    assertEquals(
        List.of("open " + FIRST, "truncate " + FIRST, "write " + FIRST, "close " + FIRST),
        files.takeLog());
    assertEquals(0, rig.queue.spooledBytes());
  }

  @Test
  void anUnreadableDirectoryIsGivenBackAndTriedAgain() throws Exception {
    Path segment = directory.toPath().resolve(Segment.name(3));
    Files.createDirectory(segment); // There, but not to be read.
    SpoolRig rig = rig(SpoolSync.NEVER);
    rig.offer(0);
    assertEquals(List.of(0), rig.deliverAll());
    assertEquals(5_000_000_000L, rig.maintain());
    assertNotNull(rig.queue.takeFault());
    assertEquals(0, rig.counters.recovered.get());
    new SpoolFiles(directory).lock(); // The directory was let go.
  }

  @Test
  void theBoundOfTheSpoolHoldsToTheByte() {
    SpoolRig one = opened(SpoolSync.NEVER);
    one.offer(0);
    one.append();
    long bytes = one.queue.spooledBytes();
    one.close();
    for (long bound : new long[] {bytes, bytes + 1}) {
      SpoolRig rig =
          new SpoolRig(
              new SpoolFiles(new File(directory, "b" + bound)),
              bound,
              SpoolSync.NEVER,
              10,
              OverflowPolicy.DROP_NEWEST);
      rig.offer(0);
      rig.append();
      rig.offer(1);
      rig.append();
      assertEquals(bound == bytes ? 1 : 0, rig.intake.queued());
      assertEquals(List.of(0, 1), rig.deliverAll());
    }
  }

  @Test
  void pushedOutInTheMiddleOfItsWriteItIsNotHandedOut() {
    SpoolRig rig = new SpoolRig(files, 64 << 20, SpoolSync.NEVER, 2, OverflowPolicy.DROP_OLDEST);
    rig.maintain();
    rig.offerAll(0, 2);
    files.duringWrite = () -> assertTrue(rig.offer(2));
    rig.append();
    assertEquals(2, rig.queue.spooled());
    assertEquals(List.of(1, 2), rig.deliverAll());
    assertEquals(1, rig.counters.dropped(DropReason.PUSHED_OUT));
    assertEquals(0, rig.queue.spooled());
    assertEquals(0, rig.intake.queued());
  }

  @Test
  void aRecordThatChangesOnDiskIsLostAloneAndTold() throws Exception {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 1000);
    rig.append();
    Path segment = directory.toPath().resolve(FIRST);
    byte[] bytes = Files.readAllBytes(segment);
    bytes[new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("ld_800")] ^= 1;
    Files.write(segment, bytes);
    List<Integer> delivered = rig.deliverAll();
    List<Integer> expected = new ArrayList<>(SpoolRig.numbers(0, 1000));
    expected.remove(Integer.valueOf(800));
    assertEquals(expected, delivered);
    assertEquals(1, rig.counters.dropped(DropReason.CORRUPT));
    assertEquals("a record of " + FIRST + " is damaged; its event is lost", rig.queue.takeFault());
    assertEquals(0, rig.queue.spooled());
  }

  @Test
  void aFileThatHasBecomeShorterIsSetAsideAndWhatWasInItCounted() throws Exception {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 1000);
    rig.append();
    try (RandomAccessFile file = new RandomAccessFile(new File(directory, FIRST), "rw")) {
      file.setLength(1000);
    }
    files.takeLog();
    int delivered = rig.deliverAll().size();
    assertEquals(512, delivered); // What was in memory besides.
    assertEquals(488, rig.counters.dropped(DropReason.CORRUPT));
    String fault = rig.queue.takeFault();
    assertNotNull(fault);
    assertTrue(fault.endsWith("; 488 events are lost"), fault);
    assertEquals(2, Collections.frequency(files.takeLog(), "close " + FIRST)); // Reader, writer.
    assertEquals(List.of(FIRST + ".bad"), List.of(names(".bad")));
    assertEquals(1000, new File(directory, FIRST + ".bad").length());
    assertEquals(0, rig.queue.spooled());
    rig.offerAll(1000, 1010);
    assertEquals(SpoolRig.numbers(1000, 1010), rig.deliverAll());
    assertEquals(List.of(Segment.name(1000)), List.of(names(".seg")));
  }

  @Test
  void aFileThatCannotBeSetAsideEitherIsTold() throws Exception {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 600);
    rig.append();
    try (RandomAccessFile file = new RandomAccessFile(new File(directory, FIRST), "rw")) {
      file.setLength(1000);
    }
    files.broken = "rename";
    rig.deliverAll();
    String fault = rig.queue.takeFault();
    assertNotNull(fault);
    assertTrue(fault.endsWith("; 88 events are lost; and it cannot be set aside"), fault);
  }
}
