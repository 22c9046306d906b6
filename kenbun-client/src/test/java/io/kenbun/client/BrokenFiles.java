package io.kenbun.client;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk that writes down what is done to it, and fails at one chosen operation, or at all from
 * then on; a write fails half way.
 */
final class BrokenFiles extends SpoolFiles {
  /** Counts down; the operation at which it reaches 0 fails. */
  int failAt = Integer.MAX_VALUE;

  /** Whether everything after that fails, too. */
  boolean staysBroken;

  /** Whether there is no room: each write fails half way, everything else works. */
  boolean full;

  /** The kind of operation that fails, always: {@code sync}, {@code delete} and so on. */
  String broken = "";

  /** Happens in the middle of the next write of records. */
  Runnable duringWrite = () -> {};

  /** Operations so far. */
  int operations;

  /** What was done, as {@code write 0000000000000000.seg}. */
  final List<String> log = new ArrayList<>();

  BrokenFiles(File directory) {
    super(directory);
  }

  /** What was done since the last call, save for what concerns the cursor. */
  List<String> takeLog() {
    List<String> taken = new ArrayList<>(log);
    taken.removeIf(line -> line.contains("cursor"));
    log.clear();
    return taken;
  }

  private boolean fails(String what, String name) {
    operations++;
    log.add(what + " " + name);
    return what.equals(broken)
        || (staysBroken ? operations >= failAt : operations == failAt)
        || (full && what.equals("write"));
  }

  private void check(String what, String name) throws IOException {
    if (fails(what, name)) {
      throw new IOException("broken " + what);
    }
  }

  @Override
  SpoolFile open(String name) throws IOException {
    check("open", name);
    return new BrokenFile(name, new RandomAccessFile(new File(directory(), name), "rw"));
  }

  @Override
  void rename(String from, String to) throws IOException {
    check("rename", from);
    super.rename(from, to);
  }

  @Override
  void delete(String name) throws IOException {
    check("delete", name);
    super.delete(name);
  }

  private final class BrokenFile extends SpoolFile {
    private final String name;

    BrokenFile(String name, RandomAccessFile file) {
      super(file);
      this.name = name;
    }

    @Override
    void write(long at, byte[] bytes, int count) throws IOException {
      if (fails("write", name)) {
        super.write(at, bytes, count / 2);
        throw new IOException("broken write: No space left on device");
      }
      super.write(at, bytes, count);
      if (at > 0) {
        Runnable now = duringWrite;
        duringWrite = () -> {};
        now.run();
      }
    }

    @Override
    void read(long at, byte[] into, int count) throws IOException {
      log.add("read " + name);
      super.read(at, into, count);
    }

    @Override
    void sync() throws IOException {
      check("sync", name);
      super.sync();
    }

    @Override
    void truncate(long length) throws IOException {
      check("truncate", name);
      super.truncate(length);
    }

    @Override
    public void close() throws IOException {
      log.add("close " + name);
      super.close();
    }
  }
}
