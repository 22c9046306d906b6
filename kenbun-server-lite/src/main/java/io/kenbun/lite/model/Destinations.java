package io.kenbun.lite.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a trigger tells when it fires ({@code scoring.md} 9.1 to 9.4). Nobody at all is allowed: the
 * firing is in the history all the same.
 *
 * @param webhookUrl where its own webhook goes, null for none
 * @param signingSecret signs what goes to {@code webhookUrl} ({@code lite.md} 5); {@code whsec_}
 *     and base64; null: not signed. Never logged, and shown only where it is made
 * @param channel the key of a notification channel, null for none
 * @param notifyOwner whether a message to the lead's owner is logged as a delivery, never sent
 * @param emails logged as deliveries, never sent ({@code lite.md} 5)
 */
public record Destinations(
    @Nullable String webhookUrl,
    @Nullable String signingSecret,
    @Nullable Long channel,
    boolean notifyOwner,
    List<String> emails,
    @Nullable String emailSubject,
    @Nullable String emailPreheader,
    @Nullable String emailMessage) {

  /** The longest {@code webhook_url}, in characters. Ours. */
  public static final int MAX_URL_LENGTH = 2_048;

  /** The most addresses in {@code emails}. Ours. */
  public static final int MAX_EMAILS = 50;

  /** The longest address, in characters (RFC 5321). */
  public static final int MAX_EMAIL_LENGTH = 254;

  /** The longest {@code email_subject} and {@code email_preheader}, in characters. Ours. */
  public static final int MAX_SUBJECT_LENGTH = 500;

  /** The longest {@code email_message}, in characters. Ours. */
  public static final int MAX_MESSAGE_LENGTH = 10_000;

  /** A trigger that tells nobody. */
  public static final Destinations NONE =
      new Destinations(null, null, null, false, List.of(), null, null, null);

  public Destinations {
    emails = List.copyOf(emails);
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "Destinations[webhook=" + (webhookUrl != null) + ", channel=" + channel + ']';
  }
}
