package io.kenbun.lite.store.reads;

import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.row.ContributionList;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.EventRuns;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Questions about stored events. Any thread. */
public final class EventReads {
  private static final String FROM =
      """
       FROM event e JOIN event_type t ON t.key = e.event_type
       LEFT JOIN lead l ON l.key = e.lead""";
  private static final String COLUMNS =
      """
      SELECT e.seq, CASE WHEN l.merged_into IS NULL THEN l.lead_id END, t.name, e.metadata, e.suppression_reason, e.original_lead_id, e.ts,
        e.received_at""";

  private final ReadConnections connections;

  EventReads(ReadConnections connections) {
    this.connections = connections;
  }

  /** Is told of one event after the other. */
  public interface Visitor {
    void visit(long timestampMillis, @Nullable String metadata);
  }

  /**
   * Returns one page of the unit's events, the last to arrive first; of one lead, the last to
   * happen first, and of those of one moment the last to arrive.
   */
  public Page<StoredEvent> page(long unit, EventQuery query) throws StorageException {
    return connections.ask(
        connection -> {
          long offset = (query.page() - 1L) * query.limit();
          if (query.leadId() != null) {
            Sql filter = filterOfLead(connection, unit, query);
            List<StoredEvent> events = lastToHappen(connection, filter, offset, query.limit());
            long total = filter.before("SELECT count(*)").number(connection);
            return new Page<>(events, total, query.page(), query.limit());
          }
          Sql ofUnit = filter(new Sql("FROM event e").where("e.unit = ?", unit), query);
          Sql ofType = ofType(connection, unit, ofUnit, query.eventType());
          Sql filter = EventRuns.since(connection, ofType, query.fromMillis());
          long total = total(connection, unit, filter, query);
          // Else the whole table would be gone through for events that are known not to be there.
          int limit = (int) Math.max(0, Math.min(query.limit(), total - offset));
          List<Long> seqs =
              limit == 0 ? List.of() : lastToArrive(connection, filter, offset, limit);
          return new Page<>(events(connection, seqs), total, query.page(), query.limit());
        });
  }

  /** Asks only for what the index has, where nothing else is asked for. */
  private static Sql filterOfLead(Connection connection, long unit, EventQuery query)
      throws SQLException {
    List<Long> lead =
        new Sql("SELECT key FROM lead")
            .where("unit = ?", unit)
            .where("lead_id = ?", query.leadId())
            .numbers(connection);
    Sql filter =
        filter(
            new Sql(Dialect.of(connection).eventsOfLead())
                .where("e.lead = ?", lead.isEmpty() ? -1 : lead.get(0)),
            query);
    return ofType(connection, unit, filter, query.eventType());
  }

  /** Adds the type by its key, which stands in the event itself. */
  private static Sql ofType(
      Connection connection, long unit, Sql filter, @Nullable String eventType)
      throws SQLException {
    if (eventType == null) {
      return filter;
    }
    List<Long> type =
        new Sql("SELECT key FROM event_type")
            .where("unit = ?", unit)
            .where("name = ?", eventType)
            .numbers(connection);
    return filter.where("e.event_type = ?", type.isEmpty() ? -1 : type.get(0));
  }

  private static Sql filter(Sql from, EventQuery query) {
    String reason = query.suppressionReason();
    Sql filter =
        from.where("e.original_lead_id = ?", query.originalLeadId())
            .where("e.ts >= ?", query.fromMillis())
            .where("e.ts < ?", query.toMillis());
    return reason != null && !query.isSuppressed()
        ? filter.end(" AND e.suppression_reason IS NULL")
        : filter.where("e.suppression_reason = ?", reason);
  }

