package io.kenbun.lite.http;

import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.UnitCounts;
import java.util.Comparator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Attribute filters ({@code scoring.md} 11.2). Runs on workers. */
final class MetadataFilterApi {
  private static final Comparator<MetadataFilter> ENABLED_THEN_NEWEST =
      Comparator.comparing(MetadataFilter::enabled)
          .thenComparingLong(MetadataFilter::updatedAtMillis)
          .thenComparingLong(MetadataFilter::key)
          .reversed();

  private final RuleChanges changes;
  private final UnitCounts counts;

  MetadataFilterApi(RuleChanges changes, UnitCounts counts) {
    this.changes = changes;
    this.counts = counts;
  }

  /**
   * {@code GET /metadata-filters}: a bare array, enabled ones first, then the last changed first.
   */
  void list(Call call) throws StorageException {
    long suppressed = counts.suppressedByAttributes(call.unit().key());
    JsonOut out = new JsonOut().beginArray();
    changes.current(call.unit()).metadataFilters().stream()
        .sorted(ENABLED_THEN_NEWEST)
        .forEach(filter -> write(filter, suppressed, out));
    call.answer(200, out.endArray());
  }

  /** {@code POST /metadata-filters}. */
  void create(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 201, body, null));
  }

  /** {@code PUT /metadata-filters/{id}}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> save(call, 200, body, call.pathValue("id")));
  }

  private void save(Call call, int status, JsonBody body, @Nullable String id)
      throws StorageException {
    String caller = call.caller().clientId();
    RuleChanges.Changed<Long> changed =
        changes.make(
            call.unit(),
            (before, kept, now) -> {
              MetadataFilter known =
                  id == null ? null : find(before, filter -> filter.id().equals(id));
              return kept.saveMetadataFilter(call.unit().key(), read(body, known, caller), now);
            });
    JsonOut out = new JsonOut();
    write(
        find(changed.setup(), filter -> filter.key() == changed.made()),
        counts.suppressedByAttributes(call.unit().key()),
        out);
    call.answer(status, out);
  }

  private static MetadataFilter read(JsonBody body, @Nullable MetadataFilter known, String caller) {
    return new MetadataFilter(
        known == null ? 0 : known.key(),
        known == null ? "" : known.id(),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, known == null ? null : known.name()),
        body.text(
            "event_type",
            0,
            RawEvent.MAX_EVENT_TYPE_LENGTH,
            known == null ? "" : known.eventType()),
        // Without a condition it would suppress everything.
        Conditions.read(body, "conditions", "key", 1, known == null ? null : known.conditions()),
        body.bool("enabled", known == null || known.enabled()),
        known == null ? 0 : known.createdAtMillis(),
        known == null ? 0 : known.updatedAtMillis(),
        known == null ? caller : known.createdBy(),
        caller);
  }

  /** {@code DELETE /metadata-filters/{id}}: what it suppressed stays so. */
  void delete(Call call) throws StorageException {
    changes.make(
        call.unit(),
        (before, kept, now) -> {
          long key = find(before, filter -> filter.id().equals(call.pathValue("id"))).key();
          kept.deleteMetadataFilter(call.unit().key(), key);
          return key;
        });
    call.answerNothing();
  }

  private static MetadataFilter find(RuleSetup setup, Predicate<MetadataFilter> asked) {
    return setup.metadataFilters().stream()
        .filter(asked)
        .findFirst()
        .orElseThrow(() -> Problem.notFound("no such metadata filter"));
  }

  private static void write(MetadataFilter filter, long suppressed, JsonOut out) {
    out.beginObject()
        .field("id", filter.id())
        .field("name", filter.name())
        .field("event_type", filter.eventType());
    Conditions.write("conditions", "key", filter.conditions(), out);
    out.field("enabled", filter.enabled())
        .field("suppressed_count", suppressed)
        .timeField("created_at", filter.createdAtMillis())
        .timeField("updated_at", filter.updatedAtMillis())
        .field("created_by", filter.createdBy())
        .field("updated_by", filter.updatedBy())
        .endObject();
  }
}
