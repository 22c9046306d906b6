package io.kenbun.lite.store.firing;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.DeliveryState;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.Firing;
import io.kenbun.lite.pipeline.Fired;
import io.kenbun.lite.pipeline.WebhookBody;
import io.kenbun.lite.store.leads.LeadNames;
import io.kenbun.lite.store.sql.Dialect;
import io.kenbun.lite.store.sql.Sql;
import io.kenbun.lite.store.sql.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries as rows, and what is to be told of them once the transaction is committed, see {@link
 * Deliveries#committed}. For one transaction.
 */
public final class DeliveryRows {
  private static final String INSERT =
      """
      INSERT INTO delivery (id, unit, firing, event, trigger_id, trigger_name, lead, lead_id, channel,
        target, destination, body, state, next_at, created_at, done_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key""";
  private static final String TEST = "channel.test";

  private final Connection connection;
  private final Statements statements;
  private final DestinationRows destinations;
  private final List<Long> touched = new ArrayList<>(0); // Destinations.
  private final List<Long> made = new ArrayList<>(0); // Deliveries.
  private boolean written;

  public DeliveryRows(Connection connection, Statements statements) {
    this.connection = connection;
    this.statements = statements;
    this.destinations = new DestinationRows(statements);
  }

  /** Says whether the transaction has written anything here. */
  boolean hasWritten() {
    return written;
  }

  /** Takes note that deliveries of destinations were changed. */
  void touch(List<Long> destinations) throws SQLException {
    written |= !destinations.isEmpty();
    touched.addAll(destinations);
    for (long destination : destinations) {
      Dialect.of(connection).tellChanged(connection, destination);
    }
  }

  /** Returns the destinations whose deliveries were changed. */
  List<Long> touched() {
    return touched;
  }

  /** Returns the deliveries that are new. */
  List<Long> made() {
    return made;
  }

  /**
   * Writes a delivery for each destination of each firing. The first destination's has the firing's
   * id, a second one's that and a suffix.
   */
  public void insert(List<Fired> told, long nowMillis) throws SQLException {
    Map<Long, List<Alias>> aliases = new HashMap<>();
    for (Fired one : told) {
      Firing firing = one.firing();
      boolean isFirst = true;
      for (Target target : targets(connection, firing, one.destinations())) {
        String id = isFirst ? firing.id() : firing.id() + target.suffix();
        isFirst = false;
        List<Alias> ofLead = aliases.get(firing.lead());
        if (ofLead == null) {
          ofLead = LeadNames.aliases(connection, firing.lead());
          aliases.put(firing.lead(), ofLead);
        }
        String body =
            WebhookBody.of(id, firing, ofLead, LeadNames.ownerName(connection, firing.lead()));
        insert(id, firing.unit(), firing, target, body, nowMillis);
      }
    }
  }

  /** Removes a lead's deliveries. */
  public void removeOf(long lead) throws SQLException {
    touch(
        new Sql(
                "SELECT DISTINCT destination FROM delivery WHERE lead = ? AND state = 'pending'",
                lead)
            .numbers(connection));
    new Sql("DELETE FROM delivery WHERE lead = ?", lead).run(connection);
    written = true;
  }

  /** Has the worker let go of what it holds of a unit that is being emptied. */
  public void aboutToEmpty(long unit) throws SQLException {
    touch(new Sql("SELECT key FROM destination WHERE unit = ?", unit).numbers(connection));
    written = true;
  }

  /** Writes the delivery of a channel's test call. */
  void insertTest(long unit, Channel channel, String id, long nowMillis) throws SQLException {
    String body = WebhookBody.ofTest(id, channel, nowMillis);
    insert(id, unit, null, target(channel), body, nowMillis);
  }

  /** Returns the key of where the channel's webhooks go now, null when nothing is sent. */
  @Nullable Long destination(long unit, Channel channel) throws SQLException {
    DestinationRows.Known known = destination(unit, target(channel));
    return known == null ? null : known.key();
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
      String id, long unit, @Nullable Firing firing, Target target, String body, long nowMillis)
      throws SQLException {
    DestinationRows.Known destination = destination(unit, target);
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
    if (made.isEmpty()) {
      Dialect.of(connection).keepDeliveriesInOrder(connection);
    }
    made.add(Sql.number(insert));
    written = true;
  }

  /** Returns where the target's webhooks go, null when nothing is sent. */
  private DestinationRows.@Nullable Known destination(long unit, Target target)
      throws SQLException {
    String url = target.url();
    return url == null
        ? null
        : destinations.known(connection, unit, url, target.authHeader(), target.signingSecret());
  }
}
