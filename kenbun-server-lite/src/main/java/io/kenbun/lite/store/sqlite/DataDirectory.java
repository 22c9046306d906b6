package io.kenbun.lite.store.sqlite;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.DiskUse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that holds a server's files, for one server at a time.
 *
 * <pre>
 *   DIR/lock        held by the running server
 *   DIR/ingest.db   DIR/kenbun.db   and SQLite's -wal and -shm beside each
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);

  private final Path path;
  private final boolean temporary;
  private final FileChannel lockFile;
  private final FileLock lock;

  private DataDirectory(Path path, boolean temporary, FileChannel lockFile, FileLock lock) {
    this.path = path;
    this.temporary = temporary;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /** Opens the folder, made with owner-only rights if it is not there. */
  static DataDirectory open(Path path) throws StorageException {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path);
        ownerOnly(path);
      }
      return locked(path, false);
    } catch (IOException e) {
      throw new StorageException(
          "data directory "
              + path
              + " cannot be used: "
              + reason(e)
              + "; make it writable for this user or use --data DIR",
          e);
    }
  }

  /** What the file system says; of some refusals that is the path alone. */
  private static String reason(IOException e) {
    if (e instanceof FileAlreadyExistsException) {
      return "there is a file of that name";
    }
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    return e instanceof FileSystemException system && system.getReason() == null
        ? "it cannot be made there"
        : String.valueOf(e.getMessage());
  }

  /** Makes a folder that is removed at the end. */
  static DataDirectory temporary() throws StorageException {
    try {
      // Owner-only by itself. Named after the process, which leaves it behind when it is killed.
      String name = "kenbun-lite-" + ProcessHandle.current().pid() + "-";
      return locked(Files.createTempDirectory(name), true);
    } catch (IOException e) {
      throw new StorageException("no temporary directory: " + e.getMessage(), e);
    }
  }

  private static DataDirectory locked(Path path, boolean temporary)
      throws IOException, StorageException {
    FileChannel file =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      log.debug("{} is held by this process", path, e);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    if (lock == null) {
      file.close();
      throw new StorageException(
          "data directory " + path + " is in use by another server; stop it or use --data DIR");
    }
    return new DataDirectory(path, temporary, file, lock);
  }

  private static void ownerOnly(Path path) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }
  }

  Path path() {
    return path;
  }

  boolean isTemporary() {
    return temporary;
  }

  /** Returns how many bytes the files take, and how many are left. */
  DiskUse diskUse() {
    try (Stream<Path> files = Files.list(path)) {
      Map<String, Long> bytesByFile = new HashMap<>();
      files.forEach(
          file -> bytesByFile.put(String.valueOf(file.getFileName()), file.toFile().length()));
      return new DiskUse(bytesByFile, Files.getFileStore(path).getUsableSpace());
    } catch (IOException e) {
      log.warn("The size of {} is unknown", path, e);
      return new DiskUse(Map.of(), -1);
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
      if (temporary) {
        List<Path> inside;
        try (Stream<Path> files = Files.walk(path)) {
          inside = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : inside) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      log.warn("{} could not be given up cleanly", path, e);
    }
  }
}
