package io.kenbun.lite.store.leads;

import io.kenbun.lite.engine.HalfLives;
import io.kenbun.lite.engine.Ledger;
import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.pipeline.LeadBook;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.store.row.FadingAmounts;
import io.kenbun.lite.store.row.KeyOrder;
import io.kenbun.lite.store.sql.RowBatch;
import io.kenbun.lite.store.sql.RowChange;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leads and their scores as rows; for one transaction. */
public final class LeadRows {
  /**
   * After how many rows a statement is run. The driver keeps the parameters of all rows until then,
   * and those of a large transaction would live long enough to be copied by the garbage collector.
   */
  public static final int ROWS_AT_ONCE = 500;

  /** What {@link #read} reads of a lead {@code l}. */
  public static final String LEAD_COLUMNS =
      """
      SELECT l.key, l.unit, l.lead_id, l.created_at, l.updated_at, l.last_event_at, l.last_event_type,
        l.score_reset_at, l.folded_to, l.decay_due, l.fades, l.profile,
        l.watched_at""";

  private static final String COMMON =
      """
      updated_at bigint, last_event_at bigint, last_event_type bigint, folded_to bigint,
      watched_at bigint""";
  private static final String RARE =
      ", score_reset_at bigint, decay_due bigint, fades bigint, profile text";
  private static final RowChange INSERT =
      RowChange.insert(
          "lead", COMMON + RARE + ", key bigint, unit bigint, lead_id text, created_at bigint");
  private static final RowChange UPDATE = RowChange.update("lead", COMMON + ", key bigint");
  private static final RowChange UPDATE_ALL =
      RowChange.update("lead", COMMON + RARE + ", key bigint");
  private static final RowChange SCORE =
      RowChange.insert(
              "score",
              """
              lead bigint, ruleset bigint, score bigint, flat float8, fading bytea, ref bigint,
              settled bigint, since_hour bigint""")
          .onConflict(
              """
              (lead, ruleset) DO UPDATE SET score = excluded.score, flat = excluded.flat,
                fading = excluded.fading, ref = excluded.ref, settled = excluded.settled,
                since_hour = excluded.since_hour""");
  private static final RowChange SEGMENT =
      RowChange.insert(
              "score_segment",
              "lead bigint, ruleset bigint, from_hour bigint, flat float8, fading bytea, ref bigint")
          .onConflict("DO NOTHING");
  private static final RowChange ALIAS =
      RowChange.insert(
          "alias",
          "unit bigint, kind text, value text, lead bigint, raw_value text, created_at bigint");

  private final Connection connection;
  private final Statements statements;
  private final LeadCache cache;
  private final @Nullable LeadColumns columns;
  private final EventTypes eventTypes;
  private final long nowMillis;

  public LeadRows(
      Connection connection,
      Statements statements,
      LeadCache cache,
      @Nullable LeadColumns columns,
      EventTypes eventTypes,
      long nowMillis) {
    this.connection = connection;
    this.statements = statements;
    this.cache = cache;
    this.columns = columns;
    this.eventTypes = eventTypes;
    this.nowMillis = nowMillis;
  }

  private PreparedStatement prepared(String text) throws SQLException {
    return statements.of(connection, text);
  }

  /** Returns the lead of that id, the one it was merged into if it was, or null. */
  public @Nullable LeadState byLeadId(long unit, String leadId) throws SQLException {
    PreparedStatement select =
        prepared(
            LEAD_COLUMNS
                + " FROM lead x JOIN lead l ON l.key = coalesce(x.merged_into, x.key)"
                + " WHERE x.unit = ? AND x.lead_id = ?");
    select.setLong(1, unit);
    select.setString(2, leadId);
    return lead(select);
  }

  /** Returns the lead that the alias belongs to, or null. */
  public @Nullable LeadState byAlias(LeadBook.AliasKey alias) throws SQLException {
    PreparedStatement select =
        prepared(
            LEAD_COLUMNS
                + " FROM alias a JOIN lead l ON l.key = a.lead"
                + " WHERE a.unit = ? AND a.kind = ? AND a.value = ?");
    select.setLong(1, alias.unit());
    select.setString(2, alias.kind().wireName());
    select.setString(3, alias.key());
    return lead(select);
  }

