package io.kenbun.lite.store;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.FailedEvent;
import io.kenbun.lite.pipeline.LeadBook;
import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.Tx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What scoring reads and writes within one transaction of {@code kenbun.db}. */
final class SqliteTx implements Tx {
  private static final String LEAD_COLUMNS =
      "l.key, l.unit, l.lead_id, l.created_at, l.updated_at, l.last_event_at, l.last_event_type";

  private final Connection connection;
  private final LeadCache cache;
  private final EventTypes eventTypes;
  private final FailedEvents failedEvents;
  private final Supplier<String> newLeadIds;

  SqliteTx(
      Connection connection,
      LeadCache cache,
      EventTypes eventTypes,
      FailedEvents failedEvents,
      Supplier<String> newLeadIds) {
    this.failedEvents = failedEvents;
    this.connection = connection;
    this.cache = cache;
    this.eventTypes = eventTypes;
    this.newLeadIds = newLeadIds;
  }

  @Override
  public LeadBook load(List<QueuedEvent> batch) throws StorageException {
    LeadBook book = new LeadBook(newLeadIds);
    Set<Object> asked = new HashSet<>();
    try (PreparedStatement byLeadId =
            connection.prepareStatement(
                "SELECT " + LEAD_COLUMNS + " FROM lead l WHERE l.unit = ? AND l.lead_id = ?");
        PreparedStatement byAlias =
            connection.prepareStatement(
                "SELECT "
                    + LEAD_COLUMNS
                    + " FROM alias a JOIN lead l ON l.key = a.lead"
                    + " WHERE a.unit = ? AND a.kind = ? AND a.value = ?")) {
      for (QueuedEvent queued : batch) {
        RawEvent event = queued.event();
        if (event.leadId() != null) {
          LeadKey leadKey = new LeadKey(event.unit(), event.leadId());
          if (asked.add(leadKey)) {
            LeadState lead = cache.lead(leadKey);
            if (lead == null) {
              byLeadId.setLong(1, event.unit());
              byLeadId.setString(2, event.leadId());
              lead = lead(byLeadId);
            }
            if (lead != null) {
              book.enter(lead);
            }
          }
        }
        for (Alias alias : event.aliases()) {
          AliasKey aliasKey = AliasKey.of(event.unit(), alias);
          if (asked.add(aliasKey)) {
            LeadState lead = cache.lead(aliasKey);
            if (lead == null) {
              byAlias.setLong(1, event.unit());
              byAlias.setString(2, alias.kind().wireName());
              byAlias.setString(3, aliasKey.key());
              lead = lead(byAlias);
            }
            if (lead != null) {
              cache.put(aliasKey, lead);
              book.enter(aliasKey, lead);
              book.enter(lead);
            }
          }
        }
      }
      return book;
    } catch (SQLException e) {
      throw Database.failure("leads could not be read", e);
    }
  }