  /** Counts without a scan where the filter is one that is counted as events come in. */
  private static long total(Connection connection, long unit, Sql filter, EventQuery query)
      throws SQLException {
    boolean counted =
        query.fromMillis() == null && query.toMillis() == null && query.originalLeadId() == null;
    if (!counted || query.isSuppressed()) {
      return filter.before("SELECT count(*)").number(connection);
    }
    Sql ofUnit = new Sql("FROM event e").where("e.unit = ?", unit);
    long suppressed =
        query.suppressionReason() == null
            ? 0
            : ofType(connection, unit, ofUnit, query.eventType())
                .end(" AND e.suppression_reason IS NOT NULL")
                .before("SELECT count(*)")
                .number(connection);
    return new Sql("SELECT coalesce(sum(events), 0) FROM " + Dialect.of(connection).eventCounts())
            .where("unit = ?", unit)
            .where("name = ?", query.eventType())
            .number(connection)
        - suppressed;
  }

  /**
   * The index alone says which events are on the page; only those are read, however many come
   * before them.
   */
  private static List<StoredEvent> lastToHappen(
      Connection connection, Sql filter, long offset, int limit) throws SQLException {
    String order = " ORDER BY e.ts DESC, e.seq DESC";
    return filter
        .before(COLUMNS + " " + FROM + " WHERE e.seq IN (SELECT e.seq")
        .end(order + " LIMIT ? OFFSET ?)" + order, limit, offset)
        .list(connection, EventReads::event);
  }

  /** Reads the events of a page, in its order. */
  private static List<StoredEvent> events(Connection connection, List<Long> seqs)
      throws SQLException {
    if (seqs.isEmpty()) {
      return List.of();
    }
    Sql sql =
        new Sql(
            COLUMNS + " " + FROM + " WHERE e.seq IN (?" + ",?".repeat(seqs.size() - 1) + ")",
            seqs.toArray());
    Map<Long, StoredEvent> bySeq = new HashMap<>();
    sql.list(connection, EventReads::event).forEach(event -> bySeq.put(event.seq(), event));
    return seqs.stream().map(bySeq::get).toList();
  }

  /**
   * Events that came in and events that the server made are numbered apart, each in the order in
   * which they were stored; the two are merged by when that was. Of what is passed over nothing but
   * that is read, so that a late page costs little more than the first.
   */
  private static List<Long> lastToArrive(Connection connection, Sql filter, long offset, int limit)
      throws SQLException {
    List<Long> seqs = new ArrayList<>();
    try (PreparedStatement selectMade =
            newestFirst(filter.where("e.seq < ?", 0L), 0).in(connection);
        ResultSet made = selectMade.executeQuery()) {
      boolean anyMade = made.next();
      long toSkip = anyMade ? offset : 0;
      try (PreparedStatement selectCame =
              newestFirst(filter.where("e.seq > ?", 0L), offset - toSkip).in(connection);
          ResultSet came = selectCame.executeQuery()) {
        boolean anyCame = came.next();
        while (seqs.size() < limit && (anyMade || anyCame)) {
          boolean nextIsMade = anyMade && (!anyCame || isNewer(made, came));
          ResultSet next = nextIsMade ? made : came;
          if (toSkip > 0) {
            toSkip--;
          } else {
            seqs.add(next.getLong(1));
          }
          boolean more = next.next();
          anyMade = nextIsMade ? more : anyMade;
          anyCame = nextIsMade ? anyCame : more;
        }
      }
    }
    return seqs;
  }

  /** Of two that were stored at one moment the one that happened later is the newer. */
  private static boolean isNewer(ResultSet made, ResultSet came) throws SQLException {
    int stored = Long.compare(made.getLong(2), came.getLong(2));
    return stored != 0 ? stored > 0 : made.getLong(3) >= came.getLong(3);
  }

  private static Sql newestFirst(Sql filter, long offset) {
    return filter
        .before("SELECT e.seq, e.received_at, e.ts")
        .end(" ORDER BY e.seq DESC LIMIT 9223372036854775807 OFFSET ?", offset);
  }

  private static StoredEvent event(ResultSet row) throws SQLException {
    return new StoredEvent(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getLong(7));
  }

