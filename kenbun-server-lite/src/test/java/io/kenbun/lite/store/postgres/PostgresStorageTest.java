package io.kenbun.lite.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.Storage;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.reads.Reads;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is about PostgreSQL alone: what is wrong with a database, and that nodes share one. */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class PostgresStorageTest {
  private static final OrgUnit WANTED =
      new OrgUnit(0, "unit_default", "org", "Default", "default", null, true);

  private final AtomicInteger ids = new AtomicInteger();

  private PostgresStorage open(String url) throws StorageException {
    return new PostgresStorage(
        url, 1, 1_000, InstantSource.system(), () -> "ld_" + ids.incrementAndGet());
  }

  private String refusal(String url) {
    return String.valueOf(assertThrows(StorageException.class, () -> open(url)).getMessage());
  }

  @Test
  void whatIsNoDatabaseIsSaidInASentence() {
    assertEquals(
        "engine is no jdbc:postgresql://HOST[:PORT]/DATABASE[?user=…&password=…]",
        refusal("jdbc:mysql://localhost/x"));
    String url = TestStores.newDatabase();
    String other = url.replaceFirst("/kenbun_[0-9]+", "/nowhere");
    String place = other.substring(0, other.indexOf('?'));
    assertEquals(
        place + " is not there: make it with CREATE DATABASE, or correct the name in --engine",
        refusal(other));
    String nobody = refusal("jdbc:postgresql://127.0.0.1:1/x?user=u&password=hidden");
    assertTrue(nobody.startsWith("jdbc:postgresql://127.0.0.1:1/x cannot be reached: "), nobody);
    assertFalse(nobody.contains("hidden"), nobody);
  }

  @Test
  void aDatabaseOfANewerVersionIsRefused() throws Exception {
    String url = TestStores.newDatabase();
    try (Connection connection = PostgresUrl.of(url).connect()) {
      Database.execute(connection, "UPDATE kenbun_schema SET version = 99");
    }
    String place = url.substring(0, url.indexOf('?'));
    assertEquals(
        place
            + " was made by a newer version (schema 99 > "
            + PostgresDatabase.SCHEMA
            + "); start that one",
        refusal(url));
  }

  private static long accept(Store storage, long unit, String name) throws Exception {
    CompletableFuture<long[]> stored = new CompletableFuture<>();
    RawEvent event =
        new RawEvent(
            unit, null, List.of(new Alias(AliasKind.EXTERNAL_ID, name)), "View", 1, 1, null);
    storage
        .queue()
        .offer(
            new Append(List.of(event), Runnable::run) {
              @Override
              public void stored(long[] seqs) {
                stored.complete(seqs);
              }

              @Override
              public void failed(Exception cause) {
                stored.completeExceptionally(cause);
              }
            });
    return stored.get(60, TimeUnit.SECONDS)[0];
  }

  @Test
  void nodesScoreWhatOthersTookInAndEachEventOnce() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresStorage one = open(url);
        PostgresStorage two = open(url)) {
      one.configuration().apply(List.of(RuleSetup.builder(WANTED).build()), 0);
      Rules rules = new Rules();
      rules.replace(one.configuration().load());
      long unit = rules.current().units().get(0).key();
      one.start();
      two.start();
      for (int i = 0; i < 50; i++) {
        accept(i % 2 == 0 ? one : two, unit, "n" + i % 20);
      }
      Scoring first = new Scoring(one, rules, Json::readMetadata);
      Scoring second = new Scoring(two, rules, Json::readMetadata);
      boolean more = true;
      while (more) {
        boolean byFirst = first.step();
        more = second.step() || byFirst || first.isHeldUp() || second.isHeldUp();
      }
      assertEquals(new Reads.Totals(20, 50, 0), two.reads().totals());
      assertEquals(new Reads.Totals(20, 50, 0), one.reads().totals());
    }
  }

  @Test
  void whatANodeHoldsIsScoredByAnotherOnceItsConnectionIsGone() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresStorage dying = open(url);
        PostgresStorage other = open(url);
        Connection foreign = PostgresUrl.of(url).connect()) {
      dying.configuration().apply(List.of(RuleSetup.builder(WANTED).build()), 0);
      Rules rules = new Rules();
      rules.replace(dying.configuration().load());
      dying.start();
      other.start();
      accept(dying, rules.current().units().get(0).key(), "n");
      long[] process = new long[1];
      AtomicInteger scoredMeanwhile = new AtomicInteger(-1);
      Scoring scoring = new Scoring(other, rules, Json::readMetadata);
      Storage.Work held = dying.work();
      StorageException gone =
          assertThrows(
              StorageException.class,
              () -> {
                while (scoredMeanwhile.get() < 0) { // Held up for as long as something else runs.
                  held.drain(
                      10,
                      (batch, tx) -> {
                        scoredMeanwhile.set(other.work().drain(10, (more, in) -> {}));
                        process[0] = terminate(foreign, dying);
                        tx.load(batch);
                      });
                }
              });
      assertEquals(StorageException.Fault.STORAGE, gone.fault());
      assertEquals(0, scoredMeanwhile.get());
      assertEquals(1, process[0]);
      while (scoring.step() || scoring.isHeldUp()) {}
      assertEquals(new Reads.Totals(1, 1, 0), other.reads().totals());
    }
  }

  /** Ends the connections that hold partitions, as the end of their process does. */
  private static long terminate(Connection foreign, PostgresStorage holder)
      throws StorageException {
    try {
      return new Sql(
              """
              SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a
              WHERE a.datname = current_database() AND a.state = 'idle in transaction'
                AND a.backend_xid IS NOT NULL""")
          .number(foreign);
    } catch (SQLException e) {
      throw Database.failure(holder.place(), e);
    }
  }

  @Test
  void aForeignTransactionOnlyDelaysScoring() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresStorage storage = open(url);
        Connection foreign = PostgresUrl.of(url).connect()) {
      storage.configuration().apply(List.of(RuleSetup.builder(WANTED).build()), 0);
      Rules rules = new Rules();
      rules.replace(storage.configuration().load());
      storage.start();
      foreign.setAutoCommit(false);
      Database.execute(foreign, "SELECT pg_current_xact_id()");
      accept(storage, rules.current().units().get(0).key(), "n");
      Scoring scoring = new Scoring(storage, rules, Json::readMetadata);
      assertFalse(scoring.step());
      assertTrue(scoring.isHeldUp());
      assertEquals(1, storage.queue().depth());
      foreign.commit();
      while (scoring.step() || scoring.isHeldUp()) {}
      assertEquals(new Reads.Totals(1, 1, 0), storage.reads().totals());
      assertEquals(0, storage.queue().depth());
    }
  }

  @Test
  void aChangeOfRulesReachesOtherNodes() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresStorage one = open(url);
        PostgresStorage two = open(url)) {
      CountDownLatch loaded = new CountDownLatch(2); // Once at the start, once for the change.
      two.onRules(loaded::countDown);
      two.start();
      while (loaded.getCount() == 2) {
        Thread.onSpinWait();
      }
      one.configuration().apply(List.of(RuleSetup.builder(WANTED).build()), 0);
      assertTrue(loaded.await(60, TimeUnit.SECONDS));
      assertEquals(1, two.configuration().load().size());
    }
  }

  @Test
  void oneNodeAtATimeDoesADutyAndTheNextTakesItOver() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresStorage two = open(url)) {
      try (PostgresStorage one = open(url)) {
        one.start();
        while (!one.isOnDuty(Duty.WEBHOOKS)) {
          Thread.onSpinWait();
        }
        CountDownLatch looked = new CountDownLatch(1);
        two.onRules(looked::countDown);
        two.start();
        looked.await();
        assertFalse(two.isOnDuty(Duty.WEBHOOKS));
      }
      while (!two.isOnDuty(Duty.WEBHOOKS)) {
        Thread.onSpinWait();
      }
    }
  }
}
