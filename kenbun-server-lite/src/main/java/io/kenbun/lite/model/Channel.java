package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * A notification channel: a destination that triggers share ({@code scoring.md} 9.4).
 *
 * @param key the channel's number inside this server; never sent
 * @param offSinceMillis since when nothing is sent to it because its receiver answered 410, else
 *     null
 */
public record Channel(
    long key,
    String id,
    String name,
    Config config,
    @Nullable Long offSinceMillis,
    long createdAtMillis,
    long updatedAtMillis) {

  /** The most characters of one field of a {@link Config}, but for URLs. Ours. */
  public static final int MAX_FIELD_LENGTH = 1_024;

  /** The most characters of the {@code recipients} of e-mail. Ours. */
  public static final int MAX_RECIPIENTS_LENGTH = 10_000;

  /** Says whether a text may stand in a header: it must not be able to end it. */
  public static boolean isHeaderValue(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /** What a channel of one type is told. */
  public sealed interface Config {
    ChannelType type();
  }

  /** A Slack channel. */
  public record Slack(String channelId, String channelName) implements Config {
    @Override
    public ChannelType type() {
      return ChannelType.SLACK;
    }
  }

  /** A Teams channel. */
  public record Teams(String webhookUrl, String channelName) implements Config {
    @Override
    public ChannelType type() {
      return ChannelType.TEAMS;
    }
  }

  /**
   * A receiver of webhooks.
   *
   * @param authHeader the value of the header {@code Authorization}, null for none; a secret
   * @param signingSecret {@code whsec_} and base64, null: not signed; a secret
   */
  public record Webhook(String url, @Nullable String authHeader, @Nullable String signingSecret)
      implements Config {
    @Override
    public ChannelType type() {
      return ChannelType.WEBHOOK;
    }

    /** Says nothing of the secrets. */
    @Override
    public String toString() {
      return "Webhook[auth=" + (authHeader != null) + ", signed=" + (signingSecret != null) + ']';
    }
  }

  /** Addresses of e-mail, separated by commas. */
  public record Email(String recipients, String subjectPrefix) implements Config {
    @Override
    public ChannelType type() {
      return ChannelType.EMAIL;
    }
  }
}
