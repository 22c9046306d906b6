package io.kenbun.lite.store;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.pipeline.WebhookBody;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The second outbox: what is to be told of firings, written in the transaction that fires. Any
 * thread.
 *
 * <pre>
 *   scoring transaction ──insert──&gt; pending ──worker──&gt; record: delivered | pending, later | failed | off
 * </pre>
 */
public final class Deliveries {
  private static final String INSERT =
      """
      INSERT INTO delivery (id, unit, firing, event, trigger_id, trigger_name, lead, lead_id, channel,
        target, destination, body, state, next_at, created_at, done_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
  private static final String TEST = "channel.test";

  private final Database database;
  private final Statements statements;
  private final DestinationRows destinations;
  private final Queue<Long> touched = new ConcurrentLinkedQueue<>(); // Destinations.
  private boolean written; // By the transaction that is open.
  private volatile Runnable wake = () -> {};
  private volatile LongConsumer changed = destination -> {};
  private volatile Watcher watcher = Watcher.NOBODY;
  private final Queue<Long> fresh = new ConcurrentLinkedQueue<>(); // Deliveries, if watched.

  /**
   * Makes it.
   *
   * @param statements the compiled ones of the writing connection
   */
  Deliveries(Database database, Statements statements) {
    this.database = database;
    this.statements = statements;
    this.destinations = new DestinationRows(statements);
  }

  /**
   * Has the worker told of what happens here. Called once, before anything does.
   *
   * @param newWake run when there may be new deliveries, after they are committed
   * @param newChanged told of a destination whose pending deliveries were changed by hand
   */
  public void listen(Runnable newWake, LongConsumer newChanged) {
    wake = newWake;
    changed = newChanged;
  }

  /** Is told which deliveries were made or have changed. Any thread; must not block. */
  public interface Watcher {
    /** Takes no notice. */
    Watcher NOBODY =
        new Watcher() {
          @Override
          public boolean isWatching() {
            return false;
          }

          @Override
          public void changed(List<Long> deliveries) {}
        };

    /** Says whether it wants to be told. */
    boolean isWatching();

    /** Takes the keys of deliveries whose change is committed. */
    void changed(List<Long> deliveries);
  }

  /** Has {@code newWatcher} told, from now on. */
  public void watch(Watcher newWatcher) {
    watcher = newWatcher;
  }

  private void tellFresh() {
    List<Long> keys = new ArrayList<>();
    for (Long key = fresh.poll(); key != null; key = fresh.poll()) {
      keys.add(key);
    }
    if (!keys.isEmpty()) {
      watcher.changed(keys);
    }
  }

  /**
   * Writes a delivery for each destination of each firing, within the caller's transaction on
   * {@code kenbun.db}. The first destination's has the firing's id, a second one's that and a
   * suffix. {@link #wake} is to be called once that is committed.
   */
  void insert(Connection connection, List<Fired> told, long nowMillis) throws SQLException {
    Map<Long, List<Alias>> aliases = new HashMap<>();
    for (Fired one : told) {
      Firing firing = one.firing();
      boolean isFirst = true;
      for (Target target : targets(connection, firing, one.destinations())) {
        String id = isFirst ? firing.id() : firing.id() + target.suffix();
        isFirst = false;
        List<Alias> ofLead = aliases.get(firing.lead());
        if (ofLead == null) {
          ofLead = LeadReads.aliases(connection, firing.lead());
          aliases.put(firing.lead(), ofLead);
        }
        String body =
            WebhookBody.of(id, firing, ofLead, LeadReads.ownerName(connection, firing.lead()));
        insert(connection, id, firing.unit(), firing, target, body, nowMillis);
        written = true;
      }
    }
  }

  /** Removes a lead's deliveries within the caller's transaction, as {@link #insert} writes. */
  void removeOf(Connection connection, long lead) throws SQLException {
    touched.addAll(
        new Sql(
                "SELECT DISTINCT destination FROM delivery WHERE lead = ? AND state = 'pending'",
                lead)
            .numbers(connection));
    new Sql("DELETE FROM delivery WHERE lead = ?", lead).run(connection);
    written = true;
  }

  /** Has the worker let go of what it holds of a unit that is being emptied. */
  void aboutToEmpty(Connection connection, long unit) throws SQLException {
    touched.addAll(new Sql("SELECT key FROM destination WHERE unit = ?", unit).numbers(connection));
    written = true;
  }

  /** Says whether the transaction that is open has written anything here. */
  boolean hasWritten() {
    boolean answer = written;
    written = false;
    return answer;
  }

  /** Has the worker look for what a transaction has left that is committed now. */
  void wake() {
    for (Long destination = touched.poll(); destination != null; destination = touched.poll()) {
      changed.accept(destination);
    }
    wake.run();
    tellFresh();
  }

  /**
   * Writes the delivery of a channel's test call.
   *
   * @param id its {@code webhook-id}
   */
  public void insertTest(long unit, Channel channel, String id, long nowMillis)
      throws StorageException {
    String body = WebhookBody.ofTest(id, channel, nowMillis);
    database.inTransaction(
        connection -> {
          insert(connection, id, unit, null, target(channel), body, nowMillis);
          return id;
        },
        statements::forget);
    wake.run();
    tellFresh();
  }

  /**
   * Where one delivery goes.
   *
   * @param suffix what tells its delivery's id from that of the firing's first one
   * @param url null when nothing is sent
   */
  private record Target(
      String suffix,
      String shown,
      @Nullable Long channel,
      @Nullable String url,
      @Nullable String authHeader,
      @Nullable String signingSecret) {
    /** Makes one that is written down and never sent. */
    static Target logged(String suffix, String shown, @Nullable Long channel) {
      return new Target(suffix, shown, channel, null, null, null);
    }
  }

  private static List<Target> targets(Connection connection, Firing firing, Destinations wanted)
      throws SQLException {
    List<Target> targets = new ArrayList<>(1);
    String url = wanted.webhookUrl();
    if (url != null) {
      targets.add(new Target("_webhook", url, null, url, null, wanted.signingSecret()));
    }
    Long key = wanted.channel();
    Channel channel = key == null ? null : Channels.find(connection, firing.unit(), key);
    if (channel != null) {
      targets.add(target(channel));
    }
    if (!wanted.emails().isEmpty()) {
      targets.add(Target.logged("_emails", String.join(", ", wanted.emails()), null));
    }
    // The real service sends the owner a Slack message (9.5). Who that is nobody has told this
    // server, so that it is written down as all of Slack is.
    if (wanted.notifyOwner()
        && NotificationPrefs.isWanted(connection, firing.unit(), firing.type())) {
      targets.add(Target.logged("_owner", "owner", null));
    }
    return targets;
  }

  private static Target target(Channel channel) {
    if (channel.config() instanceof Channel.Webhook webhook) {
      return new Target(
          "_channel",
          webhook.url(),
          channel.key(),
          webhook.url(),
          webhook.authHeader(),
          webhook.signingSecret());
    }
    return Target.logged("_channel", channel.name(), channel.key());
  }

  private void insert(
      Connection connection,
      String id,
      long unit,
      @Nullable Firing firing,
      Target target,
      String body,
      long nowMillis)
      throws SQLException {
    DestinationRows.Known destination = destination(connection, unit, target);
    DeliveryState state = DeliveryState.LOGGED;
    if (destination != null) {
      state = destination.isOff() ? DeliveryState.OFF : DeliveryState.PENDING;
    }
    boolean isPending = state == DeliveryState.PENDING;
    PreparedStatement insert = statements.of(connection, INSERT);
    insert.setString(1, id);
    insert.setLong(2, unit);
    insert.setString(3, firing == null ? null : firing.id());
    insert.setString(4, firing == null ? TEST : firing.type().wireName());
    insert.setString(5, firing == null ? null : firing.triggerId());
    insert.setString(6, firing == null ? null : firing.triggerName());
    insert.setObject(7, firing == null ? null : firing.lead());
    insert.setString(8, firing == null ? null : firing.leadId());
    insert.setObject(9, target.channel());
    insert.setString(10, target.shown());
    insert.setObject(11, destination == null ? null : destination.key());
    insert.setString(12, body);
    insert.setString(13, state.wireName());
    insert.setObject(14, isPending ? nowMillis : null);
    insert.setLong(15, nowMillis);
    insert.setObject(16, isPending ? null : nowMillis);
    insert.executeUpdate();
    if (watcher.isWatching()) {
      fresh.add(new Sql("SELECT last_insert_rowid()").number(connection));
    }
  }

  /** Returns where the target's webhooks go, null when nothing is sent. */
  private DestinationRows.@Nullable Known destination(
      Connection connection, long unit, Target target) throws SQLException {
    String url = target.url();
    return url == null
        ? null
        : destinations.known(connection, unit, url, target.authHeader(), target.signingSecret());
  }

  /** What came of a try. */
  public enum Outcome {
    DELIVERED,
    /** It is to be tried again. */
    AGAIN,
    FAILED,
    /** The destination takes nothing any more. */
    OFF
  }

  /**
   * One try that is over.
   *
   * @param status of the answer, null when none came
   * @param error what came instead of an answer, null when one did
   * @param nextTryMillis of {@link Outcome#AGAIN}
   * @param exchange what went over the wire, null when nothing did
   */
  public record Tried(
      long delivery,
      long destination,
      Outcome outcome,
      long atMillis,
      long tookMillis,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable Long nextTryMillis,
      DeliveryReads.@Nullable Exchange exchange) {}

  /** Writes down what came of tries, in one transaction. */
  public void record(List<Tried> tried) throws StorageException {
    database.inTransaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  """
                  UPDATE delivery SET state = ?, tries = tries + 1, next_at = ?, last_status = ?,
                    last_error = ?, done_at = ?,
                    attempts = iif(length(attempts) > ?, '', attempts) || ? WHERE key = ?""")) {
            for (Tried one : tried) {
              boolean again = one.outcome() == Outcome.AGAIN;
              update.setString(1, state(one.outcome()).wireName());
              update.setObject(2, one.nextTryMillis());
              update.setObject(3, one.status());
              update.setString(4, one.error());
              update.setObject(5, again ? null : one.atMillis());
              update.setInt(6, Attempts.MAX_LENGTH);
              update.setString(
                  7,
                  Attempts.line(
                      one.atMillis(), one.tookMillis(), one.status(), one.error(), one.exchange()));
              update.setLong(8, one.delivery());
              update.addBatch();
            }
            update.executeBatch();
          }
          DestinationRows.keepHealth(connection, tried);
          return tried;
        });
    if (watcher.isWatching()) {
      watcher.changed(tried.stream().map(Tried::delivery).toList());
    }
  }

  private static DeliveryState state(Outcome outcome) {
    return switch (outcome) {
      case DELIVERED -> DeliveryState.DELIVERED;
      case AGAIN -> DeliveryState.PENDING;
      case FAILED -> DeliveryState.FAILED;
      case OFF -> DeliveryState.OFF;
    };
  }

  /**
   * Has a delivery sent again at once, under the same id, also one that has arrived. To a channel
   * it goes as that is set up now.
   *
   * @return whether the unit has such a delivery, and it is one that is sent
   */
  public boolean retry(long unit, String id, long nowMillis) throws StorageException {
    List<Long> touched =
        database.inTransaction(
            connection -> {
              List<Long> destinations = destinations(connection, unit, id);
              DestinationRows.Known now =
                  destinations.isEmpty() ? null : ofChannelNow(connection, unit, id);
              if (now != null) {
                destinations.add(now.key());
              }
              for (Long destination : destinations) { // The last one is the one.
                new Sql(
                        """
                        UPDATE delivery SET state = 'pending', next_at = ?1, done_at = NULL,
                          destination = ?2, target = (SELECT url FROM destination WHERE key = ?2)
                        WHERE unit = ?3 AND id = ?4""",
                        nowMillis,
                        destination,
                        unit,
                        id)
                    .run(connection);
              }
              if (watcher.isWatching() && !destinations.isEmpty()) {
                fresh.add(
                    new Sql("SELECT key FROM delivery WHERE unit = ? AND id = ?", unit, id)
                        .number(connection));
              }
              return destinations;
            },
            statements::forget);
    touched.forEach(changed::accept);
    tellFresh();
    return !touched.isEmpty();
  }

  /** Returns the destination of a delivery that is sent, or nothing. */
  private static List<Long> destinations(Connection connection, long unit, String id)
      throws SQLException {
    return new Sql(
            """
            SELECT destination FROM delivery WHERE unit = ? AND id = ?
              AND destination IS NOT NULL""",
            unit,
            id)
        .numbers(connection);
  }

  private DestinationRows.@Nullable Known ofChannelNow(Connection connection, long unit, String id)
      throws SQLException {
    List<Long> channels =
        new Sql(
                "SELECT channel FROM delivery WHERE unit = ? AND id = ? AND channel IS NOT NULL",
                unit,
                id)
            .numbers(connection);
    Channel channel = channels.isEmpty() ? null : Channels.find(connection, unit, channels.get(0));
    return channel == null ? null : destination(connection, unit, target(channel));
  }

  /** Removes a delivery, whatever its state; says whether the unit had it. */
  public boolean delete(long unit, String id) throws StorageException {
    List<Long> touched =
        database.inTransaction(
            connection -> {
              List<Long> destinations =
                  new Sql(
                          "SELECT coalesce(destination, 0) FROM delivery WHERE unit = ? AND id = ?",
                          unit,
                          id)
                      .numbers(connection);
              new Sql("DELETE FROM delivery WHERE unit = ? AND id = ?", unit, id).run(connection);
              return destinations;
            });
    touched.stream().filter(destination -> destination > 0).forEach(changed::accept);
    return !touched.isEmpty();
  }

  /**
   * Removes deliveries that were over before {@code beforeMillis} and have not failed, at most
   * {@code max}.
   *
   * @return how many were removed
   */
  public int removeOld(long beforeMillis, int max) throws StorageException {
    return database.inTransaction(
        connection ->
            new Sql(
                    """
                    DELETE FROM delivery WHERE key IN (SELECT key FROM delivery
                      WHERE state IN ('delivered', 'logged', 'off') AND done_at < ?
                      ORDER BY done_at LIMIT ?)""",
                    beforeMillis,
                    max)
                .run(connection));
  }
}
