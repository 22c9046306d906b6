package io.kenbun.lite.store.reads;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Page;
import io.kenbun.lite.model.ProfileRuleset;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.leads.LeadColumns;
import io.kenbun.lite.store.leads.LeadQuery;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pages of leads, filtered and in order. What most lists ask about is held in {@link LeadColumns};
 * a store with more leads than fit there sorts them in SQL for each page, which takes seconds for
 * millions. Any thread.
 *
 * <pre>
 *   query ─┬─ text, watched, profile level: SQL ──&gt; keys ─┐
 *          └─ score, dates, type, order ────────────&gt; LeadColumns ──&gt; keys of the page ──&gt; SQL: the leads
 * </pre>
 */
public final class LeadLists {
  private static final String SCORE = "coalesce(s.score, 0)";

  private final ReadConnections connections;
  private final @Nullable LeadColumns columns;
  private final Consumer<Runnable> alone;

  /**
   * Makes lists.
   *
   * @param columns null where others write too, of whose leads nothing could be held
   * @param alone runs what it is given while nobody writes
   */
  public LeadLists(
      ReadConnections connections, @Nullable LeadColumns columns, Consumer<Runnable> alone) {
    this.connections = connections;
    this.columns = columns;
    this.alone = alone;
  }

  /**
   * Returns one page of the unit's leads; the score of {@code setup}'s primary ruleset filters and
   * sorts.
   */
  public Page<Lead> page(RuleSetup setup, Engine engine, long nowMillis, LeadQuery query)
      throws StorageException {
    Page<Lead> page = fromColumns(setup, engine, nowMillis, query);
    return page == null ? bySql(setup, engine, nowMillis, query) : page;
  }

  /**
   * Returns the leads with the highest scores of {@code setup}'s primary ruleset as they were last
   * written, the highest first; of those that tie the ones that were active last. What it never
   * gave points is left out.
   */
  public List<Lead> top(RuleSetup setup, Engine engine, long nowMillis, int limit)
      throws StorageException {
    List<Lead> top = topFromColumns(setup, engine, nowMillis, limit);
    return top == null ? topBySql(setup, engine, nowMillis, limit) : top;
  }

  /** Returns the same, or null when columns cannot tell. */
  @Nullable List<Lead> topFromColumns(RuleSetup setup, Engine engine, long nowMillis, int limit)
      throws StorageException {
    long unit = setup.unit().key();
    long ruleset = rulesetKey(setup);
    if (columns == null) {
      return null;
    }
    if (!columns.covers(unit, ruleset)) {
      load(columns, unit, ruleset);
    }
    List<Long> keys = columns.top(unit, ruleset, limit);
    if (keys == null) {
      return null;
    }
    List<Lead> leads = connections.ask(c -> leads(c, engine, nowMillis, keys));
    if (leads.size() < keys.size()) {
      columns.drop(); // A lead has gone meanwhile, or without telling.
      return null;
    }
    return leads;
  }

  /** Returns the same of any leads, all of which are looked at. */
  List<Lead> topBySql(RuleSetup setup, Engine engine, long nowMillis, int limit)
      throws StorageException {
    Sql sql =
        new Sql("FROM score s JOIN lead l ON l.key = s.lead")
            .where("s.ruleset = ?", rulesetKey(setup))
            .end(
                " AND l.merged_into IS NULL ORDER BY s.score DESC, l.last_event_at DESC NULLS LAST, l.key LIMIT ?",
                limit);
    return connections.ask(connection -> LeadReads.leads(connection, sql, engine, nowMillis));
  }

  private static long rulesetKey(RuleSetup setup) {
    Ruleset primary = setup.primaryRuleset();
    return primary == null ? -1 : primary.key();
  }

  /** Returns the page, or null when no columns hold the unit's leads. */
  @Nullable Page<Lead> fromColumns(RuleSetup setup, Engine engine, long nowMillis, LeadQuery query)
      throws StorageException {
    return columns == null ? null : fromColumns(columns, setup, engine, nowMillis, query);
  }

