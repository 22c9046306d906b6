package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that a store keeps but the queue: the same classes over either engine. */
final class Kept {
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
  Kept(
      Database database,
      Database rules,
      Database logins,
      ReadConnections connections,
      @Nullable LeadColumns columns,
      Consumer<Runnable> alone,
      InstantSource clock)
      throws StorageException {
    reads = new Reads(connections, new LeadLists(connections, columns, alone));
    configuration = new Configuration(rules);
    accounts = new Accounts(logins);
    failedEvents = new FailedEvents(database, reads, clock);
    shares = new Shares(database, reads);
    watches = new Watches(database, reads);
    channels = new Channels(database, reads);
    deliveries = new Deliveries(database);
    notificationPrefs = new NotificationPrefs(database, reads);
  }
}
