package io.kenbun.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that a lead did: a type, who did it, when, and what else is known about it.
 *
 * <p>An event that could be built is one that the API takes: every limit is checked here, and the
 * message names the field. Events are immutable and safe for use by several threads; builders are
 * not.
 *
 * <pre>{@code
 * Event.builder("Page View").email("user@example.com").metadata("path", "/pricing").build()
 * }</pre>
 */
public final class Event {
  /** The longest event type in UTF-16 characters, after trimming. */
  static final int MAX_TYPE_LENGTH = 200;

  /** The longest lead id in UTF-16 characters. */
  static final int MAX_LEAD_ID_LENGTH = 128;

  /** The most aliases that one event may carry. */
  static final int MAX_ALIASES = 16;

  private final String type;
  private final @Nullable String leadId;
  private final Alias[] aliases;
  private final long timestampMillis;
  private final @Nullable Object[] metadata;
  private final int weightBytes;

  private Event(Builder builder) {
    this.type = builder.type;
    this.leadId = builder.leadId;
    this.aliases = builder.shareAliases();
    this.timestampMillis =
        builder.hasTimestamp ? builder.timestampMillis : Clock.SYSTEM.epochMillis();
    this.metadata = builder.pairs();
    long most = Metadata.mostBytes(metadata);
    if (most > Metadata.MAX_BYTES) {
      most = EventCodec.metadataBytes(metadata);
      if (most > Metadata.MAX_BYTES) {
        throw new IllegalArgumentException(
            "metadata larger than " + Metadata.MAX_BYTES + " bytes as JSON: " + most);
      }
    }
    this.weightBytes =
        200 + 2 * type.length() + 100 * aliases.length + (int) Math.min(most, 204_800);
  }

  /**
   * Starts an event of a type, such as {@code Page View}; kenbun spells types in Title Case.
   *
   * @param eventType 1 to 200 characters after trimming
   * @throws IllegalArgumentException if {@code eventType} is blank, too long or not valid Unicode
   * @throws NullPointerException if it is null; so for every argument here that is not nullable
   */
  public static Builder builder(String eventType) {
    return new Builder(eventType);
  }

  /** The type, trimmed. */
  public String type() {
    return type;
  }

  /** The lead's id in kenbun, or null if aliases alone name the lead. */
  public @Nullable String leadId() {
    return leadId;
  }

  /** The aliases in the order they were given; empty if the lead's id alone names the lead. */
  public List<Alias> aliases() {
    return Collections.unmodifiableList(Arrays.asList(aliases));
  }

  /** When it happened, in milliseconds since 1970-01-01T00:00:00Z. */
  public long timestampMillis() {
    return timestampMillis;
  }

