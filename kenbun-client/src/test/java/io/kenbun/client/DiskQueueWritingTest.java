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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the spool does to its files, operation by operation, and when. */
final class DiskQueueWritingTest {
  private static final long NEVER = Long.MAX_VALUE;
  private static final String FIRST = "0000000000000000.seg";

  @TempDir File directory;
  private BrokenFiles files;

  @BeforeEach
  void begin() {
    files = new BrokenFiles(directory);
  }

  private SpoolRig rig(SpoolSync sync) {
    return new SpoolRig(files, 64 << 20, sync, 100_000, OverflowPolicy.DROP_NEWEST);
  }

  /** A rig that has opened its directory and has nothing to do. */
  private SpoolRig opened(SpoolSync sync) {
    SpoolRig rig = rig(sync);
    rig.maintain();
    assertEquals(NEVER, rig.maintain());
    files.takeLog();
    return rig;
  }

  private String[] names(String ending) {
    String[] names = directory.list((dir, name) -> name.endsWith(ending));
    assertNotNull(names);
    java.util.Arrays.sort(names);
    return names;
  }

  // ---- Syncing.

  @Test
  void syncsATenthOfASecondAfterTheFirstOfSeveralAppends() {
    SpoolRig rig = opened(SpoolSync.INTERVAL);
    rig.offer(0);
    assertEquals(100_000_000, rig.maintain());
    rig.clock.advanceMillis(40);
    rig.offer(1);
    assertEquals(60_000_000, rig.maintain());
    rig.clock.advanceNanos(59_999_999);
    assertEquals(1, rig.maintain());
    assertEquals(
        List.of(
            "open " + FIRST,
            "truncate " + FIRST,
            "write " + FIRST,
            "write " + FIRST,
            "write " + FIRST),
        files.takeLog());
    rig.clock.advanceNanos(1);
    assertEquals(NEVER, rig.maintain());
    assertEquals(List.of("sync " + FIRST), files.takeLog());
    rig.clock.advanceMillis(1000);
    assertEquals(NEVER, rig.maintain());
    rig.close();
    assertEquals(List.of("close " + FIRST), files.takeLog());
  }

  @Test
  void syncsAtItsEndWhatHasNotBeenSynced() {
    SpoolRig rig = opened(SpoolSync.INTERVAL);
    rig.offer(0);
    rig.append();
    files.takeLog();
    rig.close();
    assertEquals(List.of("sync " + FIRST, "close " + FIRST), files.takeLog());
  }

  @Test
  void syncsEachGroupIfAlwaysAndNothingIfNever() {
    SpoolRig always = opened(SpoolSync.ALWAYS);
    always.offer(0);
    assertEquals(NEVER, always.maintain());
    always.offer(1);
    always.append();
    always.close();
    assertEquals(
        List.of(
            "open " + FIRST,
            "truncate " + FIRST,
            "write " + FIRST,
            "write " + FIRST,
            "sync " + FIRST,
            "write " + FIRST,
            "sync " + FIRST,
            "close " + FIRST),
        files.takeLog());
    files = new BrokenFiles(new File(directory, "never"));
    SpoolRig never = opened(SpoolSync.NEVER);
    never.offer(0);
    assertEquals(NEVER, never.maintain());
    never.close();
    assertFalse(files.takeLog().contains("sync " + FIRST));
  }

  @Test
  void aSyncThatFailsIsToldAndEndsTheSegment() {
    SpoolRig rig = opened(SpoolSync.INTERVAL);
    rig.offer(0);
    rig.maintain();
    rig.clock.advanceMillis(100);
    files.broken = "sync";
    files.takeLog();
    rig.maintain();
    assertEquals("the spool cannot be synced: broken sync", rig.queue.takeFault());
    assertEquals(List.of("sync " + FIRST, "truncate " + FIRST, "close " + FIRST), files.takeLog());
    files.broken = "";
    rig.offer(1);
    assertEquals(List.of(0, 1), rig.deliverAll()); // The second from memory: the disk rests.
    rig.clock.advanceMillis(5000);
    rig.offer(2);
    assertEquals(List.of(2), rig.deliverAll());
    assertEquals(1, names(".seg").length);
  }

  // ---- Segments and groups.

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

  // ---- Failing writes.

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

  // ---- The cursor.

  @Test
  void writesTheCursorOnceASecondWhileThingsSettle() {
    SpoolRig rig = opened(SpoolSync.NEVER);
    rig.clock.advanceMillis(1000);
    rig.offerAll(0, 3);
    List<QueuedEvent> taken = rig.takeAll();
    files.log.clear();
    rig.settle(taken.get(2));
    assertEquals(NEVER, rig.maintain()); // Due at once, and done.
    assertEquals(
        List.of(
            "open cursor.tmp",
            "truncate cursor.tmp",
            "write cursor.tmp",
            "close cursor.tmp",
            "rename cursor.tmp"),
        files.log);
    assertEquals(List.of(2L), List.copyOf(SpoolCursor.read(files).settled));
    assertEquals(0, SpoolCursor.read(files).lowWater);
    rig.settle(taken.get(0));
    rig.clock.advanceMillis(300);
    assertEquals(700_000_000, rig.maintain());
    rig.clock.advanceMillis(700);
    assertEquals(NEVER, rig.maintain());
    assertEquals(1, SpoolCursor.read(files).lowWater);
    files.broken = "rename";
    rig.settle(taken.get(1));
    rig.clock.advanceMillis(1000);
    assertEquals(1_000_000_000, rig.maintain());
    assertEquals("the spool's cursor cannot be written: broken rename", rig.queue.takeFault());
    rig.close();
    assertEquals("the spool was not closed cleanly: broken rename", rig.queue.takeFault());
  }

  // ---- Reading.

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

  // ---- Recovering.

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

  // ---- Ending, and flushes.

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
