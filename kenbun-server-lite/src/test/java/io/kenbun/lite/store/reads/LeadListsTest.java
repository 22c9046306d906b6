package io.kenbun.lite.store.reads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.LeadProfiles;
import io.kenbun.lite.store.Scene;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.leads.LeadColumns;
import io.kenbun.lite.store.leads.LeadQuery;
import io.kenbun.lite.store.leads.LeadQuery.Band;
import io.kenbun.lite.store.leads.LeadQuery.Sort;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lists from memory are what SQL says they are, whatever happens to leads meanwhile. PostgreSQL's
 * nodes hold no leads in memory: there it is the other way round, and lists by SQL are what memory
 * says that was filled a moment ago.
 */
class LeadListsTest {
  private static final String[] TYPES = {"View", "Form", "Never scored"};
  private static final int MAX_LEAD_KEY = 100_000;
  private static final LeadQuery ALL = query(1, 100, Sort.SCORE, false);

  @TempDir Path data;
  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = new Scene(data);
    score(1);
  }

  /** Makes the ruleset of that key the only one. */
  private void score(long key) {
    Ruleset ruleset =
        Scene.ruleset(key, Scene.rule(10 * key, "View", 3), Scene.rule(10 * key + 1, "Form", -7));
    scene.rules(setup -> setup.rulesets(List.of(ruleset)));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void everyFilterAndOrderGivesWhatSqlDoes() throws Exception {
    long seed = 20260310;
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < 10; i++) {
        scene.nowMillis += random.nextInt(3) * 1_000L;
        scene.accept(
            "u" + random.nextInt(40),
            TYPES[random.nextInt(TYPES.length)],
            Scene.T0 + random.nextInt(20) * 1_000L,
            null);
      }
      scene.drain();
      if (round % 8 == 5) {
        scene.changes.reset(scene.unit.key(), lead(random));
      } else if (round % 8 == 6) {
        String source = lead(random);
        String target = lead(random);
        if (!source.equals(target)) {
          scene.changes.merge(scene.unit.key(), target, List.of(source), "dev");
        }
      } else if (round % 8 == 7) {
        scene.changes.delete(scene.unit.key(), lead(random));
      }
      for (int i = 0; i < 20; i++) {
        same(random(random), "seed " + seed + " round " + round);
      }
      for (int limit = 1; limit <= 45; limit += 4) {
        sameTop(limit, "seed " + seed + " round " + round + " limit " + limit);
      }
    }
  }

  /** What memory cannot tell it leaves to SQL: not enough leads have a score above zero. */
  private void sameTop(int limit, String when) throws Exception {
    LeadLists lists = lists();
    Engine engine = scene.rules.current().engine(scene.unit.key());
    RuleSetup setup = scene.rules.current().setup(scene.unit.key());
    List<Lead> bySql = lists.topBySql(setup, engine, scene.nowMillis, limit);
    List<Lead> fromColumns = lists.topFromColumns(setup, engine, scene.nowMillis, limit);
    boolean isEnough =
        bySql.size() == limit && bySql.get(limit - 1).scores().getOrDefault(1L, 0L) > 0;
    assertEquals(isEnough ? bySql : null, fromColumns, when);
    assertEquals(bySql, served().top(setup, engine, scene.nowMillis, limit), when);
  }

  private String lead(Random random) throws Exception {
    List<Lead> leads = page(ALL).items();
    return leads.get(random.nextInt(leads.size())).leadId();
  }

  private LeadQuery random(Random random) {
    Long from = random.nextInt(4) == 0 ? Scene.T0 + random.nextInt(200) * 1_000L : null;
    long min = random.nextInt(30) - 15L;
    return new LeadQuery(
        1 + random.nextInt(4),
        1 + random.nextInt(15),
        List.of(Sort.values()).get(random.nextInt(3)),
        random.nextBoolean(),
        random.nextInt(3) == 0
            ? List.of(new Band(Long.MIN_VALUE, min - 5), new Band(min, min + random.nextInt(20)))
            : null,
        random.nextInt(6) == 0 ? List.of(new Band(0, 5)) : null,
        random.nextInt(4) == 0 ? List.of("View", "Form", "none").get(random.nextInt(3)) : null,
        random.nextInt(4) == 0 ? Scene.T0 + random.nextInt(20) * 1_000L : null,
        from,
        from == null ? null : from + random.nextInt(100) * 1_000L,
        random.nextInt(4) == 0 ? "U" + random.nextInt(4) : null,
        random.nextInt(8) == 0 ? "dev" : null);
  }

  private void same(LeadQuery query, String message) throws Exception {
    Page<Lead> wanted = lists().bySql(scene.setup(), engine(), scene.nowMillis, query);
    Page<Lead> page = fromColumns(query);
    assertEquals(wanted, page, () -> message + ": " + query);
  }

  @Test
  void anotherPrimaryRulesetCountsAtOnce() throws Exception {
    scene.score("a", "View", Scene.T0);
    assertEquals(List.of(3L), scores(1));
    score(2);
    scene.score("b", "View", Scene.T0);
    same(ALL, "another ruleset");
    assertEquals(List.of(3L, 0L), scores(2));
    score(1);
    same(ALL, "the first again");
  }

  private List<Long> scores(long ruleset) throws Exception {
    return fromColumns(ALL).items().stream()
        .map(lead -> lead.scores().getOrDefault(ruleset, 0L))
        .toList();
  }

  @Test
  void aLeadThatGoesWithoutTellingIsListedNoMore() throws Exception {
    scene.score("a", "View", Scene.T0);
    scene.score("b", "View", Scene.T0);
    assertEquals(2, page(ALL).total());
    delete("ld_1");
    assertEquals(1, page(ALL).total());
    assertEquals(1, fromColumns(ALL).total());
  }

  private void delete(String leadId) throws Exception {
    try (Connection other = TestStores.connect(data);
        PreparedStatement delete = other.prepareStatement("DELETE FROM lead WHERE lead_id = ?")) {
      delete.setString(1, leadId);
      delete.executeUpdate();
    }
  }

  @Test
  void aTransactionThatFailsLeavesNothingInTheLists() throws Exception {
    scene.score("a", "View", Scene.T0);
    assertEquals(1, page(ALL).total());
    LeadProfiles.Edit edit = LeadProfiles.Edit.ofMetadata(Map.of("company", "Acme"));
    scene.changes.profiles().write(scene.unit.key(), "ld_1", edit);
    assertThrows(
        IllegalStateException.class,
        () ->
            scene.storage.change(
                tx -> {
                  tx.delete(1, 10);
                  throw new IllegalStateException("after the fact");
                }));
    same(ALL, "undone");
    assertEquals(1, page(ALL).total());
  }

  @Test
  void leadsThatDoNotFitAreListedBySql() throws Exception {
    scene.score("a", "View", Scene.T0);
    LeadColumns small = new LeadColumns(1);
    LeadLists lists = lists(small);
    assertNotNull(lists.fromColumns(scene.setup(), engine(), scene.nowMillis, ALL));
    scene.score("b", "View", Scene.T0);
    LeadLists again = lists(new LeadColumns(1));
    assertNull(again.fromColumns(scene.setup(), engine(), scene.nowMillis, ALL));
    assertEquals(2, again.page(scene.setup(), engine(), scene.nowMillis, ALL).total());
  }

  @Test
  @DisabledIfSystemProperty(named = "kenbun.engine", matches = "postgresql") // SQLite's plan.
  void noPageIsSortedOrScannedForInTheStore() throws Exception {
    scene.score("a", "View", Scene.T0);
    List<String> plan =
        scene.ask(
            connection ->
                new Sql(
                        "EXPLAIN QUERY PLAN "
                            + LeadReads.COLUMNS
                            + Dialect.SQLITE.profile()
                            + " FROM lead l WHERE l.merged_into IS NULL AND l.key IN (?,?)",
                        1L,
                        2L)
                    .list(connection, row -> row.getString(4)));
    assertTrue(plan.contains("SEARCH l USING INTEGER PRIMARY KEY (rowid=?)"), plan.toString());
    assertTrue(plan.stream().noneMatch(step -> step.contains("TEMP B-TREE")), plan.toString());
    assertTrue(plan.stream().noneMatch(step -> step.startsWith("SCAN l")), plan.toString());
  }

  @Test
  void aWalkInTheOrderOfMakingMeetsEachLeadOnceWhileOthersAreMade() throws Exception {
    for (int i = 0; i < 500; i++) {
      scene.accept("old" + i, "View", Scene.T0, null);
    }
    scene.drain();
    AtomicBoolean done = new AtomicBoolean();
    List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; !done.get(); i++) {
                  scene.score("new" + i, "Form", Scene.T0 + 1);
                  scene.score("old" + i % 500, "View", Scene.T0 + 2);
                }
              } catch (Exception e) {
                failures.add(e);
              }
            });
    writer.start();
    List<String> met = new ArrayList<>();
    try {
      for (int page = 1; page <= 50; page++) {
        page(query(page, 10, Sort.CREATED_AT, true)).items().forEach(l -> met.add(l.leadId()));
      }
    } finally {
      done.set(true);
      writer.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(IntStream.rangeClosed(1, 500).mapToObj(i -> "ld_" + i).toList(), met);
  }

  private static LeadQuery query(int page, int limit, Sort sort, boolean ascending) {
    return new LeadQuery(
        page, limit, sort, ascending, null, null, null, null, null, null, null, null);
  }

  /** Returns the lists that the API is served from. */
  private LeadLists served() {
    return scene.storage.reads().leadLists();
  }

  /** Returns lists that hold leads in memory. */
  private LeadLists lists() {
    return TestStores.isPostgres() ? lists(new LeadColumns(MAX_LEAD_KEY)) : served();
  }

  private LeadLists lists(LeadColumns columns) {
    return TestStores.lists(scene.storage, columns);
  }

  private Engine engine() {
    return scene.rules.current().engine(scene.unit.key());
  }

  private Page<Lead> page(LeadQuery query) throws Exception {
    return served().page(scene.setup(), engine(), scene.nowMillis, query);
  }

  private Page<Lead> fromColumns(LeadQuery query) throws Exception {
    @Nullable Page<Lead> page =
        lists().fromColumns(scene.setup(), engine(), scene.nowMillis, query);
    assertNotNull(page);
    return page;
  }
}
