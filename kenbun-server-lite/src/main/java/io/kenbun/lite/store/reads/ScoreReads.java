package io.kenbun.lite.store.reads;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.Lead;
import io.kenbun.lite.model.Ruleset;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import io.kenbun.lite.store.leads.History;
import io.kenbun.lite.store.row.ContributionList;
import io.kenbun.lite.store.row.FadingAmounts;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Questions about how scores came to be, and what they were. Any thread. */
public final class ScoreReads {
  private static final long HOUR_MILLIS = 3_600_000;

  private final ReadConnections connections;

  ScoreReads(ReadConnections connections) {
    this.connections = connections;
  }

  /**
   * What moved a lead's scores within a window, in active rulesets.
   *
   * @param drivers rules, the largest absolute total first
   * @param decayApplied what decay rules took, zero or below
   * @param inorganicCount how many events a velocity filter suppressed
   * @param resetExcludedCount how many events happened before the last reset
   */
  public record Explanation(
      List<Driver> drivers, long decayApplied, long inorganicCount, long resetExcludedCount) {}

  /** Explains the lead's scores by its events with a timestamp from {@code fromMillis} on. */
  public Explanation explanation(Lead lead, long fromMillis) throws StorageException {
    return connections.ask(
        connection ->
            new Explanation(
                drivers(connection, lead, fromMillis),
                decayApplied(connection, lead, fromMillis),
                events(lead, fromMillis)
                    .end(" AND suppression_reason IN ('inorganic', 'inorganic_grouped')")
                    .number(connection),
                resetExcluded(connection, lead, fromMillis)));
  }

  private static Sql events(Lead lead, long fromMillis) {
    return new Sql("SELECT count(*) FROM event")
        .where("lead = ?", lead.key())
        .where("ts >= ?", fromMillis);
  }

  private static long resetExcluded(Connection connection, Lead lead, long fromMillis)
      throws SQLException {
    Long resetAt = lead.scoreResetAtMillis();
    return resetAt == null
        ? 0
        : events(lead, fromMillis)
            .where("ts < ?", resetAt)
            .end(" AND seq > 0 AND suppression_reason IS NULL")
            .number(connection);
  }

