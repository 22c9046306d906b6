package io.kenbun.lite.store.reads;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.leads.History;
import io.kenbun.lite.store.leads.LeadNames;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Questions about leads. Those that were merged into another are not found. Scores are those at the
 * time that is asked for. Any thread.
 */
public final class LeadReads {
  public static final String COLUMNS =
      """
      SELECT l.key, l.lead_id, l.last_event_at, l.created_at, l.updated_at, l.score_reset_at,
        l.owner_name,""";

  private final ReadConnections connections;

  LeadReads(ReadConnections connections) {
    this.connections = connections;
  }

  /** Says whether the unit has a lead of that id. */
  public boolean exists(long unit, String leadId) throws StorageException {
    Sql sql = byId("SELECT count(*) FROM lead l", unit, leadId);
    return connections.ask(sql::number) > 0;
  }

  /**
   * Returns the lead, or null when the unit has none of that id.
   *
   * @param engine the rules in force; null: scores as they were last written
   */
  public @Nullable Lead lead(long unit, @Nullable Engine engine, long nowMillis, String leadId)
      throws StorageException {
    Sql sql = byId("FROM lead l", unit, leadId);
    return first(connections.ask(connection -> leads(connection, sql, engine, nowMillis)));
  }

  private static Sql byId(String select, long unit, String leadId) {
    return new Sql(select)
        .where("l.unit = ?", unit)
        .where("l.lead_id = ?", leadId)
        .end(" AND l.merged_into IS NULL");
  }

  /** Returns the lead that {@code alias} belongs to, or null. */
  public @Nullable Lead leadByAlias(long unit, @Nullable Engine engine, long nowMillis, Alias alias)
      throws StorageException {
    Sql sql =
        new Sql("FROM lead l JOIN alias a ON a.lead = l.key")
            .where("a.unit = ?", unit)
            .where("a.kind = ?", alias.kind().wireName())
            .where("a.value = ?", alias.key());
    return first(connections.ask(connection -> leads(connection, sql, engine, nowMillis)));
  }

  /** Returns the lead's aliases, each with when it came, oldest first. */
  public List<LeadNames.AliasSince> aliasesSince(Lead lead) throws StorageException {
    return connections.ask(connection -> LeadNames.aliasesSince(connection, lead.key()));
  }

  /** Returns the lead's aliases as they were first spelled, oldest first. */
  public List<Alias> aliases(Lead lead) throws StorageException {
    return connections.ask(connection -> LeadNames.aliases(connection, lead.key()));
  }

  /**
   * Returns the keys of metadata that the unit's leads have, sorted; of those that have any, the
   * {@code max} made last are looked at.
   */
  public List<String> metadataKeys(long unit, int max) throws StorageException {
    return connections.ask(
        connection ->
            new Sql(
                    """
                    SELECT DISTINCT k.key FROM (SELECT l.profile FROM lead l
                      WHERE l.unit = ? AND l.profile IS NOT NULL AND l.merged_into IS NULL
                      ORDER BY l.key DESC LIMIT ?) m,"""
                        + Dialect.of(connection).keys("m.profile")
                        + " k ORDER BY 1",
                    unit,
                    max)
                .list(connection, row -> row.getString(1)));
  }

  /** A deletion of a lead that was asked for. */
  public record Deletion(long askedAtMillis, boolean done) {}

  /** Returns the last deletion of a lead of that id, or null when none was asked for of late. */
  public @Nullable Deletion deletion(long unit, String leadId) throws StorageException {
    Sql sql =
        new Sql(
                """
                SELECT d.asked_at, NOT EXISTS (SELECT 1 FROM event e
                  WHERE e.lead = d.lead AND e.seq BETWEEN 0 AND d.last_seq) FROM lead_deletion d""")
            .where("d.unit = ?", unit)
            .where("d.lead_id = ?", leadId);
    List<Deletion> found =
        connections.ask(
            connection ->
                sql.list(connection, row -> new Deletion(row.getLong(1), row.getBoolean(2))));
    return found.isEmpty() ? null : found.get(0);
  }

  private static @Nullable Lead first(List<Lead> leads) {
    return leads.isEmpty() ? null : leads.get(0);
  }

  /** Reads leads {@code l}; the query starts with FROM. */
  static List<Lead> leads(Connection connection, Sql from, @Nullable Engine engine, long nowMillis)
      throws SQLException {
    List<Lead> leads = new ArrayList<>();
    Sql sql = from.before(COLUMNS + Dialect.of(connection).profile());
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long key = rows.getLong(1);
        leads.add(
            new Lead(
                key,
                rows.getString(2),
                Sql.optionalLong(rows, 3),
                rows.getLong(4),
                rows.getLong(5),
                Sql.optionalLong(rows, 6),
                rows.getString(7),
                rows.getString(8),
                engine == null
                    ? scores(connection, "score", key)
                    : History.scoresAt(connection, key, engine, nowMillis),
                scores(connection, "profile_score", key)));
      }
    }
    return leads;
  }

  private static Map<Long, Long> scores(Connection connection, String table, long lead)
      throws SQLException {
    Map<Long, Long> scores = new HashMap<>(4);
    Sql sql = new Sql("SELECT ruleset, score FROM " + table).where("lead = ?", lead);
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        scores.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return scores;
  }
}
