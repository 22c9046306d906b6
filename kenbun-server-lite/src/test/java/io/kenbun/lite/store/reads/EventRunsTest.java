package io.kenbun.lite.store.reads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.ChangeTx;
import io.kenbun.lite.store.Scene;
import io.kenbun.lite.store.sql.Dialect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is asked about a lead's events, with events in the last of one run and the first of the
 * next.
 */
class EventRunsTest {
  private static final long FIRST_OF_SECOND_RUN = 1 << 18;
  private static final long MINUTE = 60_000;

  @TempDir Path data;
  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    new Scene(data).close();
    sql("UPDATE progress SET cursor = " + (FIRST_OF_SECOND_RUN - 3));
    scene = new Scene(data);
    scene.rules(setup -> setup.rulesets(List.of(Scene.ruleset(1, Scene.rule(1, "View", 5)))));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aLeadsEventsAreFoundInEveryRun() throws Exception {
    for (int i = 0; i < 4; i++) {
      scene.score("a", "View", Scene.T0 + i);
      scene.score("b", "View", Scene.T0 + i);
    }
    assertEquals(FIRST_OF_SECOND_RUN - 2, scene.number("SELECT min(seq) FROM event"));
    assertEquals(2, scene.number("SELECT count(*) FROM event_run"));
    assertEquals(Scene.T0, scene.number("SELECT newest FROM event_run WHERE run = 0"));
    assertEquals(Scene.T0 + 3, scene.number("SELECT newest FROM event_run WHERE run = 1"));
    long unit = scene.unit.key();
    String lead = scene.lead("a").leadId();
    EventQuery query = new EventQuery(1, 2, null, lead, null, null);
    assertEquals(
        List.of(Scene.T0 + 3, Scene.T0 + 2),
        scene.storage.reads().events(unit, query).items().stream()
            .map(event -> event.timestampMillis())
            .toList());
    assertEquals(4, scene.storage.reads().events(unit, query).total());
  }

  @Test
  void aMergeMovesTheEventsOfEveryRun() throws Exception {
    for (int i = 0; i < 4; i++) {
      scene.score("a", "View", Scene.T0 + i);
      scene.score("b", "View", Scene.T0 + i);
    }
    String a = scene.lead("a").leadId();
    scene.changes.merge(scene.unit.key(), a, List.of(scene.lead("b").leadId()), "dev");
    EventQuery query = new EventQuery(1, 100, "View", a, null, null);
    assertEquals(8, scene.storage.reads().events(scene.unit.key(), query).total());
    assertEquals(40, scene.scoreOf("a"));
    scene.score("b", "View", Scene.T0 + 9);
    assertEquals(45, scene.scoreOf("a"));
  }

  @Test
  void aRescoreGoesThroughTheEventsOfEveryRunOnceHoweverManyAtATime() throws Exception {
    for (long offset : new long[] {5, 5, 3, 5, 9, 1, 5}) { // Not in order, and some at one time.
      scene.score("a", "View", Scene.T0 + offset);
    }
    scene.score("b", "View", Scene.T0 + 4);
    assertEquals(2, scene.number("SELECT count(*) FROM event_run"));
    long lead = scene.number("SELECT min(lead) FROM event");
    for (int max = 1; max <= 8; max++) {
      int atMost = max;
      List<Long> seen = new ArrayList<>();
      long after = Long.MIN_VALUE;
      int found = max;
      while (found == max) {
        long last = after;
        List<ChangeTx.Rescorable> slice =
            scene.storage.change(tx -> tx.rescorable(lead, last, atMost));
        slice.forEach(event -> seen.add(event.seq()));
        found = slice.size();
        after = seen.get(seen.size() - 1);
      }
      assertEquals(7, Set.copyOf(seen).size(), "at a time: " + max);
      assertEquals(7, seen.size(), "at a time: " + max);
    }
  }

