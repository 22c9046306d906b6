package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.StorageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What befalls the files themselves: gone, replaced, damaged, too new, full, in use. */
class SqliteFilesTest extends SqliteScene {
  @Test
  void nothingIsAcknowledgedIntoAFileThatWasDeleted() throws Exception {
    append(event("Page View", email("a@example.com")));
    Files.delete(data.resolve("ingest.db"));
    Outcome outcome = new Outcome(List.of(event("Page View", email("a@example.com"))));
    assertNull(storage.queue().offer(outcome));
    java.util.concurrent.ExecutionException refused =
        assertThrows(
            java.util.concurrent.ExecutionException.class,
            () -> outcome.seqs.get(10, TimeUnit.SECONDS));
    assertEquals(
        data.resolve("ingest.db")
            + " has been deleted under the running server; stop it, put the file back, start it",
        refused.getCause().getMessage());
    assertFalse(storage.canWrite());
  }

  @Test
  void scoringStopsWhenItsFileWasReplaced() throws Exception {
    append(event("Page View", email("a@example.com")));
    Files.move(data.resolve("kenbun.db"), data.resolve("moved.db"));
    Files.copy(data.resolve("moved.db"), data.resolve("kenbun.db"));
    StorageException refused = assertThrows(StorageException.class, () -> scoring.step());
    assertTrue(refused.getMessage().contains("has been replaced"), refused.getMessage());
    assertEquals(1, storage.queue().depth());
  }

  @Test
  void aDamagedFileIsNotStartedWith() throws Exception {
    storage.close();
    Files.write(
        data.resolve("kenbun.db"),
        "this is no database, whatever its name".getBytes(StandardCharsets.UTF_8));
    StorageException refused = assertThrows(StorageException.class, () -> open(10));
    assertTrue(
        refused.getMessage().startsWith("cannot open " + data.resolve("kenbun.db") + ": "),
        refused.getMessage());
    assertTrue(refused.getMessage().contains("restore a backup"), refused.getMessage());
  }

  @Test
  void aDataDirectoryHasOneServer() {
    StorageException refused =
        assertThrows(
            StorageException.class,
            () -> new SqliteStorage(data, Durability.FULL, 10, this::now, () -> "ld_x"));
    assertEquals(
        "data directory " + data + " is in use by another server; stop it or use --data DIR",
        refused.getMessage());
  }

  @Test
  void aTemporaryStoreLeavesNothingBehind() throws Exception {
    SqliteStorage temporary = new SqliteStorage(null, Durability.FULL, 10, this::now, () -> "ld_x");
    Path path = temporary.path();
    assertTrue(Files.exists(path.resolve("kenbun.db")));
    temporary.close();
    assertFalse(Files.exists(path));
  }

  @Test
  void aFileOfANewerVersionIsRefused() throws Exception {
    storage.close();
    try (java.sql.Connection connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + data.resolve("kenbun.db"));
        java.sql.Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 99");
    }
    StorageException refused = assertThrows(StorageException.class, () -> open(10));
    assertEquals(
        data.resolve("kenbun.db")
            + " was written by a newer version (schema 99 > "
            + SqliteStorage.KENBUN_SCHEMA
            + ")",
        refused.getMessage());
  }

  @Test
  void theQueueDoesNotGrowWithWhatWasAcknowledged() throws Exception {
    String metadata = "{\"a\":\"" + "x".repeat(500) + "\"}";
    RawEvent event = new RawEvent(unit, "ld_1", List.of(), "Page View", T0, T0, metadata);
    RawEvent[] many = new RawEvent[500];
    java.util.Arrays.fill(many, event);
    for (int i = 0; i < 40; i++) {
      append(many);
      while (scoring.step()) {}
    }
    long acknowledged = 40L * many.length * metadata.length();
    long size = Files.size(data.resolve("ingest.db"));
    assertTrue(size < acknowledged / 5, acknowledged + " bytes acknowledged, file of " + size);
  }

  @Test
  void aFullDiskRefusesAndTakesEventsAgainWhenThereIsRoom() throws Exception {
    storage.limitIngestPages(8);
    String metadata = "{\"a\":\"" + "x".repeat(100_000) + "\"}";
    Outcome tooMuch =
        new Outcome(List.of(new RawEvent(unit, "ld_1", List.of(), "Page View", T0, T0, metadata)));
    assertNull(storage.queue().offer(tooMuch));
    java.util.concurrent.ExecutionException refused =
        assertThrows(
            java.util.concurrent.ExecutionException.class,
            () -> tooMuch.seqs.get(10, TimeUnit.SECONDS));
    assertTrue(refused.getCause().getMessage().contains("SQLITE_FULL"), refused::getMessage);
    storage.limitIngestPages(1_000_000);
    append(new RawEvent(unit, "ld_1", List.of(), "Page View", T0, T0, metadata));
    assertTrue(storage.canWrite());
    while (scoring.step()) {}
    assertEquals(1, score(storage.reads().lead(unit, "ld_1")));
  }
}
