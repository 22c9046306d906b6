package io.kenbun.lite.store;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.QueuedEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.FailedEvent;
import io.kenbun.lite.pipeline.Idle;
import io.kenbun.lite.pipeline.Onlooker;
import io.kenbun.lite.pipeline.PipelineListener;
import io.kenbun.lite.pipeline.Storage;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Baseline;
import io.kenbun.lite.store.configuration.Configuration;
import io.kenbun.lite.store.firing.Channels;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.store.firing.NotificationPrefs;
import io.kenbun.lite.store.queue.FailedEvents;
import io.kenbun.lite.store.queue.GroupCommit;
import io.kenbun.lite.store.reads.Reads;
import io.kenbun.lite.store.scoring.Retention;
import io.kenbun.lite.store.scoring.StoreChangeTx;
import io.kenbun.lite.store.scoring.StoreTx;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A place where everything is kept: what scoring, the HTTP API and webhooks stand on. */
public abstract class Store implements Storage {
  protected Store() {}

  /** Reads what is held in memory anew. */
  public interface Reload {
    void run() throws StorageException;
  }

  protected abstract Kept kept();

  /** Work between two batches; on what it leaves in {@code tx} others wait. */
  public interface Scored<T extends @Nullable Object> {
    T run(Connection connection, StoreTx tx) throws SQLException, StorageException;
  }

  protected abstract Database database();

  /** Returns what makes events durable. */
  protected abstract GroupCommit commits();

  protected abstract InstantSource clock();

  /** Runs a scoring transaction. */
  protected abstract <T extends @Nullable Object> T score(Scored<T> work) throws StorageException;

  /** Takes note that a transaction has left many leads to be refreshed. */
  protected abstract void leftToRefresh(Connection connection) throws SQLException;

  /** Says whether a failed event is this transaction's to try. */
  protected boolean claimFailed(Connection connection, long seq) throws SQLException {
    return true;
  }

  /** Has {@code listener} told of commits. Called before the first event. */
  public final void listen(PipelineListener listener) {
    commits().listen(listener);
  }

  /** Shows {@code onlooker} single events. Called before the first one. */
  public final void show(Onlooker onlooker) {
    commits().show(onlooker);
  }

  /** Has {@code load} run whenever somebody else may have changed rules, on any thread. */
  public void onRules(Reload load) {}

  /** Starts to take events. */
  public void start() {
    commits().start();
  }

  /** Says whether events can be taken. Any thread; does not block. */
  public final boolean canWrite() {
    return commits().canWrite();
  }

  @Override
  public void onStored(Runnable wake) {
    commits().onStored(wake);
  }

  /** Returns who does something for all nodes; {@code worker} is what does it on this one. */
  public Idle whoIsOn(Duty duty, Idle worker) {
    return worker;
  }

  /** Returns what keeps it: {@code sqlite} or {@code postgresql}. */
  public abstract String engine();

  /** Returns where it is kept, as people are shown it: no password is in it. */
  public abstract String place();

  /** Returns what it takes, and what is left. Looks at it; on a worker. */
  public abstract DiskUse diskUse();

  /**
   * Empties a unit: leads, events and everything that came of them, events that were accepted
   * before and are not scored, idempotency keys. Other units see nothing of it.
   *
   * @param baseline what rules and triggers go back to; null: they stay
   * @param inForce is told of all units' rules before anything can be scored
   */
  public abstract void reset(
      OrgUnit unit, @Nullable Baseline baseline, Consumer<List<RuleSetup>> inForce)
      throws StorageException;

  public final Reads reads() {
    return kept().reads;
  }

  public final Configuration configuration() {
    return kept().configuration;
  }

  public final Accounts accounts() {
    return kept().accounts;
  }

  public final FailedEvents failedEvents() {
    return kept().failedEvents;
  }

  public final Shares shares() {
    return kept().shares;
  }

  public final Watches watches() {
    return kept().watches;
  }

  public final Channels channels() {
    return kept().channels;
  }

  public final Deliveries deliveries() {
    return kept().deliveries;
  }

  public final NotificationPrefs notificationPrefs() {
    return kept().notificationPrefs;
  }

  @Override
  public final List<Long> leadsToRefresh(
      long unit, long afterLead, long fingerprint, boolean decays, int max)
      throws StorageException {
    return kept()
        .connections
        .ask(
            connection ->
                new Sql(
                        """
                        SELECT l.key FROM lead l WHERE l.key > ? AND l.unit = ? AND l.merged_into IS NULL
                          AND (l.fades <> ? OR (? = 1 AND l.decay_due IS NULL)
                            OR EXISTS (SELECT 1 FROM score s WHERE s.lead = l.key AND s.fading IS NOT NULL))
                        ORDER BY l.key LIMIT ?""",
                        afterLead,
                        unit,
                        fingerprint,
                        decays,
                        max)
                    .numbers(connection));
  }

  @Override
  public final List<Long> leadsWithDecayDue(long nowMillis, int max) throws StorageException {
    return kept()
        .connections
        .ask(
            connection ->
                new Sql(
                        """
                        SELECT key FROM lead WHERE decay_due IS NOT NULL AND decay_due <= ?
                          AND merged_into IS NULL LIMIT ?""",
                        nowMillis,
                        max)
                    .numbers(connection));
  }

  @Override
  public final int removeEvents(long beforeMillis, int max) throws StorageException {
    return database().inTransaction(connection -> Retention.remove(connection, beforeMillis, max));
  }

  /** Tries events again that are due for it; see {@link Storage.Work#drainFailed}. */
  public final int drainFailed(BatchWorker worker) throws StorageException {
    long nowMillis = clock().millis();
    if (nowMillis < failedEvents().nextDueMillis()) {
      return 0;
    }
    FailedEvents.Due due = failedEvents().due(nowMillis);
    for (QueuedEvent event : due.events()) {
      retry(event, worker); // Each on its own: what ails one must not hold up another.
    }
    for (long seq : due.unreadable()) {
      failedEvents().giveUp(seq);
    }
    failedEvents().refreshNextDue();
    return due.events().size() + due.unreadable().size();
  }

  private void retry(QueuedEvent event, BatchWorker worker) throws StorageException {
    Exception cause;
    try {
      score(
          (connection, tx) -> {
            if (claimFailed(connection, event.seq())) {
              worker.apply(List.of(event), tx);
            }
            return event;
          });
      return;
    } catch (StorageException e) {
      if (e.fault() == StorageException.Fault.STORAGE) {
        throw e;
      }
      cause = e;
    } catch (RuntimeException e) {
      cause = e;
    }
    String reason = String.valueOf(cause);
    score(
        (connection, tx) -> {
          tx.setAside(List.of(new FailedEvent(event, reason)));
          return event;
        });
  }

  @Override
  public final <T extends @Nullable Object> T change(Change<T> work) throws StorageException {
    return score(
        (connection, tx) -> {
          try (Statements statements = new Statements()) {
            StoreChangeTx change = new StoreChangeTx(connection, statements, tx);
            T done = work.apply(change);
            if (change.hasLeftToRefresh()) {
              leftToRefresh(connection);
            }
            return done;
          }
        });
  }
}
