package io.kenbun.lite.store.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.reads.Reads;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The partitions of the queue: none is dropped too early, none is missing. */
@EnabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql")
class OutboxDaysTest {
  /** What a node of schema 1 takes events in with. */
  private static final String INSERT_OF_SCHEMA_1 =
      """
      INSERT INTO outbox (part, seq, unit, received_at, ts, lead_id, aliases, event_type,
        metadata, skip_triggers)
      SELECT * FROM unnest(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
        ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])""";

  /** What it removes with that it has scored. */
  private static final String DELETE_OF_SCHEMA_1 =
      """
      DELETE FROM outbox o USING part p WHERE p.id = ? AND o.part = p.id
        AND (o.xid, o.seq) > (p.xid, p.seq) AND (o.xid, o.seq) <= (?::xid8, ?)""";

  private static OutboxDays days(PostgresNode node) {
    return new OutboxDays(node.storage.database());
  }

  private static long inRest(String url) throws Exception {
    return TestStores.number(url, "SELECT count(*) FROM outbox_rest");
  }

  @Test
  void daysAreMadeAheadAtTheStart() throws Exception {
    try (PostgresNode node = new PostgresNode(TestStores.newDatabase())) {
      OutboxDays days = days(node);
      List<Integer> made = days.days(); // Of the template, a moment ago.
      assertTrue(made.contains(days.today()), made.toString());
      int later = days.today() + 10;
      days.makeAhead(later);
      assertTrue(days.days().containsAll(List.of(later, later + 1, later + 2)));
      assertFalse(days.days().contains(later + 3));
    }
  }

