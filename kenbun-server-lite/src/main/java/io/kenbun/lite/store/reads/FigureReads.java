package io.kenbun.lite.store.reads;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.EventRuns;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts over many events. Days are those of UTC, numbered from 1970-01-01. Any thread. */
public final class FigureReads {
  private final ReadConnections connections;

  FigureReads(ReadConnections connections) {
    this.connections = connections;
  }

  /** How many events of a type happened on a day. */
  public record DayCount(long day, String eventType, long count) {}

  /**
   * Returns how many events happened on each day, by type; days and types without any are missing.
   * Looks at each event of the unit that came in about as late as {@code fromMillis} or later.
   *
   * @param fromMillis included
   * @param toMillis not included
   */
  public List<DayCount> days(long unit, @Nullable String eventType, long fromMillis, long toMillis)
      throws StorageException {
    return connections.ask(
        connection -> {
          List<DayCount> days = new ArrayList<>();
          // Division in SQL cuts towards zero, and there may be times before 1970.
          Sql events =
              new Sql(
                      """
                      SELECT (e.ts - (e.ts % 86400000 + 86400000) % 86400000) / 86400000 AS day,
                        e.event_type, count(*) AS events
                      FROM event e""")
                  .where("e.unit = ?", unit)
                  .where("e.ts >= ?", fromMillis)
                  .where("e.ts < ?", toMillis)
                  .where(
                      "e.event_type = (SELECT t.key FROM event_type t WHERE t.unit = e.unit AND t.name = ?)",
                      eventType);
          Sql counts = EventRuns.since(connection, events, fromMillis).end(" GROUP BY 1, 2)");
          Sql sql =
              new Sql("SELECT c.day, t.name, c.events FROM event_type t JOIN (")
                  .and(counts)
                  .end(" c ON c.event_type = t.key");
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              days.add(new DayCount(rows.getLong(1), rows.getString(2), rows.getLong(3)));
            }
          }
          return days;
        });
  }

  /**
   * Returns how many leads have an event with a timestamp in the span: by the events themselves
   * where they are few, else by one look into an index for each lead and each run of events that
   * may have one.
   *
   * @param eventType null: of any type
   * @param hidden types that do not count
   * @param events about how many events those are
   */
  public long leadsWithEvents(
      long unit,
      @Nullable String eventType,
      Collection<String> hidden,
      long fromMillis,
      long toMillis,
      long events)
      throws StorageException {
    return connections.ask(
        connection -> {
          long leads =
              new Sql("SELECT count(*) FROM lead").where("unit = ?", unit).number(connection);
          long runs = EventRuns.count(connection, fromMillis);
          if (events <= leads * runs) {
            Sql inSpan =
                new Sql("SELECT count(DISTINCT e.lead) FROM event e")
                    .where("e.unit = ?", unit)
                    .where("e.ts >= ?", fromMillis)
                    .where("e.ts < ?", toMillis);
            return ofTypes(EventRuns.since(connection, inSpan, fromMillis), unit, eventType, hidden)
                .number(connection);
          }
          Sql exists =
              new Sql(
                  "SELECT count(*) FROM lead l WHERE l.unit = ? AND EXISTS (SELECT 1 FROM"
                      + connections.dialect().eventsSince(">=")
                      + " AND e.lead = l.key AND e.ts >= ? AND e.ts < ?",
                  unit,
                  fromMillis,
                  fromMillis,
                  toMillis);
          return ofTypes(exists, unit, eventType, hidden).end(")").number(connection);
        });
  }

  private static Sql ofTypes(
      Sql events, long unit, @Nullable String eventType, Collection<String> hidden) {
    Sql ofTypes = events;
    if (eventType != null) {
      ofTypes =
          ofTypes.end(
              " AND e.event_type = (SELECT t.key FROM event_type t WHERE t.unit = ? AND t.name = ?)",
              unit,
              eventType);
    }
    if (!hidden.isEmpty()) {
      List<Object> parameters = new ArrayList<>(List.of(unit));
      parameters.addAll(hidden);
      ofTypes =
          ofTypes.end(
              " AND e.event_type NOT IN (SELECT t.key FROM event_type t WHERE t.unit = ? AND t.name IN (?"
                  + ",?".repeat(hidden.size() - 1)
                  + "))",
              parameters.toArray());
    }
    return ofTypes;
  }

  /** Returns how many leads the unit has; leads that were merged into others are none. */
  public long leads(long unit) throws StorageException {
    return connections.ask(
        connection ->
            new Sql("SELECT count(*) FROM lead")
                .where("unit = ?", unit)
                .end(" AND merged_into IS NULL")
                .number(connection));
  }

  /** Returns the counts that {@code /lite/status} shows. */
  public Reads.Totals totals() throws StorageException {
    return connections.ask(
        connection ->
            new Reads.Totals(
                new Sql("SELECT count(*) FROM lead WHERE merged_into IS NULL").number(connection),
                new Sql(
                        "SELECT coalesce(sum(events), 0) FROM "
                            + Dialect.of(connection).eventCounts())
                    .number(connection),
                new Sql("SELECT count(*) FROM failed_event").number(connection)));
  }
}
