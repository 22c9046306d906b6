package io.kenbun.examples.oulad;

import io.kenbun.examples.KenbunReader;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event as the data set's README maps it, from the file or back from the server: equal if and
 * only if nothing was lost or changed on the way.
 */
record Click(
    String eventType,
    long epochSecond,
    String module,
    String presentation,
    long site,
    String activity,
    long clicks) {

  private static final Set<String> KEYS =
      Set.of("module", "presentation", "site", "activity", "clicks");

  /** Returns the click that came back as {@code event}. */
  static Click of(KenbunReader.Event event) {
    Map<String, @Nullable Object> metadata = event.metadata();
    if (!metadata.keySet().equals(KEYS)) {
      throw new IllegalStateException("metadata keys not " + KEYS + ": " + metadata.keySet());
    }
    return new Click(
        event.eventType(),
        event.time().getEpochSecond(),
        text(metadata, "module"),
        text(metadata, "presentation"),
        whole(metadata, "site"),
        text(metadata, "activity"),
        whole(metadata, "clicks"));
  }

  /** Returns the click without its second of the day, which the file does not have. */
  Click onItsDay() {
    long midnight = epochSecond - Math.floorMod(epochSecond, 86_400L);
    return new Click(eventType, midnight, module, presentation, site, activity, clicks);
  }

  private static String text(Map<String, @Nullable Object> metadata, String key) {
    return metadata.get(key) instanceof String text ? text : "not a text: " + metadata.get(key);
  }

  private static long whole(Map<String, @Nullable Object> metadata, String key) {
    if (metadata.get(key) instanceof Double number && number == Math.rint(number)) {
      return number.longValue();
    }
    throw new IllegalStateException(key + " not a whole number: " + metadata.get(key));
  }
}
