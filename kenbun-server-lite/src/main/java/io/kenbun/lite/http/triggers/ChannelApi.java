package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.ChannelType;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.Channels;
import io.kenbun.lite.store.firing.Deliveries;
import io.kenbun.lite.webhook.AddressGuard;
import io.kenbun.lite.webhook.Signature;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Notification channels ({@code scoring.md} 9.4). Secrets are written where they come in or are
 * made, and never shown again. On workers.
 */
final class ChannelApi {
  private final Channels channels;
  private final Deliveries deliveries;
  private final AddressGuard guard;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Object lock = new Object(); // One change at a time: some read what they change.

  ChannelApi(WebhookServices services, InstantSource clock) {
    this.channels = services.channels();
    this.deliveries = services.deliveries();
    this.guard = services.guard();
    this.clock = clock;
  }

  /** {@code GET /notification-channels}: a bare array, in the order they were made. */
  void list(Call call) throws StorageException {
    JsonOut out = new JsonOut().beginArray();
    for (Channel channel : channels.all(call.unit().key())) {
      write(call, channel, null, out);
    }
    call.answer(200, out.endArray());
  }

  /** {@code POST /notification-channels}: the one answer that shows a signing secret made here. */
  void create(Call call) throws Exception {
    JsonBody.readSecretForWorker(call, body -> create(call, body));
  }

  private void create(Call call, JsonBody body) throws StorageException {
    String name = body.text("name", RuleSetup.MAX_NAME_LENGTH);
    ChannelType type = type(body);
    Channel.Config config = config(body.object("config"), type, null);
    Channel saved;
    synchronized (lock) {
      saved =
          channels.save(
              call.unit().key(),
              new Channel(0, "", name, config, null, 0, 0),
              true,
              clock.millis());
    }
    JsonOut out = new JsonOut();
    String secret = config instanceof Channel.Webhook webhook ? webhook.signingSecret() : null;
    write(call, saved, secret, out);
    call.answer(201, out);
  }

  /** {@code GET /notification-channels/{id}}. */
  void one(Call call) throws StorageException {
    JsonOut out = new JsonOut();
    write(call, find(call), null, out);
    call.answer(200, out);
  }

  /** {@code PUT /notification-channels/{id}}: changes what is given; the type stays. */
  void update(Call call) throws Exception {
    JsonBody.readSecretForWorker(call, body -> update(call, body));
  }