  private @Nullable Page<Lead> fromColumns(
      LeadColumns columns, RuleSetup setup, Engine engine, long nowMillis, LeadQuery query)
      throws StorageException {
    long unit = setup.unit().key();
    long ruleset = rulesetKey(setup);
    if (!columns.covers(unit, ruleset)) {
      load(columns, unit, ruleset);
    }
    LeadColumns.Slice slice =
        columns.slice(unit, ruleset, query, eventType(unit, query), only(columns, setup, query));
    if (slice == null) {
      return null;
    }
    List<Lead> leads = connections.ask(c -> leads(c, engine, nowMillis, slice.keys()));
    if (leads.size() < slice.keys().size()) {
      columns.drop(); // A lead has gone meanwhile, or without telling.
      return null;
    }
    return new Page<>(leads, slice.total(), query.page(), query.limit());
  }

  private static List<Lead> leads(
      Connection connection, Engine engine, long nowMillis, List<Long> keys) throws SQLException {
    if (keys.isEmpty()) {
      return List.of();
    }
    Sql sql =
        new Sql(
            "FROM lead l WHERE l.merged_into IS NULL AND l.key IN (?"
                + ",?".repeat(keys.size() - 1)
                + ")",
            keys.toArray());
    Map<Long, Lead> byKey = new HashMap<>();
    for (Lead lead : LeadReads.leads(connection, sql, engine, nowMillis)) {
      byKey.put(lead.key(), lead);
    }
    List<Lead> leads = new ArrayList<>();
    for (long key : keys) {
      Lead lead = byKey.get(key);
      if (lead != null) {
        leads.add(lead);
      }
    }
    return leads;
  }