  @Test
  void aLateEventHasALeadReplayedFromEveryRun() throws Exception {
    scene.rules(
        setup ->
            setup.rulesets(
                List.of(
                    Scene.ruleset(1, Scene.rule(1, "View", 5), Scene.rule(2, "Complain", -8)))));
    scene.score("a", "Complain", Scene.T0 + 2); // The floor: 0, and so 5 at the end.
    scene.score("a", "View", Scene.T0 + 1_000);
    scene.score("b", "View", Scene.T0);
    assertEquals(5, scene.scoreOf("a"));
    scene.score("a", "View", Scene.T0 + 1); // 5, then 0, then 5.
    assertEquals(5, scene.scoreOf("a"));
    scene.score("a", "View", Scene.T0 + 1); // 10, then 2, then 7.
    assertEquals(7, scene.scoreOf("a"));
  }

  @Test
  void velocityFiltersCountAcrossRunsAfterARestart() throws Exception {
    long at = Scene.T0;
    scene.score("a", "View", at);
    scene.score("a", "View", at + MINUTE);
    scene.score("a", "View", at + 2 * MINUTE);
    scene.close();
    scene = new Scene(data);
    scene.rules(
        setup ->
            setup.velocityFilters(
                List.of(new VelocityFilter(1, "vf", "View", 3, 3 * MINUTE, false, true, 0, 0))));
    scene.score("a", "View", at + 3 * MINUTE - 1);
    scene.score("a", "View", at + 20 * MINUTE);
    assertEquals(List.of("-", "-", "-", "inorganic", "-"), scene.reasons("View"));
  }

  @Test
  void leadsWithEventsAreFoundInEveryRunAndCountedOnce() throws Exception {
    scene.score("a", "View", Scene.T0);
    scene.score("b", "View", Scene.T0 + 10);
    scene.score("a", "Click", Scene.T0 + 20);
    scene.score("b", "View", Scene.T0 + 30);
    assertEquals(2, leads(null, 0, Long.MAX_VALUE));
    assertEquals(2, leads("View", 0, Long.MAX_VALUE));
    assertEquals(1, leads("Click", 0, Long.MAX_VALUE));
    assertEquals(1, leads(null, Scene.T0, Scene.T0 + 10));
    assertEquals(1, leads(null, Scene.T0 + 30, Scene.T0 + 31));
    assertEquals(0, leads(null, Scene.T0 + 31, Long.MAX_VALUE));
  }

  private long leads(@org.jspecify.annotations.Nullable String type, long from, long to)
      throws Exception {
    FigureReads figures = scene.storage.reads().figures();
    long unit = scene.unit.key();
    long byEvents = figures.leadsWithEvents(unit, type, List.of("None"), from, to, 0);
    assertEquals(
        byEvents, figures.leadsWithEvents(unit, type, List.of("None"), from, to, Long.MAX_VALUE));
    assertEquals(
        byEvents, figures.leadsWithEvents(unit, type, List.of(), from, to, Long.MAX_VALUE));
    return byEvents;
  }

  @Test
  void noQuestionAboutALeadGoesThroughTheTable() throws Exception {
    for (String question :
        List.of(
            "SELECT count(*) FROM event WHERE lead = 1",
            "SELECT e.metadata FROM event e JOIN event_type t ON t.key = e.event_type"
                + " WHERE e.lead = 1 AND e.ts >= 5 AND t.name = 'View'",
            "UPDATE event SET lead = 2 WHERE lead = 1",
            "DELETE FROM event WHERE lead = 1")) {
      String plan = plan(question);
      assertTrue(plan.contains("event_of_lead (ANY(<expr>) AND lead=?"), plan);
    }
    for (String question :
        List.of(
            "SELECT e.ts FROM" + Dialect.SQLITE.eventsSince(">") + " AND e.lead = ? AND e.ts > ?",
            DryRuns.events(Dialect.SQLITE))) {
      String plan = plan(question);
      assertTrue(plan.contains("event_of_lead (<expr>=? AND lead=? AND ts>?)"), plan);
    }
  }

  @Test
  void aPageOfALeadIsFoundInTheIndexAlone() throws Exception {
    String plan =
        plan(
            "SELECT e.seq "
                + Dialect.SQLITE.eventsOfLead()
                + " WHERE e.lead = 1 ORDER BY e.ts DESC, e.seq DESC LIMIT 25 OFFSET 25000");
    assertTrue(
        plan.contains("SEARCH e USING COVERING INDEX event_of_lead (<expr>=? AND lead=?)"), plan);
  }

