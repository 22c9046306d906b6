package io.kenbun.lite.http;

import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which metadata fills which field of a lead's profile ({@code scoring.md} 7.1). */
final class ProfileMappingApi {
  private final RuleChanges changes;

  ProfileMappingApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** {@code GET /profile-mappings}, in the order they were made. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginObject().beginArray("profile_mappings");
    changes.current(call.unit()).profileMappings().forEach(mapping -> write(mapping, out));
    call.answer(200, out.endArray().endObject());
  }

  /** {@code POST /profile-mappings}. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT /profile-mappings/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("id")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              ProfileMapping wanted =
                  read(body, id == null ? null : find(before, any -> any.id().equals(id)));
              checkNew(before, wanted);
              return kept.saveProfileMapping(call.unit().key(), wanted, now);
            });
    JsonOut out = new JsonOut();
    write(find(changed.setup(), mapping -> mapping.key() == changed.made()), out);
    call.answer(status, out);
  }

  private static ProfileMapping read(JsonBody body, @Nullable ProfileMapping known) {
    return new ProfileMapping(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text(
            "metadata_key",
            1,
            ProfileMapping.MAX_KEY_LENGTH,
            known == null ? null : known.metadataKey()),
        body.text(
            "profile_field",
            1,
            ProfileMapping.MAX_KEY_LENGTH,
            known == null ? null : known.profileField()),
        behavior(body, known == null ? UpdateBehavior.ALWAYS_LATEST : known.updateBehavior()),
        known == null ? 0 : known.createdAtMillis());
  }

  private static UpdateBehavior behavior(JsonBody body, UpdateBehavior absent) {
    if (!body.isGiven("update_behavior")) {
      return absent;
    }
    String sent = body.rawText("update_behavior");
    UpdateBehavior behavior = UpdateBehavior.of(sent);
    if (behavior == null) {
      String allowed =
          Arrays.stream(UpdateBehavior.values())
              .map(UpdateBehavior::wireName)
              .collect(Collectors.joining(", "));
      throw body.invalid(
          "update_behavior", "is none of " + allowed + ": \"" + JsonBody.shortened(sent) + '"');
    }
    return behavior;
  }

  private static void checkNew(RuleSetup before, ProfileMapping wanted) {
    for (ProfileMapping other : before.profileMappings()) {
      if (other.key() != wanted.key()
          && other.metadataKey().equals(wanted.metadataKey())
          && other.profileField().equals(wanted.profileField())) {
        throw Problem.conflict(
            "metadata_key", "metadata_key is mapped to that profile_field: " + other.id());
      }
    }
  }

  /** {@code DELETE /profile-mappings/{id}}: fields that it filled stay. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          long key = find(before, mapping -> mapping.id().equals(call.pathValue("id"))).key();
          kept.deleteProfileMapping(call.unit().key(), key);
          return key;
        });
    call.answerNothing();
  }

  private static ProfileMapping find(RuleSetup setup, Predicate<ProfileMapping> asked) {
    return setup.profileMappings().stream()
        .filter(asked)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such profile mapping"));
  }

  private static void write(ProfileMapping mapping, JsonOut out) {
    out.beginObject()
        .field("id", mapping.id())
        .field("metadata_key", mapping.metadataKey())
        .field("profile_field", mapping.profileField())
        .field("update_behavior", mapping.updateBehavior().wireName())
        .timeField("created_at", mapping.createdAtMillis())
        .endObject();
  }
}
