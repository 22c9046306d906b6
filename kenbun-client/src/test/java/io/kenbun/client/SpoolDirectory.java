package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.File;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory for a spool, whose files write each operation down and can be told to fail. */
abstract class SpoolDirectory {
  static final long NEVER = Long.MAX_VALUE;
  static final String FIRST = "0000000000000000.seg";

  @TempDir File directory;
  BrokenFiles files;

  @BeforeEach
  void begin() {
    files = new BrokenFiles(directory);
  }

  SpoolRig rig(SpoolSync sync) {
    return new SpoolRig(files, 64 << 20, sync, 100_000, OverflowPolicy.DROP_NEWEST);
  }

  /** A rig that has opened its directory and has nothing to do. */
  SpoolRig opened(SpoolSync sync) {
    SpoolRig rig = rig(sync);
    rig.maintain();
    assertEquals(NEVER, rig.maintain());
    files.takeLog();
    return rig;
  }

  String[] names(String ending) {
    String[] names = directory.list((dir, name) -> name.endsWith(ending));
    assertNotNull(names);
    java.util.Arrays.sort(names);
    return names;
  }
}