  /** Returns the lead of that key, or null. */
  public @Nullable LeadState byKey(long key) throws SQLException {
    LeadState cached = cache.lead(key);
    if (cached != null) {
      return cached;
    }
    PreparedStatement select =
        prepared(LEAD_COLUMNS + " FROM lead l WHERE l.key = ? AND l.merged_into IS NULL");
    select.setLong(1, key);
    return lead(select, false);
  }

  private @Nullable LeadState lead(PreparedStatement query) throws SQLException {
    return lead(query, true);
  }

  /**
   * Runs a query for one lead; two names of one lead give one and the same object.
   *
   * @param keep whether it is likely to come again soon
   */
  private @Nullable LeadState lead(PreparedStatement query, boolean keep) throws SQLException {
    LeadState lead;
    try (ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      LeadState cached = cache.lead(row.getLong(1));
      if (cached != null) {
        return cached;
      }
      lead = read(row);
    }
    enterScores(lead);
    lead.saved();
    if (keep) {
      cache.put(lead);
    }
    return lead;
  }

  /** Reads a lead, without its scores. */
  public LeadState read(ResultSet row) throws SQLException {
    Long lastEventType = Sql.optionalLong(row, 7);
    LeadState lead =
        new LeadState(
            row.getLong(1),
            row.getLong(2),
            row.getString(3),
            row.getLong(4),
            row.getLong(5),
            lastEventType == null ? null : eventTypes.name(connection, lastEventType),
            new Ledger(time(row, 6), time(row, 9), time(row, 8)),
            row.getLong(11));
    Long decayDue = Sql.optionalLong(row, 10);
    lead.decayDueMillis(decayDue == null ? Long.MAX_VALUE : decayDue);
    lead.profile(row.getString(12));
    lead.watchedAtMillis(time(row, 13));
    return lead;
  }

  private static long time(ResultSet row, int column) throws SQLException {
    Long millis = Sql.optionalLong(row, column);
    return millis == null ? Standing.NEVER : millis;
  }