  /** Reads all leads, or the scores of another ruleset, while nothing is written. */
  private void load(LeadColumns columns, long unit, long ruleset) throws StorageException {
    StorageException[] failure = {null};
    alone.accept(
        () -> {
          if (columns.covers(unit, ruleset)) {
            return;
          }
          try {
            connections.ask(connection -> load(columns, connection, unit, ruleset));
          } catch (StorageException e) {
            columns.drop();
            failure[0] = e;
          }
        });
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  private static boolean load(LeadColumns columns, Connection connection, long unit, long ruleset)
      throws SQLException {
    if (new Sql("SELECT coalesce(max(key), 0) FROM lead").number(connection) > columns.maxKey()) {
      return false;
    }
    try (LeadColumns.Filling filling = columns.fill()) {
      if (columns.isEmpty()) {
        Sql sql =
            new Sql(
                "SELECT key, unit, created_at, last_event_type, last_event_at FROM lead"
                    + " WHERE merged_into IS NULL");
        try (PreparedStatement select = sql.in(connection);
            ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            long type = rows.getLong(4);
            filling.lead(
                rows.getLong(1),
                rows.getLong(2),
                rows.getLong(3),
                Sql.optionalLong(rows, 5),
                type == 0 ? -1 : type);
          }
        }
        filling.leadsDone();
      }
      filling.ruleset(unit, ruleset);
      Sql sql = new Sql("SELECT lead, score FROM score").where("ruleset = ?", ruleset);
      try (PreparedStatement select = sql.in(connection);
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          filling.score(rows.getLong(1), rows.getLong(2));
        }
      }
    }
    return true;
  }

  private long eventType(long unit, LeadQuery query) throws StorageException {
    if (query.eventType() == null) {
      return -1;
    }
    Sql sql =
        new Sql("SELECT coalesce(max(key), -2) FROM event_type")
            .where("unit = ?", unit)
            .where("name = ?", query.eventType());
    return connections.ask(sql::number);
  }

  private @Nullable BitSet only(LeadColumns columns, RuleSetup setup, LeadQuery query)
      throws StorageException {
    BitSet only = null;
    for (Sql keys : keys(setup, query)) {
      BitSet found = new BitSet();
      connections.ask(
          connection -> {
            try (PreparedStatement select = keys.in(connection);
                ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                if (rows.getLong(1) <= columns.maxKey()) {
                  found.set((int) rows.getLong(1));
                }
              }
            }
            return true;
          });
      if (only == null) {
        only = found;
      } else {
        only.and(found);
      }
    }
    return only;
  }

  /** Returns a query for keys of leads for each filter that is about something not held. */
  private List<Sql> keys(RuleSetup setup, LeadQuery query) {
    Dialect dialect = connections.dialect();
    long unit = setup.unit().key();
    List<Sql> keys = new ArrayList<>();
    String text = query.text();
    if (text != null) {
      keys.add(
          new Sql(
              """
              SELECT a.lead FROM alias a WHERE a.unit = ? AND %s
              UNION SELECT f.key FROM lead f WHERE f.unit = ? AND f.merged_into IS NULL
                AND (%s OR %s OR EXISTS (SELECT 1 FROM json_each(%s) p WHERE %s))"""
                  .formatted(
                      dialect.contains("a.raw_value"),
                      dialect.contains("f.lead_id"),
                      dialect.contains("f.owner_name"),
                      dialect.json("f.profile"),
                      dialect.contains("p.value ->> 'value'")),
              unit,
              text,
              unit,
              text,
              text,
              text));
    }
    String watchedBy = query.watchedBy();
    if (watchedBy != null) {
      keys.add(
          new Sql("SELECT w.lead FROM watch w")
              .where("w.unit = ?", unit)
              .where("w.owner = ?", watchedBy));
    }
    List<LeadQuery.Band> profileScores = query.profileScores();
    if (profileScores != null) {
      ProfileRuleset primary = setup.primaryProfileRuleset();
      Sql scored =
          new Sql(
                  "SELECT f.key FROM lead f LEFT JOIN profile_score p ON p.lead = f.key AND p.ruleset = ?",
                  primary == null ? -1 : primary.key())
              .where("f.unit = ?", unit)
              .end(" AND f.merged_into IS NULL");
      keys.add(in(scored, "coalesce(p.score, 0)", profileScores));
    }
    return keys;
  }

  private static Sql in(Sql sql, String score, List<LeadQuery.Band> bands) {
    Sql in = sql.end(" AND (FALSE");
    for (LeadQuery.Band band : bands) {
      in = in.end(" OR " + score + " BETWEEN ? AND ?", band.min(), band.max());
    }
    return in.end(")");
  }

  /** Returns the page of any number of leads, each time sorted anew. */
  Page<Lead> bySql(RuleSetup setup, Engine engine, long nowMillis, LeadQuery query)
      throws StorageException {
    Sql filter =
        new Sql(
                " FROM lead l LEFT JOIN score s ON s.lead = l.key AND s.ruleset = ?",
                rulesetKey(setup))
            .where("l.unit = ?", setup.unit().key())
            .where(
                "l.last_event_type = (SELECT t.key FROM event_type t WHERE t.unit = l.unit AND t.name = ?)",
                query.eventType())
            .where("l.last_event_at >= ?", query.lastEventSinceMillis())
            .where("l.created_at >= ?", query.createdFromMillis())
            .where("l.created_at < ?", query.createdToMillis())
            .end(" AND l.merged_into IS NULL");
    List<LeadQuery.Band> scores = query.scores();
    if (scores != null) {
      filter = in(filter, SCORE, scores);
    }
    for (Sql keys : keys(setup, query)) {
      filter = filter.end(" AND l.key IN (").and(keys).end(")");
    }
    String direction = query.ascending() ? "" : " DESC";
    String nulls = query.ascending() ? " NULLS FIRST" : " NULLS LAST";
    String order =
        switch (query.sort()) {
          case SCORE -> SCORE + direction + ", l.key";
          case CREATED_AT -> "l.key" + direction;
          case LAST_EVENT_AT -> "l.last_event_at" + direction + nulls + ", l.key";
        };
    Sql matching = filter;
    return connections.ask(
        connection -> {
          long total = matching.before("SELECT count(*)").number(connection);
          // Keys first: of leads that come before the page nothing more is read.
          List<Long> keys =
              matching
                  .before("SELECT l.key")
                  .end(" ORDER BY " + order + " LIMIT ? OFFSET ?", query.limit(), query.offset())
                  .numbers(connection);
          return new Page<>(
              leads(connection, engine, nowMillis, keys), total, query.page(), query.limit());
        });
  }
}
