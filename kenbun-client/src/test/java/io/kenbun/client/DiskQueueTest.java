package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskQueueTest {
  @TempDir File directory;

  private String[] files(String ending) {
    return directory.list((dir, name) -> name.endsWith(ending));
  }

  private Path onlySegment() {
    String[] segments = files(".seg");
    assertEquals(1, segments.length);
    return directory.toPath().resolve(segments[0]);
  }

  @Test
  void handsOutWhatAKilledProcessLeftInOrderWithTheSameKeys() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 3000);
    List<QueuedEvent> before = first.takeAll();
    assertEquals(3000, first.queue.spooled());
    SpoolRig.kill(files);

    SpoolRig second = SpoolRig.in(directory);
    List<QueuedEvent> after = second.takeAll();

    assertEquals(3000, after.size());
    assertEquals(3000, second.counters.recovered.get());
    for (int i = 0; i < 3000; i++) {
      assertEquals(i, SpoolRig.number(after.get(i)));
      assertEquals(before.get(i).key, after.get(i).key);
      assertEquals(before.get(i).unit, after.get(i).unit);
    }
  }

  @Test
  void doesNotHandOutAgainWhatWasSettledBeforeAClose() {
    SpoolRig first = SpoolRig.in(directory);
    first.offerAll(0, 10);
    List<QueuedEvent> taken = first.takeAll();
    for (int i : new int[] {0, 1, 2, 5, 9}) { // Out of order, as singles come back.
      first.settle(taken.get(i));
    }
    assertEquals(0, first.close());

    assertEquals(List.of(3, 4, 6, 7, 8), SpoolRig.in(directory).deliverAll());
  }

  @Test
  void sendsAgainAfterAKillOnlyWhatTheLastSecondSettled() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 10);
    List<QueuedEvent> taken = first.takeAll();
    first.settle(taken.get(0));
    first.clock.advanceMillis(1000);
    first.maintain();
    first.settle(taken.get(1));
    SpoolRig.kill(files);

    assertEquals(SpoolRig.numbers(1, 10), SpoolRig.in(directory).deliverAll());
  }

  @Test
  void deletesASegmentOnceAllOfItIsSettled() {
    SpoolRig rig = SpoolRig.in(directory);
    String filling = "x".repeat(50_000);
    for (int i = 0; i < 60; i++) {
      rig.offer(i, filling);
    }
    assertNotNull(rig.next());
    assertTrue(files(".seg").length >= 2, () -> String.join(" ", files(".seg")));
    rig.deliverAll();
    assertEquals(2, files(".seg").length); // The first event's, and the one being written.
    assertEquals(1, rig.queue.spooled());
  }

  @Test
  void positionsGoOnAfterARestartSoThatNothingNewCountsAsSettled() {
    SpoolRig first = SpoolRig.in(directory);
    first.offerAll(0, 100);
    assertEquals(100, first.deliverAll().size());
    first.close();
    SpoolRig second = SpoolRig.in(directory);
    second.offerAll(0, 5);
    assertEquals(5, second.takeAll().size());
    second.close();

    assertEquals(SpoolRig.numbers(0, 5), SpoolRig.in(directory).deliverAll());
  }

  @Test
  void aTornTailCostsTheRecordBeingWrittenAndNoWord() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 10);
    first.takeAll();
    SpoolRig.kill(files);
    Path segment = onlySegment();
    byte[] whole = Files.readAllBytes(segment);
    for (int cut = 1; cut < 100; cut += 7) {
      Files.write(segment, Arrays.copyOf(whole, whole.length - cut));
      SpoolFiles again = new SpoolFiles(directory);
      SpoolRig second = new SpoolRig(again);
      assertEquals(SpoolRig.numbers(0, 9), numbers(second.takeAll()), "cut by " + cut);
      assertEquals(0, second.counters.dropped());
      assertNull(second.queue.takeFault());
      SpoolRig.kill(again);
    }
  }

  @Test
  void aDamagedRecordIsSkippedToldAndCountedAndTheFileSetAside() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 10);
    first.takeAll();
    SpoolRig.kill(files);
    Path segment = onlySegment();
    byte[] bytes = Files.readAllBytes(segment);
    int middle = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("ld_4");
    bytes[middle] ^= 1;
    Files.write(segment, bytes);

    SpoolRig second = SpoolRig.in(directory);

    assertEquals(List.of(0, 1, 2, 3, 5, 6, 7, 8, 9), numbers(second.takeAll()));
    assertEquals(1, second.counters.dropped(DropReason.CORRUPT));
    assertEquals(
        segment.getFileName() + " is damaged and was set aside; at least 1 events are lost",
        second.queue.takeFault());
    assertEquals(1, files(".bad").length);
  }

  @Test
  void aFileWithoutAValidHeaderIsSetAsideAndTheOthersGoOn() throws Exception {
    Files.write(directory.toPath().resolve(Segment.name(7)), new byte[100]);
    SpoolRig rig = SpoolRig.in(directory);
    rig.offerAll(0, 3);
    assertEquals(SpoolRig.numbers(0, 3), rig.deliverAll());
    assertEquals(
        "0000000000000007.seg has no valid header and was set aside; at least 1 events are lost",
        rig.queue.takeFault());
    assertEquals(List.of("0000000000000007.seg.bad"), List.of(files(".bad")));
  }

  @Test
  void aWrongLengthIsNotBelieved() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 3);
    first.takeAll();
    SpoolRig.kill(files);
    try (RandomAccessFile file = new RandomAccessFile(onlySegment().toFile(), "rw")) {
      file.seek(Segment.HEADER_BYTES);
      file.writeInt(Integer.MAX_VALUE);
    }
    SpoolRig second = SpoolRig.in(directory);
    assertEquals(List.of(), numbers(second.takeAll()));
    assertEquals(1, second.counters.dropped(DropReason.CORRUPT));
  }

  @Test
  void aSecondOwnerIsToldAndWorksFromMemory() {
    SpoolRig owner = SpoolRig.in(directory);
    owner.offerAll(0, 2);
    owner.takeAll();
    SpoolRig other = SpoolRig.in(directory);
    other.offerAll(10, 12);

    assertEquals(List.of(10, 11), other.deliverAll());
    assertEquals(
        "the spool is in use by another client; give each client a directory of its own: "
            + directory,
        other.queue.takeFault());
    assertEquals(0, other.queue.spooled());

    owner.close();
    other.clock.advanceMillis(5000);
    other.maintain();
    assertEquals(List.of(0, 1), other.deliverAll()); // It has taken over.
  }

  @Test
  void aFullSpoolBehavesLikeAFullQueueAndHeals() {
    SpoolRig rig =
        new SpoolRig(
            new SpoolFiles(directory), 1 << 20, SpoolSync.NEVER, 10, OverflowPolicy.DROP_NEWEST);
    String filling = "x".repeat(90_000);
    int accepted = 0;
    List<QueuedEvent> window = new ArrayList<>();
    window.add(firstOf(rig, filling));
    accepted++;
    boolean refused = false;
    for (int i = 1; i < 100 && !refused; i++) {
      refused = !rig.offer(i, filling);
      if (!refused) {
        accepted++;
        rig.append();
      }
    }
    assertTrue(refused);
    assertTrue(rig.queue.spooledBytes() >= 1 << 20);
    assertTrue(rig.queue.spooledBytes() < 2 << 20);
    assertEquals(10, rig.intake.queued());

    rig.settle(window.get(0));
    int delivered = 1 + rig.deliverAll().size();
    assertEquals(accepted, delivered);
    assertTrue(rig.offer(1000, filling));
    assertEquals(List.of(1000), rig.deliverAll());
    assertEquals(0, rig.intake.queued());
  }

  @Test
  void aDiskThatIsFullFromTheStartStillHandsOutWhatItHoldsAndHeals() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 3);
    first.takeAll();
    SpoolRig.kill(files);

    BrokenFiles full = new BrokenFiles(directory);
    full.full = true;
    SpoolRig second = new SpoolRig(full);
    second.offerAll(3, 5);
    assertEquals(SpoolRig.numbers(0, 5), second.deliverAll());
    assertEquals(
        "the spool cannot be written: broken write: No space left on device",
        second.queue.takeFault());
    assertEquals(3, second.counters.recovered.get());
    second.maintain();
    assertEquals(
        "the spool's cursor cannot be written: broken write: No space left on device",
        second.queue.takeFault());

    full.full = false;
    second.clock.advanceMillis(5000);
    second.offerAll(5, 7);
    assertEquals(SpoolRig.numbers(5, 7), second.deliverAll());
    assertEquals(0, second.intake.queued());
    assertEquals(0, second.queue.spooled());
    assertEquals(0, second.counters.dropped());
    second.maintain();
    assertNull(second.queue.takeFault());
  }

  @Test
  void noPositionIsUsedTwiceAlthoughItsFileHasLostItsEnd() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 10);
    List<QueuedEvent> taken = first.takeAll();
    first.settle(taken.get(9));
    first.maintain();
    SpoolRig.kill(files);
    Path segment = onlySegment();
    byte[] whole = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(whole, whole.length / 2)); // As a power cut may leave it.

    SpoolFiles again = new SpoolFiles(directory);
    SpoolRig second = new SpoolRig(again);
    int left = second.takeAll().size();
    second.offerAll(20, 30);
    second.takeAll();
    SpoolRig.kill(again);
    List<Integer> third = SpoolRig.in(directory).deliverAll();
    assertEquals(SpoolRig.numbers(20, 30), third.subList(left, third.size()));
  }

  private static QueuedEvent firstOf(SpoolRig rig, String filling) {
    assertTrue(rig.offer(0, filling));
    return rig.next();
  }

  @Test
  void aSpoolDirectoryThatCannotBeMadeLeavesAQueueInMemory() throws Exception {
    File file = new File(directory, "a-file");
    Files.write(file.toPath(), new byte[] {1});
    SpoolRig rig = SpoolRig.in(new File(file, "spool"));
    rig.offerAll(0, 5);
    assertEquals(SpoolRig.numbers(0, 5), rig.deliverAll());
    assertEquals(
        "the spool's directory cannot be made: " + new File(file, "spool"), rig.queue.takeFault());
  }

  @Test
  void pushedOutWhileOnItsWayToTheDiskItIsNotHandedOut() {
    SpoolRig rig =
        new SpoolRig(
            new SpoolFiles(directory), 64 << 20, SpoolSync.NEVER, 3, OverflowPolicy.DROP_OLDEST);
    rig.offerAll(0, 5);
    assertEquals(List.of(2, 3, 4), rig.deliverAll());
    assertEquals(2, rig.counters.dropped(DropReason.PUSHED_OUT));
  }

  @Test
  void aDamagedCursorIsIgnored() throws Exception {
    SpoolRig first = SpoolRig.in(directory);
    first.offerAll(0, 4);
    first.settle(first.next());
    first.close();
    Path cursor = directory.toPath().resolve(SpoolCursor.NAME);
    byte[] bytes = Files.readAllBytes(cursor);
    bytes[12] ^= 64;
    Files.write(cursor, bytes);
    assertEquals(SpoolRig.numbers(0, 4), SpoolRig.in(directory).deliverAll());
    assertFalse(files(".seg").length > 1);
  }

  private static List<Integer> numbers(List<QueuedEvent> events) {
    List<Integer> numbers = new ArrayList<>();
    for (QueuedEvent event : events) {
      numbers.add(SpoolRig.number(event));
    }
    return numbers;
  }
}
