package io.kenbun.lite.store;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.model.StoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The questions that the HTTP API asks. Any thread; each call waits for one of a few query-only
 * connections.
 */
public final class Reads implements AutoCloseable {
  private static final String LEAD =
      "SELECT l.key, l.lead_id, l.last_event_at, l.created_at, l.updated_at FROM lead l";

  private final ReadConnections connections;

  Reads(Path file) throws StorageException {
    this.connections = new ReadConnections(file);
  }

  <T> T ask(ReadConnections.Question<T> question) throws StorageException {
    return connections.ask(question);
  }

  /** Returns the lead, or null when the unit has none of that id. */
  public @Nullable Lead lead(long unit, String leadId) throws StorageException {
    Sql sql =
        new Sql(LEAD)
            .where("l.unit = ?", unit)
            .where("l.lead_id = ?", leadId)
            .end(" AND l.merged_into IS NULL");
    return first(connections.ask(connection -> leads(connection, sql)));
  }

  /**
   * Returns the lead's scores at a time, rounded, by {@link Ruleset#key() key} of the ruleset; a
   * ruleset that never gave it anything is missing.
   *
   * @param engine the rules in force
   */
  public Map<Long, Long> scoresAt(Lead lead, Engine engine, long timeMillis)
      throws StorageException {
    return connections.ask(
        connection -> History.scoresAt(connection, lead.key(), engine, timeMillis));
  }

  /** Returns the lead that {@code alias} belongs to, or null. */
  public @Nullable Lead leadByAlias(long unit, Alias alias) throws StorageException {
    Sql sql =
        new Sql(LEAD + " JOIN alias a ON a.lead = l.key")
            .where("a.unit = ?", unit)
            .where("a.kind = ?", alias.kind().wireName())
            .where("a.value = ?", alias.key());
    return first(connections.ask(connection -> leads(connection, sql)));
  }

