package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import io.kenbun.lite.store.firing.Channels;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.store.firing.NotificationPrefs;
import io.kenbun.lite.store.leads.LeadColumns;
import io.kenbun.lite.store.queue.FailedEvents;
import io.kenbun.lite.store.reads.LeadLists;
import io.kenbun.lite.store.reads.Reads;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that a store keeps but the queue: the same classes over either engine. */
public final class Kept {
  final ReadConnections connections;
  final Reads reads;
  final Configuration configuration;
  final Accounts accounts;
  final FailedEvents failedEvents;
  final Shares shares;
  final Watches watches;
  final Channels channels;
  final Deliveries deliveries;
  final NotificationPrefs notificationPrefs;

  /**
   * Makes them.
   *
   * @param rules the same database, for what decides about scores
   * @param logins the same, for accounts and tokens
   * @param columns see {@link LeadLists}
   * @param alone the same
   */
  public Kept(
      Database database,
      Database rules,
      Database logins,
      ReadConnections connections,
      @Nullable LeadColumns columns,
      Consumer<Runnable> alone,
      InstantSource clock)
      throws StorageException {
    this.connections = connections;
    reads = new Reads(connections, new LeadLists(connections, columns, alone));
    configuration = new Configuration(rules);
    accounts = new Accounts(logins);
    failedEvents = new FailedEvents(database, connections, clock);
    shares = new Shares(database, connections);
    watches = new Watches(database, connections);
    channels = new Channels(database, connections);
    deliveries = new Deliveries(database);
    notificationPrefs = new NotificationPrefs(database, connections);
  }
}
