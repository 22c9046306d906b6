package io.kenbun.lite.store.firing;

import io.kenbun.lite.engine.TriggerMemory;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.model.TriggerKind;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.LeadState;
import io.kenbun.lite.pipeline.Remembered;
import io.kenbun.lite.store.row.KeyOrder;
import io.kenbun.lite.store.row.TextList;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has fired and what triggers remember, as rows; for one transaction. */
public final class FiringRows {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int ID_DIGITS = 13;
  private static final int KEY_BITS = 20;

  private final Connection connection;
  private final Statements statements;
  private final long nowMillis;
  private long lastKey = -1;
  private long lastWrittenKey;

  public FiringRows(Connection connection, Statements statements, long nowMillis) {
    this.connection = connection;
    this.statements = statements;
    this.nowMillis = nowMillis;
  }

  private PreparedStatement prepared(String text) throws SQLException {
    return statements.of(connection, text);
  }

  /**
   * Returns an id that is new, also to receivers that have known an earlier data directory: the
   * time and a running number.
   *
   * <pre>
   *   "fir_" and 13 characters in base 32 of   milliseconds since 1970 (44 bits) | number (20 bits)
   * </pre>
   */
  public String newId() throws SQLException {
    if (lastKey < 0) {
      lastKey = Sql.number(prepared(Dialect.of(connection).lastFiringKey()));
      lastWrittenKey = lastKey;
    }
    lastKey++;
    long value = nowMillis << KEY_BITS | (lastKey & ((1 << KEY_BITS) - 1));
    char[] digits = new char[ID_DIGITS];
    for (int i = ID_DIGITS - 1; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (value & 31));
      value >>>= 5;
    }
    return "fir_" + new String(digits);
  }

  /** Writes the history. */
  public void insert(List<Fired> fired) throws SQLException {
    if (fired.isEmpty()) {
      return;
    }
    PreparedStatement insert =
        prepared(
            """
            INSERT INTO firing (id, unit, type, trigger, trigger_id, trigger_name, score_threshold,
              lead, lead_id, fired_at, score, previous_score, ruleset_id, engagement_level,
              event_type, event_id, event_types, count, window_seconds)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
    for (Fired one : fired) {
      set(insert, one.firing());
      insert.addBatch();
    }
    insert.executeBatch();
    if (lastKey > lastWrittenKey && Dialect.of(connection) == Dialect.SQLITE) {
      PreparedStatement update = prepared("UPDATE last_key SET key = ? WHERE name = 'firing'");
      update.setLong(1, lastKey);
      update.executeUpdate();
      lastWrittenKey = lastKey;
    }
  }

  private static void set(PreparedStatement insert, Firing firing) throws SQLException {
    insert.setString(1, firing.id());
    insert.setLong(2, firing.unit());
    insert.setString(3, firing.type().wireName());
    insert.setLong(4, firing.trigger());
    insert.setString(5, firing.triggerId());
    insert.setString(6, firing.triggerName());
    insert.setObject(7, firing.scoreThreshold());
    insert.setLong(8, firing.lead());
    insert.setString(9, firing.leadId());
    insert.setLong(10, firing.firedAtMillis());
    insert.setLong(11, firing.score());
    insert.setLong(12, firing.previousScore());
    insert.setString(13, firing.rulesetId());
    insert.setString(14, firing.engagementLevel());
    insert.setString(15, firing.eventType());
    insert.setString(16, firing.eventId());
    insert.setString(17, TextList.write(firing.eventTypes()));
    insert.setObject(18, firing.count());
    insert.setObject(19, firing.windowSeconds());
  }

  /** Returns what triggers remember of the lead. */
  public Map<Remembered.Key, TriggerMemory> memories(LeadState lead) throws SQLException {
    PreparedStatement select =
        prepared("SELECT kind, trigger, at, seq, marks FROM trigger_memory WHERE lead = ?");
    select.setLong(1, lead.key());
    Map<Remembered.Key, TriggerMemory> memories = new HashMap<>(4);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        memories.put(new Remembered.Key(kind(rows.getString(1)), rows.getLong(2)), memory(rows, 3));
      }
    }
    return memories;
  }

  /**
   * Reads {@code at}, {@code seq} and {@code marks}, which stand in that order from a column on.
   */
  static TriggerMemory memory(ResultSet row, int column) throws SQLException {
    return new TriggerMemory(row.getLong(column), row.getLong(column + 1), row.getInt(column + 2));
  }

  private static TriggerKind kind(String wireName) {
    for (TriggerKind kind : TriggerKind.values()) {
      if (kind.wireName().equals(wireName)) {
        return kind;
      }
    }
    throw new IllegalStateException("memory of an unknown kind of trigger: " + wireName);
  }

  public void remember(List<Remembered> memories) throws SQLException {
    if (memories.isEmpty()) {
      return;
    }
    PreparedStatement upsert =
        prepared(
            """
            INSERT INTO trigger_memory (lead, kind, trigger, at, seq, marks) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (lead, kind, trigger) DO UPDATE SET at = excluded.at, seq = excluded.seq,
              marks = excluded.marks""");
    for (Remembered remembered : KeyOrder.of(memories, one -> one.lead().key())) {
      upsert.setLong(1, remembered.lead().key());
      upsert.setString(2, remembered.trigger().kind().wireName());
      upsert.setLong(3, remembered.trigger().trigger());
      upsert.setLong(4, remembered.memory().atMillis());
      upsert.setLong(5, remembered.memory().seq());
      upsert.setInt(6, remembered.memory().marks());
      upsert.addBatch();
    }
    upsert.executeBatch();
  }
}
