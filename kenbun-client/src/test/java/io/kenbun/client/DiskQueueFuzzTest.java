package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flipped and cut bytes: the reader never fails, and never invents or reorders an event. */
final class DiskQueueFuzzTest {
  @TempDir File directory;

  @Test
  void readsOnlyWhatWasWrittenWhateverHappensToTheBytes() throws Exception {
    SpoolFiles files = new SpoolFiles(directory);
    SpoolRig first = new SpoolRig(files);
    first.offerAll(0, 40);
    Map<String, String> written = new HashMap<>();
    for (QueuedEvent event : first.takeAll()) {
      written.put(event.key, Arrays.toString(event.body));
    }
    first.maintain();
    SpoolRig.kill(files);
    Path segment = directory.toPath().resolve(Segment.name(0));
    Path cursor = directory.toPath().resolve(SpoolCursor.NAME);
    byte[] segmentBytes = Files.readAllBytes(segment);
    byte[] cursorBytes = Files.readAllBytes(cursor);

    for (long seed = 0; seed < 1500; seed++) {
      Random random = new Random(seed);
      Files.write(segment, damage(segmentBytes, random));
      Files.write(cursor, random.nextInt(4) == 0 ? damage(cursorBytes, random) : cursorBytes);
      SpoolFiles again = new SpoolFiles(directory);
      SpoolRig second = new SpoolRig(again);
      List<QueuedEvent> read = second.takeAll();
      int last = -1;
      for (QueuedEvent event : read) {
        assertEquals(written.get(event.key), Arrays.toString(event.body), "seed " + seed);
        assertTrue(SpoolRig.number(event) > last, "seed " + seed);
        last = SpoolRig.number(event);
      }
      assertEquals(read.size(), second.queue.spooled(), "seed " + seed);
      SpoolRig.kill(again);
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    int flips = random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    }
    if (flips == 0 || random.nextInt(3) == 0) {
      damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
    }
    if (random.nextInt(10) == 0 && damaged.length > 8) {
      int at = random.nextInt(damaged.length - 4);
      Arrays.fill(damaged, at, at + 4, (byte) random.nextInt());
    }
    return damaged;
  }
}
