package io.kenbun.lite.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.Storage;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.queue.IdempotencyKeys;
import io.kenbun.lite.store.reads.Reads;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  @Test
  void whatIsWrittenOtherwiseIsSaidWithoutAnyPasswordInIt() {
    String form = "engine is no jdbc:postgresql://HOST[:PORT]/DATABASE[?user=…&password=…]";
    String behind =
        form + "; user and password stand behind the question mark, not before the host";
    assertEquals(form, refusal("postgresql://localhost/x?password=hidden"));
    assertEquals(form, refusal("jdbc:postgres://localhost/x"));
    assertEquals(form, refusal("jdbc:postgresql://localhost"));
    assertEquals(form, refusal("jdbc:postgresql://localhost/"));
    assertEquals(form, refusal("jdbc:postgresql://localhost:port/x?password=hidden"));
    assertEquals(form, refusal("jdbc:postgresql://localhost/x&password=hidden"));
    assertEquals(form, refusal("jdbc:postgresql://localhost/x;password=hidden"));
    assertEquals(behind, refusal("jdbc:postgresql://u:hidden@localhost/x"));
    assertEquals(behind, refusal("postgresql://u:hidden@localhost/x"));
    assertEquals(
        "jdbc:postgresql://no-such-host.invalid/x cannot be reached: there is no host"
            + " no-such-host.invalid; start it, or correct --engine",
        refusal("jdbc:postgresql://no-such-host.invalid/x?user=u&password=hidden"));
  }

  @Test
  void anOlderPostgresIsRefused() throws Exception {
    PostgresUrl url = PostgresUrl.of("jdbc:postgresql://db.example.com/kenbun?password=hidden");
    PostgresDatabase.requireVersion(url, 140_000, "14.0");
    assertEquals(
        "jdbc:postgresql://db.example.com/kenbun is PostgreSQL 13.22; 14 or newer is needed:"
            + " upgrade it",
        assertThrows(
                StorageException.class,
                () -> PostgresDatabase.requireVersion(url, 139_999, "13.22"))
            .getMessage());
  }

  @Test
  void aWrongPasswordIsRefusedAndNotShown() throws Exception {
    String url = TestStores.newDatabase();
    String place = url.substring(0, url.indexOf('?'));
    TestStores.askForThePasswordOf("guarded", "right");
    assertEquals(
        place
            + " refuses the user guarded: the password is wrong, or pg_hba.conf lets nobody in from"
            + " here; correct user= and password= of --engine",
        refusal(place + "?user=guarded&password=hidden"));
    String none = refusal(place + "?user=guarded");
    assertTrue(none.startsWith(place + " refuses the user guarded: "), none);
    assertTrue(none.endsWith("; correct user= and password= of --engine"), none);
  }

  @Test
  void aDatabaseOfSomethingElseIsLeftAlone() throws Exception {
    String url = TestStores.newEmptyDatabase();
    try (Connection connection = PostgresUrl.of(url).connect()) {
      Database.execute(connection, "CREATE TABLE orders (id INTEGER)");
    }
    assertEquals(
        url.substring(0, url.indexOf('?'))
            + " holds what is not kenbun's, such as the table orders; name a database of its own:"
            + " CREATE DATABASE kenbun",
        refusal(url));
    assertEquals(
        0, TestStores.number(url, "SELECT count(*) FROM pg_tables WHERE tablename = 'lead'"));
  }

  @Test
  void everyDutyIsOneNodesAndOldKeysGoOnce() throws Exception {
    String url = TestStores.newDatabase();
    long window = IdempotencyKeys.WINDOW.toMillis();
    long now = 10 * window;
    try (PostgresStorage one = at(now, url);
        PostgresStorage two = at(now, url);
        Connection connection = PostgresUrl.of(url).connect()) {
      new Sql(
              """
              INSERT INTO seen SELECT 1, CAST(CAST(n AS text) AS bytea), n,
                CASE WHEN n <= 100 THEN ? ELSE ? END FROM generate_series(1, 150) n""",
              now - window - 1,
              now - window)
          .run(connection);
      one.start(); // Each sweeps when it has nothing to write.
      two.start();
      while (new Sql("SELECT count(*) FROM seen").number(connection) > 50) {
        Thread.onSpinWait();
      }
      for (Duty duty : Duty.values()) {
        while (!one.isOnDuty(duty) && !two.isOnDuty(duty)) {
          Thread.onSpinWait();
        }
        assertFalse(one.isOnDuty(duty) && two.isOnDuty(duty), duty.name());
      }
      assertEquals(50, new Sql("SELECT count(*) FROM seen").number(connection));
    }
  }

  private PostgresStorage at(long nowMillis, String url) throws StorageException {
    return new PostgresStorage(
        url, 1, 1_000, () -> Instant.ofEpochMilli(nowMillis), () -> "ld_" + ids.incrementAndGet());
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
        PostgresNode.accept(i % 2 == 0 ? one : two, unit, "n" + i % 20);
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
  void twoNamesThatTwoNodesMeetInTheSameMomentAreOneLead() throws Exception {
    String url = TestStores.newDatabase();
    long pairs = 300;
    try (PostgresStorage one = open(url);
        PostgresStorage two = open(url)) {
      one.configuration().apply(List.of(RuleSetup.builder(WANTED).build()), 0);
      Rules rules = new Rules();
      rules.replace(one.configuration().load());
      long unit = rules.current().units().get(0).key();
      one.start();
      two.start();
      for (int i = 0; i < pairs; i++) { // Either way round: they wait in two partitions.
        PostgresNode.accept(one, unit, "a" + i, "b" + i);
        PostgresNode.accept(two, unit, "b" + i, "a" + i);
      }
      List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (PostgresStorage node : List.of(one, two)) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    Scoring scoring = new Scoring(node, rules, Json::readMetadata);
                    while (scoring.step() || scoring.isHeldUp()) {}
                  } catch (StorageException | RuntimeException e) {
                    failures.add(e);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
      assertEquals(new Reads.Totals(pairs, 2 * pairs, 0), one.reads().totals());
      assertEquals(
          2 * pairs, TestStores.number(url, "SELECT count(*) FROM alias JOIN lead ON key = lead"));
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
      PostgresNode.accept(dying, rules.current().units().get(0).key(), "n");
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
      PostgresNode.accept(storage, rules.current().units().get(0).key(), "n");
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
  void aChangeThatANodeWasNotToldOfIsFoundAtItsNextLook() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresStorage node = open(url);
        Connection other = PostgresUrl.of(url).connect()) {
      CountDownLatch loaded = new CountDownLatch(2); // Once at the start, once for the change.
      node.onRules(loaded::countDown);
      node.start();
      while (loaded.getCount() == 2) {
        Thread.onSpinWait();
      }
      Database.execute(other, "UPDATE shared_state SET version = version + 1 WHERE name = 'rules'");
      assertTrue(loaded.await(60, TimeUnit.SECONDS));
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
