package io.kenbun.lite.pipeline;

import io.kenbun.lite.engine.Profile;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people write about a lead: its metadata, which is its profile, and whose it is. Any thread;
 * each call waits for the batch that is being scored and is one transaction, with the profile
 * scores that the new profile comes to.
 */
public final class LeadProfiles {
  /** The longest key of metadata, in characters. Ours. */
  public static final int MAX_KEY_LENGTH = 200;

  /** The longest text of metadata, in characters. Ours. */
  public static final int MAX_TEXT_LENGTH = 10_000;

  /** The most that keys and values may take together, in bytes of UTF-8. Ours. */
  public static final int MAX_BYTES = 102_400;

  private final Storage storage;
  private final Rules rules;
  private final MetadataReader metadataReader;

  LeadProfiles(Storage storage, Rules rules, MetadataReader metadataReader) {
    this.storage = storage;
    this.rules = rules;
    this.metadataReader = metadataReader;
  }

  /**
   * What is to be written.
   *
   * @param metadata by key; a null removes the key
   * @param replaces whether keys that are not named go
   * @param setsOwner whether {@code ownerName} counts; null: it is nobody's
   */
  public record Edit(
      Map<String, @Nullable Object> metadata,
      boolean replaces,
      boolean setsOwner,
      @Nullable String ownerName) {

    /** Changes metadata alone, key by key. */
    public static Edit ofMetadata(Map<String, @Nullable Object> metadata) {
      return new Edit(metadata, false, false, null);
    }

    Map<String, Profile.Field> applied(Map<String, Profile.Field> fields, long nowMillis) {
      Map<String, Profile.Field> after =
          replaces ? new LinkedHashMap<>() : new LinkedHashMap<>(fields);
      metadata.forEach(
          (name, value) -> {
            if (value == null) {
              after.remove(name);
            } else {
              Object kept =
                  value instanceof String ? value : new Profile.Literal(String.valueOf(value));
              after.put(name, new Profile.Field(kept, nowMillis));
            }
          });
      return after;
    }
  }

  /**
   * Writes what was asked for.
   *
   * @return how many bytes the metadata takes, and nothing is written when they are more than
   *     {@link #MAX_BYTES}; -1 when the unit has no such lead
   */
  public int write(long unit, String leadId, Edit edit) throws StorageException {
    return UncheckedStorageException.change(storage, tx -> write(tx, unit, leadId, edit));
  }

  private int write(ChangeTx tx, long unit, String leadId, Edit edit) throws StorageException {
    Long key = tx.leadKey(unit, leadId);
    LeadBook book = tx.book(key == null ? List.of() : List.of(key));
    LeadState lead = key == null ? null : book.byKey(key);
    if (lead == null) {
      return -1;
    }
    long nowMillis = tx.tx().nowMillis();
    Map<String, Profile.Field> before = ProfileText.read(lead.profile(), metadataReader);
    Map<String, Profile.Field> after = edit.applied(before, nowMillis);
    int bytes = bytes(after);
    if (bytes > MAX_BYTES) {
      return bytes;
    }
    if (!after.equals(before)) {
      lead.profile(after.isEmpty() ? null : ProfileText.write(after));
      lead.newProfileScores(rules.current().engine(unit).profile().scores(after));
    }
    if (edit.setsOwner) {
      tx.owner(lead.key(), edit.ownerName);
    }
    lead.updated(nowMillis);
    book.change(lead);
    new Pass(rules.current(), metadataReader, tx.tx(), book).finish();
    return bytes;
  }

  private static int bytes(Map<String, Profile.Field> fields) {
    int bytes = 0;
    for (Map.Entry<String, Profile.Field> field : fields.entrySet()) {
      Object value = field.getValue().value();
      String text = value instanceof Profile.Literal literal ? literal.text() : value.toString();
      bytes += field.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += text.getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }
}
