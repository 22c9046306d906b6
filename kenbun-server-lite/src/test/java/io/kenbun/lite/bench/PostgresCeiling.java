package io.kenbun.lite.bench;

import io.kenbun.lite.bench.load.BenchPostgres;
import io.kenbun.lite.bench.load.Costs;
import io.kenbun.lite.bench.load.Figures;
import io.kenbun.lite.bench.load.Nodes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The least that PostgreSQL can be asked to do for an event that is taken in, scored and kept: no
 * HTTP, no engine, no reading of what is written. One statement puts many events into the queue;
 * one claims partitions, adds up what their events earn, writes events, leads and scores and moves
 * the cursors, all inside the database. The tables are the server's.
 */
final class PostgresCeiling {
  private static final int PARTITIONS_AT_ONCE = 8;
  private static final int OF_EACH = 500;
  private static final long POINTS = 11; // What the starter's rules give for the event.

  private static final String INSERT =
      """
      INSERT INTO outbox (part, seq, unit, received_at, ts, aliases, event_type, metadata,
        skip_triggers)
      SELECT p, nextval('event_seq'), 1, ?, ?, a, 'Page View', m, 0
      FROM unnest(?::integer[], ?::text[], ?::text[]) AS n (p, a, m)""";

  private static final String SCORE =
      """
      WITH claimed AS (
        SELECT p.id, p.xid, p.seq FROM part p CROSS JOIN LATERAL (SELECT 1 FROM outbox o
          WHERE o.part = p.id AND (o.xid, o.seq) > (p.xid, p.seq)
            AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
          ORDER BY o.xid, o.seq LIMIT 1) o
        ORDER BY (p.id - ? + 32) % 32 LIMIT ? FOR UPDATE OF p SKIP LOCKED),
      batch AS MATERIALIZED (
        SELECT o.* FROM claimed c CROSS JOIN LATERAL (SELECT o.* FROM outbox o
          WHERE o.part = c.id AND (o.xid, o.seq) > (c.xid, c.seq)
            AND o.xid < pg_snapshot_xmin(pg_current_snapshot())
          ORDER BY o.xid, o.seq LIMIT ?) o),
      named AS MATERIALIZED (
        SELECT b.*, a.lead, t.key AS type FROM batch b
        JOIN alias a ON a.unit = b.unit AND a.kind = 'email' AND a.value = split_part(b.aliases, ':', 3)
        JOIN event_type t ON t.unit = b.unit AND t.name = b.event_type),
      of_lead AS MATERIALIZED (
        SELECT lead, max(ts) AS ts, count(*) * ? AS points FROM named GROUP BY lead ORDER BY lead),
      kept AS (
        INSERT INTO event (seq, unit, lead, event_type, ts, received_at, metadata, contributions)
        SELECT seq, unit, lead, type, ts, received_at, metadata, '1 1:10 2:1' FROM named ORDER BY lead),
      leads AS (
        UPDATE lead l SET updated_at = n.ts, last_event_at = n.ts FROM of_lead n WHERE l.key = n.lead),
      scores AS (
        UPDATE score s SET score = s.score + n.points, flat = s.flat + n.points
        FROM of_lead n WHERE s.lead = n.lead),
      moved AS (
        UPDATE part p SET xid = n.xid, seq = n.seq
        FROM (SELECT DISTINCT ON (part) part, xid, seq FROM batch ORDER BY part, xid DESC, seq DESC) n
        WHERE p.id = n.part)
      SELECT count(*) FROM batch""";

  private final BenchPostgres postgres;
  private final String database;
  private final int perCommit;
  private final int leads;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong scored = new AtomicLong();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();

  /**
   * Makes it.
   *
   * @param perCommit how many events share a commit: as many as there are connections that send
   *     singles, or as a node takes at once
   */
  PostgresCeiling(BenchPostgres postgres, String database, int perCommit, int leads) {
    this.postgres = postgres;
    this.database = database;
    this.perCommit = perCommit;
    this.leads = leads;
  }

  /** Takes in for so long on one connection, scores on two meanwhile and until nothing is left. */
  Figures run(String name, double warmUpSeconds, double seconds) throws Exception {
    long before = postgres.number(database, "SELECT sum(score)::bigint FROM score");
    long events = postgres.number(database, "SELECT count(*) FROM event");
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(this::takeIn, "ceiling-ingest"));
    threads.add(new Thread(() -> score(0), "ceiling-scoring"));
    threads.add(new Thread(() -> score(16), "ceiling-scoring-2"));
    threads.forEach(Thread::start);
    Nodes.pause((long) (warmUpSeconds * 1e9));
    Costs costs = Costs.begin(postgres, List.of());
    long takenBefore = taken.get();
    long scoredBefore = scored.get();
    Nodes.pause((long) (seconds * 1e9));
    double loadSeconds = costs.seconds();
    long takenMeanwhile = taken.get() - takenBefore;
    over.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
    double allSeconds = costs.seconds();
    long added = postgres.number(database, "SELECT sum(score)::bigint FROM score") - before;
    long stored = postgres.number(database, "SELECT count(*) FROM event") - events;
    return costs.figures(
        name,
        0,
        takenMeanwhile / loadSeconds,
        scored.get() - scoredBefore,
        allSeconds,
        stored == taken.get() && added == POINTS * taken.get());
  }

  private void takeIn() {
    Random random = new Random(1);
    try (Connection connection = postgres.connect(database);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      while (!over.get()) {
        Integer[] parts = new Integer[perCommit];
        String[] aliases = new String[perCommit];
        String[] metadata = new String[perCommit];
        for (int i = 0; i < perCommit; i++) {
          int lead = random.nextInt(leads);
          String email = NodesBenchmark.email(lead);
          parts[i] = lead & 31;
          aliases[i] = "email:" + email.length() + ":" + email;
          metadata[i] = NodesBenchmark.METADATA;
        }
        insert.setLong(1, System.currentTimeMillis());
        insert.setLong(2, NodesBenchmark.EVENT_MILLIS);
        insert.setArray(3, connection.createArrayOf("integer", parts));
        insert.setArray(4, connection.createArrayOf("text", aliases));
        insert.setArray(5, connection.createArrayOf("text", metadata));
        insert.executeUpdate();
        taken.addAndGet(perCommit);
      }
    } catch (SQLException e) {
      fail(e);
    }
  }

  private void score(int first) {
    int turn = first;
    try (Connection connection = postgres.connect(database);
        Statement plans = connection.createStatement();
        PreparedStatement score = connection.prepareStatement(SCORE)) {
      // The queue was empty when it was last looked at: as if going over all of it cost nothing.
      plans.execute("SET enable_seqscan = off");
      while (!over.get() || scored.get() < taken.get()) {
        score.setInt(1, turn);
        score.setInt(2, PARTITIONS_AT_ONCE);
        score.setInt(3, OF_EACH);
        score.setLong(4, POINTS);
        try (ResultSet row = score.executeQuery()) {
          row.next();
          scored.addAndGet(row.getLong(1));
        }
        turn = (turn + PARTITIONS_AT_ONCE) % 32;
        if (failure.get() != null) {
          return;
        }
      }
    } catch (SQLException e) {
      fail(e);
    }
  }

  private void fail(SQLException e) {
    failure.compareAndSet(null, e);
    over.set(true);
  }
}
