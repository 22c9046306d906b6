package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/** The five kinds of name a lead may have besides its {@code lead_id} ({@code api.md} 3.1). */
public enum AliasKind {
  EMAIL("email"),
  EXTERNAL_ID("external_id"),
  PHONE("phone"),
  COOKIE("cookie"),
  SOCIAL("social");

  private static final AliasKind[] ALL = values();

  private final String wireName;

  AliasKind(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the kind as the API spells it, such as {@code external_id}. */
  public String wireName() {
    return wireName;
  }

  /** Returns the kind spelled {@code wireName}, exactly, or null when there is none. */
  public static @Nullable AliasKind of(String wireName) {
    for (AliasKind kind : ALL) {
      if (kind.wireName.equals(wireName)) {
        return kind;
      }
    }
    return null;
  }
}
