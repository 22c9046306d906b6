package io.kenbun.lite.store.firing;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.ChannelType;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.row.KeyedRow;
import io.kenbun.lite.store.row.Matching;
import io.kenbun.lite.store.sql.Database;
import io.kenbun.lite.store.sql.ReadConnections;
import io.kenbun.lite.store.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Notification channels ({@code scoring.md} 9.4). Any thread; a write is whole or not at all. */
public final class Channels {
  private static final String SELECT =
      """
      SELECT c.key, c.id, c.name, c.type, c.url, c.auth_header, c.signing_secret, c.channel_id,
        c.channel_name, c.recipients, c.subject_prefix, d.off_at, c.created_at, c.updated_at
      FROM notification_channel c
      LEFT JOIN destination d ON c.type = 'webhook' AND d.unit = c.unit AND d.url = c.url
        AND d.auth_header IS NOT DISTINCT FROM c.auth_header
        AND d.signing_secret IS NOT DISTINCT FROM c.signing_secret""";

  private final Database database;
  private final ReadConnections connections;

  public Channels(Database database, ReadConnections connections) {
    this.database = database;
    this.connections = connections;
  }

  /** Returns the unit's channels, in the order they were made. */
  public List<Channel> all(long unit) throws StorageException {
    return connections.ask(
        connection ->
            new Sql(SELECT)
                .where("c.unit = ?", unit)
                .end(" ORDER BY c.key")
                .list(connection, Channels::channel));
  }

  /** Returns the unit's channel of that id, or null. */
  public @Nullable Channel find(long unit, String id) throws StorageException {
    return first(
        connections.ask(
            connection ->
                new Sql(SELECT)
                    .where("c.unit = ?", unit)
                    .where("c.id = ?", id)
                    .list(connection, Channels::channel)));
  }

  /** Returns the unit's channel of that key, or null. */
  static @Nullable Channel find(Connection connection, long unit, long key) throws SQLException {
    return first(
        new Sql(SELECT)
            .where("c.unit = ?", unit)
            .where("c.key = ?", key)
            .list(connection, Channels::channel));
  }

  /**
   * Keeps a channel; makes one when its key is 0.
   *
   * @param turnOn whether what is sent to its URL may be sent again, if the receiver had it turned
   *     off
   */
  public Channel save(long unit, Channel channel, boolean turnOn, long nowMillis)
      throws StorageException {
    return database.inTransaction(
        connection -> {
          long key = save(connection, unit, channel, nowMillis);
          if (turnOn && channel.config() instanceof Channel.Webhook webhook) {
            new Sql(
                    "UPDATE destination SET off_at = NULL, failures = 0 WHERE unit = ? AND url = ?",
                    unit,
                    webhook.url())
                .run(connection);
          }
          return Objects.requireNonNull(find(connection, unit, key));
        });
  }

  private static long save(Connection connection, long unit, Channel channel, long nowMillis)
      throws SQLException {
    KeyedRow row =
        KeyedRow.ofUnit(connection, "notification_channel", unit, channel.id(), channel.key())
            .set("name", channel.name())
            .once("type", channel.config().type().wireName());
    if (channel.config() instanceof Channel.Slack slack) {
      row.set("channel_id", slack.channelId()).set("channel_name", slack.channelName());
    } else if (channel.config() instanceof Channel.Teams teams) {
      row.set("url", teams.webhookUrl()).set("channel_name", teams.channelName());
    } else if (channel.config() instanceof Channel.Webhook webhook) {
      row.set("url", webhook.url())
          .set("auth_header", webhook.authHeader())
          .set("signing_secret", webhook.signingSecret());
    } else if (channel.config() instanceof Channel.Email email) {
      row.set("recipients", email.recipients()).set("subject_prefix", email.subjectPrefix());
    }
    return row.changedAt(nowMillis, false).once("created_at", nowMillis).save();
  }

  /**
   * Brings those that are named in line, by id or without one by name; what is not named stays.
   * Secrets that are not given stay as well.
   *
   * @return the keys they have, by those in {@code wanted}
   */
  public static Map<Long, Long> apply(
      Connection connection, long unit, List<Channel> wanted, long nowMillis) throws SQLException {
    List<Channel> all =
        new Sql(SELECT)
            .where("c.unit = ?", unit)
            .end(" ORDER BY c.key")
            .list(connection, Channels::channel);
    Matching<Channel> kept = new Matching<>(all, Channel::id, Channel::name);
    Map<Long, Long> keys = new HashMap<>();
    for (Channel channel : wanted) {
      Channel known = kept.take(channel);
      Channel.Config config = channel.config();
      if (known != null && known.config().type() != config.type()) {
        throw new IllegalArgumentException(
            "the type of a channel cannot be changed: \""
                + known.id()
                + "\" is "
                + known.config().type().wireName());
      }
      if (config instanceof Channel.Webhook webhook
          && known != null
          && known.config() instanceof Channel.Webhook was) {
        config =
            new Channel.Webhook(
                webhook.url(),
                webhook.authHeader() == null ? was.authHeader() : webhook.authHeader(),
                webhook.signingSecret() == null ? was.signingSecret() : webhook.signingSecret());
      }
      long key = known == null ? 0 : known.key();
      Channel inLine =
          new Channel(key, channel.id(), channel.name(), config, null, nowMillis, nowMillis);
      keys.put(channel.key(), save(connection, unit, inLine, nowMillis));
    }
    return keys;
  }

  /**
   * Removes a channel, unless a trigger uses it; what is on its way to it stays so.
   *
   * @return whether it was removed
   */
  public boolean delete(long unit, long key) throws StorageException {
    return database.inTransaction(
        connection ->
            new Sql(
                        """
                        DELETE FROM notification_channel WHERE unit = ? AND key = ?
                          AND NOT EXISTS (SELECT 1 FROM milestone WHERE unit = ? AND channel = ?)
                          AND NOT EXISTS (SELECT 1 FROM sequence WHERE unit = ? AND channel = ?)
                          AND NOT EXISTS (SELECT 1 FROM surge WHERE unit = ? AND channel = ?)""",
                        unit,
                        key,
                        unit,
                        key,
                        unit,
                        key,
                        unit,
                        key)
                    .run(connection)
                > 0);
  }

  private static @Nullable Channel first(List<Channel> channels) {
    return channels.isEmpty() ? null : channels.get(0);
  }

  private static Channel channel(ResultSet row) throws SQLException {
    return new Channel(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        config(row),
        Sql.optionalLong(row, 12),
        row.getLong(13),
        row.getLong(14));
  }

  private static Channel.Config config(ResultSet row) throws SQLException {
    String type = row.getString(4);
    if (type.equals(ChannelType.SLACK.wireName())) {
      return new Channel.Slack(row.getString(8), row.getString(9));
    }
    if (type.equals(ChannelType.TEAMS.wireName())) {
      return new Channel.Teams(row.getString(5), row.getString(9));
    }
    if (type.equals(ChannelType.EMAIL.wireName())) {
      return new Channel.Email(row.getString(10), row.getString(11));
    }
    return new Channel.Webhook(row.getString(5), row.getString(6), row.getString(7));
  }
}
