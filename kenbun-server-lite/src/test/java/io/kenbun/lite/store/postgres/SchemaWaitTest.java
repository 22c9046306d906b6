package io.kenbun.lite.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.reads.Reads;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.SchemaScript;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a node waits for at its start, for how long, and what it says when that was not enough. */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class SchemaWaitTest {
  private static final Duration A_MOMENT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(50); // Less than the driver waits.

  private interface Opening {
    PostgresDatabase open() throws StorageException;
  }

  private static Opening opening(String url, Duration forOthers, Duration forTables) {
    return () -> PostgresDatabase.open(PostgresUrl.of(url), 1, 1, forOthers, forTables);
  }

  /** Makes today's tables in a transaction that goes on, as a node does that migrates. */
  private static Connection migrating(String url) throws Exception {
    Connection other = PostgresUrl.of(url).connect();
    other.setAutoCommit(false);
    new Sql("SELECT count(pg_advisory_xact_lock(?))", PostgresDatabase.MIGRATION_LOCK)
        .number(other);
    makeTables(other, PostgresDatabase.SCHEMA);
    return other;
  }

  /** Makes the tables of a version. */
  static void makeTables(Connection connection, int version) throws Exception {
    Database.execute(connection, "CREATE TABLE kenbun_schema (version INTEGER NOT NULL)");
    new Sql("INSERT INTO kenbun_schema VALUES (?)", version).run(connection);
    for (int next = 1; next <= version; next++) {
      Database.execute(connection, SchemaScript.read("postgres", next));
    }
  }

  /** Has a node begin, and returns once it waits for a lock. */
  private static FutureTask<PostgresDatabase> waiting(String url, Opening opening)
      throws Exception {
    FutureTask<PostgresDatabase> node = new FutureTask<>(opening::open);
    new Thread(node, "starting-node").start();
    while (!node.isDone()
        && TestStores.number(
                url,
                """
                SELECT count(*) FROM pg_locks WHERE NOT granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""")
            == 0) {
      Thread.onSpinWait();
    }
    assertFalse(node.isDone());
    return node;
  }

  private static String refusal(Opening opening) {
    return String.valueOf(assertThrows(StorageException.class, opening::open).getMessage());
  }

  private static String place(String url) {
    return url.substring(0, url.indexOf('?'));
  }

  @Test
  void aNodeThatStartsWhileAnotherMigratesWaitsAndMigratesNothingAgain() throws Exception {
    String url = TestStores.newEmptyDatabase();
    try (Connection other = migrating(url)) {
      FutureTask<PostgresDatabase> node = waiting(url, opening(url, LONG, LONG));
      other.commit();
      node.get(2, TimeUnit.MINUTES).close();
    }
    assertEquals(1, TestStores.number(url, "SELECT count(*) FROM kenbun_schema"));
    try (PostgresNode node = new PostgresNode(url)) {
      node.accept("n");
      assertEquals(new Reads.Totals(1, 1, 0), node.score());
    }
  }

  @Test
  void aNodeThatStartsWhileAnotherFailsToMigrateMigratesInItsPlace() throws Exception {
    String url = TestStores.newEmptyDatabase();
    try (Connection other = migrating(url)) {
      FutureTask<PostgresDatabase> node = waiting(url, opening(url, LONG, LONG));
      other.rollback();
      node.get(2, TimeUnit.MINUTES).close();
    }
    assertEquals(
        PostgresDatabase.SCHEMA, TestStores.number(url, "SELECT version FROM kenbun_schema"));
  }

  @Test
  void whoMayWaitNoLongerSaysForWhatItWaited() throws Exception {
    String url = TestStores.newEmptyDatabase();
    Opening opening = opening(url, A_MOMENT, LONG);
    try (Connection other = migrating(url)) {
      assertEquals(
          place(url)
              + " is being migrated by another node, which has not come to an end in 1 ms; start"
              + " again once it has",
          refusal(opening));
      other.commit();
    }
    opening.open().close(); // Nobody is waited for.
  }

  @Test
  void tablesThatSomethingElseHoldsAreWaitedForAndNotForEver() throws Exception {
    String url = TestStores.newEmptyDatabase();
    try (Connection old = PostgresUrl.of(url).connect()) {
      makeTables(old, 1);
    }
    try (Connection backup = PostgresUrl.of(url).connect()) {
      backup.setAutoCommit(false);
      new Sql("SELECT count(*) FROM outbox").number(backup);
      assertEquals(
          place(url)
              + " is held by something else, such as a backup or a console: ERROR: canceling"
              + " statement due to lock timeout; end that and start again",
          refusal(opening(url, LONG, A_MOMENT)).replaceAll("\\s*\\n.*?(?=;)", ""));
      assertEquals(1, TestStores.number(url, "SELECT version FROM kenbun_schema"));
      FutureTask<PostgresDatabase> node = waiting(url, opening(url, LONG, LONG));
      backup.commit();
      node.get(2, TimeUnit.MINUTES).close();
    }
    assertEquals(
        PostgresDatabase.SCHEMA, TestStores.number(url, "SELECT version FROM kenbun_schema"));
  }
}
