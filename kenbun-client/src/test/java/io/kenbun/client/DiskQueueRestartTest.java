package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the spool ends, and begins with what it finds. */
final class DiskQueueRestartTest extends SpoolDirectory {
  @Test
  void recordsThatTwoSegmentsHoldAreHandedOutOnce() throws Exception {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 10);
    rig.append();
    byte[] whole = Files.readAllBytes(directory.toPath().resolve(FIRST));
    int record = (whole.length - 20) / 10;
    java.io.ByteArrayOutputStream later = new java.io.ByteArrayOutputStream();
    later.write(Segment.header(5));
    later.write(whole, 20 + 5 * record, 5 * record);
    Files.write(directory.toPath().resolve(Segment.name(5)), later.toByteArray());
    SpoolRig.kill(files);
    SpoolRig second = SpoolRig.in(directory);
    assertEquals(SpoolRig.numbers(0, 10), second.deliverAll());
    assertEquals(10, second.counters.recovered.get());
    assertEquals(0, second.queue.spooled());
  }

  @Test
  void saysHowMuchItFoundAndDeletesWhatHoldsNothing() throws Exception {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 10);
    List<QueuedEvent> taken = rig.takeAll();
    rig.clock.advanceMillis(1000);
    rig.settle(taken.get(3));
    rig.maintain();
    long bytes = rig.queue.spooledBytes();
    SpoolRig.kill(files);
    Files.write(directory.toPath().resolve(Segment.name(90)), Segment.header(90));
    Files.write(directory.toPath().resolve(Segment.name(91)), new byte[3]);

    SpoolRig second = rig(SpoolSync.NEVER);
    second.maintain();
    assertEquals(9, second.queue.spooled());
    assertEquals(bytes, second.queue.spooledBytes());
    assertEquals(9, second.counters.recovered.get());
    assertEquals(List.of(FIRST), List.of(names(".seg")));
    assertEquals(0, second.counters.dropped());
  }

  @Test
  void countsWhatIsLostAmongWhatItFoundAndKeepsTheLastFourFilesSetAside() throws Exception {
    for (int i = 1; i <= 6; i++) {
      Files.write(directory.toPath().resolve(Segment.name(i)), new byte[100]);
    }
    SpoolRig rig = rig(SpoolSync.NEVER);
    rig.maintain();
    assertEquals(6, rig.counters.dropped(DropReason.CORRUPT));
    assertEquals(6, rig.counters.recovered.get());
    assertEquals(0, names(".seg").length);
    assertEquals(
        List.of(
            Segment.name(3) + ".bad",
            Segment.name(4) + ".bad",
            Segment.name(5) + ".bad",
            Segment.name(6) + ".bad"),
        List.of(names(".bad")));
  }

  @ParameterizedTest
  @EnumSource(OverflowPolicy.class)
  void whatWasHandedOutFromMemoryIsWrittenAtTheEndIfTheDiskIsWellAgain(OverflowPolicy policy) {
    SpoolRig rig = new SpoolRig(files, 64 << 20, SpoolSync.NEVER, 100, policy);
    rig.maintain();
    files.full = true;
    rig.offerAll(0, 4);
    List<QueuedEvent> taken = rig.takeAll();
    assertEquals(4, rig.queue.nextPosition());
    rig.settle(taken.get(0));
    List<QueuedEvent> unsettled = new ArrayList<>(taken.subList(1, 4));
    unsettled.forEach(event -> assertTrue(rig.queue.claim(event)));
    rig.offer(4);
    files.full = false;
    List<Event> lost = new ArrayList<>();
    rig.queue.close(unsettled, lost);
    assertEquals(List.of(), lost);
    assertEquals(0, rig.intake.queued());
    SpoolRig second = SpoolRig.in(directory);
    List<QueuedEvent> again = second.takeAll();
    assertEquals(4, again.size());
    for (int i = 0; i < 3; i++) {
      assertEquals(i + 1, SpoolRig.number(again.get(i)));
      assertEquals(taken.get(i + 1).key, again.get(i).key);
    }
  }

  @Test
  void whatIsWrittenAtTheEndGoesBehindWhatTheDiskHas() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    files.full = true;
    rig.offer(0);
    List<QueuedEvent> inMemory = rig.takeAll();
    files.full = false;
    rig.clock.advanceMillis(5000);
    rig.offerAll(1, 5);
    rig.takeAll();
    files.full = true;
    rig.offer(5);
    inMemory.addAll(rig.takeAll());
    assertEquals(2, inMemory.size());
    files.full = false;
    rig.queue.close(inMemory, new ArrayList<>());
    assertEquals(List.of(1, 2, 3, 4, 0, 5), SpoolRig.in(directory).deliverAll());
  }

  @Test
  void whatIsNewComesAfterWhatWasLeft() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 3);
    rig.append();
    rig.close();
    SpoolRig second = SpoolRig.in(directory);
    second.offerAll(3, 6);
    second.append();
    assertEquals(SpoolRig.numbers(0, 6), second.deliverAll());
    assertEquals(List.of(Segment.name(3)), List.of(names(".seg"))); // The old one has gone.
  }

  @Test
  void whatWasLeftIsDeletedFileByFileAsItIsSettled() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    for (int i = 0; i < 36; i++) {
      rig.offer(i, "x".repeat(90_000));
    }
    rig.append();
    rig.close();
    assertEquals(3, names(".seg").length);
    SpoolRig second = SpoolRig.in(directory);
    List<QueuedEvent> taken = second.takeAll();
    for (QueuedEvent event : taken) {
      second.settle(event);
      long onDisk = 0;
      for (String name : names(".seg")) {
        onDisk += new File(directory, name).length();
      }
      assertEquals(onDisk, second.queue.spooledBytes());
    }
    assertEquals(0, names(".seg").length);
  }

  @Test
  void settlesTheRestOfASegmentOnce() {
    Segments segments = new Segments(files, new SpoolHealth(), new Counters());
    Segment segment = new Segment(7);
    segments.add(segment);
    segments.appended(segment, 4, 100);
    assertTrue(segments.settle(segment, 9));
    assertFalse(segments.settle(segment, 9));
    assertEquals(2, segments.settleFrom(segment, 8));
    assertEquals(1, segments.unsettled());
    assertEquals(7, segments.firstUnsettled(50));
  }

  @Test
  void whatNoDiskTakesAtTheEndIsGivenBackAsLost() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offer(0);
    List<QueuedEvent> onDisk = rig.takeAll();
    files.full = true;
    rig.offerAll(1, 3);
    List<QueuedEvent> unsettled = new ArrayList<>(onDisk);
    unsettled.addAll(rig.takeAll());
    rig.offer(3);
    List<Event> lost = new ArrayList<>();
    rig.queue.close(unsettled, lost);
    assertEquals(3, lost.size());
    assertEquals(0, rig.intake.queued());
    assertEquals(1, rig.queue.spooled());
  }

  @Test
  void onceClosedTheDirectoryIsFree() throws Exception {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offer(0);
    assertEquals(0, rig.close());
    new SpoolFiles(directory).lock();
  }

  @Test
  void aFlushIsReachedAfterWhatCameBeforeIt() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.offerAll(0, 2);
    FlushRequest flush = new FlushRequest(NEVER);
    rig.intake.mark(flush);
    rig.offer(2);
    List<QueuedEvent> taken = rig.takeAll();
    assertEquals(3, rig.queue.nextPosition());
    rig.queue.finishFlushes(1, 0, 0, false);
    assertFalse(flush.isFinished());
    rig.queue.finishFlushes(2, 0, 0, false);
    assertTrue(flush.isComplete());
    assertEquals(3, taken.size());
    assertTrue(rig.queue.wantsEachEvent());
  }
}
