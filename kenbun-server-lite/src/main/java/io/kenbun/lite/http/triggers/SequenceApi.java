package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.configuration.Resource;
import io.kenbun.lite.http.configuration.RuleChanges;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Destinations;
import io.kenbun.lite.model.RawEvent;
import io.kenbun.lite.model.RuleSetup;
import io.kenbun.lite.model.Sequence;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.configuration.Configuration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /sequences}: what fires when certain events come within a time ({@code scoring.md} 9.2).
 */
final class SequenceApi extends Resource<Sequence, Long> {
  private final DestinationFields destinations;

  SequenceApi(RuleChanges changes, DestinationFields destinations) {
    super(changes, "sequence", "sequences", Sequence::id, Sequence::key);
    this.destinations = destinations;
  }

  @Override
  protected List<Sequence> all(Call call, RuleSetup setup) {
    return setup.sequences();
  }

  @Override
  protected Sequence read(Asked<Sequence> asked) throws StorageException {
    JsonBody body = asked.body();
    Sequence known = asked.known();
    return new Sequence(
        asked.now(Sequence::key, 0L),
        asked.now(Sequence::id, ""),
        body.text("name", 1, RuleSetup.MAX_NAME_LENGTH, asked.now(Sequence::name)),
        known != null && !body.isGiven("event_types")
            ? known.eventTypes()
            : body.texts(
                "event_types", 1, Sequence.MAX_EVENT_TYPES, RawEvent.MAX_EVENT_TYPE_LENGTH),
        body.wholeLong(
            "window_seconds", 1, Sequence.MAX_WINDOW_SECONDS, asked.now(Sequence::windowSeconds)),
        body.textOrNull(
            "window_unit",
            Sequence.MAX_WINDOW_UNIT_LENGTH,
            known == null ? null : known.windowUnit()),
        body.bool("ordered", asked.now(Sequence::ordered, false)),
        body.bool("active", asked.now(Sequence::active, true)),
        destinations.read(
            body, asked.setup().unit().key(), asked.now(Sequence::destinations, Destinations.NONE)),
        asked.now(Sequence::createdAtMillis, 0L),
        asked.now(Sequence::updatedAtMillis, 0L));
  }

  @Override
  protected Long save(Configuration kept, RuleSetup before, Sequence wanted, long nowMillis)
      throws StorageException {
    return kept.saveSequence(before.unit().key(), wanted, nowMillis);
  }

  /** Leaves what it fired in the history. */
  @Override
  protected void delete(Configuration kept, RuleSetup before, Sequence gone, long nowMillis)
      throws StorageException {
    kept.deleteSequence(before.unit().key(), gone.key());
  }

  @Override
  protected Fields<Sequence> fields(RuleSetup setup) throws StorageException {
    Map<Long, String> channels = destinations.channels(setup.unit().key());
    return (sequence, out) -> {
      out.field("id", sequence.id()).field("name", sequence.name()).beginArray("event_types");
      sequence.eventTypes().forEach(out::element);
      out.endArray()
          .field("window_seconds", sequence.windowSeconds())
          .field("window_unit", sequence.windowUnit())
          .field("ordered", sequence.ordered());
      DestinationFields.write(sequence.destinations(), channels, out);
      out.field("active", sequence.active())
          .timeField("created_at", sequence.createdAtMillis())
          .timeField("updated_at", sequence.updatedAtMillis());
    };
  }

  @Override
  protected boolean takesSecrets() {
    return true;
  }

  @Override
  protected void writeSecrets(@Nullable Sequence known, Sequence saved, JsonOut out) {
    DestinationFields.writeSecret(
        known == null ? null : known.destinations(), saved.destinations(), out);
  }
}
