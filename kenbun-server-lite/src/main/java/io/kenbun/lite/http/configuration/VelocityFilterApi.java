package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.VelocityFilter;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;

/**
 * {@code /inorganic-filters}: velocity filters in the order they were made, since the first names
 * the reason ({@code scoring.md} 11.3).
 */
final class VelocityFilterApi extends Resource<VelocityFilter, Long> {
  VelocityFilterApi(RuleChanges changes) {
    super(
        changes, "inorganic filter", "inorganic_filters", VelocityFilter::id, VelocityFilter::key);
  }

  @Override
  protected List<VelocityFilter> all(Call call, RuleSetup setup) {
    return setup.velocityFilters();
  }

  @Override
  protected VelocityFilter read(Asked<VelocityFilter> asked) {
    JsonBody body = asked.body();
    return new VelocityFilter(
        asked.now(VelocityFilter::key, 0L),
        asked.now(VelocityFilter::id, ""),
        body.text(
            "event_type", 1, RawEvent.MAX_EVENT_TYPE_LENGTH, asked.now(VelocityFilter::eventType)),
        body.whole(
            "count_threshold",
            0,
            VelocityFilter.MAX_COUNT_THRESHOLD,
            asked.now(VelocityFilter::countThreshold)),
        body.wholeLong(
            "window_ms",
            1,
            VelocityFilter.MAX_WINDOW_MILLIS,
            asked.now(VelocityFilter::windowMillis)),
        body.bool("keep_first", asked.now(VelocityFilter::keepFirst, false)),
        body.bool("enabled", asked.now(VelocityFilter::enabled, true)),
        asked.now(VelocityFilter::createdAtMillis, 0L),
        asked.now(VelocityFilter::updatedAtMillis, 0L));
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, VelocityFilter wanted, long nowMillis)
      throws StorageException {
    return kept.saveVelocityFilter(before.unit().key(), wanted, nowMillis);
  }

  /** Leaves suppressed what it suppressed. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, VelocityFilter gone, long nowMillis)
      throws StorageException {
    kept.deleteVelocityFilter(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<VelocityFilter> fields(RuleSetup setup) {
    return (filter, out) ->
        out.field("id", filter.id())
            .field("event_type", filter.eventType())
            .field("count_threshold", filter.countThreshold())
            .field("window_ms", filter.windowMillis())
            .field("keep_first", filter.keepFirst())
            .field("enabled", filter.enabled())
            .timeField("created_at", filter.createdAtMillis())
            .timeField("updated_at", filter.updatedAtMillis());
  }
}
