package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.webhook.Signature;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom a trigger tells, on the wire; the fields are the same for all kinds ({@code scoring.md} 9.1
 * to 9.3). Any thread.
 *
 * <pre>
 *   "webhook_url":"https://…"|null,
 *   "signing":true,                    makes a secret; only the answer to that shows it
 *   "signing_secret":"whsec_…"|null,   the caller's own instead; shown is "has_signing_secret"
 *   "emails":["a@example.com"], "email_subject":…, "email_preheader":…, "email_message":…,
 *   "channel_id":"…"|null, "notify_owner":false
 * </pre>
 */
final class DestinationFields {
  // Whether there is such an address, only sending would tell; this keeps out what cannot be one.
  private static final Pattern EMAIL = Pattern.compile("[^\\s@,;<>]+@[^\\s@,;<>]+");

  private final WebhookServices webhooks;
  private final SecureRandom random = new SecureRandom();

  DestinationFields(WebhookServices webhooks) {
    this.webhooks = webhooks;
  }

  /** Reads the fields; what is absent is as in {@code known}. */
  Destinations read(JsonBody body, long unit, Destinations known) throws StorageException {
    String url = url(body, known.webhookUrl());
    return new Destinations(
        url,
        signingSecret(body, url, known.signingSecret()),
        channel(body, unit, known.channel()),
        body.bool("notify_owner", known.notifyOwner()),
        emails(body, known.emails()),
        body.textOrNull("email_subject", Destinations.MAX_SUBJECT_LENGTH, known.emailSubject()),
        body.textOrNull("email_preheader", Destinations.MAX_SUBJECT_LENGTH, known.emailPreheader()),
        body.textOrNull("email_message", Destinations.MAX_MESSAGE_LENGTH, known.emailMessage()));
  }

  private @Nullable String url(JsonBody body, @Nullable String known) {
    String url = body.textOrNull("webhook_url", Destinations.MAX_URL_LENGTH, known);
    if (url != null && body.isGiven("webhook_url")) {
      String fault = webhooks.guard().fault(url);
      if (fault != null) {
        throw body.invalid("webhook_url", fault);
      }
    }
    return url;
  }

  /**
   * Returns the secret that signs what goes to {@code url}: the one that is sent, the one that
   * there is, a new one when {@code signing} asks for one, or none.
   */
  private @Nullable String signingSecret(
      JsonBody body, @Nullable String url, @Nullable String known) {
    if (url == null) {
      if (body.isGiven("signing_secret") || body.bool("signing", false)) {
        String field = body.isGiven("signing_secret") ? "signing_secret" : "signing";
        throw body.invalid(field, "signs nothing without a webhook_url");
      }
      return null;
    }
    if (body.isGiven("signing_secret")) {
      String secret = body.rawText("signing_secret");
      String fault = Signature.fault(secret);
      if (fault != null) {
        throw body.invalid("signing_secret", fault);
      }
      return secret;
    }
    String there = body.has("signing_secret") ? null : known;
    if (!body.bool("signing", there != null)) {
      return null;
    }
    return there == null ? Signature.newSecret(random) : there;
  }

  private @Nullable Long channel(JsonBody body, long unit, @Nullable Long known)
      throws StorageException {
    if (!body.has("channel_id")) {
      return known;
    }
    String id = body.optionalText("channel_id");
    if (id == null) {
      return null;
    }
    Channel channel = webhooks.channels().find(unit, id);
    if (channel == null) {
      throw Problem.notFound(body.path("channel_id"), "no such notification channel");
    }
    return channel.key();
  }

  private static List<String> emails(JsonBody body, List<String> known) {
    if (!body.isGiven("emails")) {
      return body.has("emails") ? List.of() : known;
    }
    List<String> emails = new ArrayList<>();
    for (String email :
        body.texts("emails", 0, Destinations.MAX_EMAILS, Destinations.MAX_EMAIL_LENGTH)) {
      if (!EMAIL.matcher(email).matches()) {
        throw body.invalid("emails[" + emails.size() + "]", "is no e-mail address");
      }
      emails.add(email);
    }
    return emails;
  }

  /** Returns the ids of the unit's channels by their keys, for {@link #write}. */
  Map<Long, String> channels(long unit) throws StorageException {
    Map<Long, String> ids = new HashMap<>();
    webhooks.channels().all(unit).forEach(channel -> ids.put(channel.key(), channel.id()));
    return ids;
  }

  /** Writes the fields, but for the secret, into the object that is open. */
  static void write(Destinations destinations, Map<Long, String> channels, JsonOut out) {
    Long channel = destinations.channel();
    out.field("webhook_url", destinations.webhookUrl())
        .field("has_signing_secret", destinations.signingSecret() != null)
        .beginArray("emails");
    destinations.emails().forEach(out::element);
    out.endArray()
        .field("email_subject", destinations.emailSubject())
        .field("email_preheader", destinations.emailPreheader())
        .field("email_message", destinations.emailMessage())
        .field("channel_id", channel == null ? null : channels.get(channel))
        .field("notify_owner", destinations.notifyOwner());
  }

  /** Writes a secret that is new. */
  static void writeSecret(@Nullable Destinations known, Destinations saved, JsonOut out) {
    String secret = saved.signingSecret();
    if (secret != null && (known == null || !secret.equals(known.signingSecret()))) {
      out.field("signing_secret", secret);
    }
  }
}
