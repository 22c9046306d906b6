package io.kenbun.lite.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event that was validated and not yet scored. It names its lead by {@code leadId}, by {@code
 * aliases}, or by both.
 *
 * @param unit the {@link OrgUnit#key() key} of the unit it was sent to
 * @param timestampMillis when it happened, milliseconds since 1970 UTC
 * @param receivedAtMillis when the server took it
 * @param metadata the JSON object as it was sent, byte for byte, or null when there was none
 * @param skipTriggers whether it is of an import that must set off no trigger ({@code scoring.md}
 *     12)
 */
public record RawEvent(
    long unit,
    @Nullable String leadId,
    List<Alias> aliases,
    String eventType,
    long timestampMillis,
    long receivedAtMillis,
    @Nullable String metadata,
    boolean skipTriggers) {

  /** The longest {@code event_type}, in characters after trimming ({@code lite.md} 2). */
  public static final int MAX_EVENT_TYPE_LENGTH = 200;

  /** The longest {@code lead_id}, in characters ({@code lite.md} 2). */
  public static final int MAX_LEAD_ID_LENGTH = 128;

  /** The most bytes of UTF-8 that {@code metadata} may take as sent ({@code lite.md} 1). */
  public static final int MAX_METADATA_BYTES = 102_400;

  /** How far ahead of the server's clock a timestamp may lie ({@code lite.md} 2). */
  public static final long MAX_AHEAD_MILLIS = 24L * 60 * 60 * 1000;

  public RawEvent {
    aliases = List.copyOf(aliases);
    if (leadId == null && aliases.isEmpty()) {
      throw new IllegalArgumentException("neither lead_id nor alias");
    }
  }

  /** Returns the same event as one that sets off no trigger. */
  public RawEvent skippingTriggers() {
    return new RawEvent(
        unit, leadId, aliases, eventType, timestampMillis, receivedAtMillis, metadata, true);
  }

  /** Makes an event that may set off triggers. */
  public RawEvent(
      long unit,
      @Nullable String leadId,
      List<Alias> aliases,
      String eventType,
      long timestampMillis,
      long receivedAtMillis,
      @Nullable String metadata) {
    this(unit, leadId, aliases, eventType, timestampMillis, receivedAtMillis, metadata, false);
  }
}
