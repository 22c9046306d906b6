package io.kenbun.lite.model;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  /** Returns the type of that name on the wire, or null. */
  public static @Nullable ChannelType of(String wireName) {
    for (ChannelType type : values()) {
      if (type.wireName.equals(wireName)) {
        return type;
      }
    }
    return null;
  }

  /** Returns all names on the wire, for people. */
  public static String wireNames() {
    return Arrays.stream(values()).map(ChannelType::wireName).collect(Collectors.joining(", "));
  }

  /** Returns the name on the wire. */
  public String wireName() {
    return wireName;
  }
}
