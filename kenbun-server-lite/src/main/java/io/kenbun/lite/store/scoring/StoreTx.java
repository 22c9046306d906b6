package io.kenbun.lite.store.scoring;

import io.kenbun.lite.engine.Replay;
import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.FailedEvent;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.LeadBook;
import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.pipeline.Remembered;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Tx;
import io.kenbun.lite.store.firing.DeliveryRows;
import io.kenbun.lite.store.firing.FiringRows;
import io.kenbun.lite.store.leads.EventTypes;
import io.kenbun.lite.store.leads.History;
import io.kenbun.lite.store.leads.LeadCache;
import io.kenbun.lite.store.leads.LeadColumns;
import io.kenbun.lite.store.leads.LeadLookup;
import io.kenbun.lite.store.leads.LeadRows;
import io.kenbun.lite.store.queue.FailedEvents;
import io.kenbun.lite.store.row.ContributionList;
import io.kenbun.lite.store.row.KeyOrder;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.EventRuns;
import io.kenbun.lite.store.sql.RowBatch;
import io.kenbun.lite.store.sql.RowChange;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What scoring reads and writes within one transaction. */
public final class StoreTx implements Tx {
  private static final String EVENT_COLUMNS =
      """
      seq bigint, unit bigint, event_type bigint, ts bigint, received_at bigint, metadata text,
      contributions text, lead bigint""";
  private static final RowChange INSERT_EVENT = RowChange.insert("event", EVENT_COLUMNS);
  private static final RowChange INSERT_RARE_EVENT =
      RowChange.insert(
          "event", EVENT_COLUMNS + ", suppression_reason text, marks bigint, alias text");

  private final Connection connection;
  private final Dialect dialect;
  private final Statements statements;
  private final LeadCache cache;
  private final @Nullable LeadColumns columns;
  private final EventTypes eventTypes;
  private final FailedEvents failedEvents;
  private final DeliveryRows deliveries;
  private final Supplier<String> newLeadIds;
  private final long nowMillis;
  private final LeadRows leads;
  private final LeadLookup lookup;
  private final FiringRows firings;
  private final EarlierEvents earlier;

  /**
   * Begins.
   *
   * @param columns null where nobody is to be told of leads
   * @param lookup finds leads by what {@code leads} reads
   */
  public StoreTx(
      Connection connection,
      Statements statements,
      LeadCache cache,
      @Nullable LeadColumns columns,
      EventTypes eventTypes,
      FailedEvents failedEvents,
      DeliveryRows deliveries,
      Function<LeadRows, LeadLookup> lookup,
      Supplier<String> newLeadIds,
      long nowMillis) {
    this.connection = connection;
    this.dialect = Dialect.of(connection);
    this.statements = statements;
    this.cache = cache;
    this.columns = columns;
    this.eventTypes = eventTypes;
    this.failedEvents = failedEvents;
    this.deliveries = deliveries;
    this.newLeadIds = newLeadIds;
    this.nowMillis = nowMillis;
    this.leads = new LeadRows(connection, statements, cache, columns, eventTypes, nowMillis);
    this.lookup = lookup.apply(leads);
    this.firings = new FiringRows(connection, statements, nowMillis);
    this.earlier = new EarlierEvents(connection, statements, eventTypes);
  }

