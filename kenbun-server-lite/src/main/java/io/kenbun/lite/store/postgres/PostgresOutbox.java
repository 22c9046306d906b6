package io.kenbun.lite.store.postgres;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.pipeline.Append;
import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.queue.GroupCommit;
import io.kenbun.lite.store.row.AliasList;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.RowBatch;
import io.kenbun.lite.store.sql.RowChange;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue in a table that all nodes write, see {@link GroupCommit}; each commit is one insert,
 * whatever its size.
 *
 * <p>Events of one alias, or of one {@code lead_id}, are in one partition and stay in order.
 * Whatever has no place in a text of PostgreSQL, which is the character of code 0, becomes U+FFFD.
 */
final class PostgresOutbox implements Queue, GroupCommit.Writer {
  /** How many partitions there are, as the schema makes them. */
  static final int PARTITIONS = 32;

  private static final RowChange INSERT =
      RowChange.insert(
          "outbox",
          """
          part bigint, seq bigint, unit bigint, received_at bigint, ts bigint, lead_id text,
          aliases text, event_type text, metadata text, skip_triggers bigint""");

  private static final int MAX_KEYS_SWEPT = 5_000;
  private static final long BETWEEN_SWEEPS_MILLIS = 60_000;

  private final Database database;
  private final QueueState state;
  private final long maxQueued;
  private final InstantSource clock;
  private final GroupCommit commits;
  private final SharedKeys keys = new SharedKeys();
  private long sweptMillis = Long.MIN_VALUE; // Confined to the writer.

  /**
   * Makes it; nothing is written before it is started.
   *
   * @param maxQueued how many events may wait to be scored before offers are turned away
   */
  PostgresOutbox(Database database, QueueState state, long maxQueued, InstantSource clock) {
    this.database = database;
    this.state = state;
    this.maxQueued = maxQueued;
    this.clock = clock;
    this.commits = new GroupCommit("kenbun-outbox", this, clock, true);
  }

  GroupCommit commits() {
    return commits;
  }

  @Override
  public @Nullable Refusal offer(Append append) {
    return commits.offer(append, maxQueued - state.depth());
  }

  @Override
  public long lastSeq() {
    return state.durableTo();
  }

  @Override
  public long lastSeqOfAll() throws StorageException {
    return state.lastWaiting();
  }

  @Override
  public long depth() {
    return state.depth();
  }

  @Override
  public long oldestReceivedAtMillis() {
    return state.oldestReceivedAtMillis();
  }

  @Override
  public long heldUpMillis() {
    return state.oldestTransactionMillis();
  }

  @Override
  public GroupCommit.Committed commit(List<Append> appends) throws StorageException {
    long[] xid = new long[1];
    GroupCommit.Committed committed =
        database.inTransaction(
            connection -> {
              int count = appends.stream().mapToInt(append -> append.events().size()).sum();
              List<long[]> seqs = new ArrayList<>(appends.size());
              xid[0] = seqs(connection, appends, count, seqs);
              boolean[] fresh = keys.enter(connection, appends, seqs, count);
              List<QueuedEvent> events = fresh(appends, seqs, fresh);
              insert(connection, events);
              return new GroupCommit.Committed(seqs, events);
            });
    state.stored(committed.fresh(), xid[0]);
    return committed;
  }

  /** Gives each event a seq; returns the number of the transaction. */
  private static long seqs(
      Connection connection, List<Append> appends, int count, List<long[]> seqs)
      throws SQLException {
    long[] xid = new long[1];
    List<Long> numbers =
        new Sql(
                """
                SELECT nextval('event_seq'), (SELECT pg_current_xact_id()::text::bigint)
                FROM generate_series(1, ?)""",
                count)
            .list(
                connection,
                row -> {
                  xid[0] = row.getLong(2);
                  return row.getLong(1);
                });
    int next = 0;
    for (Append append : appends) {
      long[] own = new long[append.events().size()];
      for (int i = 0; i < own.length; i++) {
        own[i] = numbers.get(next++);
      }
      seqs.add(own);
    }
    return xid[0];
  }

  private static List<QueuedEvent> fresh(List<Append> appends, List<long[]> seqs, boolean[] fresh) {
    List<QueuedEvent> events = new ArrayList<>(fresh.length);
    int index = 0;
    for (int i = 0; i < appends.size(); i++) {
      for (int j = 0; j < seqs.get(i).length; j++) {
        if (fresh[index++]) {
          events.add(new QueuedEvent(seqs.get(i)[j], appends.get(i).events().get(j)));
        }
      }
    }
    return events;
  }

  private static void insert(Connection connection, List<QueuedEvent> events) throws SQLException {
    try (Statements statements = new Statements()) {
      RowBatch rows = statements.of(connection, INSERT);
      for (QueuedEvent queued : events) {
        RawEvent event = queued.event();
        rows.setLong(1, partition(queued));
        rows.setLong(2, queued.seq());
        rows.setLong(3, event.unit());
        rows.setLong(4, event.receivedAtMillis());
        rows.setLong(5, event.timestampMillis());
        rows.setString(6, text(event.leadId()));
        rows.setString(7, text(AliasList.write(event.aliases())));
        rows.setString(8, text(event.eventType()));
        rows.setString(9, event.metadata());
        rows.setLong(10, event.skipTriggers() ? 1 : 0);
        rows.add();
      }
      rows.execute();
    }
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null || text.indexOf(0) < 0 ? text : text.replace('\0', '\ufffd');
  }

  /** Returns the partition of an event: that of its {@code lead_id}, else of its first alias. */
  static int partition(QueuedEvent queued) {
    RawEvent event = queued.event();
    int name;
    if (event.leadId() != null) {
      name = event.leadId().hashCode();
    } else {
      Alias first = event.aliases().get(0);
      name = 31 * first.kind().wireName().hashCode() + first.key().hashCode();
    }
    int mixed = (31 * Long.hashCode(event.unit()) + name) * 0x9e3779b9;
    return mixed >>> 27; // 32 partitions.
  }

  @Override
  public Loop.Next idle() throws StorageException {
    long nowMillis = clock.millis();
    if (sweptMillis != Long.MIN_VALUE
        && Math.abs(nowMillis - sweptMillis) < BETWEEN_SWEEPS_MILLIS) {
      return Loop.Next.WHEN_WOKEN;
    }
    int swept =
        database.inTransaction(connection -> keys.sweep(connection, nowMillis, MAX_KEYS_SWEPT));
    if (swept < MAX_KEYS_SWEPT) {
      sweptMillis = nowMillis;
      return Loop.Next.WHEN_WOKEN;
    }
    return Loop.Next.AT_ONCE;
  }

  @Override
  public void probe() throws StorageException {
    database.inTransaction(
        connection ->
            new Sql("UPDATE shared_state SET version = version WHERE name = ''").run(connection));
  }
}