  private void update(Call call, JsonBody body) throws StorageException {
    Channel saved;
    synchronized (lock) {
      Channel known = find(call);
      if (body.isGiven("type") && type(body) != known.config().type()) {
        throw body.invalid("type", "cannot be changed: " + known.config().type().wireName());
      }
      boolean configures = body.isGiven("config");
      Channel changed =
          new Channel(
              known.key(),
              known.id(),
              body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, known.name()),
              configures
                  ? config(body.object("config"), known.config().type(), known.config())
                  : known.config(),
              null,
              known.createdAtMillis(),
              known.updatedAtMillis());
      saved = channels.save(call.unit().key(), changed, configures, clock.millis());
    }
    JsonOut out = new JsonOut();
    write(call, saved, null, out);
    call.answer(200, out);
  }

  /** {@code DELETE /notification-channels/{id}}. */
  void delete(Call call) throws StorageException {
    synchronized (lock) {
      Channel channel = find(call);
      if (!channels.delete(call.unit().key(), channel.key())) {
        throw Problem.conflict(null, "a trigger uses the channel");
      }
    }
    call.answerNothing();
  }

  /** {@code POST /notification-channels/{id}/test}: 202 and the delivery, which is on its way. */
  void test(Call call) throws StorageException {
    Channel channel = find(call);
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    String id = "test_" + HexFormat.of().formatHex(bytes);
    deliveries.insertTest(call.unit().key(), channel, id, clock.millis());
    call.answer(202, new JsonOut().beginObject().field("delivery_id", id).endObject());
  }

  private Channel find(Call call) throws StorageException {
    Channel channel = channels.find(call.unit().key(), call.pathValue("id"));
    if (channel == null) {
      throw Problem.notFound("no such notification channel");
    }
    return channel;
  }

  private static ChannelType type(JsonBody body) {
    String name = body.text("type", 100);
    ChannelType type = ChannelType.of(name);
    if (type != null) {
      return type;
    }
    throw body.invalid(
        "type", "is none of " + ChannelType.wireNames() + ": \"" + JsonBody.shortened(name) + '"');
  }

  /**
   * Reads what a channel of a type is told.
   *
   * @param known what stays where nothing is said; null: what a type needs must be there
   */
  private Channel.Config config(JsonBody body, ChannelType type, Channel.@Nullable Config known) {
    int max = Channel.MAX_FIELD_LENGTH;
    switch (type) {
      case SLACK -> {
        Channel.Slack was = known instanceof Channel.Slack slack ? slack : null;
        return new Channel.Slack(
            body.text("channel_id", 1, max, was == null ? null : was.channelId()),
            body.text("channel_name", 0, max, was == null ? "" : was.channelName()));
      }
      case TEAMS -> {
        Channel.Teams was = known instanceof Channel.Teams teams ? teams : null;
        return new Channel.Teams(
            url(body, "webhook_url", was == null ? null : was.webhookUrl()),
            body.text("channel_name", 0, max, was == null ? "" : was.channelName()));
      }
      case EMAIL -> {
        Channel.Email was = known instanceof Channel.Email email ? email : null;
        return new Channel.Email(
            body.text(
                "recipients",
                1,
                Channel.MAX_RECIPIENTS_LENGTH,
                was == null ? null : was.recipients()),
            body.text("subject_prefix", 0, max, was == null ? "" : was.subjectPrefix()));
      }
      case WEBHOOK -> {
        Channel.Webhook was = known instanceof Channel.Webhook webhook ? webhook : null;
        return new Channel.Webhook(
            url(body, "url", was == null ? null : was.url()),
            authHeader(body, was == null ? null : was.authHeader()),
            signingSecret(body, was));
      }
    }
    throw new IllegalStateException("no such type");
  }

  private String url(JsonBody body, String name, @Nullable String known) {
    String url = body.text(name, 1, Integer.MAX_VALUE, known);
    String fault = guard.fault(url);
    if (fault != null) {
      throw body.invalid(name, fault);
    }
    return url;
  }

  /** Reads a header's value; null clears. */
  private static @Nullable String authHeader(JsonBody body, @Nullable String known) {
    if (!body.isGiven("auth_header")) {
      return body.has("auth_header") ? null : known;
    }
    String value = body.text("auth_header", Channel.MAX_FIELD_LENGTH);
    if (!Channel.isHeaderValue(value)) {
      throw body.invalid("auth_header", "holds a character that is not visible ASCII or a space");
    }
    return value;
  }

  /** Reads a signing secret; a new channel without one gets one, null clears. */
  private @Nullable String signingSecret(JsonBody body, Channel.@Nullable Webhook known) {
    if (!body.isGiven("signing_secret")) {
      if (body.has("signing_secret")) {
        return null;
      }
      return known == null ? Signature.newSecret(random) : known.signingSecret();
    }
    String secret = body.rawText("signing_secret");
    String fault = Signature.fault(secret);
    if (fault != null) {
      throw body.invalid("signing_secret", fault);
    }
    return secret;
  }

  private static void write(Call call, Channel channel, @Nullable String secret, JsonOut out) {
    out.beginObject()
        .field("id", channel.id())
        .field("unit_id", call.unit().unitId())
        .field("name", channel.name())
        .field("type", channel.config().type().wireName())
        .beginObject("config");
    if (channel.config() instanceof Channel.Slack slack) {
      out.field("channel_id", slack.channelId()).field("channel_name", slack.channelName());
    } else if (channel.config() instanceof Channel.Teams teams) {
      out.field("webhook_url", teams.webhookUrl()).field("channel_name", teams.channelName());
    } else if (channel.config() instanceof Channel.Email email) {
      out.field("recipients", email.recipients()).field("subject_prefix", email.subjectPrefix());
    } else if (channel.config() instanceof Channel.Webhook webhook) {
      out.field("url", webhook.url())
          .field("has_auth_header", webhook.authHeader() != null)
          .field("has_signing_secret", webhook.signingSecret() != null);
      if (secret != null) {
        out.field("signing_secret", secret);
      }
    }
    out.endObject();
    if (channel.config().type() == ChannelType.WEBHOOK) {
      out.timeField("off_since", channel.offSinceMillis());
    }
    out.timeField("created_at", channel.createdAtMillis())
        .timeField("updated_at", channel.updatedAtMillis())
        .endObject();
  }
}
