package io.kenbun.lite.store.leads;

import io.kenbun.lite.engine.Engine;
import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.engine.Policies;
import io.kenbun.lite.engine.Replay;
import io.kenbun.lite.engine.RulesTrial;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.model.Contribution;
import io.kenbun.lite.model.EventId;
import io.kenbun.lite.pipeline.MetadataReader;
import io.kenbun.lite.pipeline.ScoredEvent;
import io.kenbun.lite.store.row.ContributionList;
import io.kenbun.lite.store.row.FadingAmounts;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lead's stored events as the engine replays them, and scores at any time: the one place that
 * reads either. Stateless; for a connection of the caller's.
 */
public final class History {
  /** With the metadata as JSON to be put in, and what more is to be read. */
  private static final String EVENTS =
      """
      SELECT e.seq, e.ts, t.name, e.contributions, e.marks,
        CASE WHEN e.seq < 0 AND t.name = 'DECAY' THEN %1$s ->> 'points' END,
        CASE WHEN e.seq < 0 AND t.name = 'DECAY' THEN %1$s ->> 'inactive_since' END%2$s
      FROM event e JOIN event_type t ON t.key = e.event_type
      WHERE e.lead = ?""";

  private History() {}

  /** Returns all that matters of the lead's events, suppressed ones left out, in no order. */
  public static List<Replay.Past> of(Connection connection, long lead) throws SQLException {
    List<Replay.Past> history = new ArrayList<>();
    Map<String, List<Contribution>> known = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(events(connection, "") + " AND e.suppression_reason IS NULL")) {
      select.setLong(1, lead);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          history.add(past(rows, known));
        }
      }
    }
    return history;
  }

  private static String events(Connection connection, String more) {
    return EVENTS.formatted(Dialect.of(connection).json("e.metadata"), more);
  }

  private static Replay.Past past(ResultSet row, Map<String, List<Contribution>> known)
      throws SQLException {
    long seq = row.getLong(1);
    String text = row.getString(4);
    List<Contribution> contributions =
        text == null ? List.of() : known.computeIfAbsent(text, ContributionList::read);
    return new Replay.Past(
        seq,
        row.getLong(2),
        contributions,
        Policies.isActivity(row.getString(3)),
        (row.getInt(5) & ScoredEvent.REMOVED) != 0,
        decay(row, seq, contributions));
  }

  /**
   * Returns all of the lead's events, suppressed ones and metadata included, in no order; of more
   * than {@code max} one more than that.
   */
  public static List<RulesTrial.Past> tried(
      Connection connection, long lead, int max, MetadataReader reader) throws SQLException {
    List<RulesTrial.Past> events = new ArrayList<>();
    Map<String, List<Contribution>> known = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            events(connection, ", e.metadata, e.suppression_reason") + " LIMIT ?")) {
      select.setLong(1, lead);
      select.setInt(2, max + 1);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          String metadata = rows.getString(8);
          events.add(
              new RulesTrial.Past(
                  past(rows, known),
                  rows.getString(3),
                  rows.getString(9) != null,
                  metadata == null ? Map::of : new Lazily(metadata, reader)));
        }
      }
    }
    return events;
  }

  /** Metadata that is read when it is first asked for. One thread. */
  private static final class Lazily implements Supplier<Map<String, @Nullable Object>> {
    private final String text;
    private final MetadataReader reader;
    private @Nullable Map<String, @Nullable Object> read;

    Lazily(String text, MetadataReader reader) {
      this.text = text;
      this.reader = reader;
    }

    @Override
    public Map<String, @Nullable Object> get() {
      Map<String, @Nullable Object> values = read;
      if (values == null) {
        values = reader.read(text);
        read = values;
      }
      return values;
    }
  }

  private static Replay.@Nullable PastDecay decay(
      ResultSet row, long seq, List<Contribution> contributions) throws SQLException {
    if (!EventId.isSystem(seq) || contributions.isEmpty()) {
      return null;
    }
    double points = row.getDouble(6);
    Instant inactiveSince = Instant.parse(row.getString(7));
    Contribution contribution = contributions.get(0);
    return new Replay.PastDecay(
        -contribution.hits().get(0).rule(),
        contribution.ruleset(),
        points,
        inactiveSince.toEpochMilli());
  }

  /**
   * Returns the lead's scores at a time, rounded, by ruleset key; a ruleset that never gave it
   * anything is missing. Read off what stands; off all of its events when half-lives have changed
   * since, or for a time before its newest event.
   *
   * @param engine the rules in force
   */
  public static Map<Long, Long> scoresAt(
      Connection connection, long lead, Engine engine, long timeMillis) throws SQLException {
    boolean allowNegative = engine.halfLives().allowNegativeScores();
    Map<Long, Long> scores = new LinkedHashMap<>(4);
    boolean known;
    long resetMillis;
    try (PreparedStatement select =
        connection.prepareStatement("SELECT fades, score_reset_at FROM lead WHERE key = ?")) {
      select.setLong(1, lead);
      try (ResultSet row = select.executeQuery()) {
        boolean found = row.next();
        known = found && row.getLong(1) == engine.halfLives().fingerprint();
        Long reset = found ? Sql.optionalLong(row, 2) : null;
        resetMillis = reset == null ? Standing.NEVER : reset;
      }
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT flat, fading, ref, ruleset FROM score WHERE lead = ?")) {
      select.setLong(1, lead);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Standing standing = FadingAmounts.read(rows, 1, rows.getLong(4), Standing.NEVER);
          known &= standing.isKnownAt(timeMillis);
          scores.put(standing.ruleset(), standing.scoreAt(timeMillis, allowNegative));
        }
      }
    }
    return known ? scores : replayed(connection, lead, engine, timeMillis, resetMillis, scores);
  }

  private static Map<Long, Long> replayed(
      Connection connection,
      long lead,
      Engine engine,
      long timeMillis,
      long resetMillis,
      Map<Long, Long> scores)
      throws SQLException {
    Ledger ledger = new Ledger(Standing.NEVER, Standing.NEVER, resetMillis);
    ledger.watch(timeMillis);
    Replay.run(ledger, of(connection, lead), engine, timeMillis);
    scores.replaceAll((ruleset, score) -> 0L);
    ledger
        .watched()
        .forEach(
            (ruleset, sum) ->
                scores.put(ruleset, Policies.shown(sum, engine.halfLives().allowNegativeScores())));
    return scores;
  }
}