  /** What else is known, as an unmodifiable map in the order of the calls; empty if nothing. */
  public Map<String, @Nullable Object> metadata() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < metadata.length; i += 2) {
      map.put((String) Objects.requireNonNull(metadata[i]), metadata[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }

  /** Key, value, key, value; not to be changed. */
  @Nullable Object[] metadataPairs() {
    return metadata;
  }

  /** What the event takes of the queue's bytes: an estimate of its heap, on the high side. */
  int weightBytes() {
    return weightBytes;
  }

  /** Every name of the lead; two events that share one must not overtake each other. */
  List<String> identities() {
    List<String> identities = new ArrayList<>(aliases.length + 1);
    if (leadId != null) {
      identities.add("lead_id:" + leadId);
    }
    for (Alias alias : aliases) {
      identities.add(alias.identity());
    }
    return identities;
  }

  /** Type, lead and time, without the metadata, which may be private. */
  @Override
  public String toString() {
    return "Event{"
        + type
        + " of "
        + (leadId != null ? leadId : aliases[0])
        + " at "
        + Timestamps.format(timestampMillis)
        + "}";
  }

  /** Builds events; may be used again after {@link #build}. Not safe for use by several threads. */
  public static final class Builder extends Metadata {
    private static final Alias[] NO_ALIASES = new Alias[0];

    private final String type;
    private @Nullable String leadId;
    private Alias[] aliases = NO_ALIASES;
    private boolean hasTimestamp;
    private long timestampMillis;

    private Builder(String eventType) {
      Objects.requireNonNull(eventType, "eventType == null");
      this.type = Text.identity("eventType", eventType.trim(), MAX_TYPE_LENGTH);
    }

    /**
     * Names the lead by its id in kenbun. Needed unless an alias is given; a lead that does not
     * exist yet is created with this id.
     *
     * @param leadId 1 to 128 characters, not blank
     * @throws IllegalArgumentException if it is blank, too long or not valid Unicode
     */
    public Builder leadId(String leadId) {
      this.leadId = Text.identity("leadId", leadId, MAX_LEAD_ID_LENGTH);
      return this;
    }

    /**
     * Names the lead by one more alias; the first that kenbun knows decides. At most 16.
     *
     * @throws IllegalArgumentException if there are 16 already
     */
    public Builder alias(Alias alias) {
      Objects.requireNonNull(alias, "alias == null");
      if (aliases.length == MAX_ALIASES) {
        throw new IllegalArgumentException("aliases > " + MAX_ALIASES + ": " + (MAX_ALIASES + 1));
      }
      Alias[] longer = Arrays.copyOf(aliases, aliases.length + 1);
      longer[aliases.length] = alias;
      aliases = longer;
      return this;
    }

    /** Same as {@code alias(Alias.email(value))}. */
    public Builder email(String value) {
      return alias(Alias.email(value));
    }

    /** Same as {@code alias(Alias.phone(value))}. */
    public Builder phone(String value) {
      return alias(Alias.phone(value));
    }

    /** Same as {@code alias(Alias.cookie(value))}. */
    public Builder cookie(String value) {
      return alias(Alias.cookie(value));
    }

    /** Same as {@code alias(Alias.externalId(value))}. */
    public Builder externalId(String value) {
      return alias(Alias.externalId(value));
    }

    /** Same as {@code alias(Alias.social(value))}. */
    public Builder social(String value) {
      return alias(Alias.social(value));
    }

    /**
     * Says when it happened. The default is the moment of {@link #build}. The server refuses what
     * lies more than a day ahead.
     *
     * @param epochMillis milliseconds since 1970-01-01T00:00:00Z, within the years 0 to 9999
     * @throws IllegalArgumentException if it lies outside
     */
    public Builder timestampMillis(long epochMillis) {
      if (epochMillis < Timestamps.MIN_MILLIS || epochMillis > Timestamps.MAX_MILLIS) {
        throw new IllegalArgumentException(
            "timestampMillis outside the years 0 to 9999: " + epochMillis);
      }
      this.timestampMillis = epochMillis;
      this.hasTimestamp = true;
      return this;
    }

    /**
     * Says when it happened, to the millisecond; finer digits are cut off.
     *
     * @param rfc3339 a date-time with an offset, such as {@code 2025-09-15T14:30:00Z}
     * @throws IllegalArgumentException if it is anything else
     */
    public Builder timestamp(String rfc3339) {
      return timestampMillis(
          Timestamps.parse(Objects.requireNonNull(rfc3339, "timestamp == null")));
    }

    /**
     * Adds one thing that is known. A key given again replaces its value. An unpaired surrogate in
     * a text is sent as {@code ?}.
     *
     * @param value a String, Number, Boolean, null, or a List or Map (with String keys) of such
     *     values, at most 32 deep; copied
     * @throws IllegalArgumentException if {@code value} holds anything else, NaN, an infinity, or
     *     itself
     */
    public Builder metadata(String key, @Nullable Object value) {
      put(key, value);
      return this;
    }

    /**
     * Adds every entry, as {@link #metadata(String, Object)} does.
     *
     * @throws IllegalArgumentException as {@link #metadata(String, Object)} does
     */
    public Builder metadata(Map<String, ? extends @Nullable Object> entries) {
      Objects.requireNonNull(entries, "metadata == null");
      expect(entries.size());
      for (Map.Entry<String, ? extends @Nullable Object> entry : entries.entrySet()) {
        put(entry.getKey(), entry.getValue());
      }
      return this;
    }

    /**
     * Returns the event.
     *
     * @throws IllegalArgumentException if nothing names the lead, or the metadata takes more than
     *     102,400 bytes as JSON
     */
    public Event build() {
      if (leadId == null && aliases.length == 0) {
        throw new IllegalArgumentException("leadId and aliases missing: nothing names the lead");
      }
      return new Event(this);
    }

    /** Safe without a copy, for {@link #alias} never changes an array that it has made. */
    private Alias[] shareAliases() {
      return aliases;
    }
  }
}
