package io.kenbun.lite.store.copy;

import io.kenbun.lite.pipeline.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteConnection;

/**
 * Copies a data directory, also under a running server, which it does not hold up. The copy has
 * every event that was acknowledged before it began, each once, and a server can be started on it.
 *
 * <pre>
 *   TARGET.part…/ingest.db, kenbun.db    of one Snapshot, page by page, synced
 *   TARGET/                              renamed at the end: half a copy never looks like one
 * </pre>
 */
public final class Backup {
  private Backup() {}

  /**
   * Copies {@code data} to {@code target}, made with owner-only rights.
   *
   * @return what the copy holds
   * @throws StorageException when there is a {@code target} already, no data, or no room
   */
  public static DataCounts copy(Path data, Path target) throws StorageException {
    Path absolute = target.toAbsolutePath();
    if (Files.exists(absolute)) {
      throw new StorageException(target + " is there already, and a backup overwrites nothing");
    }
    Path parent = absolute.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new StorageException("there is no directory " + parent + " to make " + target + " in");
    }
    Path part = null;
    try (Snapshot snapshot = Snapshot.of(data)) {
      DataCounts counts = snapshot.counts();
      part = Files.createTempDirectory(parent, absolute.getFileName() + ".part");
      copy(snapshot.ingest(), part.resolve(Snapshot.INGEST));
      copy(snapshot.kenbun(), part.resolve(Snapshot.KENBUN));
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
      return counts;
    } catch (SQLException | IOException e) {
      StorageException failure =
          new StorageException(data + " cannot be copied to " + target + ": " + e.getMessage(), e);
      remove(part, failure);
      throw failure;
    }
  }

  /** Copies what {@code source} sees within its transaction. */
  private static void copy(Connection source, Path file) throws SQLException {
    int code =
        source.unwrap(SQLiteConnection.class).getDatabase().backup("main", file.toString(), null);
    if (code != 0) {
      throw new SQLException("SQLite ended the copy of " + file.getFileName() + " with " + code);
    }
  }

  private static void remove(@org.jspecify.annotations.Nullable Path part, Exception cause) {
    if (part == null || !Files.isDirectory(part)) {
      return;
    }
    try (Stream<Path> files = Files.list(part)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        Files.delete(file);
      }
      Files.delete(part);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
