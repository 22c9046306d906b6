package io.kenbun.lite.store;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Condition;
import io.kenbun.lite.model.DateWindow;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.Rule;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Upkeep;
import io.kenbun.lite.store.reads.EventQuery;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sqlite.Durability;
import io.kenbun.lite.store.sqlite.SqliteStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A real store with rules of one's own and a clock that is moved by hand. */
public final class Scene implements AutoCloseable {
  public static final long DAY = 86_400_000L;
  public static final long T0 = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

  public final Store storage;
  public final Rules rules = new Rules();
  public final Scoring scoring;
  public final OrgUnit unit;
  public final LeadChanges changes;
  public final Upkeep upkeep;
  public long nowMillis = T0;
  private int ids;
  private RuleSetup setup;

  public Scene(Path data) throws StorageException {
    this(
        scene ->
            TestStores.open(
                data,
                Durability.NORMAL,
                1_000_000,
                () -> Instant.ofEpochMilli(scene.nowMillis),
                scene::id));
  }

  /** Makes one over SQLite, with so many leads in memory. */
  public Scene(Path data, int cachedLeads) throws StorageException {
    this(
        scene ->
            SqliteStores.open(
                data,
                Durability.NORMAL,
                1_000_000,
                () -> Instant.ofEpochMilli(scene.nowMillis),
                scene::id,
                cachedLeads));
  }

  private interface Opening {
    Store open(Scene scene) throws StorageException;
  }

  private Scene(Opening opening) throws StorageException {
    storage = opening.open(this);
    OrgUnit wanted = new OrgUnit(0, "unit_default", "org", "Default", "default", null, true);
    storage.configuration().apply(List.of(RuleSetup.builder(wanted).build()), nowMillis);
    unit = storage.configuration().load().get(0).unit();
    setup = RuleSetup.builder(unit).build();
    rules.replace(List.of(setup));
    storage.start();
    scoring = new Scoring(storage, rules, Json::readMetadata);
    changes = new LeadChanges(storage, rules, Json::readMetadata);
    upkeep = new Upkeep(storage, rules, Json::readMetadata, () -> Instant.ofEpochMilli(nowMillis));
  }

  private String id() {
    return "ld_" + ++ids;
  }

  /** Returns what the store's connections understand. */
  static Dialect dialect() {
    return TestStores.isPostgres() ? Dialect.POSTGRES : Dialect.SQLITE;
  }

  /** Sets the rules in force. */
  public void rules(UnaryOperator<RuleSetup.Builder> change) {
    setup = change.apply(RuleSetup.builder(unit)).build();
    rules.replace(List.of(setup));
  }

  public RuleSetup setup() {
    return setup;
  }

  public static Ruleset ruleset(long key, Rule... rules) {
    return new Ruleset(
        key, "rs_" + key, "R" + key, "", "s", true, key == 1, DateWindow.ALWAYS, 0, List.of(rules));
  }

  public static Rule rule(long key, String type, int weight, Condition... filters) {
    return rule(key, type, weight, null, filters);
  }

  public static Rule rule(
      long key, String type, int weight, @Nullable Integer halfLife, Condition... filters) {
    return new Rule(
        key,
        "rule_" + key,
        type,
        weight,
        true,
        List.of(filters),
        DateWindow.ALWAYS,
        (int) key,
        halfLife,
        0,
        0);
  }

  public static Alias email(String name) {
    return new Alias(AliasKind.EMAIL, name + "@example.com");
  }

  /** Has an event of somebody accepted; not scored yet. */
  public long accept(String who, String type, long timestampMillis, @Nullable String metadata) {
    return accept(
        new RawEvent(
            unit.key(), null, List.of(email(who)), type, timestampMillis, nowMillis, metadata));
  }

  public long accept(RawEvent... events) {
    CompletableFuture<long[]> stored = new CompletableFuture<>();
    storage
        .queue()
        .offer(
            new Append(List.of(events), Runnable::run) {
              @Override
              public void stored(long[] seqs) {
                stored.complete(seqs);
              }

              @Override
              public void failed(Exception cause) {
                stored.completeExceptionally(cause);
              }
            });
    try {
      return stored.get(10, TimeUnit.SECONDS)[0];
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The same, and scored. */
  public long score(String who, String type, long timestampMillis, @Nullable String metadata)
      throws StorageException {
    long seq = accept(who, type, timestampMillis, metadata);
    drain();
    return seq;
  }

  public long score(String who, String type, long timestampMillis) throws StorageException {
    return score(who, type, timestampMillis, null);
  }

  public void drain() throws StorageException {
    boolean more = true;
    while (more) {
      more = scoring.step() || scoring.isHeldUp();
    }
  }

  @Nullable Lead find(String who) throws StorageException {
    return storage.reads().leadByAlias(unit.key(), email(who));
  }

  public Lead lead(String who) throws StorageException {
    return Objects.requireNonNull(find(who), who);
  }

  /** Returns the score in ruleset 1, now. */
  public long scoreOf(String who) throws StorageException {
    return scoreOf(who, 1, nowMillis);
  }

  public long scoreOf(String who, long ruleset, long timeMillis) throws StorageException {
    Map<Long, Long> scores =
        storage.reads().scoresAt(lead(who), rules.current().engine(unit.key()), timeMillis);
    return scores.getOrDefault(ruleset, 0L);
  }

  /** Returns the score in ruleset 1 as lists have it. */
  public long listedScoreOf(String who) throws StorageException {
    return lead(who).scores().getOrDefault(1L, 0L);
  }

  /** Has time pass, and what it does done. */
  public void sleepUntil(long millis) throws StorageException {
    nowMillis = millis;
    upkeep.catchUp();
  }

  /** Asks the database itself. */
  public <T> T ask(ReadConnections.Question<T> question) throws StorageException {
    return storage.kept().connections.ask(question);
  }

  /** Returns the first column of the first row. */
  public long number(String query) throws StorageException {
    return ask(connection -> new Sql(query).number(connection));
  }

  public List<StoredEvent> events() throws StorageException {
    return storage
        .reads()
        .events(unit.key(), new EventQuery(1, 100, null, null, null, null))
        .items();
  }

  /** Returns the stored events of a type as the suppression reasons, oldest first; "-" for none. */
  public List<String> reasons(String type) throws StorageException {
    List<String> reasons = new ArrayList<>();
    for (StoredEvent event : events()) {
      if (event.eventType().equals(type)) {
        String reason = event.suppressionReason();
        reasons.add(0, reason == null ? "-" : reason);
      }
    }
    return reasons;
  }

  /** Returns the {@code DECAY} events of the server's own as "day:points", oldest first. */
  public List<String> decays() throws StorageException {
    List<StoredEvent> decays = new ArrayList<>();
    for (StoredEvent event : events()) {
      if (event.eventType().equals("DECAY") && EventId.isSystem(event.seq())) {
        decays.add(event);
      }
    }
    decays.sort((a, b) -> Long.compare(a.timestampMillis(), b.timestampMillis()));
    return decays.stream()
        .map(
            event ->
                (event.timestampMillis() - T0) / (double) DAY
                    + ":"
                    + Json.readMetadata(Objects.requireNonNull(event.metadata())).get("points"))
        .toList();
  }

  @Override
  public void close() {
    storage.close();
  }
}
