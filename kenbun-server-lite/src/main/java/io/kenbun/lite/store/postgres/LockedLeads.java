package io.kenbun.lite.store.postgres;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.pipeline.LeadBook.AliasKey;
import io.kenbun.lite.pipeline.LeadBook.LeadKey;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.store.leads.EventTypes;
import io.kenbun.lite.store.leads.LeadLookup;
import io.kenbun.lite.store.leads.LeadRows;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Leads that many nodes write: whoever a batch may mean is looked up, locked in the order of keys
 * and read, in a handful of statements, and belongs to this transaction until its end.
 *
 * <pre>
 *   names ──&gt; keys ──&gt; SELECT … ORDER BY key FOR UPDATE ──&gt; scores
 *     ^                    │ one has gone or was merged meanwhile
 *     └────────────────────┘
 * </pre>
 *
 * <p>A name that nobody had and that another transaction gives to a lead at the same time breaks a
 * unique index when this one writes it; the batch is then done anew, see {@link Partitions}.
 */
final class LockedLeads implements LeadLookup {
  private static final int MAX_LOOKS = 20;

  private final Connection connection;
  private final LeadRows rows;
  private final EventTypes eventTypes;
  private final Map<LeadKey, Long> byLeadId = new HashMap<>();
  private final Map<AliasKey, Long> byAlias = new HashMap<>();
  private final Map<Long, LeadState> byKey = new HashMap<>();
  private Iterator<Long> newKeys = List.<Long>of().iterator();

  LockedLeads(Connection connection, LeadRows rows, EventTypes eventTypes) {
    this.connection = connection;
    this.rows = rows;
    this.eventTypes = eventTypes;
  }

  @Override
  public void expect(List<QueuedEvent> batch) throws SQLException {
    Set<LeadKey> leadKeys = new HashSet<>();
    Set<AliasKey> aliasKeys = new HashSet<>();
    Set<EventTypes.TypeKey> types = new HashSet<>();
    for (QueuedEvent queued : batch) {
      long unit = queued.event().unit();
      if (queued.event().leadId() != null) {
        leadKeys.add(new LeadKey(unit, queued.event().leadId()));
      }
      for (Alias alias : queued.event().aliases()) {
        aliasKeys.add(AliasKey.of(unit, alias));
      }
      types.add(new EventTypes.TypeKey(unit, queued.event().eventType()));
    }
    eventTypes.expect(connection, types);
    int looks = 0;
    do {
      if (++looks > MAX_LOOKS) {
        throw new SQLException("leads are merged faster than they can be read", "40001");
      }
      byLeadId.clear();
      byAlias.clear();
      findByLeadId(leadKeys);
      findByAlias(aliasKeys);
      Set<Long> keys = new TreeSet<>(byLeadId.values());
      keys.addAll(byAlias.values());
      lock(keys);
    } while (!byKey.keySet().containsAll(byLeadId.values())
        || !byKey.keySet().containsAll(byAlias.values()));
    int unknown = leadKeys.size() - byLeadId.size() + aliasKeys.size() - byAlias.size();
    newKeys =
        unknown == 0
            ? List.<Long>of().iterator()
            : new Sql("SELECT nextval('lead_key') FROM generate_series(1, ?)", unknown)
                .numbers(connection)
                .iterator();
  }

  private void findByLeadId(Set<LeadKey> wanted) throws SQLException {
    if (wanted.isEmpty()) {
      return;
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT n.unit, n.lead_id, coalesce(x.merged_into, x.key)
            FROM unnest(?::bigint[], ?::text[]) AS n (unit, lead_id)
            JOIN lead x ON x.unit = n.unit AND x.lead_id = n.lead_id""")) {
      select.setArray(1, numbers(wanted.stream().map(LeadKey::unit).toList()));
      select.setArray(2, texts(wanted.stream().map(LeadKey::leadId).toList()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          byLeadId.put(new LeadKey(row.getLong(1), row.getString(2)), row.getLong(3));
        }
      }
    }
  }

  private void findByAlias(Set<AliasKey> wanted) throws SQLException {
    if (wanted.isEmpty()) {
      return;
    }
    Map<String, AliasKey> byText = new HashMap<>();
    wanted.forEach(key -> byText.put(text(key.unit(), key.kind().wireName(), key.key()), key));
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT a.unit, a.kind, a.value, a.lead
            FROM unnest(?::bigint[], ?::text[], ?::text[]) AS n (unit, kind, value)
            JOIN alias a ON a.unit = n.unit AND a.kind = n.kind AND a.value = n.value""")) {
      List<AliasKey> keys = List.copyOf(wanted);
      select.setArray(1, numbers(keys.stream().map(AliasKey::unit).toList()));
      select.setArray(2, texts(keys.stream().map(key -> key.kind().wireName()).toList()));
      select.setArray(3, texts(keys.stream().map(AliasKey::key).toList()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          AliasKey key = byText.get(text(row.getLong(1), row.getString(2), row.getString(3)));
          if (key != null) {
            byAlias.put(key, row.getLong(4));
          }
        }
      }
    }
  }

  private static String text(long unit, String kind, String value) {
    return unit + ":" + kind + ":" + value;
  }

  @Override
  public void expectKeys(Collection<Long> keys) throws SQLException {
    lock(new TreeSet<>(keys));
  }

  /** Locks and reads those that are not yet; one that is gone or was merged is left out. */
  private void lock(Set<Long> keys) throws SQLException {
    List<Long> wanted = keys.stream().filter(key -> !byKey.containsKey(key)).toList();
    if (wanted.isEmpty()) {
      return;
    }
    List<LeadState> read = new ArrayList<>(wanted.size());
    try (PreparedStatement select =
        connection.prepareStatement(
            LeadRows.LEAD_COLUMNS
                + ", t.name FROM lead l LEFT JOIN event_type t ON t.key = l.last_event_type"
                + " WHERE l.key = ANY (?) AND l.merged_into IS NULL ORDER BY l.key FOR UPDATE OF l")) {
      select.setArray(1, numbers(wanted));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          if (row.getString(14) != null) {
            eventTypes.enter(row.getLong(2), row.getString(14), row.getLong(7));
          }
          read.add(rows.read(row));
        }
      }
    }
    Map<Long, LeadState> found = new HashMap<>();
    read.forEach(lead -> found.put(lead.key(), lead));
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT flat, fading, ref, settled, ruleset, since_hour, lead FROM score
            WHERE lead = ANY (?)""")) {
      select.setArray(1, numbers(List.copyOf(found.keySet())));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          LeadState lead = found.get(row.getLong(7));
          if (lead != null) {
            LeadRows.enterScore(lead, row);
          }
        }
      }
    }
    found.values().forEach(LeadState::saved);
    byKey.putAll(found);
  }

  private Array numbers(List<Long> numbers) throws SQLException {
    return connection.createArrayOf("bigint", numbers.toArray());
  }

  private Array texts(List<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  @Override
  public @Nullable LeadState byLeadId(LeadKey leadKey) {
    return byKey(byLeadId.get(leadKey));
  }

  @Override
  public @Nullable LeadState byAlias(AliasKey alias) {
    return byKey(byAlias.get(alias));
  }

  private @Nullable LeadState byKey(@Nullable Long key) {
    return key == null ? null : byKey.get(key);
  }

  @Override
  public @Nullable LeadState byKey(long key) {
    return byKey.get(key);
  }

  @Override
  public void forget() {
    byLeadId.clear();
    byAlias.clear();
    byKey.clear();
  }

  @Override
  public long nextKey() {
    return newKeys.next();
  }
}
