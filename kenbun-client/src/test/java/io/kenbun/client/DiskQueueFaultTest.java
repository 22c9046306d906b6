package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk fails at each single operation, once or for good; no event may be lost by that. */
final class DiskQueueFaultTest {
  private static final int EVENTS = 60;

  @TempDir File parent;

  @Test
  void losesNothingWhicheverOperationFailsOnce() throws Exception {
    int operations = breakEach(false);
    assertTrue(operations > 20, () -> "only " + operations + " operations");
  }

  @Test
  void losesNothingWhicheverOperationIsTheFirstOfADiskThatStaysBroken() throws Exception {
    breakEach(true);
  }

  /** Breaks operation 1, 2, 3 and so on until a run no longer gets that far. */
  private int breakEach(boolean staysBroken) throws Exception {
    for (int failAt = 1; ; failAt++) {
      BrokenFiles files = new BrokenFiles(new File(parent, staysBroken + "-" + failAt));
      files.failAt = failAt;
      files.staysBroken = staysBroken;
      run(files, "operation " + failAt + (staysBroken ? " and all after" : ""));
      if (files.operations < failAt) {
        return failAt - 1;
      }
    }
  }

  private void run(BrokenFiles files, String what) throws Exception {
    Set<Integer> settled = new HashSet<>();
    Map<Integer, String> keys = new HashMap<>();
    SpoolRig first = new SpoolRig(files, 8 << 20, SpoolSync.ALWAYS, 1000, OverflowPolicy.BLOCK);
    String filling = "x".repeat(60_000);
    List<QueuedEvent> window = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      assertTrue(first.offer(i, i % 2 == 0 ? filling : ""));
      if (i % 5 == 0) {
        first.append();
        first.clock.advanceMillis(400);
        first.maintain();
      }
      if (i % 3 == 0) {
        QueuedEvent event = first.next();
        if (event != null) {
          keys.put(SpoolRig.number(event), event.key);
          window.add(event);
        }
      }
    }
    for (int i = 0; i < window.size() / 2; i++) {
      first.settle(window.get(i));
      settled.add(SpoolRig.number(window.get(i)));
    }
    List<QueuedEvent> unsettled = new ArrayList<>(window.subList(window.size() / 2, window.size()));
    unsettled.removeIf(event -> !first.queue.claim(event));
    List<Event> lost = new ArrayList<>();
    first.queue.close(unsettled, lost);
    files.unlock();

    Set<Integer> found = new HashSet<>(settled);
    for (Event event : lost) { // Counted and told, which is all that can be done then.
      found.add(Integer.parseInt(event.leadId().substring(3)));
    }
    SpoolRig second = SpoolRig.in(files.directory());
    for (QueuedEvent event : second.takeAll()) {
      int number = SpoolRig.number(event);
      found.add(number);
      assertEquals(keys.getOrDefault(number, event.key), event.key, what + ": a new key");
    }
    second.close();
    assertEquals(new HashSet<>(SpoolRig.numbers(0, EVENTS)), found, what);
    if (!files.staysBroken) {
      assertEquals(0, lost.size(), what + ": lost, although the disk was well again");
    }
  }
}
