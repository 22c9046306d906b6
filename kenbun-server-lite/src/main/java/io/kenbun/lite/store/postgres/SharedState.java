package io.kenbun.lite.store.postgres;

import io.kenbun.lite.pipeline.Duty;
import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.Store;
import io.kenbun.lite.store.sql.Notice;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells this node when another has changed what nodes hold in memory. Each change counts a version
 * up in its transaction, and notifies; who has missed a notification finds the version when it
 * looks, every half second.
 *
 * <pre>
 *   change ──commit──&gt; version + 1, NOTIFY kenbun ──&gt; each node: another version? ──&gt; loads anew
 * </pre>
 */
final class SharedState implements AutoCloseable {
  /** Units and their rules. */
  static final String RULES = "rules";

  /** Service accounts and tokens. */
  static final String ACCOUNTS = "accounts";

  /** Leads that many were left to be refreshed. */
  static final String REFRESH = "refresh";

  private static final Logger log = LoggerFactory.getLogger(SharedState.class);
  private static final int WAIT_MILLIS = 500;

  private final PostgresUrl url;
  private final Map<String, Store.Reload> listeners = new ConcurrentHashMap<>();
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private volatile LongConsumer onDestination = key -> {};
  private volatile Consumer<String> onTold = text -> {};
  private volatile Runnable onLook = () -> {};
  private volatile Set<Duty> duties = Set.of();
  private final Loop loop = new Loop("kenbun-shared-state", Duration.ofMillis(100), this::look);
  private volatile @Nullable Connection connection; // Changed by the loop alone.
  private volatile boolean closing;

  SharedState(PostgresUrl url) {
    this.url = url;
  }

  /** Counts a state's version up within a transaction, and has everybody told with its commit. */
  static void announce(Connection connection, String state) throws SQLException {
    new Sql("UPDATE shared_state SET version = version + 1 WHERE name = ?", state).run(connection);
    Notice.ofState(connection, state);
  }

  /**
   * Has {@code load} run whenever the state has another version; it must load what is committed.
   */
  void on(String state, Store.Reload load) {
    listeners.put(state, load);
  }

  /** Has {@code changed} told of destinations. */
  void onDestination(LongConsumer changed) {
    onDestination = changed;
  }

  /** Has {@code told} given whatever else nodes are told. */
  void onTold(Consumer<String> told) {
    onTold = told;
  }

  /** Has {@code look} run whenever this looks, at least every half second while all is well. */
  void onLook(Runnable look) {
    onLook = look;
  }

  /** Begins to look; what was loaded before is loaded anew once. */
  void start() {
    loop.start();
  }

  /** Says whether this node holds the lock of a duty, as far as it knows. */
  boolean isOnDuty(Duty duty) {
    return duties.contains(duty);
  }

  /** Takes duties that nobody has: a lock that is gone with the connection. */
  private void takeDuties(Connection open) throws SQLException {
    Set<Duty> held = EnumSet.noneOf(Duty.class);
    held.addAll(duties);
    for (Duty duty : Duty.values()) {
      if (!held.contains(duty)
          && new Sql("SELECT pg_try_advisory_lock(hashtext('kenbun'), hashtext(?))", duty.name())
              .list(open, row -> row.getBoolean(1))
              .get(0)) {
        held.add(duty);
        log.info("This node takes over {}", duty.name().toLowerCase(Locale.ROOT));
      }
    }
    duties = Set.copyOf(held);
  }

  /**
   * Takes note that a version was found; loads anew when it is another one. Returns once that is
   * loaded, also when another thread does it.
   */
  synchronized void found(String state, long version) throws StorageException {
    Long before = seen.put(state, version);
    Store.Reload load = listeners.get(state);
    if (load != null && (before == null || before != version)) {
      try {
        load.run();
      } catch (StorageException | RuntimeException e) {
        seen.remove(state); // Tried again at the next look.
        throw e;
      }
    }
  }

  private Loop.Next look() throws StorageException {
    try {
      Connection open = connection;
      if (open == null) {
        open = url.connect();
        connection = open;
        Notice.listen(open);
      }
      Map<String, Long> versions = new HashMap<>();
      new Sql("SELECT name, version FROM shared_state")
          .list(open, row -> versions.put(row.getString(1), row.getLong(2)));
      for (Map.Entry<String, Long> one : versions.entrySet()) {
        found(one.getKey(), one.getValue());
      }
      takeDuties(open);
      onLook.run();
      if (closing) {
        return Loop.Next.WHEN_WOKEN;
      }
      PGNotification[] told = open.unwrap(PGConnection.class).getNotifications(WAIT_MILLIS);
      for (PGNotification one : told == null ? new PGNotification[0] : told) {
        Long destination = Notice.destination(one.getParameter());
        if (destination != null) {
          onDestination.accept(destination);
        } else {
          onTold.accept(one.getParameter());
        }
      }
      return Loop.Next.AT_ONCE;
    } catch (SQLException e) {
      disconnect(e);
      if (closing) {
        return Loop.Next.WHEN_WOKEN;
      }
      throw url.failure(e);
    }
  }

  private void disconnect(@Nullable SQLException cause) {
    Connection open = connection;
    connection = null;
    duties = Set.of();
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        if (cause == null) {
          log.debug("Closing a connection that only listened failed", e);
        } else {
          cause.addSuppressed(e);
        }
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run); // Ends the wait for news.
      } catch (SQLException e) {
        log.debug("Closing a connection that only listened failed", e);
      }
    }
    loop.close();
    disconnect(null);
  }
}
