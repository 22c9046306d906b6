package io.kenbun.lite.store.sql;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;

/**
 * What has to be said in one way to SQLite and in another to PostgreSQL. All other SQL of this
 * package is understood by both: parameters by place, {@code IS NOT DISTINCT FROM}, {@code ON
 * CONFLICT}, {@code RETURNING}, flags as 0 and 1.
 *
 * <p>Constants of it stand in statements as they are; nothing from outside comes through here.
 */
public enum Dialect {
  SQLITE {
    // The index of a lead's events is kept in runs, see EventRuns.
    @Override
    public String eventsSince(String comparison) {
      return EventRuns.JOIN + " WHERE r.newest " + comparison + " ?";
    }

    // The newest run first: of what is sorted little is displaced again by what comes later.
    @Override
    public String eventsOfLead() {
      return """
       FROM (SELECT run FROM event_run ORDER BY run DESC LIMIT -1) r
       CROSS JOIN event e INDEXED BY event_of_lead ON e.seq >> 18 = +r.run""";
    }

    @Override
    public String json(String column) {
      return column;
    }

    @Override
    public String keys(String column) {
      return "json_each(" + column + ")";
    }

    @Override
    public String profile() {
      return """
      (SELECT json_group_object(p.key, p.value -> '$.value') FROM json_each(l.profile) p)""";
    }

    @Override
    public String fromTheSystem() {
      return "json_set(coalesce(metadata, '{}'), '$.channel', 'system')";
    }

    @Override
    public String contains(String text) {
      return "instr(lower(" + text + "), lower(?)) > 0";
    }

    @Override
    public String eventCounts() {
      return "event_type";
    }

    @Override
    public String addToEventCount() {
      return "UPDATE event_type SET events = events + ? WHERE key = ?";
    }

    @Override
    public String nextSystemSeq() {
      return "UPDATE progress SET system_seq = system_seq + 1 RETURNING system_seq";
    }

    @Override
    public String lastFiringKey() {
      return "SELECT key FROM last_key WHERE name = 'firing'";
    }

    @Override
    public String lastDeliveryKey() {
      return "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'delivery'";
    }

    @Override
    public String lastScoredSeq() {
      return "(SELECT cursor FROM progress)";
    }

    @Override
    public void keepDeliveriesInOrder(Connection connection) {}

    @Override
    public void tellChanged(Connection connection, long destination) {}
  },

  POSTGRES {
    @Override
    public String eventsSince(String comparison) {
      return " event e WHERE e.ts " + comparison + " ?";
    }

    @Override
    public String eventsOfLead() {
      return " FROM event e";
    }

    @Override
    public String json(String column) {
      return "CAST(" + column + " AS json)";
    }

    @Override
    public String keys(String column) {
      return "LATERAL (SELECT json_object_keys(" + json(column) + ") AS key)";
    }

    @Override
    public String profile() {
      return """
      (SELECT '{' || coalesce(string_agg(CAST(to_json(p.key) AS text) || ':'
         || CAST(p.value -> 'value' AS text), ','), '') || '}'
       FROM json_each(CAST(l.profile AS json)) p)""";
    }

    @Override
    public String fromTheSystem() {
      return """
      (SELECT '{' || coalesce(string_agg(CAST(to_json(p.key) AS text) || ':'
         || CASE WHEN p.key = 'channel' THEN '"system"' ELSE CAST(p.value AS text) END, ','), '')
         || CASE WHEN bool_or(p.key = 'channel') THEN '' WHEN count(*) = 0 THEN '"channel":"system"'
           ELSE ',"channel":"system"' END || '}'
       FROM json_each(CAST(coalesce(metadata, '{}') AS json)) p)""";
    }

    @Override
    public String contains(String text) {
      return "strpos(lower(" + text + "), lower(?)) > 0";
    }

    @Override
    public String eventCounts() {
      return "event_count";
    }

    // One row of all would be what every scoring transaction waits for.
    @Override
    public String addToEventCount() {
      return """
      INSERT INTO event_tally (events, event_type, slot) VALUES (?, ?, pg_backend_pid() % 64)
      ON CONFLICT (event_type, slot) DO UPDATE SET events = event_tally.events + excluded.events""";
    }

    @Override
    public String nextSystemSeq() {
      return "SELECT nextval('system_seq')";
    }

    // A number for this transaction; what it counts on from there stays below the next one.
    @Override
    public String lastFiringKey() {
      return "SELECT nextval('firing_block') * 4096";
    }

    @Override
    public String lastDeliveryKey() {
      return "SELECT coalesce(max(key), 0) FROM delivery";
    }

    // No key of a lead is ever given again: none of its events is another lead's.
    @Override
    public String lastScoredSeq() {
      return "9223372036854775807";
    }

    @Override
    public void keepDeliveriesInOrder(Connection connection) throws SQLException {
      new Sql("SELECT count(pg_advisory_xact_lock(?))", DELIVERY_LOCK).number(connection);
    }

    @Override
    public void tellChanged(Connection connection, long destination) throws SQLException {
      Notice.ofDestination(connection, destination);
    }
  };

  private static final long DELIVERY_LOCK = 0x6b656e62756e02L; // "kenbun", 2.

  /** Returns what the connection understands. */
  public static Dialect of(Connection connection) {
    return connection instanceof SQLiteConnection ? SQLITE : POSTGRES;
  }

  /**
   * Returns events {@code e}, for behind a FROM, among which are all with a timestamp that compares
   * so with one parameter; more conditions may follow, that one among them.
   */
  public abstract String eventsSince(String comparison);

  /** Returns FROM and all events {@code e}; a condition on their lead is to follow. */
  public abstract String eventsOfLead();

  /** Returns a column that holds JSON as what {@code ->>} and {@code json_each} take. */
  public abstract String json(String column);

  /** Returns the keys of a column that holds a JSON object, for behind a FROM: {@code key}. */
  public abstract String keys(String column);

  /** Returns the fields of the lead {@code l} and their values, as JSON. */
  public abstract String profile();

  /** Returns the metadata of an event, marked as coming from the server. */
  public abstract String fromTheSystem();

  /** Returns the condition that a text holds the one parameter, in any case. */
  public abstract String contains(String text);

  /** Returns where {@code events}, by {@code unit} and {@code name} of the type, is to be read. */
  public abstract String eventCounts();

  /** Returns what adds its first parameter to the count of the type that its second one names. */
  public abstract String addToEventCount();

  /** Returns a query that gives a new seq for an event of the server's own. */
  public abstract String nextSystemSeq();

  /** Returns a query for the number that the next firing's id comes after. */
  public abstract String lastFiringKey();

  /** Returns a query for the key of the last delivery that was ever made, 0 for none. */
  public abstract String lastDeliveryKey();

  /**
   * Has deliveries committed in the order of their keys, by which the worker finds what is new;
   * called before a transaction's first one gets its key.
   */
  public abstract void keepDeliveriesInOrder(Connection connection) throws SQLException;

  /** Has other nodes told, with the commit, that a destination's deliveries were changed. */
  public abstract void tellChanged(Connection connection, long destination) throws SQLException;

  /** Returns up to which seq a lead's events may be stored by now. */
  public abstract String lastScoredSeq();
}
