package io.kenbun.lite;

import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.ChannelType;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.webhook.AddressGuard;
import io.kenbun.lite.webhook.Signature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The notification channels of a unit of a configuration file.
 *
 * <pre>
 *   "channels": [{"id"?, "name", "type", "config": {...}}]
 *
 *   type      config
 *   slack     {"channel_id", "channel_name"?}
 *   teams     {"webhook_url", "channel_name"?}
 *   webhook   {"url", "auth_header"?, "signing_secret"?}    a secret that is not given stays as it is
 *   email     {"recipients", "subject_prefix"?}
 * </pre>
 */
final class ConfigChannels {
  private ConfigChannels() {}

  /** Returns the channels; their keys are their places in the file, from 1 on. */
  static List<Channel> read(ConfigNode unit, AddressGuard guard) {
    List<Channel> channels = new ArrayList<>();
    Set<Object> ids = new HashSet<>();
    Set<Object> names = new HashSet<>();
    for (ConfigNode node : unit.list("channels")) {
      node.only("id", "name", "type", "config");
      String id = ConfigUnit.id(node, ids);
      String name = ConfigUnit.name(node, names);
      ChannelType type = type(node);
      ConfigNode config = node.child("config");
      if (config == null) {
        throw node.problem("an object expected: nothing", "config");
      }
      channels.add(
          new Channel(channels.size() + 1, id, name, config(config, type, guard), null, 0, 0));
    }
    return channels;
  }

  private static ChannelType type(ConfigNode node) {
    String name = node.text("type", RuleSetup.MAX_NAME_LENGTH);
    ChannelType type = ChannelType.of(name);
    if (type != null) {
      return type;
    }
    throw node.problem("one of " + ChannelType.wireNames() + " expected: \"" + name + '"', "type");
  }

  private static Channel.Config config(ConfigNode node, ChannelType type, AddressGuard guard) {
    int max = Channel.MAX_FIELD_LENGTH;
    return switch (type) {
      case SLACK -> {
        node.only("channel_id", "channel_name");
        yield new Channel.Slack(node.text("channel_id", max), node.text("channel_name", max, ""));
      }
      case TEAMS -> {
        node.only("webhook_url", "channel_name");
        yield new Channel.Teams(
            url(node, "webhook_url", guard), node.text("channel_name", max, ""));
      }
      case EMAIL -> {
        node.only("recipients", "subject_prefix");
        yield new Channel.Email(
            node.text("recipients", Channel.MAX_RECIPIENTS_LENGTH),
            node.text("subject_prefix", max, ""));
      }
      case WEBHOOK -> {
        node.only("url", "auth_header", "signing_secret");
        yield new Channel.Webhook(url(node, "url", guard), authHeader(node), signingSecret(node));
      }
    };
  }

  private static String url(ConfigNode node, String key, AddressGuard guard) {
    String url = node.text(key, AddressGuard.MAX_URL_LENGTH);
    String fault = guard.fault(url);
    if (fault != null) {
      throw node.problem("a URL for webhooks expected, and this one " + fault, key);
    }
    return url;
  }

  private static @Nullable String authHeader(ConfigNode node) {
    if (!node.has("auth_header")) {
      return null;
    }
    String value = node.secret("auth_header", Channel.MAX_FIELD_LENGTH);
    if (!Channel.isHeaderValue(value)) {
      throw node.problem("visible ASCII and spaces expected", "auth_header");
    }
    return value;
  }

  private static @Nullable String signingSecret(ConfigNode node) {
    if (!node.has("signing_secret")) {
      return null;
    }
    String secret = node.secret("signing_secret", Channel.MAX_FIELD_LENGTH);
    String fault = Signature.fault(secret);
    if (fault != null) {
      throw node.problem("a signing secret expected, and this one " + fault, "signing_secret");
    }
    return secret;
  }

  /** Reads the {@code channel_id} of a trigger; returns the key of a channel of the file. */
  static @Nullable Long channel(ConfigNode trigger, List<Channel> channels) {
    if (!trigger.has("channel_id")) {
      return null;
    }
    String id = trigger.text("channel_id", RuleSetup.MAX_NAME_LENGTH);
    return channels.stream()
        .filter(channel -> channel.id().equals(id))
        .map(Channel::key)
        .findFirst()
        .orElseThrow(
            () ->
                trigger.problem(
                    "the id of one of the unit's channels in the file expected: \"" + id + '"',
                    "channel_id"));
  }
}
