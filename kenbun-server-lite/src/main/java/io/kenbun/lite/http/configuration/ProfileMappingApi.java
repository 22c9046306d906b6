package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.model.ProfileMapping.UpdateBehavior;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code /profile-mappings}: which metadata fills which field of a lead's profile ({@code
 * scoring.md} 7.1).
 */
final class ProfileMappingApi extends Resource<ProfileMapping, Long> {
  ProfileMappingApi(RuleChanges changes) {
    super(changes, "profile mapping", "profile_mappings", ProfileMapping::id, ProfileMapping::key);
  }

  @Override
  protected List<ProfileMapping> all(Call call, RuleSetup setup) {
    return setup.profileMappings();
  }

  @Override
  protected ProfileMapping read(Asked<ProfileMapping> asked) {
    JsonBody body = asked.body();
    int longest = ProfileMapping.MAX_KEY_LENGTH;
    ProfileMapping wanted =
        new ProfileMapping(
            asked.now(ProfileMapping::key, 0L),
            asked.now(ProfileMapping::id, ""),
            body.text("metadata_key", 1, longest, asked.now(ProfileMapping::metadataKey)),
            body.text("profile_field", 1, longest, asked.now(ProfileMapping::profileField)),
            behavior(body, asked.now(ProfileMapping::updateBehavior, UpdateBehavior.ALWAYS_LATEST)),
            asked.now(ProfileMapping::createdAtMillis, 0L));
    checkNew(asked.setup(), wanted);
    return wanted;
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

  @Override
  protected Long save(Configuration kept, RuleSetup before, ProfileMapping wanted, long nowMillis)
      throws StorageException {
    return kept.saveProfileMapping(before.unit().key(), wanted, nowMillis);
  }

  /** Leaves the fields that it filled. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, ProfileMapping gone, long nowMillis)
      throws StorageException {
    kept.deleteProfileMapping(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<ProfileMapping> fields(RuleSetup setup) {
    return (mapping, out) ->
        out.field("id", mapping.id())
            .field("metadata_key", mapping.metadataKey())
            .field("profile_field", mapping.profileField())
            .field("update_behavior", mapping.updateBehavior().wireName())
            .timeField("created_at", mapping.createdAtMillis());
  }
}
