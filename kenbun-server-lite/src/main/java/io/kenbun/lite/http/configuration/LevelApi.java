package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;

/**
 * {@code /engagement-levels} or {@code /profile-levels}: the levels of one surface ({@code
 * scoring.md} 8).
 */
final class LevelApi extends Resource<Level, String> {
  private static final int MAX_ORDER = 1_000_000;

  private final boolean profile;

  LevelApi(RuleChanges changes, boolean profile) {
    super(changes, "level", "levels", Level::id, Level::id);
    this.profile = profile;
  }

  @Override
  protected List<Level> all(Call call, RuleSetup setup) {
    return levels(setup);
  }

  private List<Level> levels(RuleSetup setup) {
    return profile ? setup.profileLevels() : setup.engagementLevels();
  }

  @Override
  protected Level read(Asked<Level> asked) {
    JsonBody body = asked.body();
    List<Level> there = levels(asked.setup());
    Level known = asked.known();
    int lowest = Integer.MIN_VALUE;
    int highest = Integer.MAX_VALUE;
    Level wanted =
        new Level(
            asked.now(Level::id, ""),
            body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(Level::name)),
            body.whole("min_score", lowest, highest, asked.now(Level::minScore)),
            body.wholeOrNull("max_score", lowest, highest, known == null ? null : known.maxScore()),
            body.text(
                "color", 1, Level.MAX_COLOR_LENGTH, asked.now(Level::color, Level.DEFAULT_COLOR)),
            body.whole("order", 0, MAX_ORDER, asked.now(Level::order, there.size())));
    checkApart(body, wanted, there);
    return wanted;
  }

  private static void checkApart(JsonBody body, Level wanted, List<Level> there) {
    Integer max = wanted.maxScore();
    if (max != null && max < wanted.minScore()) {
      throw body.invalid("max_score", "is below min_score: " + max + " < " + wanted.minScore());
    }
    for (Level other : there) {
      Integer otherMax = other.maxScore();
      if (!other.id().equals(wanted.id())
          && (max == null || max >= other.minScore())
          && (otherMax == null || otherMax >= wanted.minScore())) {
        throw body.invalid("min_score", "overlaps the level " + range(other));
      }
    }
  }

  private static String range(Level level) {
    String to = level.maxScore() == null ? " and up" : " to " + level.maxScore();
    return level.name() + ": " + level.minScore() + to;
  }

  @Override
  protected String save(Configuration kept, RuleSetup before, Level wanted, long nowMillis)
      throws StorageException {
    return kept.saveLevel(before.unit().key(), profile, wanted, nowMillis);
  }

  /** Removes any but the last one. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, Level gone, long nowMillis)
      throws StorageException {
    if (levels(before).size() == 1) {
      throw Problem.lastLevel();
    }
    kept.deleteLevel(before.unit().key(), profile, gone.id());
  }

  @Override
  protected Fields<Level> fields(RuleSetup setup) {
    return (level, out) ->
        out.field("id", level.id())
            .field("name", level.name())
            .field("min_score", level.minScore())
            .field("max_score", level.maxScore())
            .field("color", level.color())
            .field("order", level.order());
  }

  @Override
  protected void writeChange(long nowMillis, JsonOut out) {
    out.timeField("updated_at", nowMillis);
  }
}