  private PreparedStatement prepared(String text) throws SQLException {
    return statements.of(connection, text);
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public LeadBook load(List<QueuedEvent> batch) throws StorageException {
    LeadBook book = new LeadBook(newLeadIds, lookup::nextKey);
    Set<Object> unknown = new HashSet<>();
    try {
      lookup.expect(batch);
      for (QueuedEvent queued : batch) {
        RawEvent event = queued.event();
        String leadId = event.leadId();
        if (leadId != null) {
          LeadKey leadKey = new LeadKey(event.unit(), leadId);
          if (!book.knows(leadKey) && !unknown.contains(leadKey)) {
            LeadState lead = lookup.byLeadId(leadKey);
            if (lead == null) {
              unknown.add(leadKey);
            } else {
              book.enter(leadKey, same(book, lead));
            }
          }
        }
        List<Alias> aliases = event.aliases();
        for (int i = 0; i < aliases.size(); i++) {
          AliasKey aliasKey = AliasKey.of(event.unit(), aliases.get(i));
          if (book.knows(aliasKey) || unknown.contains(aliasKey)) {
            continue;
          }
          LeadState lead = lookup.byAlias(aliasKey);
          if (lead == null) {
            unknown.add(aliasKey);
          } else {
            book.enter(aliasKey, same(book, lead));
          }
        }
      }
      return book;
    } catch (SQLException e) {
      throw Database.failure("leads could not be read", e);
    }
  }

  /**
   * Returns the lead that the batch has already if it has it. A batch that means more leads than
   * the cache holds may have had one forgotten and read again meanwhile.
   */
  private LeadState same(LeadBook book, LeadState lead) {
    LeadState entered = book.enterOnce(lead);
    if (entered != lead) {
      cache.put(entered);
    }
    return entered;
  }

  /** Returns a book of the leads of those keys, for what is not about single events. */
  LeadBook book(Collection<Long> keys) throws SQLException {
    LeadBook book = new LeadBook(newLeadIds, lookup::nextKey);
    lookup.expectKeys(keys);
    for (long key : keys) {
      LeadState lead = lookup.byKey(key);
      if (lead != null) {
        book.enterByKey(lead);
      }
    }
    return book;
  }

  @Override
  public void save(LeadBook book) throws StorageException {
    try {
      leads.save(book);
    } catch (SQLException e) {
      throw Database.failure("scores could not be written", e);
    }
  }

  @Override
  public void save(List<ScoredEvent> events) throws StorageException {
    try {
      saveEvents(events);
      failedEvents.done(connection, events);
    } catch (SQLException e) {
      throw Database.failure("events could not be written", e);
    }
  }

  /**
   * Writes events in the order of their leads, so that the index on leads is walked from end to end
   * once, however many there are.
   */
  private void saveEvents(List<ScoredEvent> events) throws SQLException {
    List<ScoredEvent> ordered = KeyOrder.of(events, StoreTx::leadKey);
    Map<Long, Long> countByType = new HashMap<>();
    IdentityHashMap<List<Contribution>, String> texts = new IdentityHashMap<>();
    List<Long> posing = new ArrayList<>();
    RowBatch insert = statements.of(connection, INSERT_EVENT);
    RowBatch insertRare = statements.of(connection, INSERT_RARE_EVENT);
    int rows = 0;
    EventRuns runs = new EventRuns();
    for (ScoredEvent scored : ordered) {
      RawEvent event = scored.queued().event();
      runs.add(scored.queued().seq(), event.timestampMillis());
      long eventType = eventTypes.key(connection, event.unit(), event.eventType());
      countByType.merge(eventType, 1L, Long::sum);
      boolean rare = scored.lead() == null || scored.suppression() != null || scored.marks() != 0;
      RowBatch into = rare ? insertRare : insert;
      into.setLong(1, scored.queued().seq());
      into.setLong(2, event.unit());
      into.setLong(3, eventType);
      into.setLong(4, event.timestampMillis());
      into.setLong(5, event.receivedAtMillis());
      into.setString(6, event.metadata());
      String text = texts.get(scored.contributions());
      if (text == null && !scored.contributions().isEmpty()) {
        text = ContributionList.write(scored.contributions());
        texts.put(scored.contributions(), text);
      }
      into.setString(7, text);
      LeadState lead = scored.lead();
      if (lead == null) {
        into.setNull(8);
      } else {
        into.setLong(8, lead.key());
      }
      if (rare) {
        into.setString(9, scored.suppression() == null ? null : scored.suppression().wireName());
        into.setLong(10, scored.marks());
        into.setString(11, scored.alias());
      }
      into.add();
      if (++rows % LeadRows.ROWS_AT_ONCE == 0) {
        into.execute();
      }
      if (event.eventType().equals("DECAY") && !EventId.isSystem(scored.queued().seq())) {
        posing.add(scored.queued().seq());
      }
    }
    insert.execute();
    insertRare.execute();
    if (dialect == Dialect.SQLITE) {
      runs.save(prepared(EventRuns.UPSERT));
    }
    countEvents(countByType);
    setChannel(posing);
  }

  private static long leadKey(ScoredEvent event) {
    LeadState lead = event.lead();
    return lead == null ? 0 : lead.key();
  }

  /** A {@code DECAY} event that a client sent is marked as what it is not (scoring.md 2). */
  private void setChannel(List<Long> seqs) throws SQLException {
    for (long seq : seqs) {
      PreparedStatement update =
          prepared(
              """
              UPDATE event SET metadata = %s WHERE seq = ?"""
                  .formatted(dialect.fromTheSystem()));
      update.setLong(1, seq);
      update.executeUpdate();
    }
  }

  private void countEvents(Map<Long, Long> countByType) throws SQLException {
    PreparedStatement update = prepared(dialect.addToEventCount());
    // In one order: of two transactions neither waits for the other's next row.
    for (Map.Entry<Long, Long> count : new TreeMap<>(countByType).entrySet()) {
      update.setLong(1, count.getValue());
      update.setLong(2, count.getKey());
      update.addBatch();
    }
    update.executeBatch();
  }

  @Override
  public long nextSystemSeq() throws StorageException {
    try {
      return Sql.number(prepared(dialect.nextSystemSeq()));
    } catch (SQLException e) {
      throw Database.failure("no seq for an event", e);
    }
  }

  @Override
  public long[] recent(LeadState lead, String eventType, long afterMillis, int max)
      throws StorageException {
    return reading(() -> earlier.recent(lead, eventType, afterMillis, max));
  }

  @Override
  public int count(LeadState lead, String eventType, long afterMillis, long untilMillis, int max)
      throws StorageException {
    return reading(() -> earlier.count(lead, eventType, afterMillis, untilMillis, max));
  }

  @Override
  public int countWithoutLead(
      long unit, String alias, String eventType, long afterMillis, long untilMillis, int max)
      throws StorageException {
    return reading(
        () -> earlier.countWithoutLead(unit, alias, eventType, afterMillis, untilMillis, max));
  }

  @Override
  public void events(LeadState lead, long afterMillis, long untilMillis, Walk walk)
      throws StorageException {
    reading(() -> earlier.walk(lead, afterMillis, untilMillis, walk));
  }

  private interface Reading<T> {
    T read() throws SQLException;
  }

  private static <T> T reading(Reading<T> reading) throws StorageException {
    try {
      return reading.read();
    } catch (SQLException e) {
      throw Database.failure("events could not be read", e);
    }
  }

  @Override
  public List<Replay.Past> history(LeadState lead) throws StorageException {
    try {
      return History.of(connection, lead.key());
    } catch (SQLException e) {
      throw Database.failure("history could not be read", e);
    }
  }

  @Override
  public @Nullable String lastActivityType(LeadState lead) throws StorageException {
    try {
      PreparedStatement select =
          prepared(
              """
              SELECT t.name FROM event e JOIN event_type t ON t.key = e.event_type
              WHERE e.lead = ? AND e.suppression_reason IS NULL
                AND t.name NOT IN ('DECAY', 'score_reset', 'lead_merged')
              ORDER BY e.ts DESC, e.seq DESC LIMIT 1""");
      select.setLong(1, lead.key());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    } catch (SQLException e) {
      throw Database.failure("events could not be read", e);
    }
  }

  @Override
  public void remove(Collection<Long> seqs) throws StorageException {
    try {
      Map<Long, Long> countByType = new HashMap<>();
      for (long seq : seqs) {
        PreparedStatement delete = prepared("DELETE FROM event WHERE seq = ? RETURNING event_type");
        delete.setLong(1, seq);
        Long type = null;
        try (ResultSet row = delete.executeQuery()) {
          if (row.next()) {
            type = row.getLong(1);
          }
        }
        if (type != null) {
          countByType.merge(type, -1L, Long::sum);
        }
      }
      countEvents(countByType);
    } catch (SQLException e) {
      throw Database.failure("events could not be deleted", e);
    }
  }

  @Override
  public void setAside(List<FailedEvent> events) throws StorageException {
    try {
      failedEvents.keep(connection, events);
    } catch (SQLException e) {
      throw Database.failure("failed events could not be kept", e);
    }
  }

  @Override
  public Map<Remembered.Key, TriggerMemory> memories(LeadState lead) throws StorageException {
    try {
      return firings.memories(lead);
    } catch (SQLException e) {
      throw Database.failure("triggers could not be read", e);
    }
  }

  @Override
  public Map<Long, Long> profileScores(LeadState lead) throws StorageException {
    try {
      PreparedStatement select =
          prepared("SELECT ruleset, score FROM profile_score WHERE lead = ?");
      select.setLong(1, lead.key());
      Map<Long, Long> scores = new HashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          scores.put(rows.getLong(1), rows.getLong(2));
        }
      }
      return scores;
    } catch (SQLException e) {
      throw Database.failure("profile scores could not be read", e);
    }
  }

  @Override
  public String newFiringId() throws StorageException {
    try {
      return firings.newId();
    } catch (SQLException e) {
      throw Database.failure("no id for a firing", e);
    }
  }

  @Override
  public void saveFirings(List<Fired> fired, List<Remembered> memories) throws StorageException {
    try {
      firings.insert(fired);
      deliveries.insert(fired, nowMillis);
      firings.remember(memories);
    } catch (SQLException e) {
      throw Database.failure("firings could not be written", e);
    }
  }

  /** Has leads read anew: a name of theirs means another lead now. */
  void forgetLeads() {
    lookup.forget();
  }

  /** Takes a lead out of the lists. */
  void unlist(long lead) {
    if (columns != null) {
      columns.remove(lead);
    }
  }

  /** Has the worker let go of the deliveries of a unit that is being emptied. */
  public void aboutToEmpty(long unit) throws SQLException {
    deliveries.aboutToEmpty(unit);
  }

  /** Removes what was, or is to be, told of a lead: it holds the lead's names. */
  void removeDeliveries(long lead) throws SQLException {
    deliveries.removeOf(lead);
  }
}
