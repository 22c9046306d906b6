package io.kenbun.lite.store.postgres;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.Idle;
import io.kenbun.lite.pipeline.Queue;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.DiskUse;
import io.kenbun.lite.store.Kept;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.configuration.Baseline;
import io.kenbun.lite.store.configuration.Setups;
import io.kenbun.lite.store.configuration.UnitReset;
import io.kenbun.lite.store.firing.DeliveryRows;
import io.kenbun.lite.store.leads.EventTypes;
import io.kenbun.lite.store.leads.LeadCache;
import io.kenbun.lite.store.queue.GroupCommit;
import io.kenbun.lite.store.scoring.StoreTx;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything in one database of PostgreSQL, which any number of nodes share: each serves the whole
 * API and scores, none is special.
 *
 * <pre>
 *   PostgresOutbox ──insert──&gt; outbox ──Partitions──&gt; [ leads locked, scored, cursor moved ] one transaction
 *   SharedState: versions of what nodes hold in memory, and who does what one does for all
 * </pre>
 */
public final class PostgresStorage extends Store {
  private static final Logger log = LoggerFactory.getLogger(PostgresStorage.class);
  private static final int MAX_TRIES = 20;

  /** SQLSTATE: serialization failure, deadlock, unique index. */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "23505");

  private static final int CONNECTIONS_BESIDE_SCORING = 12;
  private static final int CONNECTIONS_OF_CHANGES = 4; // What people do to leads, and looks.

  private final PostgresDatabase database;
  private final SharedState shared;
  private final QueueState state;
  private final PostgresOutbox outbox;
  private final OutboxDays days;
  private final DutyRounds rounds;
  private final Kept kept;
  private final InstantSource clock;
  private final Supplier<String> newLeadIds;
  private final int scoringThreads;
  private final AtomicInteger works = new AtomicInteger();
  private volatile Reload onRules = () -> {};
  private final AtomicLong refreshes = new AtomicLong();

  /**
   * Connects to the database, and makes its tables if need be.
   *
   * @param url {@code jdbc:postgresql://…}
   * @param scoringThreads how many partitions may be scored at a time by this node
   * @param maxQueued how many events may wait to be scored before new ones are turned away
   * @param newLeadIds makes the id of a lead that came without one
   * @throws StorageException with what is wrong and what to do
   */
  public PostgresStorage(
      String url,
      int scoringThreads,
      long maxQueued,
      InstantSource clock,
      Supplier<String> newLeadIds)
      throws StorageException {
    this.clock = clock;
    this.newLeadIds = newLeadIds;
    this.scoringThreads = scoringThreads;
    PostgresUrl parsed = PostgresUrl.of(url);
    database =
        PostgresDatabase.open(
            parsed, CONNECTIONS_BESIDE_SCORING, CONNECTIONS_OF_CHANGES + scoringThreads);
    try {
      shared = new SharedState(parsed);
      state = new QueueState(database, maxQueued + 1);
      state.look();
      outbox = new PostgresOutbox(database, state, maxQueued, clock);
      days = new OutboxDays(database);
      rounds = new DutyRounds(database, shared::isOnDuty);
      kept =
          new Kept(
              database,
              database.announcing(SharedState.RULES),
              database.announcing(SharedState.ACCOUNTS),
              database,
              null,
              Runnable::run,
              clock);
    } catch (StorageException | RuntimeException e) {
      database.close();
      throw e;
    }
    shared.on(SharedState.RULES, () -> onRules.run());
    shared.on(SharedState.ACCOUNTS, accounts()::changed);
    shared.on(SharedState.REFRESH, refreshes::incrementAndGet);
    shared.onDestination(deliveries()::changed);
    shared.onTold(rounds::told);
  }

  @Override
  protected Kept kept() {
    return kept;
  }

  @Override
  protected PostgresDatabase database() {
    return database;
  }

  @Override
  protected GroupCommit commits() {
    return outbox.commits();
  }

  @Override
  protected InstantSource clock() {
    return clock;
  }

  QueueState state() {
    return state;
  }

  @Override
  public String engine() {
    return "postgresql";
  }

  @Override
  public String place() {
    return database.url().place();
  }

  @Override
  public DiskUse diskUse() {
    try {
      long bytes =
          database.read(
              connection ->
                  new Sql("SELECT pg_database_size(current_database())").number(connection));
      return new DiskUse(Map.of("database", bytes), -1);
    } catch (StorageException e) {
      log.debug("The size of the database is unknown", e);
      return new DiskUse(Map.of(), -1);
    }
  }

  @Override
  public void onRules(Reload load) {
    onRules = load;
  }

  @Override
  public void onStored(Runnable wake) {
    super.onStored(wake);
    shared.onLook(
        () -> {
          look();
          keepDays();
          rounds.askAgain();
          if (state.isLeft()) {
            wake.run(); // Another node took it in, and may have gone.
          }
        });
  }

  private void look() {
    try {
      state.look();
      failedEvents().refreshNextDue();
    } catch (StorageException e) {
      log.debug("How full the queue is cannot be told", e);
    }
  }

  private void keepDays() {
    if (shared.isOnDuty(Duty.SWEEPING)) {
      try {
        days.keepSometimes();
      } catch (StorageException e) {
        log.warn("The queue's days are kept later", e);
      }
    }
  }

  @Override
  public void start() {
    super.start();
    shared.start();
  }

  @Override
  public Queue queue() {
    return outbox;
  }

  @Override
  public Work work() {
    int number = works.getAndIncrement();
    return new Partitions(this, number * 8 % PostgresOutbox.PARTITIONS);
  }

  @Override
  public int scoringThreads() {
    return scoringThreads;
  }

  @Override
  public Idle whoIsOn(Duty duty, Idle worker) {
    return rounds.of(duty, worker);
  }

  @Override
  public boolean isOnDuty(Duty duty) {
    return shared.isOnDuty(duty);
  }

  /** Takes note of the version of the rules that a transaction found. */
  void rulesAre(long version) throws StorageException {
    shared.found(SharedState.RULES, version);
  }

  /** Runs a transaction, again and again when the work of others came between. */
  @Override
  protected <T extends @Nullable Object> T score(Scored<T> work) throws StorageException {
    for (int tries = 1; ; tries++) {
      try {
        return scoreOnce(work);
      } catch (StorageException | RuntimeException e) {
        if (tries == MAX_TRIES || !isConflict(e)) {
          throw e;
        }
        log.debug("A transaction met another and is done again", e);
      }
    }
  }

  private <T extends @Nullable Object> T scoreOnce(Scored<T> work) throws StorageException {
    DeliveryRows[] told = new DeliveryRows[1];
    T result =
        database.byIndex(
            connection -> {
              try (Statements statements = new Statements()) {
                told[0] = new DeliveryRows(connection, statements);
                EventTypes types = new EventTypes();
                StoreTx tx =
                    new StoreTx(
                        connection,
                        statements,
                        new LeadCache(0),
                        null,
                        types,
                        failedEvents(),
                        told[0],
                        leads -> new LockedLeads(connection, leads, types),
                        newLeadIds,
                        clock.millis());
                return work.run(connection, tx);
              }
            });
    deliveries().committed(told[0]);
    return result;
  }

  /** Says whether another transaction is the reason: the same again will do. */
  private static boolean isConflict(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && CONFLICTS.contains(String.valueOf(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected boolean claimFailed(Connection connection, long seq) throws SQLException {
    return !new Sql(
            """
            SELECT seq FROM failed_event WHERE seq = ? AND next_at <= ?
            FOR UPDATE SKIP LOCKED""",
            seq,
            clock.millis())
        .numbers(connection)
        .isEmpty();
  }

  @Override
  public void reset(OrgUnit unit, @Nullable Baseline baseline, Consumer<List<RuleSetup>> inForce)
      throws StorageException {
    score(
        (connection, tx) -> {
          // Who scores holds a partition: nobody does from here on.
          new Sql("SELECT id FROM part ORDER BY id FOR UPDATE").numbers(connection);
          tx.aboutToEmpty(unit.key());
          UnitReset.data(connection, unit.key(), 0);
          new Sql("DELETE FROM outbox WHERE unit = ?", unit.key()).run(connection);
          new Sql("DELETE FROM seen WHERE unit = ?", unit.key()).run(connection);
          if (baseline != null) {
            Setups.restore(connection, unit, baseline, clock.millis());
            SharedState.announce(connection, SharedState.RULES);
            inForce.accept(Setups.load(connection));
          }
          return unit;
        });
    state.countAnew();
  }

  @Override
  public long leftToRefresh() {
    return refreshes.get();
  }

  @Override
  protected void leftToRefresh(Connection connection) throws SQLException {
    refreshes.incrementAndGet(); // Others are told with the commit.
    SharedState.announce(connection, SharedState.REFRESH);
  }

  @Override
  public long cursor() {
    return state.scoredTo();
  }

  @Override
  public void close() {
    outbox.commits().close();
    shared.close();
    database.close();
  }
}
