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
import io.kenbun.lite.store.sql.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
    this.commits = new GroupCommit("kenbun-outbox", this, clock);
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
              List<long[]> seqs = seqs(connection, appends, count);
              boolean[] fresh = keys.enter(connection, appends, seqs, count);
              List<QueuedEvent> events = fresh(appends, seqs, fresh);
              xid[0] = insert(connection, events);
              return new GroupCommit.Committed(seqs, events);
            });
    state.stored(committed.fresh().size(), xid[0]);
    return committed;
  }

  private static List<long[]> seqs(Connection connection, List<Append> appends, int count)
      throws SQLException {
    List<Long> numbers =
        new Sql("SELECT nextval('event_seq') FROM generate_series(1, ?)", count)
            .numbers(connection);
    List<long[]> seqs = new ArrayList<>(appends.size());
    int next = 0;
    for (Append append : appends) {
      long[] own = new long[append.events().size()];
      for (int i = 0; i < own.length; i++) {
        own[i] = numbers.get(next++);
      }
      seqs.add(own);
    }
    return seqs;
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

  /** Writes the events; returns the number of the transaction, 0 when there are none. */
  private static long insert(Connection connection, List<QueuedEvent> events) throws SQLException {
    if (events.isEmpty()) {
      return 0;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO outbox (part, seq, unit, received_at, ts, lead_id, aliases, event_type,
              metadata, skip_triggers)
            SELECT * FROM unnest(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
              ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])""")) {
      set(insert, 1, "integer", events, PostgresOutbox::partition);
      set(insert, 2, "bigint", events, QueuedEvent::seq);
      set(insert, 3, "bigint", events, queued -> queued.event().unit());
      set(insert, 4, "bigint", events, queued -> queued.event().receivedAtMillis());
      set(insert, 5, "bigint", events, queued -> queued.event().timestampMillis());
      set(insert, 6, "text", events, queued -> text(queued.event().leadId()));
      set(insert, 7, "text", events, queued -> text(AliasList.write(queued.event().aliases())));
      set(insert, 8, "text", events, queued -> text(queued.event().eventType()));
      set(insert, 9, "text", events, queued -> queued.event().metadata());
      set(insert, 10, "bigint", events, queued -> queued.event().skipTriggers() ? 1L : 0L);
      insert.executeUpdate();
    }
    return new Sql("SELECT pg_current_xact_id()::text::bigint").number(connection);
  }

  private static void set(
      PreparedStatement insert,
      int at,
      String type,
      List<QueuedEvent> events,
      Function<QueuedEvent, @Nullable Object> column)
      throws SQLException {
    Object[] values = new Object[events.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(events.get(i));
    }
    Array array = insert.getConnection().createArrayOf(type, values);
    insert.setArray(at, array);
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