  private static List<Driver> drivers(Connection connection, Lead lead, long fromMillis)
      throws SQLException {
    Map<Contribution.Hit, Long> counts = new HashMap<>();
    Sql sql =
        new Sql("SELECT contributions, count(*) FROM event")
            .where("lead = ?", lead.key())
            .where("ts >= ?", fromMillis)
            .where("(marks & ?) = 0", ScoredEvent.REMOVED)
            .end(" AND contributions IS NOT NULL AND seq > 0 GROUP BY contributions");
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        for (Contribution contribution : ContributionList.read(rows.getString(1))) {
          for (Contribution.Hit hit : contribution.hits()) {
            counts.merge(hit, rows.getLong(2), Long::sum);
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

  private static long decayApplied(Connection connection, Lead lead, long fromMillis)
      throws SQLException {
    String metadata = Dialect.of(connection).json("e.metadata");
    Sql sql =
        new Sql(
                """
                SELECT coalesce(sum(CAST(%1$s ->> 'points' AS DOUBLE PRECISION)), 0) FROM event e
                JOIN ruleset r ON r.unit = e.unit AND r.id = %1$s ->> 'ruleset_id'"""
                    .formatted(metadata))
            .where("e.lead = ?", lead.key())
            .where("e.ts >= ?", fromMillis)
            .where("(e.marks & ?) = 0", ScoredEvent.REMOVED)
            .end(" AND e.seq < 0 AND e.contributions IS NOT NULL AND r.active = 1");
    return Math.round(sql.list(connection, row -> row.getDouble(1)).get(0));
  }

  /** What a ruleset's score of a lead was on the hour. */
  public record Snapshot(long atMillis, long score, Ruleset ruleset) {}

  /**
   * Returns the lead's hourly snapshots, oldest first, of one hour in the order of {@code
   * rulesets}; nothing before the first hour after its first points.
   *
   * @param fromMillis included
   * @param toMillis included
   */
  public List<Snapshot> history(
      Lead lead, List<Ruleset> rulesets, long fromMillis, long toMillis, boolean allowNegative)
      throws StorageException {
    long firstHour = -Math.floorDiv(-fromMillis, HOUR_MILLIS);
    long lastHour = Math.floorDiv(toMillis, HOUR_MILLIS);
    return connections.ask(
        connection -> {
          List<NavigableMap<Long, Standing>> stood = new ArrayList<>();
          for (Ruleset ruleset : rulesets) {
            stood.add(standings(connection, lead.key(), ruleset.key()));
          }
          List<Snapshot> snapshots = new ArrayList<>();
          for (long hour = firstHour; hour <= lastHour; hour++) {
            for (int i = 0; i < rulesets.size(); i++) {
              Map.Entry<Long, Standing> at = stood.get(i).floorEntry(hour);
              if (at != null) {
                long millis = hour * HOUR_MILLIS;
                long score = at.getValue().scoreAt(millis, allowNegative);
                snapshots.add(new Snapshot(millis, score, rulesets.get(i)));
              }
            }
          }
          return snapshots;
        });
  }

  /** Returns what stood from which hour on, counted from 1970. */
  private static NavigableMap<Long, Standing> standings(
      Connection connection, long lead, long ruleset) throws SQLException {
    NavigableMap<Long, Standing> standings = new TreeMap<>();
    // A clock that was set back leaves segments of hours that are to come again; the score row is
    // what counts from its own hour on.
    Sql sql =
        new Sql(
            """
            SELECT g.flat, g.fading, g.ref, g.from_hour FROM score_segment g
            JOIN score s ON s.lead = g.lead AND s.ruleset = g.ruleset AND g.from_hour < s.since_hour
            WHERE g.lead = ? AND g.ruleset = ?
            UNION ALL
            SELECT flat, fading, ref, since_hour FROM score WHERE lead = ? AND ruleset = ?""",
            lead,
            ruleset,
            lead,
            ruleset);
    try (PreparedStatement select = sql.in(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        standings.put(rows.getLong(4), FadingAmounts.read(rows, 1, ruleset, Standing.NEVER));
      }
    }
    return standings;
  }

  /** What a lead has gained. */
  public record Gain(String leadId, long score, long gain, @Nullable Long lastEventAtMillis) {}

  /**
   * Returns the leads whose score has risen most since the snapshot at {@code fromMillis}, the most
   * first; those without an event since then are left out.
   */
  public List<Gain> gains(
      Ruleset ruleset, Engine engine, long fromMillis, long nowMillis, int limit)
      throws StorageException {
    boolean allowNegative = engine.halfLives().allowNegativeScores();
    long fromHour = Math.floorDiv(fromMillis, HOUR_MILLIS);
    List<Gain> gains = new ArrayList<>();
    connections.ask(
        connection -> {
          Sql sql =
              new Sql(
                  """
                  SELECT s.flat, s.fading, s.ref, s.since_hour, l.key, l.lead_id, l.last_event_at,
                    l.fades
                  FROM lead l JOIN score s ON s.lead = l.key AND s.ruleset = ?
                  WHERE l.last_event_at >= ? AND l.merged_into IS NULL""",
                  ruleset.key(),
                  fromMillis);
          try (PreparedStatement select = sql.in(connection);
              ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
              long lead = rows.getLong(5);
              Standing now = FadingAmounts.read(rows, 1, ruleset.key(), Standing.NEVER);
              boolean current =
                  rows.getLong(8) == engine.halfLives().fingerprint() && now.isKnownAt(nowMillis);
              long score =
                  current
                      ? now.scoreAt(nowMillis, allowNegative)
                      : History.scoresAt(connection, lead, engine, nowMillis)
                          .getOrDefault(ruleset.key(), 0L);
              Standing then =
                  rows.getLong(4) <= fromHour
                      ? now
                      : segment(connection, lead, ruleset.key(), fromHour);
              long before = then == null ? 0 : then.scoreAt(fromMillis, allowNegative);
              if (score > before) {
                gains.add(
                    new Gain(rows.getString(6), score, score - before, Sql.optionalLong(rows, 7)));
              }
            }
          }
          return true;
        });
    return gains.stream()
        .sorted(Comparator.comparingLong((Gain gain) -> -gain.gain()).thenComparing(Gain::leadId))
        .limit(limit)
        .toList();
  }

  private static @Nullable Standing segment(
      Connection connection, long lead, long ruleset, long hour) throws SQLException {
    Sql sql =
        new Sql(
            """
            SELECT flat, fading, ref FROM score_segment
            WHERE lead = ? AND ruleset = ? AND from_hour <= ? ORDER BY from_hour DESC LIMIT 1""",
            lead,
            ruleset,
            hour);
    try (PreparedStatement select = sql.in(connection);
        ResultSet row = select.executeQuery()) {
      return row.next() ? FadingAmounts.read(row, 1, ruleset, Standing.NEVER) : null;
    }
  }
}
