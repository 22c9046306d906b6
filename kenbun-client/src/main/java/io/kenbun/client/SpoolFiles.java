package io.kenbun.client;

import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Every touch of the spool's directory goes through here, so that tests can let each single one
 * fail.
 */
class SpoolFiles {
  private final File directory;
  private @Nullable RandomAccessFile lockFile;
  private @Nullable FileLock lock;

  SpoolFiles(File directory) {
    this.directory = directory;
  }

  File directory() {
    return directory;
  }

  /**
   * Makes the directory if need be and takes it for this client alone.
   *
   * @throws IOException if another client has it, of this process or of another
   */
  void lock() throws IOException {
    if (!directory.isDirectory() && !directory.mkdirs() && !directory.isDirectory()) {
      throw new IOException("the spool's directory cannot be made: " + directory);
    }
    RandomAccessFile file = new RandomAccessFile(new File(directory, "lock"), "rw");
    try {
      FileLock taken = file.getChannel().tryLock();
      if (taken == null) {
        throw new IOException(inUse());
      }
      lockFile = file;
      lock = taken;
    } catch (OverlappingFileLockException e) {
      file.close();
      throw new IOException(inUse(), e);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private String inUse() {
    return "the spool is in use by another client; give each client a directory of its own: "
        + directory;
  }

  void unlock() throws IOException {
    if (lock != null) {
      lock.release();
      lock = null;
    }
    if (lockFile != null) {
      lockFile.close();
      lockFile = null;
    }
  }

  /** The names in the directory that end so, in order. */
  String[] names(String ending) throws IOException {
    String[] names = directory.list((dir, name) -> name.endsWith(ending));
    if (names == null) {
      throw new IOException("the spool's directory cannot be read: " + directory);
    }
    Arrays.sort(names);
    return names;
  }

  /** Opens a file for reading and writing; makes it if need be. */
  SpoolFile open(String name) throws IOException {
    return new SpoolFile(new RandomAccessFile(new File(directory, name), "rw"));
  }

  /** The whole file, or its first {@code maxBytes}; null if there is none. */
  byte @Nullable [] read(String name, int maxBytes) throws IOException {
    File file = new File(directory, name);
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] bytes = new byte[(int) Math.min(maxBytes, in.length())];
      in.readFully(bytes);
      return bytes;
    } catch (FileNotFoundException e) {
      if (file.exists()) {
        throw e; // There, but not to be opened.
      }
      return null;
    }
  }

  /** Writes a file as a whole: a reader sees the old one or the new one. */
  void replace(String name, byte[] bytes) throws IOException {
    String temporary = name + ".tmp";
    try (SpoolFile out = open(temporary)) {
      out.truncate(0);
      out.write(0, bytes, bytes.length);
    }
    rename(temporary, name);
  }

  void rename(String from, String to) throws IOException {
    if (!new File(directory, from).renameTo(new File(directory, to))) {
      throw new IOException("cannot rename " + from + " to " + to + " in " + directory);
    }
  }

  void delete(String name) throws IOException {
    File file = new File(directory, name);
    if (!file.delete() && file.exists()) {
      throw new IOException("cannot delete " + file);
    }
  }

  /** One open file. */
  static class SpoolFile implements Closeable {
    private final RandomAccessFile file;

    SpoolFile(RandomAccessFile file) {
      this.file = file;
    }

    void write(long at, byte[] bytes, int count) throws IOException {
      file.seek(at);
      file.write(bytes, 0, count);
    }

    void read(long at, byte[] into, int count) throws IOException {
      file.seek(at);
      try {
        file.readFully(into, 0, count);
      } catch (EOFException e) {
        throw new IOException("file shorter than " + (at + count) + " bytes", e);
      }
    }

    void truncate(long length) throws IOException {
      file.setLength(length);
    }

    long length() throws IOException {
      return file.length();
    }

    void sync() throws IOException {
      file.getChannel().force(false);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
