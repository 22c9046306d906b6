package io.kenbun.lite.reference;

import io.kenbun.lite.http.json.Json;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadChanges;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Upkeep;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.TestStores;
import io.kenbun.lite.store.sqlite.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The server's scoring over a real store, with a clock that is set. What arrives between two other
 * steps is queued at once and scored as one batch; on PostgreSQL as far as it comes under one name,
 * since names are all that it keeps an order by. What became of it is read from the tables.
 */
final class ServerWorld implements World {
  private final Host host;
  private final OrgUnit unit;
  private final List<Step.Arrival> waiting = new ArrayList<>();
  private final List<RawEvent> waitingEvents = new ArrayList<>();
  private final Map<Integer, RawEvent> sent = new HashMap<>();
  private final Map<Integer, Long> seqs = new HashMap<>();

  private ServerWorld(Host host, OrgUnit unit, RuleSetup setup) {
    this.host = host;
    this.unit = unit;
    use(setup);
  }

  /**
   * One server for many histories, since a store takes longer to make than a history: each gets a
   * unit of its own, and its rows are removed at its end.
   */
  static final class Host implements Scene.Opener, AutoCloseable {
    private final Path directory;
    private final Rules rules = new Rules();
    private final Connection tables; // All that is read and removed here.
    private Store storage;
    private Scoring scoring;
    private LeadChanges changes;
    private Upkeep upkeep;
    private long nowMillis;
    private int ids;
    private int units;

    Host(Path directory) throws StorageException, SQLException {
      this.directory = directory;
      open();
      tables = TestStores.connect(directory);
    }

    private void open() throws StorageException {
      storage =
          TestStores.open(
              directory,
              Durability.NONE,
              1_000_000,
              () -> Instant.ofEpochMilli(nowMillis),
              () -> "ld_" + ++ids);
      storage.start();
      scoring = new Scoring(storage, rules, Json::readMetadata);
      changes = new LeadChanges(storage, rules, Json::readMetadata);
      upkeep =
          new Upkeep(storage, rules, Json::readMetadata, () -> Instant.ofEpochMilli(nowMillis));
    }

    @Override
    public World open(RuleSetup setup, long startMillis) throws StorageException, SQLException {
      nowMillis = startMillis;
      String id = "unit_" + ++units;
      OrgUnit wanted = new OrgUnit(0, id, "org", id, id, null, false);
      storage.configuration().apply(List.of(RuleSetup.builder(wanted).build()), nowMillis);
      // Not by loading what is set up, which grows with each history.
      try (Statement statement = tables.createStatement();
          ResultSet row = statement.executeQuery("SELECT max(key) FROM org_unit")) {
        row.next();
        OrgUnit unit = new OrgUnit(row.getLong(1), id, "org", id, id, null, false);
        return new ServerWorld(this, unit, setup);
      }
    }

    @Override
    public void close() throws SQLException {
      tables.close();
      storage.close();
    }
  }

  private void use(RuleSetup setup) {
    host.rules.replace(
        List.of(
            new RuleSetup(
                unit,
                setup.rulesets(),
                setup.engagementLevels(),
                setup.profileLevels(),
                setup.settings(),
                setup.metadataFilters(),
                setup.velocityFilters(),
                setup.decayRules(),
                setup.profileMappings(),
                setup.profileRulesets(),
                setup.hiddenEventTypes(),
                setup.retiredHalfLives(),
                setup.milestones(),
                setup.sequences(),
                setup.surges())));
  }