  @Test
  void pagesOfALeadHoldEachEventOnceWhileEventsAreStored() throws Exception {
    List<Long> stored = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      stored.add(0, scene.score("a", "View", Scene.T0 + i / 4)); // Four at each moment.
    }
    String lead = scene.lead("a").leadId();
    List<Long> seen = new ArrayList<>();
    for (int page = 1; page <= 5; page++) {
      EventQuery query = new EventQuery(page, 2, null, lead, null, null);
      scene.storage.reads().events(scene.unit.key(), query).items().stream()
          .map(StoredEvent::seq)
          .forEach(seen::add);
      scene.score("a", "View", Scene.T0 - page); // Happened before all of them.
      scene.score("b", "View", Scene.T0 + page);
    }
    assertEquals(stored, seen.subList(0, 9));
  }

  @Test
  void aRangeHasTheEventsOfEveryRunThatMayHaveAny() throws Exception {
    for (int i = 0; i < 5; i++) {
      scene.score("a", "View", Scene.T0 + i); // Two of them in the first run.
    }
    scene.score("a", "View", Scene.T0 + 1); // Late, in the second.
    assertEquals(6, inRange(Scene.T0));
    assertEquals(5, inRange(Scene.T0 + 1));
    assertEquals(3, inRange(Scene.T0 + 2));
    assertEquals(1, inRange(Scene.T0 + 4));
    assertEquals(0, inRange(Scene.T0 + 5));
    String lead = scene.lead("a").leadId();
    scene.sleepUntil(Scene.T0 + 5);
    scene.changes.reset(scene.unit.key(), lead); // The event of that is the server's own.
    assertEquals(1, inRange(Scene.T0 + 5));
  }

  /** Returns how many events of the unit happened from then on, by the list and by the figures. */
  private long inRange(long from) throws Exception {
    long unit = scene.unit.key();
    Reads reads = scene.storage.reads();
    EventQuery query = new EventQuery(1, 100, null, null, from, Long.MAX_VALUE);
    Page<StoredEvent> page = reads.events(unit, query);
    assertEquals(page.total(), page.items().size());
    assertEquals(
        page.total(),
        reads.figures().days(unit, null, from, Long.MAX_VALUE).stream()
            .mapToLong(FigureReads.DayCount::count)
            .sum());
    return page.total();
  }

  @Test
  void aRangeDoesNotReadTheRunsThatItLeavesOut() throws Exception {
    String filter =
        " FROM event e WHERE e.unit = 1 AND e.ts >= 5 AND (e.seq >= 262144 OR e.seq < 0)";
    String count = plan("SELECT count(*)" + filter);
    assertTrue(count.contains("(rowid>?)") && count.contains("(rowid<?)"), count);
    String page = plan("SELECT e.seq" + filter + " AND e.seq > 0 ORDER BY e.seq DESC LIMIT 25");
    assertTrue(page.contains("INTEGER PRIMARY KEY (rowid>?)"), page);
    assertFalse(page.contains("TEMP B-TREE"), page);
  }

  @Test
  void pagesOfTheUnitHoldEachEventOnceWhoeverMadeIt() throws Exception {
    for (int i = 0; i < 3; i++) {
      scene.score("a", "View", Scene.T0 + i);
      scene.score("b", "View", Scene.T0 + i);
      String a = scene.lead("a").leadId();
      scene.changes.reset(scene.unit.key(), a);
    }
    List<StoredEvent> all = scene.events();
    assertEquals(9, all.size());
    for (int limit = 1; limit <= 4; limit++) {
      List<StoredEvent> walked = new ArrayList<>();
      for (int page = 1; page <= 10; page++) {
        EventQuery query = new EventQuery(page, limit, null, null, null, null);
        walked.addAll(scene.storage.reads().events(scene.unit.key(), query).items());
      }
      assertEquals(all, walked);
    }
  }

  private String plan(String question) throws SQLException {
    StringBuilder plan = new StringBuilder(question);
    try (Connection connection = connection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + question)) {
      while (rows.next()) {
        plan.append('\n').append(rows.getString(4));
      }
    }
    return plan.toString();
  }

  private void sql(String command) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(command);
    }
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("kenbun.db"));
  }
}
