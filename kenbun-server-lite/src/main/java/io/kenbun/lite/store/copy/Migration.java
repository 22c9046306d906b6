package io.kenbun.lite.store.copy;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.postgres.PostgresDatabase;
import io.kenbun.lite.store.postgres.PostgresUrl;
import io.kenbun.lite.store.postgres.QueueState;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sqlite.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies everything from a data directory into a database of PostgreSQL, or back, while no server
 * runs on either. What was copied is noted with it, so that one that was broken off goes on where
 * it was; at the end every table is counted, and every score compared.
 *
 * <pre>
 *   table by table, a range of keys at a time: [ rows, migration.copied_to ] one transaction ──&gt; sequences ──&gt; compared
 * </pre>
 *
 * <p>The queue of the source must be empty: what is scored there needs no cursor here.
 */
public final class Migration implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Migration.class);
  private static final int ROWS_AT_ONCE = 5_000;

  /**
   * A table that both have.
   *
   * @param by a column of whole numbers whose ranges are copied one by one; null for a small table
   */
  private record Table(String name, @Nullable String by) {}

  private static final List<Table> TABLES =
      List.of(
          new Table("setting", null),
          new Table("org_unit", null),
          new Table("last_key", null),
          new Table("ruleset", null),
          new Table("rule", null),
          new Table("rule_filter", null),
          new Table("level", null),
          new Table("decay_rule", null),
          new Table("metadata_filter", null),
          new Table("metadata_filter_condition", null),
          new Table("velocity_filter", null),
          new Table("profile_mapping", null),
          new Table("profile_ruleset", null),
          new Table("profile_rule", null),
          new Table("organization_setting", null),
          new Table("unit_setting", null),
          new Table("hidden_event_type", null),
          new Table("event_type", "key"),
          new Table("lead", "key"),
          new Table("alias", "lead"),
          new Table("score", "lead"),
          new Table("score_segment", "lead"),
          new Table("profile_score", "lead"),
          new Table("trigger_memory", "lead"),
          new Table("event", "seq"),
          new Table("failed_event", "seq"),
          new Table("seen", "seq"),
          new Table("secret", null),
          new Table("token", null),
          new Table("share", null),
          new Table("rescore", null),
          new Table("event_deletion", null),
          new Table("lead_deletion", null),
          new Table("watch", null),
          new Table("milestone", null),
          new Table("sequence", null),
          new Table("surge", null),
          new Table("firing", "key"),
          new Table("notification_channel", null),
          new Table("destination", "key"),
          new Table("delivery", "key"),
          new Table("notification_pref", null));

  private final Connection from;
  private final Connection to;
  private final String target;

  /** Is shown how far it is. Must be quick. */
  public interface Watcher {
    /** {@code done} rows of {@code total} are copied, the last of {@code table}. */
    void copied(String table, long done, long total);
  }

  private Migration(Connection from, Connection to, String target) {
    this.from = from;
    this.to = to;
    this.target = target;
  }

  /**
   * Opens both ends; each is a data directory or {@code jdbc:postgresql://…}.
   *
   * @throws StorageException when one cannot be used, or the target holds something else
   */
  public static Migration open(String from, String to) throws StorageException {
    if (isPostgres(from) == isPostgres(to)) {
      throw new StorageException(
          "one of --from and --to is a data directory and the other jdbc:postgresql://…");
    }
    Connection source = null;
    Connection target = null;
    try {
      source = isPostgres(from) ? postgres(from) : files(Path.of(from));
      target = isPostgres(to) ? postgres(to) : files(Path.of(to));
      Migration migration =
          new Migration(source, target, isPostgres(to) ? PostgresUrl.of(to).place() : to);
      migration.begin();
      return migration;
    } catch (SQLException e) {
      close(source);
      close(target);
      throw Database.failure("the two ends could not be opened", e);
    } catch (StorageException e) {
      close(source);
      close(target);
      throw e;
    }
  }

  private static boolean isPostgres(String end) {
    return end.startsWith("jdbc:");
  }

  private static Connection postgres(String url) throws StorageException, SQLException {
    PostgresUrl parsed = PostgresUrl.of(url);
    PostgresDatabase.open(parsed, 1, 1).close(); // Makes the tables, or says what is wrong.
    Connection connection = parsed.connect();
    connection.setAutoCommit(false);
    return connection;
  }

  /** Opens both files as one: no table of theirs has the name of another. */
  private static Connection files(Path data) throws SQLException {
    Connection connection = SqliteDatabase.openPlain(data.resolve(Snapshot.KENBUN));
    try (PreparedStatement attach = connection.prepareStatement("ATTACH ? AS ingest")) {
      attach.setString(1, data.resolve(Snapshot.INGEST).toString());
      attach.execute();
    }
    connection.setAutoCommit(false);
    return connection;
  }

  /** Says whether there is a data directory at {@code path}. */
  public static boolean isData(Path path) {
    return Files.isRegularFile(path.resolve(Snapshot.KENBUN));
  }

  private void begin() throws SQLException, StorageException {
    long waiting =
        Dialect.of(from) == Dialect.POSTGRES
            ? QueueState.waiting(from, Long.MAX_VALUE)
            : new Sql("SELECT count(*) FROM outbox WHERE seq > (SELECT cursor FROM progress)")
                .number(from);
    if (waiting > 0) {
      throw new StorageException(waiting + " events wait to be scored at the source");
    }
    Database.execute(
        to,
        "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, copied_to BIGINT NOT NULL)");
    boolean hasBegun = new Sql("SELECT count(*) FROM migration").number(to) > 0;
    if (!hasBegun && new Sql("SELECT count(*) FROM org_unit").number(to) > 0) {
      throw new StorageException(target + " holds units already; nothing is written over them");
    }
    if (!hasBegun) {
      Database.execute(to, "DELETE FROM last_key"); // The source's numbers come in their place.
      new Sql("INSERT INTO migration VALUES ('', 0)").run(to);
    }
    to.commit();
  }

  /**
   * Copies what is not copied yet.
   *
   * @return how many rows there are
   */
  public long copy(Watcher watcher) throws StorageException {
    try {
      long total = 0;
      for (Table table : TABLES) {
        total += new Sql("SELECT count(*) FROM " + table.name).number(from);
      }
      long done = 0;
      for (Table table : TABLES) {
        done = copy(table, done, total, watcher);
      }
      finish();
      return total;
    } catch (SQLException e) {
      throw Database.failure("copying failed, and goes on where it was when it is begun again", e);
    }
  }

  private long copy(Table table, long before, long total, Watcher watcher) throws SQLException {
    List<String> columns = columns(table);
    String list = String.join(", ", columns);
    String marks = String.join(", ", Collections.nCopies(columns.size(), "?"));
    List<Long> known =
        new Sql("SELECT copied_to FROM migration WHERE name = ?", table.name).numbers(to);
    long after = known.isEmpty() ? Long.MIN_VALUE : known.get(0);
    long done = before;
    if (after > Long.MIN_VALUE) {
      done += new Sql("SELECT count(*) FROM " + table.name).number(to);
    }
    while (after < Long.MAX_VALUE) {
      long until = table.by == null ? Long.MAX_VALUE : end(table.name, table.by, after);
      Sql range =
          table.by == null
              ? new Sql("SELECT " + list + " FROM " + table.name)
              : new Sql(
                  "SELECT "
                      + list
                      + " FROM "
                      + table.name
                      + " WHERE "
                      + table.by
                      + " > ? AND "
                      + table.by
                      + " <= ?",
                  after,
                  until);
      try (PreparedStatement select = range.in(from);
          ResultSet rows = select.executeQuery();
          PreparedStatement insert =
              to.prepareStatement(
                  "INSERT INTO " + table.name + " (" + list + ") VALUES (" + marks + ")")) {
        long written = write(rows, insert, columns.size());
        done += written;
      }
      new Sql(
              """
              INSERT INTO migration VALUES (?, ?)
              ON CONFLICT (name) DO UPDATE SET copied_to = excluded.copied_to""",
              table.name,
              until)
          .run(to);
      to.commit();
      watcher.copied(table.name, done, total);
      after = until;
    }
    return done;
  }

  private static long write(ResultSet rows, PreparedStatement insert, int columns)
      throws SQLException {
    long written = 0;
    while (rows.next()) {
      for (int i = 1; i <= columns; i++) {
        Object value = rows.getObject(i);
        // PostgreSQL has no place for the character of code 0.
        insert.setObject(i, value instanceof String text ? text.replace('\0', '\ufffd') : value);
      }
      insert.addBatch();
      if (++written % 1_000 == 0) {
        insert.executeBatch();
      }
    }
    insert.executeBatch();
    return written;
  }

  /** Returns the end of the next range of so many rows, of which there may be more with one key. */
  private long end(String table, String by, long after) throws SQLException {
    List<Long> next =
        new Sql(
                "SELECT "
                    + by
                    + " FROM "
                    + table
                    + " WHERE "
                    + by
                    + " > ? ORDER BY "
                    + by
                    + " LIMIT 1 OFFSET "
                    + (ROWS_AT_ONCE - 1),
                after)
            .numbers(from);
    return next.isEmpty() ? Long.MAX_VALUE : next.get(0);
  }

  /** Returns the columns of the table at the target; of `event_type` all but its count. */
  private List<String> columns(Table table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (PreparedStatement select =
            to.prepareStatement("SELECT * FROM " + table.name + " LIMIT 0");
        ResultSet rows = select.executeQuery()) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(rows.getMetaData().getColumnName(i));
      }
    }
    return columns;
  }

  /** Has numbers go on where they were. */
  private void finish() throws SQLException {
    if (new Sql("SELECT count(*) FROM migration WHERE name = 'numbers'").number(to) > 0) {
      return;
    }
    if (Dialect.of(to) == Dialect.POSTGRES) {
      finishPostgres();
    } else {
      finishFiles();
    }
    new Sql("INSERT INTO migration VALUES ('numbers', 0)").run(to);
    to.commit();
  }

  private void finishPostgres() throws SQLException {
    Database.execute(to, "DELETE FROM event_tally");
    Database.execute(
        to, "INSERT INTO event_tally SELECT key, 0, events FROM event_type WHERE events <> 0");
    Database.execute(to, "UPDATE event_type SET events = 0");
    long lastSeq = Math.max(1, new Sql("SELECT cursor FROM progress").number(from));
    long systemSeq = new Sql("SELECT system_seq FROM progress").number(from);
    set("event_seq", lastSeq);
    if (systemSeq > -4611686018427387904L) {
      set("system_seq", systemSeq);
    }
    List<Long> firing = new Sql("SELECT key FROM last_key WHERE name = 'firing'").numbers(from);
    set("firing_block", (firing.isEmpty() ? 0 : firing.get(0) / 4_096) + 1);
    set("lead_key", 1 + new Sql("SELECT coalesce(max(key), 0) FROM lead").number(to));
    for (String table : List.of("org_unit", "event_type", "firing", "destination", "delivery")) {
      long last = new Sql("SELECT coalesce(max(key), 0) FROM " + table).number(to);
      new Sql("SELECT setval(pg_get_serial_sequence(?, 'key'), ?)", table, last + 1).number(to);
    }
    Database.execute(to, "DELETE FROM last_key WHERE name = 'firing'");
  }

  private void set(String sequence, long last) throws SQLException {
    new Sql("SELECT setval(CAST(? AS regclass), ?)", sequence, last).number(to);
  }

  private void finishFiles() throws SQLException {
    Database.execute(
        to,
        """
        UPDATE event_type SET events =
          (SELECT count(*) FROM event WHERE event.event_type = event_type.key)""");
    Database.execute(to, "DELETE FROM event_run");
    Database.execute(to, "INSERT INTO event_run SELECT seq >> 18, max(ts) FROM event GROUP BY 1");
    new Sql(
            "UPDATE progress SET cursor = ?, system_seq = ?",
            new Sql("SELECT last_value FROM event_seq").number(from),
            new Sql("SELECT last_value FROM system_seq").number(from))
        .run(to);
    new Sql(
            "INSERT OR REPLACE INTO last_key VALUES ('firing', ?)",
            new Sql("SELECT last_value * 4096 + 4096 FROM firing_block").number(from))
        .run(to);
  }

  /**
   * Compares what both hold: how many rows each table has, and every score.
   *
   * @return what differs; empty when all is well, and then the target is ready to be served
   */
  public List<String> differences() throws StorageException {
    List<String> differences = new ArrayList<>();
    try {
      for (Table table : TABLES) {
        if (table.name.equals("last_key")) {
          continue; // One of the two counts firings elsewhere.
        }
        Sql count = new Sql("SELECT count(*) FROM " + table.name);
        long there = count.number(from);
        long here = count.number(to);
        if (there != here) {
          differences.add(table.name + ": " + there + " rows at the source, " + here + " copied");
        }
      }
      compareScores(differences);
      from.rollback();
      to.rollback();
      if (differences.isEmpty()) {
        Database.execute(to, "DROP TABLE migration");
        to.commit();
      }
      return differences;
    } catch (SQLException e) {
      throw Database.failure("comparing failed", e);
    }
  }

  private void compareScores(List<String> differences) throws SQLException {
    String query = "SELECT lead, ruleset, score, flat FROM score ORDER BY lead, ruleset";
    try (PreparedStatement theirs = from.prepareStatement(query);
        PreparedStatement ours = to.prepareStatement(query)) {
      theirs.setFetchSize(1_000);
      ours.setFetchSize(1_000);
      try (ResultSet there = theirs.executeQuery();
          ResultSet here = ours.executeQuery()) {
        while (there.next() && here.next() && differences.size() < 20) {
          if (there.getLong(1) != here.getLong(1)
              || there.getLong(2) != here.getLong(2)
              || there.getLong(3) != here.getLong(3)
              || Double.compare(there.getDouble(4), here.getDouble(4)) != 0) {
            differences.add("the score of lead " + there.getLong(1) + " differs");
          }
        }
      }
    }
  }

  private static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        log.debug("Closing failed", e);
      }
    }
  }

  @Override
  public void close() {
    close(from);
    close(to);
  }
}
