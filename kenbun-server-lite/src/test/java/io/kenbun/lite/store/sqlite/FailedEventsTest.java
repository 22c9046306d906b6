package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.queue.FailedEvents;
import io.kenbun.lite.store.reads.Reads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events whose scoring failed: set aside, tried again, given up. */
class FailedEventsTest extends SqliteScene {
  @Test
  void anEventThatCannotBeScoredIsSetAsideAndHoldsUpNoOther() throws Exception {
    RawEvent lost = new RawEvent(unit + 99, "ld_lost", List.of(), "Page View", T0, T0, "{\"a\":1}");
    append(lost, event("Page View", email("a@example.com")));
    assertTrue(scoring.step());
    assertEquals(1, score(lead(email("a@example.com"))));
    assertEquals(new Reads.Totals(1, 1, 1), storage.reads().totals());
  }

  @Test
  void aFailedEventIsTriedAgainWhenItsTimeHasComeAndLeftAfterTheFifth() throws Exception {
    long poison = append(poison())[0];
    scoring.step();
    long[] delays = {1_000, 10_000, 60_000, 600_000};
    for (int tries = 1; tries <= 4; tries++) {
      FailedEvents.Failed failed = failed(poison);
      assertEquals(tries, failed.tries());
      assertEquals(nowMillis.get() + delays[tries - 1], failed.nextTryMillis());
      nowMillis.addAndGet(delays[tries - 1] - 1);
      scoring.step();
      assertEquals(tries, failed(poison).tries());
      nowMillis.addAndGet(1);
      scoring.step();
    }
    assertEquals(5, failed(poison).tries());
    assertNull(failed(poison).nextTryMillis());
    assertEquals("java.lang.IllegalStateException: broken metadata", failed(poison).reason());
  }

  @Test
  void aFailedEventThatSucceedsLaterIsScoredOnce() throws Exception {
    long poison = append(poison())[0];
    scoring.step();
    brokenMetadata = false;
    assertTrue(storage.failedEvents().retry(unit, poison));
    while (scoring.step()) {}
    assertEquals(List.of(), storage.failedEvents().list(unit, 10));
    assertEquals(7, score(lead(email("p@example.com"))));
    assertFalse(storage.failedEvents().retry(unit, poison));
  }

  @Test
  void aFailedEventCanBeGivenUpByItsOwnUnitAlone() throws Exception {
    long poison = append(poison())[0];
    scoring.step();
    assertFalse(storage.failedEvents().retry(unit + 1, poison));
    assertFalse(storage.failedEvents().delete(unit + 1, poison));
    assertTrue(storage.failedEvents().delete(unit, poison));
    assertEquals(0, storage.reads().totals().failed());
  }

  @Test
  void anEventThatCannotBeWrittenIsFoundAmongManyAndSetAside() throws Exception {
    append(
        event("Page View", email("a@example.com")),
        event("Page View", email("b@example.com")),
        event("Page View", email("c@example.com")));
    // A trigger stands in for whatever the database may refuse about one row.
    sql(
        "CREATE TRIGGER refuse BEFORE INSERT ON lead WHEN NEW.lead_id = 'ld_poison'"
            + " BEGIN SELECT RAISE(ABORT, 'refused'); END");
    long poison =
        append(new RawEvent(unit, "ld_poison", List.of(), "Page View", T0, T0 + 5, null))[0];
    append(event("Page View", email("a@example.com")));
    while (scoring.step()) {}
    assertEquals(2, score(lead(email("a@example.com"))));
    assertEquals(1, score(lead(email("c@example.com"))));
    assertTrue(failed(poison).reason().contains("refused"), failed(poison).reason());
    assertEquals(1, failed(poison).tries());
    nowMillis.addAndGet(1_000);
    while (scoring.step()) {}
    assertEquals(2, failed(poison).tries());
    sql("DROP TRIGGER refuse");
    nowMillis.addAndGet(10_000);
    while (scoring.step()) {}
    assertEquals(0, storage.reads().totals().failed());
    assertEquals(1, score(storage.reads().lead(unit, "ld_poison")));
  }

  private FailedEvents.Failed failed(long seq) throws StorageException {
    List<FailedEvents.Failed> failed = storage.failedEvents().list(unit, 10);
    assertEquals(1, failed.size());
    assertEquals(seq, failed.get(0).seq());
    return failed.get(0);
  }

  private void sql(String command) throws Exception {
    try (java.sql.Connection connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + data.resolve("kenbun.db"));
        java.sql.Statement statement = connection.createStatement()) {
      statement.executeUpdate(command);
    }
  }
}