  /** Returns the lead's aliases as they were first spelled, oldest first. */
  public List<Alias> aliases(Lead lead) throws StorageException {
    return connections.ask(
        connection -> {
          Sql sql = new Sql("SELECT kind, raw_value FROM alias").where("lead = ?", lead.key());
          List<Alias> aliases = new ArrayList<>();
          try (PreparedStatement select =
                  sql.end(" ORDER BY created_at, kind, value").in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              AliasKind kind = AliasKind.of(rows.getString(1));
              if (kind != null) {
                aliases.add(new Alias(kind, rows.getString(2)));
              }
            }
          }
          return aliases;
        });
  }

  /**
   * Returns one page of the unit's leads; the score of {@code setup}'s primary ruleset filters and
   * sorts.
   */
  public Page<Lead> leads(RuleSetup setup, LeadQuery query) throws StorageException {
    Ruleset primary = setup.primaryRuleset();
    String from =
        " FROM (SELECT * FROM lead WHERE merged_into IS NULL) l"
            + " LEFT JOIN score s ON s.lead = l.key AND s.ruleset = ?";
    String score = "coalesce(s.score, 0)";
    Sql filter =
        new Sql(from, primary == null ? -1 : primary.key())
            .where("l.unit = ?", setup.unit().key())
            .where(score + " >= ?", query.minScore())
            .where(score + " <= ?", query.maxScore())
            .where(
                "l.last_event_type = (SELECT t.key FROM event_type t WHERE t.unit = l.unit AND t.name = ?)",
                query.eventType())
            .where("l.last_event_at >= ?", query.lastEventSinceMillis())
            .where("l.created_at >= ?", query.createdFromMillis())
            .where("l.created_at < ?", query.createdToMillis());
    String order =
        switch (query.sort()) {
          case SCORE -> score + " DESC";
          case CREATED_AT -> "l.created_at DESC";
          case LAST_EVENT_AT -> "l.last_event_at DESC";
        };
    return connections.ask(
        connection -> {
          long total = filter.before("SELECT count(*)").number(connection);
          Sql page =
              filter
                  .before("SELECT l.key, l.lead_id, l.last_event_at, l.created_at, l.updated_at")
                  .end(
                      " ORDER BY " + order + ", l.key LIMIT ? OFFSET ?",
                      query.limit(),
                      offset(query.page(), query.limit()));
          return new Page<>(leads(connection, page), total, query.page(), query.limit());
        });
  }

  /**
   * Returns one page of the unit's events, the last to arrive first; of one lead, the last to
   * happen first.
   */
  public Page<StoredEvent> events(long unit, EventQuery query) throws StorageException {
    return connections.ask(
        connection -> {
          Sql filter =
              new Sql(
                      """
                       FROM event e JOIN event_type t ON t.key = e.event_type
                       LEFT JOIN lead l ON l.key = e.lead""")
                  .where("e.unit = ?", unit)
                  .where("t.name = ?", query.eventType())
                  .where(
                      "e.lead = (SELECT x.key FROM lead x WHERE x.unit = e.unit AND x.lead_id = ?)",
                      query.leadId())
                  .where("e.ts >= ?", query.fromMillis())
                  .where("e.ts < ?", query.toMillis());
          boolean counted =
              query.leadId() == null && query.fromMillis() == null && query.toMillis() == null;
          long total =
              counted
                  ? new Sql("SELECT coalesce(sum(events), 0) FROM event_type")
                      .where("unit = ?", unit)
                      .where("name = ?", query.eventType())
                      .number(connection)
                  : filter.before("SELECT count(*)").number(connection);
          String order = query.leadId() == null ? "e.seq DESC" : "e.ts DESC, e.seq DESC";
          Sql page =
              filter
                  .before(
                      """
                      SELECT e.seq, l.lead_id, t.name, e.metadata, e.suppression_reason,
                        e.original_lead_id, e.ts""")
                  .end(
                      " ORDER BY " + order + " LIMIT ? OFFSET ?",
                      query.limit(),
                      offset(query.page(), query.limit()));
          List<StoredEvent> events = new ArrayList<>();
          try (PreparedStatement select = page.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              events.add(
                  new StoredEvent(
                      rows.getLong(1),
                      rows.getString(2),
                      rows.getString(3),
                      rows.getString(4),
                      rows.getString(5),
                      rows.getString(6),
                      rows.getLong(7)));
            }
          }
          return new Page<>(events, total, query.page(), query.limit());
        });
  }

  /**
   * Returns what active rulesets' rules gave the lead for events with a timestamp from {@code
   * fromMillis} on, the largest absolute total first.
   */
  public List<Driver> drivers(Lead lead, long fromMillis) throws StorageException {
    return connections.ask(
        connection -> {
          Map<Contribution.Hit, Long> counts = new HashMap<>();
          Sql sql =
              new Sql("SELECT contributions FROM event")
                  .where("lead = ?", lead.key())
                  .where("ts >= ?", fromMillis)
                  .end(" AND contributions IS NOT NULL");
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              for (Contribution contribution : ContributionList.read(rows.getString(1))) {
                for (Contribution.Hit hit : contribution.hits()) {
                  counts.merge(hit, 1L, Long::sum);
                }
              }
            }
          }
          List<Driver> drivers = new ArrayList<>();
          for (Map.Entry<Contribution.Hit, Long> count : counts.entrySet()) {
            Driver driver = driver(connection, count.getKey(), count.getValue());
            if (driver != null) {
              drivers.add(driver);
            }
          }
          drivers.sort(
              Comparator.comparingLong((Driver driver) -> -Math.abs(driver.total()))
                  .thenComparing(Driver::ruleId)
                  .thenComparing(Driver::weight));
          return drivers;
        });
  }

  private static @Nullable Driver driver(Connection connection, Contribution.Hit hit, long count)
      throws SQLException {
    Sql sql =
        new Sql("SELECT r.id, r.event_type FROM rule r JOIN ruleset s ON s.key = r.ruleset")
            .where("r.key = ?", hit.rule())
            .end(" AND s.active = 1");
    try (PreparedStatement select = sql.in(connection);
        ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      return new Driver(
          row.getString(1),
          row.getString(2),
          count,
          hit.weight(),
          Configuration.filterLabel(connection, hit.rule()));
    }
  }

  /**
   * Returns how many of the lead's events from {@code fromMillis} on a velocity filter suppressed.
   */
  public long inorganicCount(Lead lead, long fromMillis) throws StorageException {
    return connections.ask(
        connection ->
            new Sql("SELECT count(*) FROM event")
                .where("lead = ?", lead.key())
                .where("ts >= ?", fromMillis)
                .end(" AND suppression_reason IN ('inorganic', 'inorganic_grouped')")
                .number(connection));
  }

  /** Returns the counts that {@code /lite/status} shows. */
  public Totals totals() throws StorageException {
    return connections.ask(
        connection ->
            new Totals(
                new Sql("SELECT count(*) FROM lead WHERE merged_into IS NULL").number(connection),
                new Sql("SELECT coalesce(sum(events), 0) FROM event_type").number(connection),
                new Sql("SELECT count(*) FROM failed_event").number(connection)));
  }

  /** What the store holds, over all units. */
  public record Totals(long leads, long events, long failed) {}

  @Override
  public void close() {
    connections.close();
  }

  private static long offset(int page, int limit) {
    return (page - 1L) * limit;
  }

  private static @Nullable Lead first(List<Lead> leads) {
    return leads.isEmpty() ? null : leads.get(0);
  }

  private static List<Lead> leads(Connection connection, Sql sql) throws SQLException {
    List<Lead> leads = new ArrayList<>();
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        leads.add(
            new Lead(
                rows.getLong(1),
                rows.getString(2),
                Sql.optionalLong(rows, 3),
                rows.getLong(4),
                rows.getLong(5),
                scores(connection, rows.getLong(1))));
      }
    }
    return leads;
  }

  private static Map<Long, Long> scores(Connection connection, long lead) throws SQLException {
    Map<Long, Long> scores = new HashMap<>(4);
    Sql sql = new Sql("SELECT ruleset, score FROM score").where("lead = ?", lead);
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        scores.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return scores;
  }
}
