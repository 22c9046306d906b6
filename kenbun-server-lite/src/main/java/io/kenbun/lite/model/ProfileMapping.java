package io.kenbun.lite.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies a key of events' metadata to a field of the lead's profile ({@code scoring.md} 7.1).
 *
 * @param key the mapping's number inside this server; never sent
 */
public record ProfileMapping(
    long key,
    String id,
    String metadataKey,
    String profileField,
    UpdateBehavior updateBehavior,
    long createdAtMillis) {

  /** The longest {@code metadata_key} or {@code profile_field}, in characters. Ours. */
  public static final int MAX_KEY_LENGTH = 200;

  /** What happens to a field that has a value already. */
  public enum UpdateBehavior {
    /** The value of the event with the latest timestamp stays. */
    ALWAYS_LATEST("always_latest"),
    /** The value that came first stays. */
    ONLY_IF_EMPTY("only_if_empty");

    private final String wireName;

    UpdateBehavior(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }

    /** Returns the behaviour that {@code wireName} spells, or null when there is none. */
    public static @Nullable UpdateBehavior of(String wireName) {
      return Arrays.stream(values())
          .filter(behavior -> behavior.wireName.equals(wireName))
          .findFirst()
          .orElse(null);
    }
  }
}
