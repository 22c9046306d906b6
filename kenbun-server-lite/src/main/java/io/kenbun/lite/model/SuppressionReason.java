package io.kenbun.lite.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Why an event is stored and earns nothing ({@code scoring.md} 11.1). */
public enum SuppressionReason {
  /** Over a velocity filter's threshold. */
  INORGANIC("inorganic"),
  /** Not the first of a burst, or collapsed by fan-out normalisation. */
  INORGANIC_GROUPED("inorganic_grouped"),
  /** An attribute filter suppresses it. */
  METADATA_FILTER("metadata_filter");

  private final String wireName;

  SuppressionReason(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  /** Returns the reason that {@code wireName} spells, or null when there is none. */
  public static @Nullable SuppressionReason of(@Nullable String wireName) {
    return Arrays.stream(values())
        .filter(reason -> reason.wireName.equals(wireName))
        .findFirst()
        .orElse(null);
  }
}