  private void enterScores(LeadState lead) throws SQLException {
    PreparedStatement select =
        prepared(
            "SELECT flat, fading, ref, settled, ruleset, since_hour FROM score WHERE lead = ?");
    select.setLong(1, lead.key());
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        enterScore(lead, rows);
      }
    }
  }

  /** Reads {@code flat, fading, ref, settled, ruleset, since_hour} of one of the lead's scores. */
  public static void enterScore(LeadState lead, ResultSet row) throws SQLException {
    lead.enter(FadingAmounts.read(row, 1, row.getLong(5), time(row, 4)), row.getLong(6));
  }

  /** Writes leads that are new or changed, in the order of their pages. */
  public void save(LeadBook book) throws SQLException {
    List<LeadState> changed = KeyOrder.of(book.changed(), LeadState::key);
    int rows = 0;
    RowBatch insert = statements.of(connection, INSERT);
    RowBatch update = statements.of(connection, UPDATE);
    RowBatch updateAll = statements.of(connection, UPDATE_ALL);
    for (LeadState lead : changed) {
      RowBatch row = lead.isNew() ? insert : lead.isRarelyChanged() ? updateAll : update;
      setCommon(row, lead);
      boolean all = lead.isNew() || lead.isRarelyChanged();
      if (all) {
        setRare(row, lead);
      }
      row.setLong(all ? 10 : 6, lead.key());
      if (lead.isNew()) {
        row.setLong(11, lead.unit());
        row.setString(12, lead.leadId());
        row.setLong(13, lead.createdAtMillis());
      }
      row.add();
      if (++rows % ROWS_AT_ONCE == 0) {
        row.execute();
      }
    }
    insert.execute();
    update.execute();
    updateAll.execute();
    saveScores(changed);
    refreshScores(book.refreshed());
    saveProfileScores(changed);
    if (columns != null) {
      columns.update(
          changed,
          book.refreshed(),
          nowMillis,
          (unit, type) -> eventTypes.key(connection, unit, type));
    }
    for (LeadState lead : changed) {
      if (lead.isNew()) {
        cache.put(lead);
      }
      lead.saved();
    }
    saveAliases(book.newAliases());
  }

  private void setCommon(RowBatch row, LeadState lead) throws SQLException {
    row.setLong(1, lead.updatedAtMillis());
    setTime(row, 2, lead.ledger().activityMillis());
    String type = lead.lastEventType();
    if (type == null) {
      row.setNull(3);
    } else {
      row.setLong(3, eventTypes.key(connection, lead.unit(), type));
    }
    setTime(row, 4, lead.ledger().foldedMillis());
    setTime(row, 5, lead.watchedAtMillis());
  }

  private static void setRare(RowBatch row, LeadState lead) throws SQLException {
    setTime(row, 6, lead.ledger().resetMillis());
    if (lead.decayDueMillis() == Long.MAX_VALUE) {
      row.setNull(7);
    } else {
      row.setLong(7, lead.decayDueMillis());
    }
    row.setLong(8, lead.fades());
    row.setString(9, lead.profile());
  }

  private static void setTime(RowBatch row, int at, long millis) throws SQLException {
    if (millis == Standing.NEVER) {
      row.setNull(at);
    } else {
      row.setLong(at, millis);
    }
  }

  private void saveScores(List<LeadState> leads) throws SQLException {
    RowBatch upsert = statements.of(connection, SCORE);
    RowBatch segment = statements.of(connection, SEGMENT);
    int rows = 0;
    for (LeadState lead : leads) {
      boolean allowNegative = HalfLives.allowsNegativeScores(lead.fades());
      List<Standing> standings = lead.ledger().standings();
      for (int i = 0; i < standings.size(); i++) {
        Standing standing = standings.get(i);
        if (!standing.isChanged()) {
          continue;
        }
        LeadState.Kept kept = lead.kept(standing.ruleset(), nowMillis);
        Standing before = kept.before();
        if (before != null) {
          segment.setLong(1, lead.key());
          segment.setLong(2, standing.ruleset());
          segment.setLong(3, kept.sinceHour());
          FadingAmounts.set(segment, 4, before);
          segment.add();
        }
        lead.saved(kept, nowMillis);
        upsert.setLong(1, lead.key());
        upsert.setLong(2, standing.ruleset());
        upsert.setLong(3, standing.scoreAt(nowMillis, allowNegative));
        FadingAmounts.set(upsert, 4, standing);
        setTime(upsert, 7, standing.settledMillis());
        upsert.setLong(8, kept.sinceHour());
        upsert.add();
        standing.saved();
        if (++rows % ROWS_AT_ONCE == 0) {
          upsert.execute();
        }
      }
    }
    segment.execute();
    upsert.execute();
  }

  /** Writes what fading scores come to now, where that is something else than it was. */
  private void refreshScores(List<LeadState> leads) throws SQLException {
    if (leads.isEmpty()) {
      return;
    }
    PreparedStatement update =
        prepared("UPDATE score SET score = ? WHERE lead = ? AND ruleset = ? AND score <> ?");
    for (LeadState lead : leads) {
      for (Standing standing : lead.ledger().standings()) {
        if (standing.fadingCount() > 0) {
          boolean allowNegative = HalfLives.allowsNegativeScores(lead.fades());
          long score = standing.scoreAt(nowMillis, allowNegative);
          update.setLong(1, score);
          update.setLong(2, lead.key());
          update.setLong(3, standing.ruleset());
          update.setLong(4, score);
          update.addBatch();
        }
      }
    }
    update.executeBatch();
  }

  private void saveProfileScores(List<LeadState> leads) throws SQLException {
    PreparedStatement upsert = null;
    for (LeadState lead : leads) {
      Map<Long, Long> scores = lead.newProfileScores();
      if (scores == null) {
        continue;
      }
      for (Map.Entry<Long, Long> score : scores.entrySet()) {
        if (upsert == null) {
          upsert =
              prepared(
                  """
                  INSERT INTO profile_score (lead, ruleset, score) VALUES (?, ?, ?)
                  ON CONFLICT (lead, ruleset) DO UPDATE SET score = excluded.score""");
        }
        upsert.setLong(1, lead.key());
        upsert.setLong(2, score.getKey());
        upsert.setLong(3, score.getValue());
        upsert.addBatch();
      }
    }
    if (upsert != null) {
      upsert.executeBatch();
    }
  }

  private void saveAliases(List<LeadBook.NewAlias> aliases) throws SQLException {
    if (aliases.isEmpty()) {
      return;
    }
    RowBatch insert = statements.of(connection, ALIAS);
    for (LeadBook.NewAlias alias : aliases) {
      insert.setLong(1, alias.key().unit());
      insert.setString(2, alias.key().kind().wireName());
      insert.setString(3, alias.key().key());
      insert.setLong(4, alias.lead().key());
      insert.setString(5, alias.value());
      insert.setLong(6, alias.createdAtMillis());
      insert.add();
      cache.put(alias.key(), alias.lead());
    }
    insert.execute();
  }
}
