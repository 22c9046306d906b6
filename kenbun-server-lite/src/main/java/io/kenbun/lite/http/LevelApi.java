package io.kenbun.lite.http;

import io.kenbun.lite.model.Level;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The levels of one surface, engagement or profile ({@code scoring.md} 8). */
final class LevelApi {
  private static final int MAX_ORDER = 1_000_000;

  private final RuleChanges changes;
  private final boolean profile;

  LevelApi(RuleChanges changes, boolean profile) {
    this.changes = changes;
    this.profile = profile;
  }

  /** {@code GET /engagement-levels}, {@code GET /profile-levels}. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginObject().beginArray("levels");
    for (Level level : levels(changes.current(call.unit()))) {
      write(level, null, out);
    }
    call.answer(200, out.endArray().endObject());
  }

  /** {@code POST} of the same. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT …/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("id")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    RuleChanges.Changed<String> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              List<Level> there = levels(before);
              Level wanted = read(body, id == null ? null : find(before, id), there.size());
              checkApart(body, wanted, there);
              return kept.saveLevel(call.unit().key(), profile, wanted, now);
            });
    JsonOut out = new JsonOut();
    write(find(changed.setup(), changed.made()), id == null ? null : changed.atMillis(), out);
    call.answer(status, out);
  }

  private static Level read(JsonBody body, @Nullable Level known, int next) {
    return new Level(
        known == null ? "" : known.id(),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, known == null ? null : known.name()),
        body.whole(
            "min_score",
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            known == null ? null : known.minScore()),
        body.wholeOrNull(
            "max_score",
            Integer.MIN_VALUE,
            Integer.MAX_VALUE,
            known == null ? null : known.maxScore()),
        body.text(
            "color",
            1,
            Level.MAX_COLOR_LENGTH,
            known == null ? Level.DEFAULT_COLOR : known.color()),
        body.whole("order", 0, MAX_ORDER, known == null ? next : known.order()));
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

  /** {@code DELETE …/{id}}: not of the last one. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          String id = find(before, call.pathValue("id")).id();
          if (levels(before).size() == 1) {
            throw Problem.lastLevel();
          }
          kept.deleteLevel(call.unit().key(), profile, id);
          return id;
        });
    call.answerNothing();
  }

  private List<Level> levels(RuleSetup setup) {
    return profile ? setup.profileLevels() : setup.engagementLevels();
  }

  private Level find(RuleSetup setup, String id) {
    return levels(setup).stream()
        .filter(level -> level.id().equals(id))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such level"));
  }

  private static void write(Level level, @Nullable Long updatedAtMillis, JsonOut out) {
    out.beginObject()
        .field("id", level.id())
        .field("name", level.name())
        .field("min_score", level.minScore())
        .field("max_score", level.maxScore())
        .field("color", level.color())
        .field("order", level.order());
    if (updatedAtMillis != null) {
      out.timeField("updated_at", updatedAtMillis);
    }
    out.endObject();
  }
}