  @Test
  void aDayIsDroppedOnceItIsScoredAndNotBefore() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresNode node = new PostgresNode(url)) {
      OutboxDays days = days(node);
      for (int i = 0; i < 40; i++) {
        node.accept("n" + i);
      }
      int after = days.today() + 1; // All of them are from before.
      int first = days.days().get(0);
      days.keep(after);
      assertEquals(first, days.days().get(0)); // It waits.
      assertEquals(new Reads.Totals(40, 40, 0), node.score());
      assertEquals(40, TestStores.number(url, "SELECT count(*) FROM outbox"));
      days.keep(first);
      assertEquals(first, days.days().get(0)); // It is today.
      days.keep(after);
      assertEquals(after, days.days().get(0));
      assertEquals(0, TestStores.number(url, "SELECT count(*) FROM outbox"));
      assertEquals(new Reads.Totals(40, 40, 0), node.score());
    }
  }

  @Test
  void whatHasNoDayIsKeptAsideAndScored() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresNode node = new PostgresNode(url)) {
      OutboxDays days = days(node);
      int today = days.today();
      days.keep(today + 20); // Nobody has made today.
      for (int i = 0; i < 10; i++) {
        node.accept("n" + i);
      }
      assertEquals(10, inRest(url));
      assertEquals(new Reads.Totals(10, 10, 0), node.score());
      days.keep(today + 20);
      assertEquals(0, inRest(url));

      node.accept("late");
      assertEquals(1, inRest(url));
      days.makeAhead(today); // And moves what waits there.
      days.makeAhead(days.today());
      assertEquals(0, inRest(url));
      node.accept("later");
      assertEquals(0, inRest(url));
      assertEquals(new Reads.Totals(12, 12, 0), node.score());
    }
  }

  @Test
  void whatHoldsTheTableIsWaitedForAMomentAndTheDayGoesNextTime() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresNode node = new PostgresNode(url);
        Connection backup = PostgresUrl.of(url).connect()) {
      OutboxDays days = days(node);
      int after = days.today() + 1;
      backup.setAutoCommit(false);
      new Sql("SELECT count(*) FROM outbox").number(backup);
      int first = days.days().get(0);
      days.keep(after);
      assertEquals(first, days.days().get(0));
      node.accept("n"); // Nobody is in the way any more.
      assertEquals(new Reads.Totals(1, 1, 0), node.score());
      backup.rollback();
      days.keep(after);
      assertEquals(after, days.days().get(0));
    }
  }

  @Test
  void whatWaitsInADatabaseOfSchema1IsKeptAndItsNodesGoOn() throws Exception {
    String url = TestStores.newEmptyDatabase();
    try (Connection old = PostgresUrl.of(url).connect()) {
      SchemaWaitTest.makeTables(old, 1);
      Database.execute(
          old, "INSERT INTO org_unit VALUES (1, 'unit_default', 'o', 'D', 'default', NULL, 1)");
      old.setAutoCommit(false);
      try (PreparedStatement insert = old.prepareStatement(INSERT_OF_SCHEMA_1);
          PreparedStatement delete = old.prepareStatement(DELETE_OF_SCHEMA_1)) {
        for (int i = 1; i <= 20; i++) { // Often enough for the server to keep a plan of it.
          insert(insert, i);
          delete.setInt(1, 31);
          delete.setString(2, "0");
          delete.setLong(3, 0);
          delete.executeUpdate();
          old.commit();
        }
        try (PostgresNode node = new PostgresNode(url)) {
          assertEquals(PostgresDatabase.SCHEMA, schema(url));
          assertEquals(20, inRest(url));
          insert(insert, 21);
          old.commit();
          assertEquals(20, inRest(url)); // The day's partition has it.
          new Sql("SELECT setval('event_seq', 100)").number(old);
          old.commit();
          node.accept("n22");
          delete.setInt(1, 0); // Nothing that is not before the cursor it brings.
          delete.executeUpdate();
          old.commit();
          assertEquals(new Reads.Totals(22, 22, 0), node.score());
          days(node).keep(days(node).today());
          assertEquals(0, inRest(url));
        }
      }
    }
  }

  private static void insert(PreparedStatement insert, long seq) throws SQLException {
    Connection connection = insert.getConnection();
    insert.setArray(1, connection.createArrayOf("integer", new Object[] {(int) (seq % 32)}));
    for (int column = 2; column <= 5; column++) {
      insert.setArray(
          column, connection.createArrayOf("bigint", new Object[] {column == 2 ? seq : 1}));
    }
    insert.setArray(6, connection.createArrayOf("text", new Object[] {"ld_old_" + seq}));
    insert.setArray(7, connection.createArrayOf("text", new Object[] {""}));
    insert.setArray(8, connection.createArrayOf("text", new Object[] {"View"}));
    insert.setArray(9, connection.createArrayOf("text", new Object[] {null}));
    insert.setArray(10, connection.createArrayOf("bigint", new Object[] {0}));
    insert.executeUpdate();
  }

  @Test
  void whatIsCommittedLateIsNotPassedOver() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresNode node = new PostgresNode(url);
        Connection other = PostgresUrl.of(url).connect();
        PreparedStatement insert = other.prepareStatement(INSERT_OF_SCHEMA_1)) {
      node.accept("before");
      assertEquals(new Reads.Totals(1, 1, 0), node.score());
      other.setAutoCommit(false);
      for (int i = 0; i < PostgresOutbox.PARTITIONS; i++) { // Of every partition the next one.
        insert(insert, new Sql("SELECT nextval('event_seq')").number(other));
      }
      for (int i = 0; i < PostgresOutbox.PARTITIONS; i++) {
        node.accept("after" + i);
      }
      assertEquals(0, node.step());
      other.commit();
      int all = 1 + 2 * PostgresOutbox.PARTITIONS;
      assertEquals(new Reads.Totals(all, all, 0), node.score());
    }
  }

  private static long schema(String url) throws Exception {
    return TestStores.number(url, "SELECT version FROM kenbun_schema");
  }

  @Test
  void whatIsScoredAndNotDroppedCostsALookNothing() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresNode node = new PostgresNode(url);
        Connection connection = PostgresUrl.of(url).connect()) {
      Database.execute(
          connection,
          """
          INSERT INTO outbox (part, seq, unit, received_at, ts, aliases, event_type, skip_triggers)
          SELECT n % 32, n, 1, 1, 1, '', 'View', 0 FROM generate_series(1, 50000) n""");
      Database.execute(
          connection, "UPDATE part SET xid = (SELECT max(xid) FROM outbox), seq = 50000");
      Database.execute(connection, "ANALYZE outbox");
      node.accept("n");
      List<String> plan =
          node.storage
              .database()
              .byIndex(
                  c ->
                      new Sql("EXPLAIN (ANALYZE, COSTS OFF) " + Partitions.CLAIM, 0, 8)
                          .list(c, row -> row.getString(1)));
      String text = String.join("\n", plan);
      assertFalse(text.contains("Seq Scan on outbox"), text);
      assertFalse(text.contains("Join Filter"), text); // Rows that are read to be left out.
      assertEquals(new Reads.Totals(1, 1, 0), node.score());
    }
  }

  @Test
  void aDumpRestoredInAnotherClusterGoesOn() throws Exception {
    String url = TestStores.newDatabase();
    try (PostgresNode node = new PostgresNode(url)) {
      for (int i = 0; i < 10; i++) {
        node.accept("scored" + i);
      }
      node.score();
      for (int i = 0; i < 10; i++) {
        node.accept("waits" + i);
      }
    }
    try (Connection connection = PostgresUrl.of(url).connect()) {
      for (String table : List.of("outbox", "part")) { // As if that one had counted further.
        Database.execute(
            connection,
            "UPDATE "
                + table
                + " SET xid = CAST(CAST(CAST(CAST(xid AS text) AS bigint) + 1000000000 AS text) AS xid8)");
      }
    }
    try (PostgresNode node = new PostgresNode(url)) {
      node.accept("new");
      assertEquals(new Reads.Totals(21, 21, 0), node.score());
    }
  }
}
