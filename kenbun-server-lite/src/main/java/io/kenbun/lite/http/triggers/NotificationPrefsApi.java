package io.kenbun.lite.http.triggers;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.NotificationType;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.firing.NotificationPrefs;
import io.kenbun.lite.store.firing.NotificationPrefs.Prefs;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a caller wants to be told in person ({@code scoring.md} 9.5), by credential and unit: which
 * deliveries to a lead's owner are logged. Channels are never affected. On workers.
 */
final class NotificationPrefsApi {
  private final NotificationPrefs prefs;

  NotificationPrefsApi(NotificationPrefs prefs) {
    this.prefs = prefs;
  }

  /** {@code GET /me/notification-prefs}: always all four types. */
  void read(Call call) throws StorageException {
    answer(call, prefs.of(call.unit().key(), call.caller().clientId()));
  }

  /** {@code PUT /me/notification-prefs}: changes what is given. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(call, body -> update(call, body));
  }

  private void update(Call call, JsonBody body) throws StorageException {
    long unit = call.unit().key();
    String owner = call.caller().clientId();
    Prefs before = prefs.of(unit, owner);
    Set<NotificationType> muted = EnumSet.noneOf(NotificationType.class);
    muted.addAll(before.muted());
    for (JsonBody pref : body.objects("prefs", 100)) {
      NotificationType type = type(pref);
      if (pref.bool("muted")) {
        muted.add(type);
      } else {
        muted.remove(type);
      }
    }
    Prefs after = new Prefs(body.bool("notifications_enabled", before.enabled()), muted);
    prefs.save(unit, owner, after);
    answer(call, after);
  }

  private static NotificationType type(JsonBody pref) {
    String name = pref.text("event_type", 200);
    for (NotificationType type : NotificationType.values()) {
      if (type.wireName().equals(name)) {
        return type;
      }
    }
    String names =
        Arrays.stream(NotificationType.values())
            .map(NotificationType::wireName)
            .collect(Collectors.joining(", "));
    throw pref.invalid(
        "event_type", "is none of " + names + ": \"" + JsonBody.shortened(name) + '"');
  }

  private static void answer(Call call, Prefs prefs) {
    JsonOut out =
        new JsonOut()
            .beginObject()
            .field("notifications_enabled", prefs.enabled())
            .field("slack_user_id", (String) null)
            .beginArray("prefs");
    for (NotificationType type : NotificationType.values()) {
      out.beginObject()
          .field("event_type", type.wireName())
          .field("muted", prefs.muted().contains(type))
          .endObject();
    }
    call.answer(200, out.endArray().endObject());
  }
}
