package io.kenbun.lite.model;

/** How a notification channel tells ({@code scoring.md} 9.4). Only a webhook is really sent. */
public enum ChannelType {
  SLACK("slack"),
  TEAMS("teams"),
  WEBHOOK("webhook"),
  EMAIL("email");

  private final String wireName;

  ChannelType(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the name on the wire. */
  public String wireName() {
    return wireName;
  }
}
