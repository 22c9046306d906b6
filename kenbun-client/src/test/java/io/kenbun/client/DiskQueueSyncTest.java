package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the spool's files are synced, and its cursor written. */
final class DiskQueueSyncTest extends SpoolDirectory {
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
}