  /**
   * Has {@code visitor} visit the lead's events of the type that were not suppressed, from {@code
   * fromMillis} on, the last to happen first.
   *
   * @param lead the lead's key
   * @param max the most that are visited
   */
  public void visit(long lead, String eventType, long fromMillis, int max, Visitor visitor)
      throws StorageException {
    connections.ask(
        connection -> {
          Sql sql =
              new Sql(
                      "SELECT e.ts, e.metadata FROM event e JOIN event_type t ON t.key = e.event_type")
                  .where("e.lead = ?", lead)
                  .where("e.ts >= ?", fromMillis)
                  .where("t.name = ?", eventType)
                  .end(" AND e.suppression_reason IS NULL ORDER BY e.ts DESC LIMIT ?", max);
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              visitor.visit(rows.getLong(1), rows.getString(2));
            }
          }
          return true;
        });
  }

  /**
   * How many events of a type there are.
   *
   * @param scored how many of those have given something
   */
  public record Counts(long events, long scored) {}

  /** Counts the unit's events of a type, without those of the server's own. */
  public Counts count(long unit, String eventType) throws StorageException {
    Sql sql =
        new Sql(
            """
            SELECT count(*), count(contributions) FROM event WHERE seq > 0
              AND event_type = (SELECT t.key FROM event_type t WHERE t.unit = ? AND t.name = ?)""",
            unit,
            eventType);
    return connections.ask(
        connection ->
            sql.list(connection, row -> new Counts(row.getLong(1), row.getLong(2))).get(0));
  }

  /** Returns what those of the unit's events that have given something gave, by their seq. */
  public Map<Long, List<Contribution>> contributions(long unit, Collection<Long> seqs)
      throws StorageException {
    return connections.ask(
        connection -> {
          Map<Long, List<Contribution>> found = new HashMap<>();
          for (long seq : seqs) {
            Sql sql =
                new Sql("SELECT contributions FROM event")
                    .where("seq = ?", seq)
                    .where("unit = ?", unit)
                    .where("(marks & ?) = 0", ScoredEvent.REMOVED)
                    .end(" AND contributions IS NOT NULL");
            try (PreparedStatement select = sql.in(connection);
                ResultSet row = select.executeQuery()) {
              if (row.next()) {
                found.put(seq, ContributionList.read(row.getString(1)));
              }
            }
          }
          return found;
        });
  }

  /** Says whether the unit has had an event of the type. */
  public boolean isType(long unit, String eventType) throws StorageException {
    Sql sql =
        new Sql("SELECT count(*) FROM event_type")
            .where("unit = ?", unit)
            .where("name = ?", eventType);
    return connections.ask(sql::number) > 0;
  }

  /** Returns the keys of metadata seen in the newest {@code max} events of the type, sorted. */
  public List<String> metadataKeys(long unit, String eventType, int max) throws StorageException {
    return connections.ask(
        connection ->
            texts(
                connection,
                new Sql(
                    """
                    SELECT DISTINCT k.key FROM (
                      SELECT e.metadata FROM event e WHERE e.unit = ?
                        AND e.event_type =
                          (SELECT t.key FROM event_type t WHERE t.unit = ? AND t.name = ?)
                      ORDER BY e.seq DESC LIMIT ?) m,"""
                        + Dialect.of(connection).keys("m.metadata")
                        + " k WHERE m.metadata IS NOT NULL ORDER BY 1",
                    unit,
                    unit,
                    eventType,
                    max)));
  }

  /** Returns the names of the unit's event types, each with how many events it has. */
  public List<TypeCount> types(long unit) throws StorageException {
    return connections.ask(
        connection -> {
          List<TypeCount> types = new ArrayList<>();
          Sql sql =
              new Sql("SELECT name, events FROM " + Dialect.of(connection).eventCounts())
                  .where("unit = ?", unit);
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              types.add(new TypeCount(rows.getString(1), rows.getLong(2)));
            }
          }
          return types;
        });
  }

  /** How many events of a type are stored. */
  public record TypeCount(String eventType, long count) {}

  /** Returns how many of the unit's events attribute filters have suppressed. */
  public long suppressedByAttributes(long unit) throws StorageException {
    // The reason stands in the text: an index of such events alone is not used for a parameter.
    return connections.ask(
        connection ->
            new Sql(
                    "SELECT count(*) FROM event"
                        + " WHERE suppression_reason = 'metadata_filter' AND unit = ?",
                    unit)
                .number(connection));
  }

  private static List<String> texts(Connection connection, Sql sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
