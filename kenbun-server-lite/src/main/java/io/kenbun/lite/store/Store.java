package io.kenbun.lite.store;

import io.kenbun.lite.model.OrgUnit;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.Onlooker;
import io.kenbun.lite.pipeline.PipelineListener;
import io.kenbun.lite.pipeline.Storage;
import io.kenbun.lite.pipeline.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A place where everything is kept: what scoring, the HTTP API and webhooks stand on. */
public abstract class Store implements Storage {
  Store() {}

  abstract Kept kept();

  /** Work between two batches; on what it leaves in {@code tx} others wait. */
  interface Scored<T extends @Nullable Object> {
    T run(Connection connection, StoreTx tx) throws SQLException, StorageException;
  }

  /** Has {@code listener} told of commits. Called before the first event. */
  public abstract void listen(PipelineListener listener);

  /** Shows {@code onlooker} single events. Called before the first one. */
  public abstract void show(Onlooker onlooker);

  /** Starts to take events. */
  public abstract void start();

  /** Says whether events can be taken. Any thread; does not block. */
  public abstract boolean canWrite();

  /** Returns what keeps it: {@code sqlite} or {@code postgresql}. */
  public abstract String engine();

  /** Returns where it is kept, as people are shown it: no password is in it. */
  public abstract String place();

  /** Returns how many bytes it takes, -1 when that cannot be told. */
  public abstract long sizeOnDisk();

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
    return reads()
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
    return reads()
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
}
