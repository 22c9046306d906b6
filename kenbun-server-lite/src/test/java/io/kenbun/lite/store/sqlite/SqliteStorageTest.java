package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Operator;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.queue.FailedEvents;
import io.kenbun.lite.store.queue.IdempotencyKeys;
import io.kenbun.lite.store.reads.Driver;
import io.kenbun.lite.store.reads.EventQuery;
import io.kenbun.lite.store.reads.Reads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStorageTest {
  private static final long T0 = 1_770_000_000_000L;
  private static final OrgUnit UNIT =
      new OrgUnit(0, "unit_default", "org_default", "Default", "default", null, true);

  @TempDir Path data;
  private final AtomicInteger ids = new AtomicInteger();
  private SqliteStorage storage;
  private Scoring scoring;
  private final AtomicLong nowMillis = new AtomicLong(T0);
  private boolean brokenMetadata = true;
  private long unit;

  @BeforeEach
  void open() throws Exception {
    open(1_000_000);
    storage.configuration().apply(List.of(setup(1, 3)), T0);
    reload();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void storedEventsAreScoredOnceAcrossRestarts() throws Exception {
    append(
        event("Page View", email("a@example.com")), event("Form Submit", email("a@example.com")));
    reopen();
    assertTrue(scoring.step());
    assertFalse(scoring.step());
    reopen();
    assertFalse(scoring.step());
    Lead lead = lead(email("a@example.com"));
    assertEquals(4, score(lead));
    assertEquals(2, events(lead.leadId()).size());
  }

  @Test
  void seqGoesOnAfterTheOutboxWasEmptied() throws Exception {
    long first = append(event("Page View", email("a@example.com")))[0];
    while (scoring.step()) {}
    // The next commit takes the scored row away; what comes then must not get its seq again.
    append(event("Page View", email("a@example.com")));
    while (scoring.step()) {}
    reopen();
    long third = append(event("Page View", email("a@example.com")))[0];
    assertEquals(first + 2, third);
    while (scoring.step()) {}
    assertEquals(3, score(lead(email("a@example.com"))));
  }

  @Test
  void aFailedTransactionChangesNothingAndIsDoneAgain() throws Exception {
    append(event("Page View", email("a@example.com")));
    assertThrows(
        IllegalStateException.class,
        () ->
            storage.drain(
                10,
                (batch, tx) -> {
                  scoring.apply(batch, tx);
                  throw new IllegalStateException("power cut");
                }));
    assertNull(storage.reads().leadByAlias(unit, email("a@example.com")));
    assertTrue(scoring.step());
    assertEquals(1, score(lead(email("a@example.com"))));
  }

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
  void aLeadIdThatIsUnknownMakesTheLead() throws Exception {
    append(new RawEvent(unit, "ld_abc123", List.of(), "Page View", T0, T0, null));
    scoring.step();
    assertEquals(1, score(storage.reads().lead(unit, "ld_abc123")));
  }

  @Test
  void aliasesSentWithALeadIdBecomeItsOwn() throws Exception {
    append(
        new RawEvent(unit, "ld_1", List.of(email("A@example.com")), "Page View", T0, T0, null),
        event("Page View", email(" a@EXAMPLE.com")));
    scoring.step();
    Lead lead = lead(email("a@example.com"));
    assertEquals("ld_1", lead.leadId());
    assertEquals(2, score(lead));
    assertEquals(List.of(email("A@example.com")), storage.reads().aliases(lead));
  }

  @Test
  void anAliasOfAnotherLeadStaysThere() throws Exception {
    append(
        event("Page View", email("a@example.com")),
        new RawEvent(unit, "ld_1", List.of(email("a@example.com")), "Form Submit", T0, T0, null));
    scoring.step();
    assertEquals(1, score(lead(email("a@example.com"))));
    assertEquals(3, score(storage.reads().lead(unit, "ld_1")));
  }

  @Test
  void theFirstAliasThatIsKnownDecides() throws Exception {
    append(event("Page View", email("a@example.com")), event("Page View", email("b@example.com")));
    scoring.step();
    reopen();
    Alias cookie = new Alias(AliasKind.COOKIE, "c1");
    append(event("Form Submit", cookie, email("b@example.com"), email("a@example.com")));
    scoring.step();
    assertEquals(1, score(lead(email("a@example.com"))));
    assertEquals(4, score(lead(email("b@example.com"))));
    assertEquals(lead(email("b@example.com")).leadId(), lead(cookie).leadId());
  }

  @Test
  void theOffersPastTheLimitAreTurnedAway() throws Exception {
    storage.close();
    open(3);
    reload();
    append(event("Page View", email("a@example.com")), event("Page View", email("b@example.com")));
    assertEquals(
        Queue.Refusal.FULL,
        storage
            .queue()
            .offer(new Outcome(List.of(event("a", email("a")), event("b", email("b"))))));
    append(event("Page View", email("c@example.com")));
    assertEquals(
        Queue.Refusal.FULL,
        storage.queue().offer(new Outcome(List.of(event("d", email("d@example.com"))))));
    while (scoring.step()) {}
    append(event("Page View", email("d@example.com")));
  }

  @Test
  void aClosedQueueTakesNothing() {
    storage.close();
    assertEquals(
        Queue.Refusal.CLOSED,
        storage.queue().offer(new Outcome(List.of(event("a", email("a@example.com"))))));
  }

  @Test
  void depthAndAgeTellWhatWaits() throws Exception {
    assertEquals(0, storage.queue().depth());
    assertEquals(-1, storage.queue().oldestReceivedAtMillis());
    append(event("Page View", email("a@example.com")), event("Page View", email("a@example.com")));
    assertEquals(2, storage.queue().depth());
    assertEquals(T0 + 5, storage.queue().oldestReceivedAtMillis());
    scoring.step();
    assertEquals(0, storage.queue().depth());
  }

  @Test
  void aKeyThatWasSeenQueuesNothingAndNamesTheFirst() throws Exception {
    long first = append("key-1", event("Page View", email("a@example.com")));
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    reopen();
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    assertEquals(first + 1, append("key-2", event("Page View", email("a@example.com"))));
    while (scoring.step()) {}
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    assertFalse(scoring.step());
    assertEquals(0, storage.queue().depth());
    assertEquals(2, score(lead(email("a@example.com"))));
  }

  @Test
  void oneCommitTakesAKeyOnce() throws Exception {
    RawEvent event = event("Page View", email("a@example.com"));
    Outcome outcome = new Outcome(List.of(event, event, event, event), List.of("a", "b", "a", ""));
    assertNull(storage.queue().offer(outcome));
    long[] seqs = outcome.seqs.get(10, TimeUnit.SECONDS);
    assertEquals(seqs[0], seqs[2]);
    assertEquals(3, java.util.Arrays.stream(seqs).distinct().count());
    scoring.step();
    assertEquals(3, score(lead(email("a@example.com"))));
  }

  @Test
  void aRepeatedKeyLeavesNoGapInTheNumbers() throws Exception {
    RawEvent event = event("Page View", email("a@example.com"));
    long a = append("a", event);
    Outcome outcome =
        new Outcome(
            List.of(event, event, event, event, event, event),
            List.of("a", "b", "a", "", "b", "c"));
    assertNull(storage.queue().offer(outcome));
    assertArrayEquals(
        new long[] {a, a + 1, a, a + 2, a + 1, a + 3}, outcome.seqs.get(10, TimeUnit.SECONDS));
    assertEquals(4, storage.queue().depth());
    reopen();
    assertEquals(4, storage.queue().depth());
    assertEquals(a + 3, append("c", event));
    assertEquals(a + 4, append("d", event));
    while (scoring.step()) {}
    assertEquals(5, score(lead(email("a@example.com"))));
  }

  @Test
  void keysOfTwoUnitsDoNotMeet() throws Exception {
    long first = append("key-1", event("Page View", email("a@example.com")));
    RawEvent other = new RawEvent(unit + 1, "ld_1", List.of(), "Page View", T0, T0, null);
    assertEquals(first + 1, append("key-1", other));
  }

  @Test
  void longKeysAreToldApartByTheirLastCharacter() throws Exception {
    String stem = "k".repeat(254);
    long a = append(stem + "a", event("Page View", email("a@example.com")));
    long b = append(stem + "b", event("Page View", email("a@example.com")));
    assertEquals(a + 1, b);
    assertEquals(a, append(stem + "a", event("Page View", email("a@example.com"))));
  }

  @Test
  void aKeyIsKeptForADayAndForgottenAfter() throws Exception {
    long first = append("key-1", event("Page View", email("a@example.com")));
    nowMillis.set(T0 + IdempotencyKeys.WINDOW.toMillis());
    reopen(); // The sweep of a fresh start comes with the first commit.
    assertEquals(first, append("key-1", event("Page View", email("a@example.com"))));
    nowMillis.set(T0 + 2 * IdempotencyKeys.WINDOW.toMillis());
    append("other", event("Page View", email("a@example.com")));
    assertTrue(append("key-1", event("Page View", email("a@example.com"))) > first);
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
  void aChangedWeightCountsFromThenOnAndIsExplainedApart() throws Exception {
    append(event("Page View", email("a@example.com")));
    scoring.step();
    storage.configuration().apply(List.of(setup(10, 3)), T0 + 1);
    reload();
    append(event("Page View", email("a@example.com")));
    scoring.step();
    Lead lead = lead(email("a@example.com"));
    assertEquals(11, score(lead));
    List<Driver> drivers = storage.reads().drivers(lead, T0);
    assertEquals(2, drivers.size());
    assertEquals(List.of(10L, 1L), drivers.stream().map(Driver::total).toList());
    assertEquals(List.of(), storage.reads().drivers(lead, T0 + 1));
  }

  @Test
  void aRuleThatIsGoneStillExplainsWhatItGave() throws Exception {
    append(event("Form Submit", email("a@example.com")));
    scoring.step();
    RuleSetup without =
        RuleSetup.builder(UNIT).rulesets(List.of(ruleset(rule("Page View", 1)))).build();
    storage.configuration().apply(List.of(without), T0 + 1);
    reload();
    append(event("Form Submit", email("a@example.com")));
    scoring.step();
    Lead lead = lead(email("a@example.com"));
    assertEquals(3, score(lead));
    assertEquals("Form Submit", storage.reads().drivers(lead, 0).get(0).eventType());
  }

  @Test
  void oldEventsLeaveAndScoresStay() throws Exception {
    RawEvent old = new RawEvent(unit, "ld_1", List.of(), "Page View", T0, T0 - 1, null);
    RawEvent young = new RawEvent(unit, "ld_1", List.of(), "Page View", T0, T0, null);
    append(old, old, old, young);
    scoring.step();
    assertEquals(2, storage.removeEvents(T0, 2));
    assertEquals(1, storage.removeEvents(T0, 2));
    assertEquals(0, storage.removeEvents(T0, 2));
    assertEquals(1, storage.reads().events(unit, query(null)).total());
    assertEquals(1, events("ld_1").size());
    assertEquals(4, score(storage.reads().lead(unit, "ld_1")));
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

  @Test
  void unitsDoNotSeeEachOther() throws Exception {
    OrgUnit other = new OrgUnit(0, "unit_b", "org_default", "B", "b", null, false);
    storage.configuration().apply(List.of(RuleSetup.builder(other).build()), T0);
    reload();
    append(event("Page View", email("a@example.com")));
    scoring.step();
    assertNull(storage.reads().leadByAlias(unit + 1, email("a@example.com")));
    assertEquals(0, storage.reads().events(unit + 1, query(null)).total());
  }

  private void open(long maxQueued) throws StorageException {
    storage =
        new SqliteStorage(
            data, Durability.FULL, maxQueued, this::now, () -> "ld_new" + ids.incrementAndGet());
    storage.start();
  }

  private Instant now() {
    return Instant.ofEpochMilli(nowMillis.get());
  }

  private void reload() throws StorageException {
    Rules rules = new Rules();
    rules.replace(storage.configuration().load());
    unit = rules.current().units().get(0).key();
    scoring = new Scoring(storage, rules, this::metadata);
  }

  private void reopen() throws StorageException {
    storage.close();
    open(1_000_000);
    reload();
  }

  private Map<String, Object> metadata(String json) {
    if (brokenMetadata) {
      throw new IllegalStateException("broken metadata");
    }
    return Map.of("a", "1");
  }

  /** An event whose metadata a rule looks into, and cannot be read. */
  private RawEvent poison() {
    return new RawEvent(
        unit, null, List.of(email("p@example.com")), "Poison", T0, T0 + 5, "{\"a\":1}");
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

  private static RuleSetup setup(int pageView, int formSubmit) {
    return RuleSetup.builder(UNIT)
        .rulesets(
            List.of(
                ruleset(rule("Page View", pageView), rule("Form Submit", formSubmit), looksInto())))
        .build();
  }

  private static Ruleset ruleset(Rule... rules) {
    return new Ruleset(
        0,
        "",
        "Standard",
        "",
        "engagement_score",
        true,
        true,
        DateWindow.ALWAYS,
        0,
        List.of(rules));
  }

  private static Rule rule(String eventType, int weight) {
    return new Rule(0, "", eventType, weight, true, List.of(), DateWindow.ALWAYS, 0);
  }

  private static Rule looksInto() {
    Condition filter = new Condition("a", Operator.EQUALS, "1");
    return new Rule(0, "", "Poison", 7, true, List.of(filter), DateWindow.ALWAYS, 0);
  }

  private RawEvent event(String eventType, Alias... aliases) {
    return new RawEvent(unit, null, List.of(aliases), eventType, T0, T0 + 5, null);
  }

  private static Alias email(String value) {
    return new Alias(AliasKind.EMAIL, value);
  }

  private long[] append(RawEvent... events) throws Exception {
    Outcome outcome = new Outcome(List.of(events));
    assertNull(storage.queue().offer(outcome));
    return outcome.seqs.get(10, TimeUnit.SECONDS);
  }

  private long append(String key, RawEvent event) throws Exception {
    Outcome outcome = new Outcome(List.of(event), List.of(key));
    assertNull(storage.queue().offer(outcome));
    return outcome.seqs.get(10, TimeUnit.SECONDS)[0];
  }

  private Lead lead(Alias alias) throws StorageException {
    Lead lead = storage.reads().leadByAlias(unit, alias);
    assertNotNull(lead, alias.value());
    return lead;
  }

  private static long score(Lead lead) {
    assertNotNull(lead);
    assertEquals(1, lead.scores().size());
    return lead.scores().values().iterator().next();
  }

  private List<StoredEvent> events(String leadId) throws StorageException {
    return storage.reads().events(unit, query(leadId)).items();
  }

  private static EventQuery query(String leadId) {
    return new EventQuery(1, 100, null, leadId, null, null);
  }

  private static final class Outcome extends Append {
    final CompletableFuture<long[]> seqs = new CompletableFuture<>();

    Outcome(List<RawEvent> events) {
      this(events, List.of());
    }

    Outcome(List<RawEvent> events, List<String> keys) {
      super(events, keys, Runnable::run);
    }

    @Override
    public void stored(long[] stored) {
      seqs.complete(stored);
    }

    @Override
    public void failed(Exception cause) {
      seqs.completeExceptionally(cause);
    }
  }
}
