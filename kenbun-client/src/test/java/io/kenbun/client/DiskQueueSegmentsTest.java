package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the spool groups what it writes, and cuts it into segments. */
final class DiskQueueSegmentsTest extends SpoolDirectory {
  @Test
  void writesGroupsOf256() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 256);
    rig.append();
    assertEquals(2, Collections.frequency(files.takeLog(), "write " + FIRST)); // And the header.
    rig.offerAll(256, 513);
    rig.append();
    assertEquals(2, Collections.frequency(files.takeLog(), "write " + FIRST));
    assertEquals(SpoolRig.numbers(0, 513), rig.deliverAll());
  }

  @Test
  void writesGroupsOfHalfAMebibyteAndAnEventMore() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    String filling = "x".repeat(80_000);
    for (int i = 0; i < 8; i++) { // Seven are 560,000 bytes, six are 480,000.
      rig.offer(i, filling);
    }
    rig.append();
    assertEquals(3, Collections.frequency(files.takeLog(), "write " + FIRST));
  }

  /** Fills the first segment up to exactly so many bytes. */
  private void fillTo(SpoolRig rig, int bytes) {
    rig.offer(0, "x".repeat(90_000));
    rig.append();
    long one = rig.queue.spooledBytes() - Segment.HEADER_BYTES;
    while (bytes - rig.queue.spooledBytes() > 2 * one) {
      rig.offer(0, "x".repeat(90_000));
      rig.append();
    }
    long half = (bytes - rig.queue.spooledBytes()) / 2;
    rig.offer(0, "x".repeat((int) (90_000 + half - one)));
    rig.append();
    long rest = bytes - rig.queue.spooledBytes();
    rig.offer(0, "x".repeat((int) (90_000 + rest - one)));
    rig.append();
    assertEquals(bytes, rig.queue.spooledBytes());
  }

  @Test
  void beginsANewSegmentOnceTheOldHasAMebibyte() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    fillTo(rig, (1 << 20) - 1);
    rig.offer(1);
    rig.append();
    assertEquals(1, names(".seg").length);
    rig.offer(2);
    rig.append();
    assertEquals(2, names(".seg").length);
    rig.close();

    files = new BrokenFiles(new File(directory, "exact"));
    SpoolRig exact = opened(SpoolSync.INTERVAL);
    fillTo(exact, 1 << 20);
    files.takeLog();
    exact.offer(1);
    exact.append();
    String second = Segment.name(exact.deliverAll().size() - 1);
    assertEquals(
        List.of(
            "sync " + FIRST, // What is closed is synced before.
            "close " + FIRST,
            "open " + second,
            "truncate " + second,
            "write " + second,
            "write " + second),
        files.takeLog().subList(0, 6));
  }

  @Test
  void deletesTheFinishedSegmentWhenItIsClosedAndNotBefore() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 2);
    rig.deliverAll();
    assertEquals(1, names(".seg").length);
    long bytes = rig.queue.spooledBytes();
    assertTrue(bytes > 20);
    rig.close();
    assertEquals(0, names(".seg").length);
    assertEquals(0, rig.queue.spooledBytes());
  }

  @Test
  void aFinishedSegmentGoesAsSoonAsANewOneIsBegun() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    for (int i = 0; i < 20; i++) {
      rig.offer(i, "x".repeat(90_000));
      rig.deliverAll();
    }
    assertEquals(1, names(".seg").length);
    assertEquals(
        directory.toPath().resolve(names(".seg")[0]).toFile().length(), rig.queue.spooledBytes());
  }

  @Test
  void aFileThatCannotBeDeletedIsToldAndGoesAtTheNextStart() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offer(0);
    rig.deliverAll();
    files.broken = "delete";
    rig.close();
    assertEquals("broken delete", rig.queue.takeFault());
    assertEquals(0, rig.queue.spooledBytes());
    files.broken = "";
    files.takeLog();
    SpoolRig second = opened(SpoolSync.NEVER);
    assertEquals(0, names(".seg").length);
    assertEquals(0, second.queue.spooledBytes());
    assertEquals(0, second.counters.recovered.get());
  }

  @Test
  void readsNoFileForWhatItHasJustWritten() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    for (int i = 0; i < 600; i += 200) {
      rig.offerAll(i, i + 200);
      assertEquals(SpoolRig.numbers(i, i + 200), rig.deliverAll());
    }
    assertFalse(files.takeLog().contains("read " + FIRST));
    rig.offerAll(0, 1500); // More than it keeps in memory besides.
    rig.append();
    assertEquals(SpoolRig.numbers(0, 1500), rig.deliverAll());
    assertEquals(1, Collections.frequency(files.takeLog(), "read " + FIRST));
    rig.offerAll(0, 10);
    assertEquals(SpoolRig.numbers(0, 10), rig.deliverAll());
    assertFalse(files.takeLog().contains("read " + FIRST));
  }

  @Test
  void readsRecordsThatSpanTheEndOfWhatItReadsAtOnce() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    for (int i = 0; i < 40; i++) {
      rig.offer(i, "x".repeat(95_000));
    }
    rig.append();
    rig.close();
    SpoolRig second = SpoolRig.in(directory);
    assertEquals(SpoolRig.numbers(0, 40), second.deliverAll());
    assertEquals(0, second.counters.dropped());
  }
}
