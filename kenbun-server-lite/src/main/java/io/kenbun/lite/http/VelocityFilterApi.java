package io.kenbun.lite.http;

import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.StorageException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Velocity filters, called inorganic filters on the wire ({@code scoring.md} 11.3). */
final class VelocityFilterApi {
  private final RuleChanges changes;

  VelocityFilterApi(RuleChanges changes) {
    this.changes = changes;
  }

  /** {@code GET /inorganic-filters}, in the order they were made: the first names the reason. */
  void list(Call call) {
    JsonOut out = new JsonOut().beginObject().beginArray("inorganic_filters");
    changes.current(call.unit()).velocityFilters().forEach(filter -> write(filter, out));
    call.answer(200, out.endArray().endObject());
  }

  /** {@code POST /inorganic-filters}. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT /inorganic-filters/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("id")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              VelocityFilter known =
                  id == null ? null : find(before, filter -> filter.id().equals(id));
              return kept.saveVelocityFilter(call.unit().key(), read(body, known), now);
            });
    JsonOut out = new JsonOut();
    write(find(changed.setup(), filter -> filter.key() == changed.made()), out);
    call.answer(status, out);
  }

  private static VelocityFilter read(JsonBody body, @Nullable VelocityFilter known) {
    return new VelocityFilter(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text(
            "event_type",
            1,
            RawEvent.MAX_EVENT_TYPE_LENGTH,
            known == null ? null : known.eventType()),
        body.whole(
            "count_threshold",
            0,
            VelocityFilter.MAX_COUNT_THRESHOLD,
            known == null ? null : known.countThreshold()),
        body.wholeLong(
            "window_ms",
            1,
            VelocityFilter.MAX_WINDOW_MILLIS,
            known == null ? null : known.windowMillis()),
        body.bool("keep_first", known != null && known.keepFirst()),
        body.bool("enabled", known == null || known.enabled()),
        known == null ? 0 : known.createdAtMillis(),
        known == null ? 0 : known.updatedAtMillis());
  }

  /** {@code DELETE /inorganic-filters/{id}}: what it suppressed stays so. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          long key = find(before, filter -> filter.id().equals(call.pathValue("id"))).key();
          kept.deleteVelocityFilter(call.unit().key(), key);
          return key;
        });
    call.answerNothing();
  }

  private static VelocityFilter find(RuleSetup setup, Predicate<VelocityFilter> asked) {
    return setup.velocityFilters().stream()
        .filter(asked)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such inorganic filter"));
  }

  private static void write(VelocityFilter filter, JsonOut out) {
    out.beginObject()
        .field("id", filter.id())
        .field("event_type", filter.eventType())
        .field("count_threshold", filter.countThreshold())
        .field("window_ms", filter.windowMillis())
        .field("keep_first", filter.keepFirst())
        .field("enabled", filter.enabled())
        .timeField("created_at", filter.createdAtMillis())
        .timeField("updated_at", filter.updatedAtMillis())
        .endObject();
  }
}
