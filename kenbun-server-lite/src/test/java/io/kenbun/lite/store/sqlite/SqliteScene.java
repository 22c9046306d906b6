package io.kenbun.lite.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

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
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.reads.EventQuery;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * A store in two files with one unit and three rules, by a clock that stands still until it is set.
 */
abstract class SqliteScene {
  static final long T0 = 1_770_000_000_000L;
  static final OrgUnit UNIT =
      new OrgUnit(0, "unit_default", "org_default", "Default", "default", null, true);

  @TempDir Path data;
  final AtomicInteger ids = new AtomicInteger();
  SqliteStorage storage;
  Scoring scoring;
  final AtomicLong nowMillis = new AtomicLong(T0);
  boolean brokenMetadata = true;
  long unit;

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

  void open(long maxQueued) throws StorageException {
    storage =
        new SqliteStorage(
            data, Durability.FULL, maxQueued, this::now, () -> "ld_new" + ids.incrementAndGet());
    storage.start();
  }

  Instant now() {
    return Instant.ofEpochMilli(nowMillis.get());
  }

  void reload() throws StorageException {
    Rules rules = new Rules();
    rules.replace(storage.configuration().load());
    unit = rules.current().units().get(0).key();
    scoring = new Scoring(storage, rules, this::metadata);
  }

  void reopen() throws StorageException {
    storage.close();
    open(1_000_000);
    reload();
  }

  Map<String, Object> metadata(String json) {
    if (brokenMetadata) {
      throw new IllegalStateException("broken metadata");
    }
    return Map.of("a", "1");
  }

  /** An event whose metadata a rule looks into, and cannot be read. */
  RawEvent poison() {
    return new RawEvent(
        unit, null, List.of(email("p@example.com")), "Poison", T0, T0 + 5, "{\"a\":1}");
  }

  static RuleSetup setup(int pageView, int formSubmit) {
    return RuleSetup.builder(UNIT)
        .rulesets(
            List.of(
                ruleset(rule("Page View", pageView), rule("Form Submit", formSubmit), looksInto())))
        .build();
  }

  static Ruleset ruleset(Rule... rules) {
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

  static Rule rule(String eventType, int weight) {
    return new Rule(0, "", eventType, weight, true, List.of(), DateWindow.ALWAYS, 0);
  }

  static Rule looksInto() {
    Condition filter = new Condition("a", Operator.EQUALS, "1");
    return new Rule(0, "", "Poison", 7, true, List.of(filter), DateWindow.ALWAYS, 0);
  }

  RawEvent event(String eventType, Alias... aliases) {
    return new RawEvent(unit, null, List.of(aliases), eventType, T0, T0 + 5, null);
  }

  static Alias email(String value) {
    return new Alias(AliasKind.EMAIL, value);
  }

  long[] append(RawEvent... events) throws Exception {
    Outcome outcome = new Outcome(List.of(events));
    assertNull(storage.queue().offer(outcome));
    return outcome.seqs.get(10, TimeUnit.SECONDS);
  }

  long append(String key, RawEvent event) throws Exception {
    Outcome outcome = new Outcome(List.of(event), List.of(key));
    assertNull(storage.queue().offer(outcome));
    return outcome.seqs.get(10, TimeUnit.SECONDS)[0];
  }

  Lead lead(Alias alias) throws StorageException {
    Lead lead = storage.reads().leadByAlias(unit, alias);
    assertNotNull(lead, alias.value());
    return lead;
  }

  static long score(Lead lead) {
    assertNotNull(lead);
    assertEquals(1, lead.scores().size());
    return lead.scores().values().iterator().next();
  }

  List<StoredEvent> events(String leadId) throws StorageException {
    return storage.reads().events(unit, query(leadId)).items();
  }

  static EventQuery query(String leadId) {
    return new EventQuery(1, 100, null, leadId, null, null);
  }

  static final class Outcome extends Append {
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
