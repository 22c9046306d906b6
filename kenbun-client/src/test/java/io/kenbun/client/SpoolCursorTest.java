package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpoolCursorTest {
  @TempDir File directory;

  private SpoolFiles files() {
    return new SpoolFiles(directory);
  }

  private Path file() {
    return directory.toPath().resolve("cursor");
  }

  private void saysNothing(String why) {
    SpoolCursor cursor = SpoolCursor.read(files());
    assertEquals(Long.MIN_VALUE, cursor.lowWater, why);
    assertEquals(Set.of(), cursor.settled, why);
  }

  @Test
  void readsWhatWasWritten() throws Exception {
    new SpoolCursor(7, Set.of(9L, 12L)).write(files());
    SpoolCursor read = SpoolCursor.read(files());
    assertEquals(7, read.lowWater);
    assertEquals(Set.of(9L, 12L), read.settled);
    assertEquals(13, read.end());
    assertEquals(40, Files.size(file()));
    new SpoolCursor(20, Set.of()).write(files());
    assertEquals(20, SpoolCursor.read(files()).end());
    assertEquals(24, Files.size(file()));
  }

  @Test
  void saysNothingIfOneBitIsWrongOrItsEndIsMissing() throws Exception {
    new SpoolCursor(7, Set.of(9L)).write(files());
    byte[] whole = Files.readAllBytes(file());
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), flipped);
      saysNothing("bit " + bit);
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      saysNothing("length " + length);
    }
    Files.delete(file());
    saysNothing("no file");
    Files.createDirectory(file());
    saysNothing("a directory");
  }

  @Test
  void settlesWhatLiesBeforeTheLowWaterAndWhatItNames() {
    Segment segment = new Segment(5);
    segment.count = 6;
    new SpoolCursor(7, Set.of(4L, 9L, 10L, 11L)).settle(segment);
    assertTrue(segment.isSettled(5));
    assertTrue(segment.isSettled(6));
    assertFalse(segment.isSettled(7));
    assertFalse(segment.isSettled(8));
    assertTrue(segment.isSettled(9));
    assertTrue(segment.isSettled(10));
    assertEquals(2, segment.unsettled());
  }
}
