package io.kenbun.lite.model;

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
  }
}
