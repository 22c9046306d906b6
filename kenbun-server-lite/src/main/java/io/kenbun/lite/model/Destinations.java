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
