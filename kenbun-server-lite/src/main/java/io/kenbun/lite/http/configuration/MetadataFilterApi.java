package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.model.MetadataFilter;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import io.kenbun.lite.store.reads.EventReads;
import java.util.Comparator;
import java.util.List;

/**
 * {@code /metadata-filters}: attribute filters, a bare array, enabled ones first, then the last
 * changed first ({@code scoring.md} 11.2).
 */
final class MetadataFilterApi extends Resource<MetadataFilter, Long> {
  private static final Comparator<MetadataFilter> ENABLED_THEN_NEWEST =
      Comparator.comparing(MetadataFilter::enabled)
          .thenComparingLong(MetadataFilter::updatedAtMillis)
          .thenComparingLong(MetadataFilter::key)
          .reversed();

  private final EventReads events;

  MetadataFilterApi(RuleChanges changes, EventReads events) {
    super(changes, "metadata filter", null, MetadataFilter::id, MetadataFilter::key);
    this.events = events;
  }

  @Override
  protected List<MetadataFilter> all(Call call, RuleSetup setup) {
    return setup.metadataFilters().stream().sorted(ENABLED_THEN_NEWEST).toList();
  }

  @Override
  protected MetadataFilter read(Asked<MetadataFilter> asked) {
    JsonBody body = asked.body();
    String caller = asked.call().caller().clientId();
    return new MetadataFilter(
        asked.now(MetadataFilter::key, 0L),
        asked.now(MetadataFilter::id, ""),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(MetadataFilter::name)),
        body.text(
            "event_type",
            0,
            RawEvent.MAX_EVENT_TYPE_LENGTH,
            asked.now(MetadataFilter::eventType, "")),
        // Without a condition it would suppress everything.
        Conditions.read(body, "conditions", "key", 1, asked.now(MetadataFilter::conditions)),
        body.bool("enabled", asked.now(MetadataFilter::enabled, true)),
        asked.now(MetadataFilter::createdAtMillis, 0L),
        asked.now(MetadataFilter::updatedAtMillis, 0L),
        asked.now(MetadataFilter::createdBy, caller),
        caller);
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, MetadataFilter wanted, long nowMillis)
      throws StorageException {
    return kept.saveMetadataFilter(before.unit().key(), wanted, nowMillis);
  }

  /** Leaves suppressed what it suppressed. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, MetadataFilter gone, long nowMillis)
      throws StorageException {
    kept.deleteMetadataFilter(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<MetadataFilter> fields(RuleSetup setup) throws StorageException {
    long suppressed = events.suppressedByAttributes(setup.unit().key()); // By all of the unit.
    return (filter, out) -> {
      out.field("id", filter.id())
          .field("name", filter.name())
          .field("event_type", filter.eventType());
      Conditions.write("conditions", "key", filter.conditions(), out);
      out.field("enabled", filter.enabled())
          .field("suppressed_count", suppressed)
          .timeField("created_at", filter.createdAtMillis())
          .timeField("updated_at", filter.updatedAtMillis())
          .field("created_by", filter.createdBy())
          .field("updated_by", filter.updatedBy());
    };
  }
}
