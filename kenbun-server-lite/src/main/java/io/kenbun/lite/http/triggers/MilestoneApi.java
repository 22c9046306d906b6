package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.configuration.Resource;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.http.configuration.Rulesets;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.FireMode;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.Milestone;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /triggers}: what fires when a score crosses a threshold ({@code scoring.md} 9.1). */
final class MilestoneApi extends Resource<Milestone, Long> {
  private final DestinationFields destinations;

  MilestoneApi(RuleChanges changes, DestinationFields destinations) {
    super(changes, "trigger", "triggers", Milestone::id, Milestone::key);
    this.destinations = destinations;
  }

  @Override
  protected List<Milestone> all(Call call, RuleSetup setup) {
    return setup.milestones();
  }

  @Override
  protected Milestone read(Asked<Milestone> asked) throws StorageException {
    JsonBody body = asked.body();
    RuleSetup setup = asked.setup();
    Milestone known = asked.known();
    return new Milestone(
        asked.now(Milestone::key, 0L),
        asked.now(Milestone::id, ""),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(Milestone::name)),
        body.whole(
            "score_threshold",
            -Milestone.MAX_SCORE_THRESHOLD,
            Milestone.MAX_SCORE_THRESHOLD,
            asked.now(Milestone::scoreThreshold)),
        body.textOrNull(
            "event_type", RawEvent.MAX_EVENT_TYPE_LENGTH, known == null ? null : known.eventType()),
        fireMode(body, asked.now(Milestone::fireMode, FireMode.ONCE)),
        body.wholeLong(
            "cooldown_seconds",
            0,
            Milestone.MAX_COOLDOWN_SECONDS,
            asked.now(Milestone::cooldownSeconds, 0L)),
        Rulesets.read(body, setup, known == null ? null : known.ruleset()),
        level(
            body,
            "engagement_level",
            setup.engagementLevels(),
            known == null ? null : known.engagementLevel()),
        level(
            body,
            "profile_level",
            setup.profileLevels(),
            known == null ? null : known.profileLevel()),
        level(body, "account_level", List.of(), known == null ? null : known.accountLevel()),
        body.bool("notify_on_exit", asked.now(Milestone::notifyOnExit, false)),
        body.bool("active", asked.now(Milestone::active, true)),
        destinations.read(
            body, setup.unit().key(), asked.now(Milestone::destinations, Destinations.NONE)),
        asked.now(Milestone::createdAtMillis, 0L),
        asked.now(Milestone::updatedAtMillis, 0L),
        asked.now(Milestone::inForceSinceMillis, 0L));
  }

  private static FireMode fireMode(JsonBody body, FireMode absent) {
    if (!body.isGiven("fire_mode")) {
      return absent;
    }
    String sent = body.rawText("fire_mode");
    FireMode mode = FireMode.of(sent);
    if (mode == null) {
      throw body.invalid(
          "fire_mode", "is none of once, always: \"" + JsonBody.shortened(sent) + '"');
    }
    return mode;
  }

  /** Refuses the name of no level: the milestone would never fire. No account has a level. */
  private static @Nullable String level(
      JsonBody body, String field, List<Level> levels, @Nullable String known) {
    String name = body.textOrNull(field, RuleSetup.MAX_NAME_LENGTH, known);
    if (name != null
        && body.isGiven(field)
        && !name.equals(Level.UNCLASSIFIED)
        && levels.stream().noneMatch(level -> level.name().equals(name))) {
      throw body.invalid(field, "is the name of no level: \"" + JsonBody.shortened(name) + '"');
    }
    return name;
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, Milestone wanted, long nowMillis)
      throws StorageException {
    return kept.saveMilestone(before.unit().key(), wanted, nowMillis);
  }

  /** Leaves what it fired in the history. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, Milestone gone, long nowMillis)
      throws StorageException {
    kept.deleteMilestone(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<Milestone> fields(RuleSetup setup) throws StorageException {
    Map<Long, String> channels = destinations.channels(setup.unit().key());
    return (milestone, out) -> {
      out.field("id", milestone.id())
          .field("name", milestone.name())
          .field("score_threshold", milestone.scoreThreshold())
          .field("event_type", milestone.eventType())
          .field("fire_mode", milestone.fireMode().wireName())
          .field("cooldown_seconds", milestone.cooldownSeconds())
          .field("ruleset_id", Rulesets.id(setup, milestone.ruleset()))
          .field("engagement_level", milestone.engagementLevel())
          .field("profile_level", milestone.profileLevel())
          .field("account_level", milestone.accountLevel())
          .field("notify_on_exit", milestone.notifyOnExit());
      DestinationFields.write(milestone.destinations(), channels, out);
      out.field("active", milestone.active())
          .timeField("created_at", milestone.createdAtMillis())
          .timeField("updated_at", milestone.updatedAtMillis());
    };
  }

  @Override
  protected boolean takesSecrets() {
    return true;
  }

  @Override
  protected void writeSecrets(@Nullable Milestone known, Milestone saved, JsonOut out) {
    DestinationFields.writeSecret(
        known == null ? null : known.destinations(), saved.destinations(), out);
  }
}
