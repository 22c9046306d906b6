package io.kenbun.client;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;

/** A disk that fails at one chosen operation, or at all from then on; a write fails half way. */
final class BrokenFiles extends SpoolFiles {
  /** Counts down; the operation at which it reaches 0 fails. */
  int failAt = Integer.MAX_VALUE;

  /** Whether everything after that fails, too. */
  boolean staysBroken;

  /** Whether there is no room: each write fails half way, everything else works. */
  boolean full;

  /** Operations so far. */
  int operations;

  BrokenFiles(File directory) {
    super(directory);
  }

  private boolean fails() {
    operations++;
    return staysBroken ? operations >= failAt : operations == failAt;
  }

  private void check(String what) throws IOException {
    if (fails()) {
      throw new IOException("broken " + what);
    }
  }

  @Override
  SpoolFile open(String name) throws IOException {
    check("open");
    return new BrokenFile(new RandomAccessFile(new File(directory(), name), "rw"));
  }

  @Override
  void rename(String from, String to) throws IOException {
    check("rename");
    super.rename(from, to);
  }

  @Override
  void delete(String name) throws IOException {
    check("delete");
    super.delete(name);
  }

  private final class BrokenFile extends SpoolFile {
    BrokenFile(RandomAccessFile file) {
      super(file);
    }

    @Override
    void write(long at, byte[] bytes, int count) throws IOException {
      if (fails() || full) {
        super.write(at, bytes, count / 2);
        throw new IOException("broken write: No space left on device");
      }
      super.write(at, bytes, count);
    }

    @Override
    void sync() throws IOException {
      check("sync");
      super.sync();
    }

    @Override
    void truncate(long length) throws IOException {
      check("truncate");
      super.truncate(length);
    }
  }
}
