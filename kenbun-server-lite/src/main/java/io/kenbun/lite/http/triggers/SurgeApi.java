package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.configuration.Resource;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Surge;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /surge-triggers}: what fires when a lead has many events in a rolling time ({@code
 * scoring.md} 9.3). A change is answered with 204.
 */
final class SurgeApi extends Resource<Surge, Long> {
  private final DestinationFields destinations;

  SurgeApi(RuleChanges changes, DestinationFields destinations) {
    super(changes, "surge trigger", "surge_triggers", Surge::id, Surge::key);
    this.destinations = destinations;
  }

  @Override
  protected List<Surge> all(Call call, RuleSetup setup) {
    return setup.surges();
  }

  @Override
  protected Surge read(Asked<Surge> asked) throws StorageException {
    JsonBody body = asked.body();
    Surge known = asked.known();
    Destinations before = asked.now(Surge::destinations, Destinations.NONE);
    Destinations wanted = destinations.read(body, asked.setup().unit().key(), before);
    if (known != null && before.signingSecret() == null && wanted.signingSecret() != null) {
      throw body.invalid("signing", "can be turned on at creation only, which shows the secret");
    }
    return new Surge(
        asked.now(Surge::key, 0L),
        asked.now(Surge::id, ""),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(Surge::name)),
        body.textOrNull(
            "event_type", RawEvent.MAX_EVENT_TYPE_LENGTH, known == null ? null : known.eventType()),
        body.whole("threshold", 1, Surge.MAX_THRESHOLD, asked.now(Surge::threshold)),
        body.wholeLong(
            "window_seconds", 1, Surge.MAX_WINDOW_SECONDS, asked.now(Surge::windowSeconds)),
        body.bool("active", asked.now(Surge::active, true)),
        wanted,
        asked.now(Surge::createdAtMillis, 0L),
        asked.now(Surge::updatedAtMillis, 0L));
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, Surge wanted, long nowMillis)
      throws StorageException {
    return kept.saveSurge(before.unit().key(), wanted, nowMillis);
  }

  /** Leaves what it fired in the history. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, Surge gone, long nowMillis)
      throws StorageException {
    kept.deleteSurge(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<Surge> fields(RuleSetup setup) throws StorageException {
    Map<Long, String> channels = destinations.channels(setup.unit().key());
    return (surge, out) -> {
      out.field("id", surge.id())
          .field("name", surge.name())
          .field("event_type", surge.eventType())
          .field("threshold", surge.threshold())
          .field("window_seconds", surge.windowSeconds());
      DestinationFields.write(surge.destinations(), channels, out);
      out.field("active", surge.active())
          .timeField("created_at", surge.createdAtMillis())
          .timeField("updated_at", surge.updatedAtMillis());
    };
  }

  @Override
  protected boolean takesSecrets() {
    return true;
  }

  @Override
  protected void writeSecrets(@Nullable Surge known, Surge saved, JsonOut out) {
    DestinationFields.writeSecret(
        known == null ? null : known.destinations(), saved.destinations(), out);
  }

  @Override
  protected boolean changesSilently() {
    return true;
  }
}
