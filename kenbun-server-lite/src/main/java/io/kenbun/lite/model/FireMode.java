package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/** How often a milestone fires for one lead ({@code scoring.md} 9.1). */
public enum FireMode {
  /** At the first crossing, and never again. */
  ONCE("once"),
  /** At every crossing, but for its cooldown. */
  ALWAYS("always");

  private final String wireName;

  FireMode(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the name on the wire. */
  public String wireName() {
    return wireName;
  }

  /** Returns the mode of that name, or null when there is none. */
  public static @Nullable FireMode of(String wireName) {
    for (FireMode mode : values()) {
      if (mode.wireName.equals(wireName)) {
        return mode;
      }
    }
    return null;
  }
}