  @Override
  public void apply(Step step) throws Exception {
    if (step instanceof Step.Arrival event) {
      String json = event.metadata().isEmpty() ? null : Metadata.json(event.metadata());
      RawEvent raw =
          new RawEvent(
              unit.key(),
              event.leadId(),
              event.aliases(),
              event.eventType(),
              event.timestampMillis(),
              host.nowMillis,
              json);
      sent.put(event.number(), raw);
      if (TestStores.isPostgres() && isUnderAnotherName(raw)) {
        drain();
      }
      waiting.add(event);
      waitingEvents.add(raw);
      return;
    }
    if (step instanceof Step.Repeat repeat) {
      repeat(repeat.number());
      return;
    }
    drain();
    if (step instanceof Step.Clock clock) {
      host.nowMillis = clock.nowMillis();
    } else if (step instanceof Step.Sweep) {
      sweep();
    } else if (step instanceof Step.Change change) {
      sweep();
      use(change.setup());
    } else if (step instanceof Step.Reset reset) {
      String lead = leadOf(reset.ofEvent());
      if (lead != null) {
        host.changes.reset(unit.key(), lead);
      }
    } else if (step instanceof Step.Merge merge) {
      merge(merge);
    } else if (step instanceof Step.Delete delete) {
      List<Long> stored =
          delete.numbers().stream().map(seqs::get).filter(seq -> seq != null).toList();
      host.changes.deleteEvents(unit.key(), stored);
    } else if (step instanceof Step.DeleteType delete) {
      host.changes.deleteEventsOfType(unit.key(), delete.eventType());
    } else if (step instanceof Step.DeleteLead delete) {
      String lead = leadOf(delete.ofEvent());
      if (lead != null) {
        host.changes.delete(unit.key(), lead);
      }
    } else if (step instanceof Step.RescoreProfiles) {
      host.changes.rescores().rescoreProfiles(unit.key());
    } else if (step instanceof Step.Rescore) {
      host.changes.rescores().rescore(unit.key());
      host.upkeep.catchUp();
    } else if (step instanceof Step.Restart) {
      host.storage.close();
      host.open();
    }
  }

  /** Says whether it is not certain that the event is scored after those that wait. */
  private boolean isUnderAnotherName(RawEvent raw) {
    return !waitingEvents.isEmpty()
        && !name(raw).equals(name(waitingEvents.get(waitingEvents.size() - 1)));
  }

  private static Object name(RawEvent event) {
    String leadId = event.leadId();
    return leadId == null ? AliasKey.of(event.unit(), event.aliases().get(0)) : leadId;
  }

  private void merge(Step.Merge step) throws Exception {
    String target = leadOf(step.target());
    Set<String> sources = new LinkedHashSet<>();
    for (int number : step.sources()) {
      String source = leadOf(number);
      if (source != null && !source.equals(target)) {
        sources.add(source);
      }
    }
    if (target != null && !sources.isEmpty()) {
      host.changes.merge(unit.key(), target, sources, "dev");
    }
  }