  /** Runs a query for one lead; two names of one lead give one and the same object. */
  private @Nullable LeadState lead(PreparedStatement query) throws SQLException {
    long key;
    LeadState cached;
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      key = row.getLong(1);
      cached = cache.lead(key);
      if (cached == null) {
        long lastEventAt = row.getLong(6);
        boolean noEvent = row.wasNull();
        cached =
            new LeadState(
                key,
                row.getLong(2),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                noEvent ? Long.MIN_VALUE : lastEventAt,
                noEvent ? null : eventTypes.name(connection, row.getLong(7)),
                scores(key));
        cache.put(cached);
      }
    }
    return cached;
  }

  private Map<Long, Long> scores(long lead) throws SQLException {
    Map<Long, Long> scores = new HashMap<>(4);
    try (PreparedStatement select =
        connection.prepareStatement("SELECT ruleset, score FROM score WHERE lead = ?")) {
      select.setLong(1, lead);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          scores.put(rows.getLong(1), rows.getLong(2));
        }
      }
    }
    return scores;
  }

  @Override
  public void save(LeadBook book, List<ScoredEvent> events) throws StorageException {
    try {
      saveLeads(book);
      saveScores(events);
      saveEvents(events);
      failedEvents.done(connection, events);
    } catch (SQLException e) {
      throw Database.failure("scores could not be written", e);
    }
  }

  private void saveLeads(LeadBook book) throws SQLException {
    long lastKey = -1;
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO lead (key, unit, lead_id, created_at, updated_at, last_event_at, last_event_type)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET updated_at = excluded.updated_at,
              last_event_at = excluded.last_event_at, last_event_type = excluded.last_event_type""")) {
      for (LeadState lead : book.changed()) {
        if (lead.key() == LeadState.UNWRITTEN) {
          lastKey = lastKey < 0 ? lastLeadKey() : lastKey;
          lead.written(++lastKey);
          cache.put(lead);
        }
        upsert.setLong(1, lead.key());
        upsert.setLong(2, lead.unit());
        upsert.setString(3, lead.leadId());
        upsert.setLong(4, lead.createdAtMillis());
        upsert.setLong(5, lead.updatedAtMillis());
        String lastEventType = lead.lastEventType();
        if (lastEventType == null) {
          upsert.setObject(6, null);
          upsert.setObject(7, null);
        } else {
          upsert.setLong(6, lead.lastEventAtMillis());
          upsert.setLong(7, eventTypes.key(connection, lead.unit(), lastEventType));
        }
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
    if (book.newAliases().isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO alias (unit, kind, value, lead, raw_value, created_at) VALUES (?, ?, ?, ?, ?, ?)")) {
      for (LeadBook.NewAlias alias : book.newAliases()) {
        insert.setLong(1, alias.key().unit());
        insert.setString(2, alias.key().kind().wireName());
        insert.setString(3, alias.key().key());
        insert.setLong(4, alias.lead().key());
        insert.setString(5, alias.value());
        insert.setLong(6, alias.createdAtMillis());
        insert.addBatch();
        cache.put(alias.key(), alias.lead());
      }
      insert.executeBatch();
    }
  }

  private long lastLeadKey() throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT coalesce(max(key), 0) FROM lead");
        ResultSet rows = select.executeQuery()) {
      return rows.getLong(1);
    }
  }

  private void saveScores(List<ScoredEvent> events) throws SQLException {
    record Changed(long lead, long ruleset) {}
    Set<Changed> done = new HashSet<>();
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO score (lead, ruleset, score) VALUES (?, ?, ?)
            ON CONFLICT (lead, ruleset) DO UPDATE SET score = excluded.score""")) {
      for (ScoredEvent event : events) {
        LeadState lead = event.lead();
        for (Contribution contribution : event.contributions()) {
          if (done.add(new Changed(lead.key(), contribution.ruleset()))) {
            upsert.setLong(1, lead.key());
            upsert.setLong(2, contribution.ruleset());
            upsert.setLong(3, lead.score(contribution.ruleset()));
            upsert.addBatch();
          }
        }
      }
      upsert.executeBatch();
    }
  }

  private void saveEvents(List<ScoredEvent> events) throws SQLException {
    Map<Long, Long> countByType = new HashMap<>();
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO event (seq, unit, lead, event_type, ts, received_at, metadata, contributions)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")) {
      for (ScoredEvent scored : events) {
        RawEvent event = scored.queued().event();
        long eventType = eventTypes.key(connection, event.unit(), event.eventType());
        countByType.merge(eventType, 1L, Long::sum);
        insert.setLong(1, scored.queued().seq());
        insert.setLong(2, event.unit());
        insert.setLong(3, scored.lead().key());
        insert.setLong(4, eventType);
        insert.setLong(5, event.timestampMillis());
        insert.setLong(6, event.receivedAtMillis());
        insert.setString(7, event.metadata());
        insert.setString(8, ContributionList.write(scored.contributions()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE event_type SET events = events + ? WHERE key = ?")) {
      for (Map.Entry<Long, Long> count : countByType.entrySet()) {
        update.setLong(1, count.getValue());
        update.setLong(2, count.getKey());
        update.addBatch();
      }
      update.executeBatch();
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
}