  /** Returns the id of the lead that the event belongs to by now, or null. */
  private @Nullable String leadOf(int number) throws SQLException {
    Long seq = seqs.get(number);
    try (Statement statement = host.tables.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT l.lead_id FROM event e JOIN lead l ON l.key = e.lead WHERE e.seq = "
                    + seq)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private void repeat(int number) throws Exception {
    RawEvent again = sent.get(number);
    if (again != null && !seqs.containsKey(number)) {
      drain();
    }
    if (again != null) {
      append(List.of(again), List.of("key-" + number));
    }
  }

  private void drain() throws Exception {
    if (!waiting.isEmpty()) {
      List<String> keys = waiting.stream().map(event -> "key-" + event.number()).toList();
      long[] stored = append(List.copyOf(waitingEvents), keys);
      for (int i = 0; i < stored.length; i++) {
        seqs.put(waiting.get(i).number(), stored[i]);
      }
      waiting.clear();
      waitingEvents.clear();
    }
    boolean more = true;
    while (more) {
      more = host.scoring.step() || host.scoring.isHeldUp();
    }
  }

  private long[] append(List<RawEvent> events, List<String> keys) throws Exception {
    CompletableFuture<long[]> outcome = new CompletableFuture<>();
    Append append =
        new Append(events, keys, Runnable::run) {
          @Override
          public void stored(long[] stored) {
            outcome.complete(stored);
          }

          @Override
          public void failed(Exception cause) {
            outcome.completeExceptionally(cause);
          }
        };
    if (host.storage.queue().offer(append) != null) {
      throw new IllegalStateException("not taken: " + events);
    }
    return outcome.get(60, TimeUnit.SECONDS);
  }

  private void sweep() throws StorageException {
    host.upkeep.catchUp();
  }

  // ---- what is known

  @Override
  public State state() throws Exception {
    drain();
    sweep();
    try (Statement statement = host.tables.createStatement()) {
      Map<Long, Integer> firsts = firsts(statement);
      TreeMap<Integer, State.Event> events = new TreeMap<>();
      Map<Long, Integer> numbers = new HashMap<>();
      seqs.forEach((number, seq) -> numbers.put(seq, number));
      try (ResultSet row =
          statement.executeQuery(
              "SELECT seq, lead, suppression_reason, contributions FROM event WHERE seq > 0 AND unit = "
                  + unit.key())) {
        while (row.next()) {
          long lead = row.getLong(2);
          Integer first = row.wasNull() ? null : firsts.get(lead);
          Integer number = numbers.get(row.getLong(1));
          if (number == null) {
            throw new AssertionError("an event that nobody sent: seq " + row.getLong(1));
          }
          events.put(number, new State.Event(first, row.getString(3), hits(row.getString(4))));
        }
      }
      return new State(events, leads(statement, firsts));
    }
  }

  private Map<Long, Integer> firsts(Statement statement) throws SQLException {
    Map<Long, Integer> firsts = new HashMap<>();
    Map<Long, Integer> numbers = new HashMap<>();
    seqs.forEach((number, seq) -> numbers.put(seq, number));
    try (ResultSet row =
        statement.executeQuery(
            "SELECT lead, seq FROM event WHERE seq > 0 AND lead IS NOT NULL AND unit = "
                + unit.key())) {
      while (row.next()) {
        firsts.merge(row.getLong(1), numbers.getOrDefault(row.getLong(2), -1), Math::min);
      }
    }
    return firsts;
  }

  /** Reads {@code 1 3:10 4:5;2! 9:-7}, see the store. */
  private static Map<Long, Map<Long, Integer>> hits(@Nullable String text) {
    Map<Long, Map<Long, Integer>> hits = new TreeMap<>();
    for (String contribution : text == null ? new String[0] : text.split(";", -1)) {
      String[] words = contribution.replace("!", "").split(" ", -1);
      Map<Long, Integer> weights = new TreeMap<>();
      for (int i = 1; i < words.length; i++) {
        String[] hit = words[i].split(":", -1);
        weights.put(Long.valueOf(hit[0]), Integer.valueOf(hit[1]));
      }
      hits.put(Long.valueOf(words[0]), weights);
    }
    return hits;
  }

  private SortedMap<Integer, State.Lead> leads(Statement statement, Map<Long, Integer> firsts)
      throws Exception {
    Map<Long, Long> decays = new HashMap<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT e.lead, count(*) FROM event e JOIN event_type t ON t.key = e.event_type"
                + " WHERE e.seq < 0 AND t.name = 'DECAY' AND e.marks & 1 = 0 GROUP BY e.lead")) {
      while (row.next()) {
        decays.put(row.getLong(1), row.getLong(2));
      }
    }
    Map<Long, Map<Long, Long>> profileScores = new HashMap<>();
    try (ResultSet row = statement.executeQuery("SELECT lead, ruleset, score FROM profile_score")) {
      while (row.next()) {
        profileScores
            .computeIfAbsent(row.getLong(1), lead -> new HashMap<>())
            .put(row.getLong(2), row.getLong(3));
      }
    }
    TreeMap<Integer, State.Lead> leads = new TreeMap<>();
    try (ResultSet row =
        statement.executeQuery(
            "SELECT key, lead_id, profile FROM lead WHERE unit = " + unit.key())) {
      while (row.next()) {
        long key = row.getLong(1);
        Integer first = firsts.get(key);
        if (first != null) {
          State.Scores scores = scores(row.getString(2));
          Map<Long, Long> ofProfile = profileScores.getOrDefault(key, Map.of());
          leads.put(
              first,
              new State.Lead(
                  scores,
                  profile(row.getString(3)),
                  ofProfile,
                  decays.getOrDefault(key, 0L),
                  State.levels(host.rules.current().setup(unit.key()), scores.shown(), ofProfile)));
        }
      }
    }
    return leads;
  }

  private State.Scores scores(String leadId) throws StorageException {
    Lead lead = host.storage.reads().lead(unit.key(), leadId);
    if (lead == null) {
      throw new AssertionError("a lead with events that cannot be read: " + leadId);
    }
    return new State.Scores(
        null,
        host.storage
            .reads()
            .scoresAt(lead, host.rules.current().engine(unit.key()), host.nowMillis));
  }

  private static Map<String, String> profile(@Nullable String json) {
    Map<String, String> profile = new HashMap<>();
    if (json != null) {
      Json.readMetadata(json)
          .forEach((field, value) -> profile.put(field, text(((Map<?, ?>) value).get("value"))));
    }
    return profile;
  }

  private static String text(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? new TreeMap<>(map).toString() : String.valueOf(value);
  }

  @Override
  public void close() throws SQLException {
    try (Statement statement = host.tables.createStatement()) {
      for (String table :
          List.of("event", "alias", "score", "score_segment", "profile_score", "lead")) {
        statement.executeUpdate("DELETE FROM " + table);
      }
    }
  }
}
